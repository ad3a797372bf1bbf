// The pages of the examples: each shows the edge of its YAML.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withDiagrams } from '../scripts/diagrams';

const EXAMPLES = join(__dirname, '..', 'examples');
const PAGES = readdirSync(EXAMPLES).filter(name => existsSync(join(EXAMPLES, name, 'main.ts'))).map(name => [name, join(EXAMPLES, name, 'README.md')]);

test.each(PAGES)('the page of %s has a diagram, and links to its YAML', (name, page) => {
  const text = readFileSync(page, 'utf8');
  expect(text).toMatch(/<!-- output: diagram[\w-]* -->\n```mermaid\nflowchart LR\n/);
  expect(text).toContain(`dist/${name}`);
});

test('a block is filled with what the command prints', () => {
  const filled = withDiagrams('before\n<!-- output: diagram -->\nold\n<!-- end -->\nafter\n', 'bookinfo');
  expect(filled).toMatch(/^before\n<!-- output: diagram -->\n```mermaid\nflowchart LR\n[^]*productpage:9080[^]*\n```\n<!-- end -->\nafter\n$/);
  expect(() => withDiagrams('<!-- output: diagram-other -->\n<!-- end -->\n', 'bookinfo')).toThrow('examples/bookinfo/README.md: no diagram is named diagram-other');
});
