// The page of annotations: complete, well-formed, and as the table says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { annotationPage } from '../../../scripts/annotation-page';
import { ALB_ANNOTATIONS, ALB_PREFIX, UNSUPPORTED_ANNOTATIONS } from '../../../src/base/alb-annotations/annotations';

const cellsOf = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim());
const rows = annotationPage().split('\n').filter(line => /^\| `/.test(line)).map(cellsOf);

test('the page in the repository is the one that the table makes; run `npm run docs` if not', () => {
  expect(readFileSync(join(__dirname, '..', '..', '..', 'docs', 'alb-annotations.md'), 'utf8')).toBe(annotationPage());
});

test('every row of the table has a line of nine cells, and every unsupported key one with its reason', () => {
  const settings = rows.filter(cells => cells.length !== 2);
  expect(settings.map(([prop]) => prop)).toEqual(Object.keys(ALB_ANNOTATIONS).map(prop => `\`${prop}\``));
  expect(settings.filter(cells => cells.length !== 9)).toEqual([]);
  expect(rows.filter(cells => cells.length === 2).map(([key]) => key)).toEqual(Object.keys(UNSUPPORTED_ANNOTATIONS).map(key => `\`${key.replace(ALB_PREFIX, '')}\``));
});

test('no cell is wider than a sentence or two', () => {
  expect(rows.flat().filter(cell => cell.length > 160)).toEqual([]);
});
