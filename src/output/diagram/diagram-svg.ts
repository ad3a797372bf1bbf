// A diagram as a stand-alone SVG picture: no scripts, no fonts to load, readable on light and dark pages.
import type { TraceModels } from '../../trace/models';
import type { Trace } from '../../trace/trace';
import { safe } from '../changed-value';
import type { Diagram, DiagramEdge, DiagramNode } from './diagram';
import { diagramOf } from './diagram-of';
import { type Arrow, type Frame, type Placed, type Sizes, layoutOf } from './layout';
import { shortened } from './short-text';
import { widthOf } from './text-width';

const TITLE_SIZE = 13;
const LINE_SIZE = 12;
const TITLE_HEIGHT = 18;
const LINE_HEIGHT = 16;
const LABEL_HEIGHT = 14;
const PAD = 8;
const CAPTION_HEIGHT = 22;

const STYLE = `
    text { font: ${LINE_SIZE}px ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #59636e; text-anchor: middle }
    .name { font-size: ${TITLE_SIZE}px; font-weight: 600; fill: #1f2328 }
    .label { fill: #1f2328 }
    .frame-name, .caption { font-weight: 600; text-anchor: start }
    .caption { fill: #0550ae }
    .page { fill: #ffffff; stroke: #d1d9e0 }
    .frame { fill: #f6f8fa; stroke: #d1d9e0 }
    .box { fill: #ffffff; stroke: #818b98 }
    .line { stroke: #818b98; stroke-width: 1.5; fill: none }
    .tip { fill: #818b98 }
    .mirror { stroke-dasharray: 2 4 }
    .way .line, .way .box { stroke: #0969da; stroke-width: 2.5 }
    .way .tip, .way .label { fill: #0550ae }
    .fault .line, .fault .box, .bad .box { stroke: #cf222e; stroke-width: 2 }
    .fault .line, .fault .box { stroke-dasharray: 6 3 }
    .fault .tip, .why { fill: #cf222e }
    .good .box { stroke: #1a7f37; stroke-width: 2.5 }
    .ending { fill: #1a7f37; font-weight: 600 }
    .unknown .box { stroke: #9a6700; stroke-width: 2.5 }
    .faded { opacity: 0.4 }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1 }
      .name, .label { fill: #f0f6fc }
      .page, .box { fill: #0d1117 }
      .page, .frame { stroke: #3d444d }
      .frame { fill: #151b23 }
      .box, .line { stroke: #656c76 }
      .tip { fill: #656c76 }
      .way .line, .way .box { stroke: #4493f8 }
      .way .tip, .way .label, .caption { fill: #79c0ff }
      .fault .line, .fault .box, .bad .box { stroke: #f85149 }
      .fault .tip, .why { fill: #ff7b72 }
      .good .box { stroke: #3fb950 }
      .ending { fill: #56d364 }
      .unknown .box { stroke: #d29922 }
    }
`;

/**
 * The edge in the order of traffic as an SVG picture. Ends with a line break.
 *
 * @param models what {@link prepareTrace} made of an input
 * @param trace a request traced through the same models, which is drawn over it
 */
export function renderDiagramSvg(models: TraceModels, trace?: Trace): string {
  return toSvg(diagramOf(models, trace));
}

