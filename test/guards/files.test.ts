// Files: what they are called, how they begin, how long they are, and which words belong to one of them alone.
import { basename } from 'node:path';
import { entriesBelow, textOf, typescriptFiles } from './source-tree';

const FOLDERS = ['src', 'test', 'scripts', 'bench', 'examples'];
const DRAWERS = ['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'types', 'constants', 'misc'];

test('there are no drawers', () => {
  expect(entriesBelow(...FOLDERS).filter(entry => DRAWERS.includes(basename(entry).replace(/\..*$/, '')))).toEqual([]);
});

test('files and folders are written in kebab-case', () => {
  const written = /^([a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*|README\.md)$/;
  expect(entriesBelow(...FOLDERS).filter(entry => !written.test(basename(entry)))).toEqual([]);
});

test('the first line of a source file says in a sentence what lives there', () => {
  const wrong = typescriptFiles('src', 'examples').filter(file => {
    const lines = textOf(file).split('\n');
    const first = file === 'src/cli.ts' && lines[0].startsWith('#!') ? lines[1] : lines[0];
    return !/^\/\/ \S.{10,}/.test(first);
  });
  expect(wrong).toEqual([]);
});

test('no file written by hand has more than 400 lines', () => {
  expect(typescriptFiles(...FOLDERS).filter(file => !file.endsWith('.generated.ts') && textOf(file).trimEnd().split('\n').length > 400)).toEqual([]);
});

test('the prefix of ALB annotations is written in one file alone', () => {
  expect(typescriptFiles('src', 'examples').filter(file => textOf(file).includes('alb.ingress.kubernetes.io'))).toEqual(['src/base/alb-annotations/annotations.ts']);
});

test('no test is left out, and none is alone', () => {
  const left = /\b(x(it|test|describe)|f(it|describe))\(|\b(it|test|describe)\.(skip|only|todo)\b/;
  expect(typescriptFiles('test').filter(file => left.test(textOf(file)))).toEqual([]);
});
