// The API reference of `cdk8s-alb-istio/inspect`, `cdk8s-alb-istio/jest` and the command line, which jsii does not describe.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { ROOT, run } from './command';

const OPTIONS: ts.CompilerOptions = {
  strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10,
  ignoreDeprecations: '6.0', skipLibCheck: true, declaration: true, emitDeclarationOnly: true, stripInternal: true, types: ['node', 'jest'],
};

/** Kinds of declarations, in the order of the page. */
const KINDS: [title: string, is: (node: ts.Statement) => boolean][] = [
  ['Functions', ts.isFunctionDeclaration],
  ['Constants', ts.isVariableStatement],
  ['Classes', ts.isClassDeclaration],
  ['Interfaces', ts.isInterfaceDeclaration],
  ['Types', ts.isTypeAliasDeclaration],
  ['Enums', ts.isEnumDeclaration],
];

interface Exported {
  readonly name: string;
  readonly statement: ts.Statement;
}

/** The page of the inspection API. */
export function inspectPage(): string {
  return modulePage('inspect', '# Inspection API', 'Reads manifests and reports what is wrong with them, without cdk8s and without a cluster:',
    'import { check, readYaml, renderText } from \'cdk8s-alb-istio/inspect\';');
}

/** The page of the matchers. */
export function matchersPage(): string {
  const intro = 'Test where requests end, what the checks find and what the plan says ([docs/jest.md](../jest.md)):';
  return modulePage('jest', '# Matchers for Jest and Vitest', intro, 'import \'cdk8s-alb-istio/jest\';');
}

/** Each export of an entry point with its declaration, as `tsc` writes it. */
function modulePage(name: string, title: string, intro: string, example: string): string {
  const exported = declarations(join(ROOT, 'src', `${name}.ts`));
  const parts = KINDS.map(([kind, is]) => ({ title: kind, names: exported.filter(({ statement }) => is(statement)) })).filter(({ names }) => names.length > 0);
  const anchors = anchorsOf(parts.flatMap(({ names }) => names.map(one => one.name)));
  const contents = parts.map(({ title: kind, names }) => `- ${kind}: ${names.map(one => `[${one.name}](#${anchors.get(one.name)})`).join(' · ')}`);
  const sections = parts.flatMap(({ names }) => names.map(one => `## ${one.name}\n\n\`\`\`ts\n${textOf(one.statement)}\n\`\`\``));
  return `${[
    title, intro, `\`\`\`ts\n${example}\n\`\`\``, '[API index](../../API.md)', contents.join('\n'), ...sections,
  ].join('\n\n')}\n`;
}

/** The page of the command line: what `--help` prints. */
export function cliPage(): string {
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  const [command] = Object.keys(bin);
  const help = run('npx', ['tsx', join('src', 'cli.ts'), '--help']).trimEnd();
  return `# Command line\n\n\`npx ${command}\`, or \`${command}\` in a script of \`package.json\`. [API index](../../API.md)\n\n\`\`\`text\n${help}\n\`\`\`\n
The checks are described in [docs/checks](../checks), the JSON report in [docs/json.md](../json.md).\n`;
}

/** The declarations that the entry point exports, without bodies and what is marked `@internal`. */
function declarations(entry: string): Exported[] {
  const program = ts.createProgram([entry], OPTIONS);
  const checker = program.getTypeChecker();
  const written = new Map<string, ts.SourceFile>();
  program.emit(undefined, (_, text, __, ___, sources) => {
    sources?.forEach(({ fileName }) => written.set(fileName, ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true)));
  });
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!).map(symbol => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const statement = written.get(target.declarations![0].getSourceFile().fileName)?.statements.find(each => namesOf(each).includes(target.name));
    if (statement === undefined) {
      throw new Error(`${entry}: no declaration of ${symbol.name}`);
    }
    return { name: symbol.name, statement };
  }).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

/** The anchors that GitHub gives to headings: names that differ in case alone are numbered. */
function anchorsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const lower = names.map(name => name.toLowerCase());
  return new Map(names.map((name, index) => {
    const before = lower.slice(0, index).filter(each => each === lower[index]).length;
    return [name, before === 0 ? lower[index] : `${lower[index]}-${before}`];
  }));
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)
    || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement);
  return named && statement.name ? [statement.name.text] : [];
}

/** A declaration with its comment, without private members and the words that every declaration file repeats. */
function textOf(statement: ts.Statement): string {
  const file = statement.getSourceFile().text;
  const start = statement.getFullStart() + /^\s*/.exec(statement.getFullText())![0].length;
  return file.slice(start, statement.getEnd()).replace(/^(\s*)export (declare )?/m, '$1').replace(/\n( +\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?\n? +private [^\n]*/g, '');
}
