// Creates the files of a check (`new <id>`), renames a check (`rename <old> <new>`), and regenerates the pages (`docs [--check]`).
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Check } from '../src/checks/check';
import { check } from '../src/checks/runner';
import { SHELF } from '../src/checks/shelf';
import { readYaml } from '../src/model/yaml';
import { renderText } from '../src/output/text';

const ROOT = path.join(__dirname, '..');
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Everything above this line in a page is generated. */
export const MARKER = '<!-- Generated from the check above this line. Write below. -->';

/** The pages of all checks and the index page: path from the repository root to text. */
export function renderCheckDocs(root = ROOT): Map<string, string> {
  const pages = SHELF.map((one): [string, string] => [pageOf(one.id), renderPage(one, handwritten(path.join(root, pageOf(one.id))))]);
  return new Map([['docs/checks/README.md', renderTable()], ...pages]);
}

/** Creates the files of a new check (rule, fixtures, page) and adds it to the shelf. Returns the paths. */
export function newCheck(root: string, id: string): string[] {
  requireFree(root, id);
  const files = new Map([
    [ruleOf(id), ruleTemplate(id)],
    [`test/checks/${id}/bad.yaml`, '# expect: <pointer> <part of the message>\n'],
    [`test/checks/${id}/good.yaml`, '# Near misses that must not be reported, and why.\n'],
    [pageOf(id), `${MARKER}\n\n## Example\n\n\`\`\`yaml\n\`\`\`\n\n\`\`\`text\n\`\`\`\n`],
  ]);
  files.forEach((text, file) => write(root, file, text));
  writeShelf(root);
  return [...files.keys(), 'src/checks/shelf.ts'];
}

/** Renames a check everywhere. Use it only before the first release of the check: ids are permanent. */
export function renameCheck(root: string, old: string, id: string): void {
  if (!fs.existsSync(path.join(root, ruleOf(old)))) {
    throw new Error(`unknown check "${old}"; checks: ${idsIn(root).join(', ')}`);
  }
  requireFree(root, id);
  const moves = [[ruleOf(old), ruleOf(id)], [`test/checks/${old}`, `test/checks/${id}`], [pageOf(old), pageOf(id)]];
  moves.forEach(([from, to]) => fs.renameSync(path.join(root, from), path.join(root, to)));
  ['src/checks', 'test/checks', 'docs/checks'].flatMap(folder => filesBelow(root, folder)).forEach(file => {
    write(root, file, replaceWord(replaceWord(read(root, file), old, id), camel(old), camel(id)));
  });
  writeShelf(root);
}

function requireFree(root: string, id: string): void {
  if (!ID.test(id)) {
    throw new Error(`"${id}" is not a valid id; it must be lower case words joined by hyphens, such as unknown-subset`);
  }
  const taken = [ruleOf(id), `test/checks/${id}`, pageOf(id)].find(file => fs.existsSync(path.join(root, file)));
  if (taken) {
    throw new Error(`the id "${id}" is already in use: ${taken} exists`);
  }
}

function writeShelf(root: string): void {
  const ids = idsIn(root);
  write(root, 'src/checks/shelf.ts', [
    '// The shelf: every check, in alphabetical order. Written by scripts/checks.ts from the files in rules/.',
    'import type { Check } from \'./check\';',
    ...ids.map(id => `import { ${camel(id)} } from './rules/${id}';`),
    '',
    '/** All checks. */',
    'export const SHELF: readonly Check[] = [',
    ...ids.map(id => `  ${camel(id)},`),
    '];',
    '',
  ].join('\n'));
}

function filesBelow(root: string, folder: string): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const place = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(root, place) : [place];
  });
}

function idsIn(root: string): string[] {
  return fs.readdirSync(path.join(root, 'src/checks/rules')).filter(file => file.endsWith('.ts')).map(file => file.slice(0, -'.ts'.length)).sort();
}

