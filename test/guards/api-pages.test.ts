// The API reference: each page is small enough for GitHub to render and begins with contents whose links resolve.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, ROOT, textOf, typescriptFiles } from './source-tree';

const MAX_BYTES = 200_000;
const PAGES = readdirSync(join(ROOT, 'docs', 'api')).map(name => `docs/api/${name}`);

/** The anchors of the headings of a page, as GitHub makes them. */
function anchorsIn(text: string): Set<string> {
  const seen = new Map<string, number>();
  return new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const anchor = heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  }));
}

/** The links of a page to pages of the reference, as a path from the root and an anchor. */
function linksIn(page: string): [path: string, anchor: string][] {
  return [...textOf(page).matchAll(/\]\(([\w./-]*\.md)?(?:#([\w-]+))?\)/g)].map(([, path, anchor = '']) => [path === undefined ? page : join(page, '..', path), anchor]);
}

test('every page is below 200 KB and has contents', () => {
  expect(PAGES.filter(page => Buffer.byteLength(textOf(page)) > MAX_BYTES)).toEqual([]);
  expect(PAGES.filter(page => !page.endsWith('/cli.md') && !/^- \w[\w ]*: \[/m.test(textOf(page)))).toEqual([]);
});

test('every link points to a page and a heading', () => {
  const anchors = new Map([...PAGES, 'API.md'].map(page => [page, anchorsIn(textOf(page))]));
  const broken = [...anchors.keys()].flatMap(page => linksIn(page).filter(([path, anchor]) => anchors.has(path) && anchor !== '' && !anchors.get(path)!.has(anchor))
    .map(([path, anchor]) => `${page}: ${path}#${anchor}`));
  expect(broken).toEqual([]);
});

test('API.md lists every page and every public name', () => {
  const linked = linksIn('API.md');
  expect(PAGES.filter(page => !linked.some(([path]) => path === page))).toEqual([]);
  const names = ['src/index.ts', ...typescriptFiles('src/api')].flatMap(importsOf).flatMap(each => each.names).filter(name => name !== '*');
  expect(names.filter(name => !linked.some(([, anchor]) => anchor === name.toLowerCase()))).toEqual([]);
});
