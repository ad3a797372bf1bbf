// The requests of the examples end where their files say, and cover what the examples route.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../cli/command-line';
import { ROOT } from '../committed-manifests';
import { EXAMPLES } from '../running-example';

const fileOf = (example: string) => join(ROOT, 'examples', example, 'requests.txt');

test('each example has at least ten requests, and some that are refused', () => {
  const linesOf = (example: string) => (existsSync(fileOf(example)) ? readFileSync(fileOf(example), 'utf8').split('\n').filter(line => line.includes(' -> ')) : []);
  expect(EXAMPLES.filter(example => linesOf(example).length < 10)).toEqual([]);
  expect(EXAMPLES.filter(example => linesOf(example).filter(line => / -> (4\d\d|503|closed)/.test(line)).length < 3)).toEqual([]);
});

test.each(EXAMPLES)('requests of %s end as expected', example => {
  const { code, out } = run(['test', relative('', fileOf(example)), relative('', join(ROOT, 'dist', example))]);
  expect(out).toMatch(/\n\d+ requests as expected\n$/);
  expect(code).toBe(0);
});
