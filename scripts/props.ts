// Writes what the props of every public interface may be, from the jsii assembly, to src/base/prop-types.generated.ts. `--check` only compares.
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, run, withFolder } from './command';

const FILE = 'src/base/prop-types.generated.ts';
const USAGE = 'usage: npm run props -- [--check]';

/** Classes of other packages that props take, each with an example of a value. */
const FOREIGN: Readonly<Record<string, string>> = { Duration: 'Duration.seconds(30)', Size: 'Size.mebibytes(128)' };

/** Where the structs of Kubernetes are. Their fields are compared when they are rendered. */
const KUBERNETES = 'cdk8s-plus-28.k8s.';

/** Interfaces that no class implements, each with where a program finds an instance. */
const HELD: Readonly<Record<string, string>> = { IGatewayWorkload: 'edge.workload' };

/** The tables of the generated file and their types. */
const TABLES = {
  INTERFACES: 'Readonly<Record<string, Readonly<Record<string, string>>>>',
  ENUMS: 'Readonly<Record<string, readonly string[]>>',
  CLASSES: 'Readonly<Record<string, string>>',
  IMPLEMENTATIONS: 'Readonly<Record<string, string>>',
};

interface Type {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: Type };
}

interface Member {
  readonly name: string;
  readonly optional?: boolean;
  readonly static?: boolean;
  readonly type: Type;
  readonly returns?: { readonly type: Type };
  readonly parameters?: readonly { readonly name: string; readonly optional?: boolean }[];
  readonly locationInModule?: { readonly line: number };
}

interface Declared {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'enum' | 'interface';
  readonly base?: string;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly methods?: readonly Member[];
  readonly properties?: readonly Member[];
  readonly members?: readonly { readonly name: string }[];
  readonly locationInModule: { readonly filename: string };
}

type Types = Readonly<Record<string, Declared>>;

/** The types of the package, compiled with a stub in the place of the generated file, which may not fit the sources yet. */
function assembly(): Types {
  return withFolder(folder => {
    ['src', 'imports', 'package.json', 'README.md', 'LICENSE'].forEach(entry => cpSync(join(ROOT, entry), join(folder, entry), { recursive: true }));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, FILE), Object.entries(TABLES).map(([name, type]) => `export const ${name}: ${type} = {};\n`).join(''));
    run('bash', ['-c', `cd "${folder}" && npx tsx ${join(ROOT, 'scripts/jsii.ts')} --silence-warnings=reserved-word --generate-tsconfig tsconfig.jsii.json`]);
    return (JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8')) as { readonly types: Types }).types;
  });
}

