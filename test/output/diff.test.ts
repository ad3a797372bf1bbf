// How differences are printed: as text, and as Markdown that is safe in a comment.
import { differences } from '../../src/diff/differences';
import { readYaml } from '../../src/manifests/yaml';
import { renderDiffMarkdown } from '../../src/output/diff-markdown';
import { renderDiffText } from '../../src/output/diff-text';

const map = (data: Readonly<Record<string, unknown>>, name = 'a') => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'x' }, data });
const changes = (before: string, after: string, ...units: string[]) => {
  const side = (yaml: string) => (units.length > 0 ? units : ['']).map(name => ({ name, manifests: readYaml(yaml) }));
  return differences(side(before), side(after));
};
const between = (before: unknown, after: unknown) => changes(map({ key: before }), map({ key: after }));

const INGRESS = (scheme: string) => `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: edge, namespace: x,
  annotations: { alb.ingress.kubernetes.io/scheme: ${scheme} } } }\n---\n`;
const EXAMPLE = changes(`${INGRESS('internal')}${map({})}`, `${INGRESS('internet-facing')}${map({}, 'b')}`, 'dist/production', 'dist/staging');

test('text has a section per risk, the units, and a count of objects', () => {
  expect(renderDiffText(EXAMPLE)).toBe(`May delete or replace load balancers, target groups or namespaces
  changed Ingress x/edge in dist/production, dist/staging
    /metadata/annotations/alb.ingress.kubernetes.io~1scheme: "internal" → "internet-facing"

Other changes
  removed ConfigMap x/a in dist/production, dist/staging
  added ConfigMap x/b in dist/production, dist/staging

2 changed, 2 added, 2 removed.
`);
});

test('Markdown has a table per object', () => {
  expect(renderDiffMarkdown(EXAMPLE)).toBe(`### Rendered YAML

2 changed, 2 added, 2 removed.

#### May delete or replace load balancers, target groups or namespaces

**changed** \`Ingress x/edge\` in \`dist/production\`, \`dist/staging\`

| Field | Old | New |
| :--- | :--- | :--- |
| \`/metadata/annotations/alb.ingress.kubernetes.io~1scheme\` | \`"internal"\` | \`"internet-facing"\` |

#### Other changes

**removed** \`ConfigMap x/a\` in \`dist/production\`, \`dist/staging\`

**added** \`ConfigMap x/b\` in \`dist/production\`, \`dist/staging\`
`);
});

test('no differences are stated', () => {
  expect(renderDiffText([])).toBe('No differences.\n');
  expect(renderDiffMarkdown([])).toBe('### Rendered YAML\n\nNo differences.\n');
});

test('a value that is not set is distinguished from null and from an empty string', () => {
  expect(renderDiffText(changes(map({ a: null, b: '' }), map({ a: '', c: 1 })))).toContain(`
    /data/a: null → ""
    /data/b: "" → (not set)
    /data/c: (not set) → 1
`);
});

test('long values are shortened to where they differ', () => {
  const [start, end] = ['s'.repeat(500), 'e'.repeat(500)];
  const text = renderDiffText(between(`${start}1${end}`, `${start}2${end}`));
  expect(text).toContain(`/data/key: …${'s'.repeat(20)}1${'e'.repeat(99)}… → …${'s'.repeat(20)}2${'e'.repeat(99)}…\n`);
  expect(renderDiffText(between(1, start))).toContain(`1 → "${'s'.repeat(119)}…\n`);
  expect(renderDiffText(between(start, `${start}x`))).toContain('" → …');
});

describe('whoever opened the pull request wrote the names and values', () => {
  const rowOf = (value: unknown) => renderDiffMarkdown(between(1, value)).split('\n').find(line => line.startsWith('| `/data/key`'));

  test.each([
    ['a pipe', 'a|b', 'a&#124;b'],
    ['a backtick', 'a`b``c', 'a&#96;b&#96;&#96;c'],
    ['a backslash before a pipe', 'a\\|b', 'a&#92;&#92;&#124;b'],
    ['a tag', '</code><script>|', '&#60;/code&#62;&#60;script&#62;&#124;'],
    ['a mention', '@all|', '&#64;all&#124;'],
    ['a character of two code units', '😀|', '&#128512;&#124;'],
  ])('%s neither ends the cell nor is interpreted', (_, value, html) => {
    expect(rowOf(value)).toBe(`| \`/data/key\` | \`1\` | <code>&#34;${html}&#34;</code> |`);
  });

  test.each([['a tag', '<b>x</b>'], ['a mention', '@all'], ['a link', 'https://example.com'], ['emphasis', '*a* _b_']])('%s is literal in a code span', (_, value) => {
    expect(rowOf(value)).toBe(`| \`/data/key\` | \`1\` | \`"${value}"\` |`);
  });

  test('line breaks, control characters and characters that change the reading direction are escaped', () => {
    const text = 'a\nb\u0007\u202ec\u200bd\u0085';
    expect(renderDiffText(between(1, text))).toContain('1 → "a\\nb\\u0007\\u202ec\\u200bd\\u0085"\n');
    const named = renderDiffMarkdown(changes('', map({ key: 1 }, '|\n\n# `a\u202e')));
    expect(named).toContain('**added** <code>ConfigMap x/&#124;&#92;u000a&#92;u000a&#35; &#96;a&#92;u202e</code>\n');
  });
});

describe('the size of Markdown', () => {
  const many = (count: number, value: string) => changes('', Array.from({ length: count }, (_, index) => map({ key: value }, `a${index}`)).join('\n---\n'));

  test('stays below the limit, and the rest is counted', () => {
    const all = many(3000, 'x');
    const text = renderDiffMarkdown(all);
    const shown = text.split('**added**').length - 1;
    expect(Buffer.byteLength(text)).toBeLessThan(60_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(55_000);
    expect(text).toMatch(new RegExp(`\\n\\n… and ${3000 - shown} more\\. To see all of them, run \`alb-istio diff\`\\.\\n$`));
    expect(renderDiffMarkdown(all, { limit: 1_000_000 })).not.toContain('more.');
  });

  test('counts bytes', () => {
    const all = changes('', Array.from({ length: 900 }, (_, index) => map({}, `${index}${'ä'.repeat(60)}`)).join('\n---\n'));
    expect(Buffer.byteLength(renderDiffMarkdown(all))).toBeLessThan(60_000);
  });

  test('one object or a long list of units does not fill it', () => {
    const data = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`k${index}`, 'x']));
    const units = Array.from({ length: 25 }, (_, index) => `unit-${index + 10}`);
    const text = renderDiffMarkdown(changes(map({}), map(data), ...units));
    expect(text).toContain('`unit-29`, 5 more\n');
    expect(text).toContain('\n… and 30 more fields\n');
    expect(text.match(/^\| `\/data/gm)).toHaveLength(50);
  });
});
