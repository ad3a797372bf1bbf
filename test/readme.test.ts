// The programs of README.md run with exactly the imports and names that the README shows, and its links work from the published package.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { programs, wholeProgram } from '../scripts/readme';
import { check, readYaml, renderText } from '../src/inspect';

const ROOT = join(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { repository, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { repository: { url: string }; files: string[] };
const before = process.cwd();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'readme-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test.each(programs('README.md'))('the program %s runs and writes manifests', (_, text) => {
  const { outputText } = transpileModule(wholeProgram(text), { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  new Function('require', 'exports', outputText)(require, {});
  expect(readdirSync(join(folder, 'dist'), { recursive: true }).filter(name => String(name).endsWith('.yaml'))).not.toEqual([]);
});

test('the checks of the smallest program find nothing, as the README says', () => {
  const [, text] = programs('README.md').find(([name]) => name === 'smallest')!;
  const { outputText } = transpileModule(wholeProgram(text), { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  new Function('require', 'exports', outputText)(require, {});
  const files = readdirSync('dist').filter(name => name.endsWith('.yaml')).map(name => join('dist', name));
  const [, counts] = /^npx alb-istio check dist +# prints "([^"]*)" and what ran$/m.exec(README)!;
  expect(renderText(check(files.flatMap(file => readYaml(readFileSync(file, 'utf8'), file))))).toMatch(new RegExp(`^${counts}, \\d+ checks ran`));
});

test('every program shows what it imports', () => {
  expect(programs('README.md').filter(([, text]) => !text.startsWith('import ')).map(([name]) => name)).toEqual([]);
});

test('a program that uses a name without importing it fails', () => {
  const [, text] = programs('README.md').find(([name]) => name === 'egress')!;
  const { outputText } = transpileModule(wholeProgram(text.replace('egress, ', '')), { compilerOptions: { module: ModuleKind.CommonJS } });
  expect(() => new Function('require', 'exports', outputText)(require, {})).toThrow('egress is not defined');
});

test('links point to files of the repository or of the package', () => {
  const page = repository.url.replace(/^git\+(.*)\.git$/, '$1');
  const raw = page.replace('github.com', 'raw.githubusercontent.com');
  const targets = [...README.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(([, inline, defined]) => inline ?? defined);
  const own = targets.filter(target => target.startsWith(page) || target.startsWith(raw));
  expect(own.length).toBeGreaterThan(20);
  expect(own.map(target => target.replace(/^.*?\/main\//, '').replace(/#.*$/, '')).filter(file => !existsSync(join(ROOT, file)))).toEqual([]);
  expect(targets.filter(target => !/^(https:\/\/|#)/.test(target) && !files.includes(target))).toEqual([]);
});

test('every reference of a link has a definition', () => {
  const defined = new Set([...README.matchAll(/^\[([^\]]+)\]: /gm)].map(([, name]) => name));
  const prose = README.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '').replace(/^\[[^\]]+\]: .*$/gm, '');
  expect([...prose.matchAll(/\[([^\]]+)\](?!\()/g)].map(([, name]) => name).filter(name => !defined.has(name))).toEqual([]);
});