function byName(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function nameOf(fqn: string): string {
  return fqn.slice(fqn.lastIndexOf('.') + 1);
}

/** A type in the notation of the generated file: `string`, `PathMatch[]`, `{number}`. */
function written({ primitive, fqn, collection }: Type): string {
  if (collection) {
    const element = written(collection.elementtype);
    return collection.kind === 'array' ? `${element}[]` : `{${element}}`;
  }
  return primitive ?? (fqn!.startsWith(KUBERNETES) ? 'object' : nameOf(fqn!));
}

/** The members of an interface, inherited ones included, as `name: 'type'`. */
function membersOf(types: Types, { interfaces = [], properties = [], methods = [] }: Declared): Map<string, string> {
  return new Map([
    ...interfaces.flatMap(fqn => types[fqn] ? [...membersOf(types, types[fqn])] : []),
    ...properties.map(({ name, type, optional }) => [name, written(type) + (optional ? '?' : '')] as const),
    ...methods.map(({ name }) => [name, 'function'] as const),
  ].sort(([one], [other]) => byName(one, other)));
}

/** The value of an enum or class of the loaded package: a jsii submodule is a property of the one above it. */
function loaded(fqn: string, door: object): object {
  return fqn.split('.').slice(1).reduce((at, name) => (at as Record<string, object>)[name], door);
}

/** A type as a program writes it: everyday names as they are, others with their namespace. */
function qualified(fqn: string): string {
  return fqn.slice(fqn.indexOf('.') + 1);
}

/** The parameters that a call cannot omit. */
function argumentsOf({ parameters = [] }: Member): string {
  return parameters.filter(({ optional }) => !optional).map(({ name }) => name).join(', ');
}

/** A call that makes an instance: of the first maker in the source, or of the constructor. */
function exampleOf({ fqn, methods = [] }: Declared): string {
  const line = (each: Member): number => each.locationInModule?.line ?? 0;
  const [maker] = methods.filter(each => each.static && each.returns?.type.fqn === fqn).sort((one, other) => line(one) - line(other));
  return maker ? `${qualified(fqn)}.${maker.name}(${argumentsOf(maker)})` : `new ${qualified(fqn)}(…)`;
}

/** An instance of a class that implements an interface with behavior, and the call of a maker that returns one; a class named after it first. */
function implementationsOf(types: Types, { fqn, name }: Declared): string[] {
  const suffix = name.slice(1);
  const implementsIt = (each: Declared | undefined): boolean => (
    each !== undefined && (each.interfaces?.some(one => one === fqn) === true || implementsIt(types[each.base ?? ''])));
  const found = Object.values(types).filter(each => each.kind === 'class' && implementsIt(each));
  found.sort((one, other) => Number(other.name.endsWith(suffix)) - Number(one.name.endsWith(suffix)) || byName(one.name, other.name));
  return found.map(each => {
    const [maker] = (each.methods ?? []).filter(method => method.static && method.returns?.type.fqn === fqn);
    const instance = `${/^[AEIOU]/.test(each.name) ? 'an' : 'a'} ${qualified(each.fqn)}`;
    return maker === undefined ? instance : `${instance} or ${qualified(each.fqn)}.${maker.name}(${argumentsOf(maker)})`;
  });
}

function table(name: keyof typeof TABLES, doc: string, entries: readonly string[]): string {
  return `/** ${doc} */\nexport const ${name} = {\n${entries.map(each => `  ${each},\n`).join('')}} as const satisfies ${TABLES[name]};\n`;
}

function quoted(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&')}'`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** An entry of a table, on one line if it fits. */
function entry(name: string, [open, close]: string, items: readonly string[]): string {
  const space = open === '{' ? ' ' : '';
  const line = `${name}: ${open}${space}${items.join(', ')}${space}${close}`;
  return line.length < 150 ? line : `${name}: ${open}\n${items.map(item => `    ${item},\n`).join('')}  ${close}`;
}

/** The whole file. */
function generated(types: Types, door: object): string {
  const own = Object.values(types).filter(each => each.locationInModule.filename.startsWith('src/')).sort((one, other) => byName(one.name, other.name));
  const twice = own.find(({ name }, index) => own[index - 1]?.name === name);
  if (twice) {
    throw new Error(`two types are called ${twice.name}, and prop types identify a type by its name`);
  }
  const kind = (wanted: Declared['kind']): Declared[] => own.filter(each => each.kind === wanted);
  const classes = [...kind('class').map(each => [each.name, exampleOf(each)]), ...Object.entries(FOREIGN)];
  return [
    '// Generated by `npm run props` from the jsii assembly. Do not edit. What the props of every public interface may be.\n',
    table('INTERFACES', 'The members of every interface: `?` marks an optional one, `[]` a list and `{}` a map.',
      kind('interface').map(each => entry(each.name, '{}', [...membersOf(types, each)].map(([name, type]) => `${key(name)}: ${quoted(type)}`)))),
    table('ENUMS', 'The values of every enum.',
      kind('enum').map(({ name, fqn }) => entry(name, '[]', Object.values(loaded(fqn, door)).map(value => quoted(String(value)))))),
    table('CLASSES', 'Every class, with a call that makes an instance.', classes.map(([name, example]) => `${name}: ${quoted(example)}`)),
    table('IMPLEMENTATIONS', 'For interfaces with behavior, an instance.', kind('interface').filter(({ datatype }) => !datatype).flatMap(each => {
      const example = implementationsOf(types, each).at(0) ?? HELD[each.name];
      return example === undefined ? [] : [`${each.name}: ${quoted(example)}`];
    })),
  ].join('\n');
}

/** Writes or compares the file. Returns whether it was up to date. */
export function updateProps(check: boolean): boolean {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late, so that a broken file shows the usage too
  const text = generated(assembly(), require('../src/index') as object);
  const path = join(ROOT, FILE);
  const current = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (!current && !check) {
    writeFileSync(path, text);
  }
  return current;
}

function main(): number {
  const { values: { check = false } } = parseArgs({ options: { check: { type: 'boolean' } } });
  const current = updateProps(check);
  console.log(current ? `${FILE} is up to date` : check ? `stale: ${FILE}; run npm run props` : `wrote ${FILE}`);
  return current || !check ? 0 : 1;
}

if (require.main === module) {
  try {
    process.exitCode = main();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exitCode = 2;
  }
}
