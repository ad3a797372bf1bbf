// Writes the generated pages and blocks: API.md, docs/, the output blocks of README.md and CONTRIBUTING.md, and the diagrams of the examples.
// `--check` only compares.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { annotationPage } from './annotation-page';
import { apiPages } from './api-pages';
import { renderCheckDocs } from './checks';
import { ROOT, run } from './command';
import { conformancePage } from './conformance-page';
import { diagramPages } from './diagrams';
import { failureModesPage } from './failure-modes';
import { cliPage, inspectPage, matchersPage } from './inspect-page';
import { istioCoveragePage } from './istio-coverage';
import { filledPages } from './readme';

const USAGE = 'usage: npm run docs -- [--check] [--tests FILE]   FILE is the output of `npm cit`, for CONTRIBUTING.md';

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, tests: { type: 'string' } } });
  if (!values.check) {
    run('npm', ['run', '--silent', 'props']);
  }
  const pages = new Map([
    ...renderCheckDocs(),
    ['docs/alb-annotations.md', annotationPage()],
    ['docs/conformance.md', conformancePage()],
    ['docs/failure-modes.md', failureModesPage()],
    ['docs/istio-coverage.md', istioCoveragePage()],
    ...reference(),
    ...filledPages(values.tests),
    ...diagramPages(),
  ]);
  const stale = [...pages].filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text);
  const gone = leftOver(pages);
  if (values.check) {
    [...stale.map(([path]) => path), ...gone].forEach(path => console.error(`stale: ${path}; run npm run docs`));
    const count = stale.length + gone.length;
    console.log(count === 0 ? `${pages.size} pages are up to date` : `${count} of ${pages.size} pages are stale`);
    return count === 0 ? 0 : 1;
  }
  for (const path of gone) {
    rmSync(join(ROOT, path));
    console.log(`removed ${path}`);
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`wrote ${path}`);
  }
  console.log(`${pages.size - stale.length} of ${pages.size} pages were up to date`);
  return 0;
}

/** The API reference. It is made from the assembly, so the package is built first. */
function reference(): [path: string, text: string][] {
  run('npm', ['run', '--silent', 'build']);
  return [...apiPages(), ['docs/api/inspect.md', inspectPage()], ['docs/api/jest.md', matchersPage()], ['docs/api/cli.md', cliPage()]];
}

/** Pages of types that are gone. */
function leftOver(pages: ReadonlyMap<string, string>): string[] {
  return readdirSync(join(ROOT, 'docs', 'api')).map(file => `docs/api/${file}`).filter(path => !pages.has(path));
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  process.exitCode = 2;
}
