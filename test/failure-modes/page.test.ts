// The page of failure modes: fresh, complete, and with proofs that exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURE_MODES, failureModeFaults, failureModesPage, unusedProofs } from '../../scripts/failure-modes';
import { namesTest, testNames } from '../../scripts/failure-modes/test-names';

test('every test that the page names exists, and every id occurs once', () => {
  expect(failureModeFaults()).toEqual([]);
});

test('every test with an id is named on the page, or covers all tests of its rows', () => {
  expect(unusedProofs()).toEqual([]);
});

test('the page in the repository is the one that the rows make; run `npm run docs` if not', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'failure-modes.md'), 'utf8')).toBe(failureModesPage());
});

test('a line has five cells, none of them long', () => {
  const lines = failureModesPage().split('\n').filter(line => /^\| E\d/.test(line)).map(line => line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim()));
  expect(lines).toHaveLength(FAILURE_MODES.flatMap(([, rows]) => rows).length);
  expect(lines.filter(cells => cells.length !== 5 || cells.slice(0, 4).some(cell => cell.length > 190))).toEqual([]);
});

test('a missing test, a name without its id and a duplicate id are reported', () => {
  const [[severity, [first, second, ...rest]], ...others] = FAILURE_MODES;
  const wrong: typeof FAILURE_MODES = [[severity, [{ ...first, proof: [['hop', 'gone (E001)'], ['hop', second.proof[0][1]]] }, second, second, ...rest]], ...others];
  expect(failureModeFaults(wrong)).toEqual([
    'E002 is a duplicate or not a valid id',
    'E001: test/failure-modes/hop.test.ts has no test with the title: gone (E001)',
    `E001: the title of its test does not end with the id: ${second.proof[0][1]}`,
  ]);
  expect(failureModeFaults(FAILURE_MODES, [])).toContain('E027 is missing');
});

describe('the names of tests', () => {
  const source = `
    function baseline(first: number, sentence: string) { test(sentence, () => first); }
    test('plain', f);
    it.each([['one', 1], ['two', 2]])('%s is %d', f);
    test(\`of \${'three'}\`, f);
    baseline(1, 'wrapped');
    test.${'skip'}('left out', f);
    test.${'todo'}('later');
    // test('in a comment', f);
    it("it's quoted", f);`;

  it('are read from calls, with tables and wrappers, and not from what is left out', () => {
    expect(testNames(source).map(({ title }) => title)).toEqual(['plain', '%s is %d', 'of ${\'three\'}', 'wrapped', 'it\'s quoted']);
  });

  it.each(['plain', '%s is %d', 'of three', 'wrapped', 'it\'s quoted'])('%s is there', name => {
    expect(namesTest(source, name)).toBe(true);
  });

  it.each(['plai', 'plain ', 'four is one', 'of four', 'left out', 'later', 'in a comment'])('%j is not', name => {
    expect(namesTest(source, name)).toBe(false);
  });
});
