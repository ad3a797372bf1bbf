// The script that makes and renames the places of a check, run on a copy of the folders it touches.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { SHELF } from '../../src/checks/shelf';
import { MARKER, newCheck, renameCheck } from '../../scripts/checks';

const ROOT = path.join(__dirname, '../..');

let copy: string;
beforeEach(() => {
  copy = fs.mkdtempSync(path.join(os.tmpdir(), 'checks-'));
  ['src/checks', 'test/checks', 'docs/checks'].forEach(folder => fs.cpSync(path.join(ROOT, folder), path.join(copy, folder), { recursive: true }));
});
afterEach(() => fs.rmSync(copy, { recursive: true }));

const read = (file: string) => fs.readFileSync(path.join(copy, file), 'utf8');
const exists = (file: string) => fs.existsSync(path.join(copy, file));

function mentions(word: string): string[] {
  return ['src/checks', 'docs/checks', 'test/checks']
    .flatMap(folder => fs.readdirSync(path.join(copy, folder), { recursive: true, encoding: 'utf8' }).map(file => path.join(folder, file)))
    .filter(file => file.includes(word) || (/\.(ts|md|yaml)$/.test(file) && read(file).includes(word)));
}

test('the shelf in the repository is the one that the script writes', () => {
  newCheck(copy, 'a-new-one');
  const written = read('src/checks/shelf.ts').split('\n').filter(line => !/a-new-one|aNewOne/.test(line)).join('\n');
  expect(written).toBe(fs.readFileSync(path.join(ROOT, 'src/checks/shelf.ts'), 'utf8'));
});

test('a new check gets a rule, two fixtures, a page and an entry on the shelf', () => {
  expect(newCheck(copy, 'lost-host')).toEqual([
    'src/checks/rules/lost-host.ts', 'test/checks/lost-host/bad.yaml', 'test/checks/lost-host/good.yaml', 'docs/checks/lost-host.md', 'src/checks/shelf.ts',
  ]);
  expect(read('src/checks/rules/lost-host.ts')).toContain('export const lostHost: Check = {\n  id: \'lost-host\',');
  expect(read('docs/checks/lost-host.md')).toContain(MARKER);
  expect(read('src/checks/shelf.ts')).toMatch(/ {2}danglingDestination,\n(.*\n)* {2}lostHost,\n(.*\n)* {2}malformedAnnotation,/);
});

test.each(['Lost-Host', 'lost_host', '-lost', 'lost-', '', '../lost', '9-lives'])('%j is rejected as an id', id => {
  expect(() => newCheck(copy, id)).toThrow('is not a valid id; it must be lower case words');
});

test('a taken id is rejected, and nothing is overwritten', () => {
  expect(() => newCheck(copy, 'zero-weights')).toThrow('the id "zero-weights" is already in use');
  expect(() => renameCheck(copy, 'unknown-subset', 'zero-weights')).toThrow('is already in use');
  expect(exists('src/checks/rules/unknown-subset.ts')).toBe(true);
});

test('renaming a check replaces its old id everywhere', () => {
  renameCheck(copy, 'weights-not-100', 'odd-weights');
  expect([...mentions('weights-not-100'), ...mentions('weightsNot100')]).toEqual([]);
  expect(read('src/checks/rules/odd-weights.ts')).toContain('export const oddWeights: Check = {\n  id: \'odd-weights\',');
  expect(read('src/checks/shelf.ts')).toContain('import { oddWeights } from \'./rules/odd-weights\';');
  expect(read('docs/checks/README.md')).toContain('[odd-weights](odd-weights.md)');
  expect(exists('test/checks/odd-weights/bad.yaml')).toBe(true);
});

test('an unknown check cannot be renamed, and the known ones are listed', () => {
  expect(() => renameCheck(copy, 'weights', 'odd-weights')).toThrow(`unknown check "weights"; checks: ${SHELF[0].id}, `);
});