/** A diagram as an SVG picture. */
export function toSvg(diagram: Diagram): string {
  const { width, height: ownHeight, nodes, frames, arrows } = layoutOf(withInnerLabels(diagram), SIZES);
  const { request } = diagram;
  const caption = request === undefined ? 0 : CAPTION_HEIGHT;
  const height = ownHeight + caption;
  const isFaded = ({ edge }: Arrow) => edge.emphasis === 'faded';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `  <title id="title">${escaped(request === undefined ? 'The edge in the order of traffic' : `The way of ${request.text}`)}</title>`,
    `  <desc id="description">${escaped(descriptionOf(diagram))}</desc>`,
    `  <style>${STYLE}  </style>`,
    `  <rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    ...request === undefined ? [] : [captionOf(request.text, width)],
    `  <g${caption === 0 ? '' : ` transform="translate(0 ${caption})"`}>`,
    ...frames.map(frameOf),
    ...[...arrows.filter(isFaded), ...arrows.filter(own => !isFaded(own))].map(arrowOf),
    ...[...nodes].map(([node, place]) => boxOf(node, place)),
    '  </g>',
    '</svg>',
  ].join('\n') + '\n';
}

/** The request at the top, shortened to the width of the picture. */
function captionOf(text: string, width: number): string {
  let shown = text;
  for (let length = text.length; widthOf(shown, LINE_SIZE, true) > width - 4 * PAD; length--) {
    shown = shortened(text, length);
  }
  return `  ${textAt({ text: shown, style: 'caption', isBold: true }, 2 * PAD, CAPTION_HEIGHT)}`;
}

/** The labels of the only arrow behind a listener or a virtual host are lines of its box: the picture gets narrower. */
function withInnerLabels(diagram: Diagram): Diagram {
  const { nodes, edges } = diagram;
  const alone = new Map<string, DiagramEdge>();
  for (const { id, station } of nodes) {
    const own = edges.filter(({ from }) => from === id);
    const isWordy = station === 'listener' || station === 'host';
    const [edge] = own.filter(({ to }) => nodes.find(node => node.id === to)?.station !== 'end');
    if (isWordy && edge !== undefined && own.every(other => other === edge || other.labels.length === 0)) {
      alone.set(id, edge);
    }
  }
  const moved = new Set(alone.values());
  return {
    ...diagram,
    nodes: nodes.map(node => {
      const labels = alone.get(node.id)?.labels ?? [];
      return labels.length === 0 ? node : { ...node, lines: [...node.lines, ...labels.slice(0, -1), `${labels.at(-1)} →`] };
    }),
    edges: edges.map(edge => (moved.has(edge) ? { ...edge, labels: [] } : edge)),
  };
}

const SIZES: Sizes = {
  node: node => {
    const lines = linesOf(node);
    return { width: widthOfLines(lines) + 2 * PAD, height: TITLE_HEIGHT + LINE_HEIGHT * (lines.length - 1) + PAD };
  },
  label: edge => {
    const lines = labelLines(edge);
    return { width: widthOfLines(lines), height: LABEL_HEIGHT * lines.length + 2 };
  },
  frameTitle: LINE_HEIGHT,
};

interface Line {
  readonly text: string;
  /** Class of the style; empty for plain text. */
  readonly style: string;
  readonly size?: number;
  readonly isBold?: boolean;
}

function linesOf({ title, lines, fault, ending }: DiagramNode): Line[] {
  return [
    { text: title, style: 'name', size: TITLE_SIZE, isBold: true }, ...lines.map(text => ({ text, style: '' })),
    ...fault === undefined ? [] : [{ text: `✕ ${fault}`, style: 'why' }],
    ...ending === undefined ? [] : [{ text: `◆ ${ending}`, style: 'ending', isBold: true }],
  ];
}

function labelLines({ labels, fault }: DiagramEdge): Line[] {
  return [...labels.map(text => ({ text, style: 'label' })), ...fault === undefined ? [] : [{ text: `✕ ${fault}`, style: 'label why' }]];
}

function widthOfLines(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map(({ text, size = LINE_SIZE, isBold }) => widthOf(text, size, isBold)));
}

/** A line of text. Whatever font the viewer has, the text fits the room that it was given. */
function textAt({ text, style, size = LINE_SIZE, isBold = false }: Line, x: number, y: number): string {
  return `<text${style === '' ? '' : ` class="${style}"`} x="${x}" y="${y}" textLength="${widthOf(text, size, isBold)}" `
    + `lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
}

function frameOf({ group, x, top, width, height }: Frame): string {
  return `  <rect class="frame" x="${x}" y="${top}" width="${width}" height="${height}" rx="8"/>
  ${textAt({ text: group.title, style: 'frame-name', isBold: true }, x + PAD, top + LINE_HEIGHT)}`;
}

function boxOf(node: DiagramNode, { x, y, width, above, below }: Placed): string {
  const { station, emphasis, fault, tone, ending } = node;
  const looks = [emphasis, ...fault === undefined ? [] : ['fault'], ...ending === undefined ? [] : ['good'], tone].filter(look => look !== undefined);
  const isRound = station === 'client' || station === 'end';
  const top = y - above;
  const lines = linesOf(node).map((line, index) => textAt(line, x + width / 2, top + TITLE_HEIGHT + LINE_HEIGHT * index));
  const box = `<rect class="box" x="${x}" y="${top}" width="${width}" height="${above + below}" rx="${isRound ? 14 : 5}"/>`;
  return `  <g${classOf(looks)}>${box}${lines.join('')}</g>`;
}

function arrowOf({ edge, points, label }: Arrow): string {
  const looks = [edge.emphasis, ...edge.fault === undefined ? [] : ['fault']].filter(look => look !== undefined);
  const [[x, y], ...rest] = points;
  const [endX, endY] = rest.at(-1)!;
  const curves = rest.map(([toX, toY], index) => {
    const shownX = index === rest.length - 1 ? toX - 7 : toX;
    const [fromX, fromY] = points[index];
    const middle = (fromX + shownX) / 2;
    return fromY === toY ? `H${shownX}` : `C${middle} ${fromY} ${middle} ${toY} ${shownX} ${toY}`;
  });
  const lines = labelLines(edge);
  const texts = lines.map((line, index) => textAt(line, label.x + label.width / 2, label.y - 5 - LABEL_HEIGHT * (lines.length - 1 - index)));
  return `  <g${classOf(looks)}><path class="line${edge.isMirror ? ' mirror' : ''}" d="M${x} ${y}${curves.join('')}"/>`
    + `<path class="tip" d="M${endX} ${endY}l-9 -5v10z"/>${texts.join('')}</g>`;
}

function classOf(looks: readonly string[]): string {
  return looks.length === 0 ? '' : ` class="${looks.join(' ')}"`;
}

/** The picture in words, for those who cannot see it. */
function descriptionOf({ nodes, edges }: Diagram): string {
  const names = new Map(nodes.map(({ id, title }) => [id, title]));
  const told = edges.filter(({ emphasis }) => emphasis !== 'faded')
    .map(({ from, to, labels, isMirror, fault }) => `${names.get(from)} to ${names.get(to)}${
      [...isMirror ? ['mirror'] : [], ...labels, ...fault === undefined ? [] : [fault]].map(text => `, ${text}`).join('')}`);
  return `${told.join('; ')}.`;
}

function escaped(text: string): string {
  return safe(text).replace(/[<>&"]/g, character => `&#${character.charCodeAt(0)};`);
}
