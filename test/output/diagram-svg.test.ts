// Diagrams as SVG pictures: well-formed, stand-alone and deterministic, with boxes that do not overlap and texts that fit them.
import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, appliedFolders, committedManifests } from '../committed-manifests';
import { STATIONS, type Diagram, type DiagramNode } from '../../src/output/diagram/diagram';
import { diagramOf } from '../../src/output/diagram/diagram-of';
import { renderDiagramSvg, toSvg } from '../../src/output/diagram/diagram-svg';
import { spaced } from '../../src/output/diagram/spacing';
import { widthOf } from '../../src/output/diagram/text-width';
import { prepareTrace } from '../../src/trace/models';
import { formatRequest } from '../../src/trace/client-request';
import { readRequestFile } from '../../src/trace/route-tests/request-file';
import { trace } from '../../src/trace/trace';
import { SMALL, drawn, read } from './diagram-inputs';

const EXAMPLES = join(ROOT, 'examples');

interface Box {
  readonly kind: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function parsed(svg: string): Element {
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(svg, 'image/svg+xml').documentElement!;
}

function elements(root: Element, tag: string): Element[] {
  return [...root.getElementsByTagName(tag)];
}

function rectangle(element: Element): Box {
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(name => Number(element.getAttribute(name)));
  return { kind: element.getAttribute('class') ?? '', left: x, right: x + width, top: y, bottom: y + height };
}

/** The room of a text: `textLength` is what the viewer fits it to. */
function extent(element: Element): Box {
  const [x, y, width] = ['x', 'y', 'textLength'].map(name => Number(element.getAttribute(name)));
  const kind = element.getAttribute('class') ?? '';
  const left = kind === 'caption' || kind === 'frame-name' ? x : x - width / 2;
  return { kind, left, right: left + width, top: y - 10, bottom: y + 3 };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function contains(outer: Box, inner: Box): boolean {
  return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

/** Boxes that overlap, texts outside of their boxes, labels on boxes, and frames that cut boxes or each other. */
function flaws(svg: string): string[] {
  const root = parsed(svg);
  const [page, ...rects] = elements(root, 'rect').map(rectangle);
  const boxes = rects.filter(({ kind }) => kind === 'box');
  const frames = rects.filter(({ kind }) => kind === 'frame');
  const texts = elements(root, 'text').map(element => ({ text: element.textContent, room: extent(element), rect: elements(element.parentNode as Element, 'rect')[0] }));
  const inBoxes = texts.filter(({ rect }) => rect?.getAttribute('class') === 'box');
  const labels = texts.filter(({ room }) => room.kind.startsWith('label'));
  const pairs = <T>(all: readonly T[]) => all.flatMap((one, index) => all.slice(index + 1).map(other => [one, other] as const));
  return [
    ...pairs(boxes).filter(([one, other]) => overlaps(one, other)).map(pair => `boxes overlap: ${JSON.stringify(pair)}`),
    ...pairs(frames).filter(([one, other]) => overlaps(one, other)).map(pair => `frames overlap: ${JSON.stringify(pair)}`),
    ...frames.flatMap(frame => boxes.filter(box => overlaps(frame, box) && !contains(frame, box)).map(box => `a frame cuts a box: ${JSON.stringify([frame, box])}`)),
    ...inBoxes.filter(({ room, rect }) => !contains(rectangle(rect), room)).map(({ text }) => `"${text}" is not in its box`),
    ...labels.filter(({ room }) => boxes.some(box => overlaps(room, box))).map(({ text }) => `the label "${text}" is on a box`),
    ...pairs(labels).filter(([one, other]) => overlaps(one.room, other.room)).map(pair => `labels overlap: ${pair.map(({ text }) => text).join(' and ')}`),
    ...rects.filter(rect => !contains(page, rect)).map(rect => `outside of the page: ${JSON.stringify(rect)}`),
  ];
}

const LINES = [
  undefined, 'GET https://a.example.com/b', 'GET http://a.example.com/', 'GET https://a.example.com/dead', 'GET https://a.example.com/none via=gateway:443', 'GET https://a.example.com:9/',
];

test.each(LINES)('boxes, frames and labels have their room, with the request %s', line => {
  expect(flaws(toSvg(drawn(SMALL, line)))).toEqual([]);
});

test.each(appliedFolders())('so they have in the picture of %s', folder => {
  expect(flaws(renderDiagramSvg(prepareTrace(committedManifests(folder))))).toEqual([]);
});

describe.each(readdirSync(EXAMPLES).filter(name => existsSync(join(EXAMPLES, name, 'requests.txt'))))('the requests of %s', name => {
  const [folder] = appliedFolders().filter(own => own.split('/')[0] === name);
  const models = prepareTrace(committedManifests(folder));
  const lines = readRequestFile(readFileSync(join(EXAMPLES, name, 'requests.txt'), 'utf8'), name).map(({ request }) => formatRequest(request));

  test.each(lines)('%s has a picture without flaws, in which its way leads from the sender to all ends', line => {
    const diagram = diagramOf(models, trace(models, line));
    expect(flaws(toSvg(diagram))).toEqual([]);
    const way = diagram.edges.filter(({ emphasis }) => emphasis === 'way');
    const reached = new Set([diagram.request!.source]);
    reached.forEach(id => way.filter(({ from }) => from === id).forEach(({ to }) => reached.add(to)));
    expect(diagram.nodes.filter(({ id, emphasis }) => emphasis === 'way' && !reached.has(id))).toEqual([]);
    expect(diagram.nodes.filter(({ station, ending, id }) => (station === 'end' || ending !== undefined) && reached.has(id))).not.toEqual([]);
  });
});

test('pictures of any shape give everything its room', () => {
  const stations = STATIONS.filter(station => station !== 'frontend');
  // A generator with a seed of its own: the same shapes on every run.
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let run = 0; run < 60; run++) {
    const nodes = stations.flatMap((station, column): DiagramNode[] => Array.from({ length: station === 'client' ? 1 : random(5) }, (_, index) => ({
      id: `${station}-${index}`, station, title: 'x'.repeat(1 + random(24)), lines: Array.from({ length: random(4) }, () => 'line'),
      ...station === 'client' || station === 'end' ? {} : { group: `g${column < 3 ? 0 : 1 + Math.floor(column / 4) * 2 + random(2)}` },
    })));
    const edges = nodes.slice(1).flatMap(to => {
      const before = nodes.filter(({ station }) => station !== 'end' && STATIONS.indexOf(station) < STATIONS.indexOf(to.station));
      return Array.from({ length: 1 + random(2) }, () => before[random(before.length)].id).filter((from, index, all) => all.indexOf(from) === index)
        .map(from => ({ from, to: to.id, isMirror: false, labels: Array.from({ length: random(4) }, () => 'a label') }));
    });
    const groups = [...new Set(nodes.map(({ group }) => group))].filter(id => id !== undefined).map(id => ({ id, title: id }));
    const found = flaws(toSvg({ groups, nodes, edges }));
    expect([run, found]).toEqual([run, []]);
  }
});

test('a picture is well-formed whatever the objects say, and names its title and its description', () => {
  const odd = '<&>"\'\u0000\u202e]]>🙂';
  const [node, other] = drawn(SMALL).nodes;
  const diagram: Diagram = {
    groups: [{ id: 'g1', title: odd }], nodes: [{ ...node, title: odd, lines: [odd], fault: odd }, other], edges: [{ from: 'n1', to: 'n2', isMirror: true, labels: [odd] }],
    request: { text: odd, lines: [odd], source: 'n1' },
  };
  const root = parsed(toSvg(diagram));
  const named = root.getAttribute('aria-labelledby')!.split(' ');
  expect(elements(root, 'title').map(own => [own.getAttribute('id'), own.textContent])).toEqual([[named[0], expect.stringContaining('The way of <&>"')]]);
  expect(elements(root, 'desc').map(own => own.getAttribute('id'))).toEqual([named[1]]);
  expect(root.getAttribute('role')).toBe('img');
});

test('a picture loads nothing, and fits light and dark pages', () => {
  const svg = toSvg(drawn(SMALL, 'GET https://a.example.com/b'));
  expect(svg).not.toMatch(/<script|<image|<foreignObject|@import|@font-face|url\(|href/);
  expect(svg.match(/https?:\/\/[^\s"<]+/g)!.filter(url => !url.startsWith('https://a.example.com') && !url.startsWith('https://…'))).toEqual(['http://www.w3.org/2000/svg']);
  expect(svg).toContain('@media (prefers-color-scheme: dark)');
});

test('a picture says in words what it shows, and of a request its way alone', () => {
  const [desc] = elements(parsed(toSvg(drawn(SMALL, 'GET https://a.example.com/dead'))), 'desc');
  expect(desc.textContent).toBe('client to HTTPS 443, TLS; HTTPS 443 to gw:443, a.example.com/*; gw:443 to port 8443, TLS; port 8443 to a.example.com; '
    + 'a.example.com to web:80, /dead*; web:80 to 503 no cluster.');
});

test('the same models make the same picture, byte for byte, whatever was drawn before', () => {
  const render = () => {
    const models = prepareTrace(read(...SMALL));
    return renderDiagramSvg(models, trace(models, 'GET https://a.example.com/b'));
  };
  const first = render();
  toSvg(drawn(SMALL));
  expect(render()).toBe(first);
});

test('a text is as wide as Helvetica makes it', () => {
  expect(widthOf('', 10)).toBe(0);
  expect(widthOf('iii', 100)).toBe(69);
  expect(widthOf('W', 100)).toBe(95);
  expect(widthOf('A', 100, true)).toBe(73);
  expect(widthOf('…', 100)).toBe(100);
});

test('items keep their order and their room, and are as near to where they want to be as that allows', () => {
  const at = (...wanted: readonly number[]) => spaced(wanted.map(own => ({ wanted: own, before: 5, after: 5 })));
  expect(at(0, 100)).toEqual([0, 100]);
  expect(at(0, 4)).toEqual([-3, 7]);
  expect(at(10, 0)).toEqual([0, 10]);
  expect(at(0, 0, 0, 50)).toEqual([-10, 0, 10, 50]);
});
