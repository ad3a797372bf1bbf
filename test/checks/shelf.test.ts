// All checks: each against its fixtures, and with all its files.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { renderCheckDocs } from '../../scripts/checks';
import { check } from '../../src/checks/runner';
import { FAILURE_MODES } from '../../scripts/failure-modes';
import { SHELF } from '../../src/checks/shelf';
import { Subject } from '../../src/checks/subject';
import { Kind, kindOf } from '../../src/manifests/kind';
import { readYaml } from '../../src/manifests/yaml';
import { expectationsIn, fixture, fixturePath, linesOf } from './fixture';

const ROOT = path.join(__dirname, '../..');

describe.each(SHELF.map(one => [one.id, one] as const))('%s', (id, one) => {
  const findingsIn = (name: 'bad' | 'good') => check(readYaml(fixture(id, name), name), { complete: one.needsComplete }).findings.filter(finding => finding.id === id);

  test('finds what the comments of bad.yaml expect, and nothing else', () => {
    const found = findingsIn('bad').map(({ pointer, message, origin }) => ({ pointer, message, document: 'document' in origin ? origin.document : 0 }));
    const expected = expectationsIn(fixture(id, 'bad'));
    expect(expected.length).toBeGreaterThan(0);
    for (const { document, pointer, fragment } of expected) {
      expect(found).toContainEqual({ document, pointer, message: expect.stringContaining(fragment) });
    }
    expect(found.map(({ document, pointer }) => `${document} ${pointer}`).sort())
      .toEqual(expected.map(({ document, pointer }) => `${document} ${pointer}`).sort());
  });

  test('its comments are directly above the field at fault', () => {
    const lines = linesOf(fixture(id, 'bad'));
    const found = expectationsIn(fixture(id, 'bad')).map(({ document, pointer }) => ({ pointer, line: lines[document - 1].get(pointer) }));
    expect(found).toEqual(expectationsIn(fixture(id, 'bad')).map(({ pointer, line }) => ({ pointer, line })));
  });

  test('stays silent on good.yaml', () => {
    expect(findingsIn('good').filter(finding => finding.acknowledged === undefined)).toEqual([]);
  });

  const messagesWithout = (isDropped: (kind: Kind | undefined) => boolean) => (['bad', 'good'] as const).flatMap(name => {
    const manifests = readYaml(fixture(id, name), name).filter(manifest => !isDropped(kindOf(manifest)));
    return [...one.run(new Subject(manifests, { complete: one.needsComplete }), [])].map(({ pointer, message }) => `${pointer} ${message}`);
  });

  test('depends on the kinds that it declares, and on no other', () => {
    const declared: readonly (Kind | undefined)[] = [...one.about, ...one.reads];
    const all = messagesWithout(() => false);
    expect(messagesWithout(kind => declared.length > 0 && !declared.includes(kind))).toEqual(all);
    for (const dropped of declared) {
      expect({ dropped, messages: messagesWithout(kind => kind === dropped) }).not.toEqual({ dropped, messages: all });
    }
  });

  test('has complete text, without a period in the title and without dashes', () => {
    expect(one.title).toMatch(/^[A-Z].*[^.]$/);
    expect(one.why).toMatch(/^[A-Z][^]*\.$/);
    expect(one.fix).toMatch(/^[A-Z][^]*\.$/);
    expect(one.title + one.why + one.fix).not.toMatch(/[–—]/);
  });

  test('has all its files', () => {
    const places = [path.join(ROOT, `src/checks/rules/${id}.ts`), fixturePath(id, 'bad'), fixturePath(id, 'good'), path.join(ROOT, `docs/checks/${id}.md`)];
    expect(places.filter(place => !fs.existsSync(place))).toEqual([]);
  });
});

test('every rule is on the shelf under its file name, and nothing else is', () => {
  const files = fs.readdirSync(path.join(ROOT, 'src/checks/rules')).map(file => path.basename(file, '.ts'));
  expect(SHELF.map(one => one.id)).toEqual(files.sort());
});

test('no fixture and no page outlives its check', () => {
  const ids = SHELF.map(one => one.id);
  const folders = fs.readdirSync(__dirname, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name)
    .filter(name => fs.existsSync(fixturePath(name, 'bad')) || fs.existsSync(fixturePath(name, 'good')));
  const committed = fs.readdirSync(path.join(ROOT, 'docs/checks')).filter(file => file !== 'README.md').map(file => path.basename(file, '.md'));
  expect({ folders: folders.sort(), pages: committed.sort() }).toEqual({ folders: ids, pages: ids });
});

test('a rule fits on a screen', () => {
  const long = SHELF.filter(one => fs.readFileSync(path.join(ROOT, `src/checks/rules/${one.id}.ts`), 'utf8').split('\n').length > 61);
  expect(long.map(one => one.id)).toEqual([]);
});

test('a check names every failure mode that it is said to detect', () => {
  const detected = FAILURE_MODES.flatMap(([, rows]) => rows).flatMap(({ id, by }) => [...by.matchAll(/`([a-z-]+)` detects it/g)].map(([, name]) => ({ id, name })));
  expect(detected.length).toBeGreaterThan(5);
  expect(detected.filter(({ id, name }) => SHELF.find(one => one.id === name)?.related.includes(id) !== true)).toEqual([]);
});

const pages = renderCheckDocs();

test('pages and table are up to date; run `tsx scripts/checks.ts docs` if not', () => {
  for (const [file, text] of pages) {
    expect({ file, text: fs.readFileSync(path.join(ROOT, file), 'utf8') }).toEqual({ file, text });
  }
});

test('every page shows an example with its exact output', () => {
  for (const one of SHELF) {
    const page = pages.get(`docs/checks/${one.id}.md`)!;
    expect(page).toMatch(new RegExp(`\`\`\`text\\n(.*\\n)*.*(error|warning) ${one.id}: `));
  }
});