function ruleTemplate(id: string): string {
  return `// (The fault in one sentence.)
import { Kind } from '../../model/kind';
import type { Check } from '../check';

/** (The source of the fact, with its version.) */
export const ${camel(id)}: Check = {
  id: '${id}',
  severity: 'error',
  title: '',
  why: '',
  fix: '',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run(model) {
    for (const { manifest } of model.virtualServices) {
      yield { manifest, pointer: '', message: '' };
    }
  },
};
`;
}

function renderPage(one: Check, rest: string): string {
  const kinds = one.about.length > 0 ? one.about.join(', ') : 'every kind';
  return `# ${one.id}

${one.title}.

| | |
|---|---|
| severity | ${one.severity} |
| about | ${kinds} |
| reads | ${one.reads.join(', ') || 'nothing else'} |
| elsewhere | ${one.related.join(', ') || 'no counterpart known'} |

**Why:** ${one.why}

**Fix:** ${one.fix}

${MARKER}
${withOutputs(rest)}`;
}

/** Runs every example: a block of YAML that a block of text follows, which becomes the exact output. */
function withOutputs(rest: string): string {
  return rest.replace(/(```yaml\n)([^]*?)(```\n\n```text\n)[^]*?(```\n)/g, (_, open: string, yaml: string, between: string, close: string) =>
    `${open}${yaml}${between}${renderText(check(readYaml(yaml, 'example.yaml')))}${close}`);
}

function renderTable(): string {
  const rows = SHELF.map(one => `| [${one.id}](${one.id}.md) | ${one.severity} | ${one.title} | ${one.related.join(', ')} |`);
  return `<!-- Generated by scripts/checks.ts. -->
# Checks

An error means that traffic fails or is exposed. A warning means that it works, but probably not as intended. A check reports nothing when the
input is inconclusive: a Service that is missing from the input may come from a Helm chart or another repository.

| id | severity | fault | elsewhere |
|---|---|---|---|
${rows.join('\n')}

To accept a finding, annotate its object with \`checks.cdk8s-alb-istio/<id>: <reason>\`. The finding is still reported, with the reason, but does
not fail the synth. An annotation without a reason has no effect.
`;
}

function handwritten(file: string): string {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const start = text.indexOf(MARKER);
  return start === -1 ? '\n' : text.slice(start + MARKER.length).replace(/^\n/, '');
}

/** Replaces whole words. In a JSON pointer a word can follow an escaped slash, `~1`. */
function replaceWord(text: string, old: string, word: string): string {
  return text.replace(new RegExp(`(?<=~1|(?<![\\w-]))${old}(?![\\w-])`, 'g'), word);
}

function camel(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function ruleOf(id: string): string {
  return `src/checks/rules/${id}.ts`;
}

function pageOf(id: string): string {
  return `docs/checks/${id}.md`;
}

function read(root: string, file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8');
}

function write(root: string, file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
}

function docs(checkOnly: boolean): number {
  const stale = [...renderCheckDocs()].filter(([file, text]) => !fs.existsSync(path.join(ROOT, file)) || read(ROOT, file) !== text);
  stale.forEach(([file, text]) => (checkOnly ? console.error(`stale: ${file}`) : write(ROOT, file, text)));
  return checkOnly && stale.length > 0 ? 1 : 0;
}

function main([command, ...words]: readonly string[]): number {
  if (command === 'new' && words.length === 1) {
    newCheck(ROOT, words[0]).forEach(file => console.log(file));
    return 0;
  }
  if (command === 'rename' && words.length === 2) {
    renameCheck(ROOT, words[0], words[1]);
    return 0;
  }
  if (command === 'docs' && (words.length === 0 || words[0] === '--check')) {
    return docs(words.length > 0);
  }
  console.error('usage: checks.ts new <id> | rename <old> <new> | docs [--check]');
  return 2;
}

if (require.main === module) {
  process.exitCode = main(process.argv.slice(2));
}
