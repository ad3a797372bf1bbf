// Writes the generated pages and blocks: API.md, docs/, and the output blocks of README.md and CONTRIBUTING.md. `--check` only compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { annotationPage } from './annotation-page';
import { renderCheckDocs } from './checks';
import { ROOT, run, withFolder } from './command';
import { failureModesPage } from './failure-modes';
import { istioCoveragePage } from './istio-coverage';
import { filledPages } from './readme';

const USAGE = 'usage: npm run docs -- [--check] [--tests FILE]   FILE is the output of `npm cit`, for CONTRIBUTING.md';

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, tests: { type: 'string' } } });
  const pages = new Map([
    ...renderCheckDocs(),
    ['docs/alb-annotations.md', annotationPage()],
    ['docs/failure-modes.md', failureModesPage()],
    ['docs/istio-coverage.md', istioCoveragePage()],
    ['API.md', apiPage()],
    ...filledPages(values.tests),
  ]);
  const stale = [...pages].filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text);
  if (values.check) {
    stale.forEach(([path]) => console.error(`stale: ${path}; run npm run docs`));
    console.log(stale.length === 0 ? `${pages.size} pages are up to date` : `${stale.length} of ${pages.size} pages are stale`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`wrote ${path}`);
  }
  console.log(`${pages.size - stale.length} of ${pages.size} pages were up to date`);
  return 0;
}

/** The API reference of the package without its two generated namespaces, which mirror the CRDs. */
function apiPage(): string {
  run('npm', ['run', '--silent', 'build']);
  return withFolder(folder => {
    run('npx', ['jsii-docgen', '--submodule', 'root', '--output', join(folder, 'API')]);
    return readFileSync(join(folder, 'API.md'), 'utf8');
  });
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  process.exitCode = 2;
}
