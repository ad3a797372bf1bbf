// Writes what the props of every public interface may be, from the jsii assembly, to src/base/prop-types.generated.ts. `--check` only compares.
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, run, withFolder } from './command';

const FILE = 'src/base/prop-types.generated.ts';
const USAGE = 'usage: npm run props -- [--check]';

/** Classes of other packages that props take, each with an example of a value. */
const FOREIGN: Readonly<Record<string, string>> = { Duration: 'Duration.seconds(30)', Size: 'Size.mebibytes(128)' };

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
    writeFileSync(join(folder, FILE), `${['INTERFACES: Readonly<Record<string, Readonly<Record<string, string>>>>', 'ENUMS: Readonly<Record<string, readonly string[]>>', 'CLASSES: Readonly<Record<string, string>>', 'IMPLEMENTATIONS: Readonly<Record<string, string>>']
      .map(each => `export const ${each} = {};`).join('\n')}\n`);
    run('bash', ['-c', `cd "${folder}" && npx jsii --silence-warnings=reserved-word --generate-tsconfig tsconfig.jsii.json`]);
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
  return primitive ?? nameOf(fqn!);
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

/** A call that makes an instance: of the first maker in the source, or of the constructor. */
function exampleOf({ name, fqn, methods = [] }: Declared): string {
  const line = (each: Member): number => each.locationInModule?.line ?? 0;
  const [maker] = methods.filter(each => each.static && each.returns?.type.fqn === fqn).sort((one, other) => line(one) - line(other));
  const given = maker?.parameters?.filter(({ optional }) => !optional).map(parameter => parameter.name) ?? [];
  return maker ? `${name}.${maker.name}(${given.join(', ')})` : `new ${name}(…)`;
}

/** Classes that implement an interface with behavior, the one that is named after it first. */
function implementationsOf(types: Types, { fqn, name }: Declared): string[] {
  const suffix = name.slice(1);
  const implementsIt = (each: Declared | undefined): boolean => each !== undefined && (each.interfaces?.some(one => one === fqn) === true || implementsIt(types[each.base ?? '']));
  const found = Object.values(types).filter(each => each.kind === 'class' && implementsIt(each)).map(each => each.name);
  return found.sort((one, other) => Number(other.endsWith(suffix)) - Number(one.endsWith(suffix)) || byName(one, other));
}

function table(name: string, type: string, entries: readonly string[], doc: string): string {
  return `/** ${doc} */\nexport const ${name} = {\n${entries.map(each => `  ${each},\n`).join('')}} as const satisfies ${type};\n`;
}

function quoted(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&')}'`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** The whole file. */
function generated(types: Types, door: object): string {
  const own = Object.values(types).filter(({ locationInModule: { filename } }) => filename.startsWith('src/')).sort((one, other) => byName(one.name, other.name));
  const twice = own.find(({ name }, index) => own[index - 1]?.name === name);
  if (twice) {
    throw new Error(`two types are called ${twice.name}; prop types know a type by its name alone`);
  }
  const interfaces = own.filter(({ kind }) => kind === 'interface').map(each => {
    const members = [...membersOf(types, each)].map(([name, type]) => `${key(name)}: ${quoted(type)}`);
    const line = `${each.name}: { ${members.join(', ')} }`;
    return line.length < 150 ? line : `${each.name}: {\n${members.map(member => `    ${member},\n`).join('')}  }`;
  });
  const enums = own.filter(({ kind }) => kind === 'enum').map(({ name, fqn }) => `${name}: [${Object.values(loaded(fqn, door)).map(value => quoted(String(value))).join(', ')}]`);
  const classes = [...own.filter(({ kind }) => kind === 'class').map(each => [each.name, exampleOf(each)] as const), ...Object.entries(FOREIGN)]
    .map(([name, example]) => `${name}: ${quoted(example)}`);
  const implementations = own.filter(({ kind, datatype }) => kind === 'interface' && !datatype)
    .flatMap(each => implementationsOf(types, each).slice(0, 1).map(name => `${each.name}: ${quoted(name)}`));
  return [
    '// Generated by `npm run props` from the jsii assembly. Do not edit. What the props of every public interface may be.\n',
    table('INTERFACES', 'Readonly<Record<string, Readonly<Record<string, string>>>>', interfaces, 'The members of every interface: `?` marks an optional one, `[]` a list and `{}` a map.'),
    table('ENUMS', 'Readonly<Record<string, readonly string[]>>', enums, 'The values of every enum.'),
    table('CLASSES', 'Readonly<Record<string, string>>', classes, 'Every class, with a call that makes an instance.'),
    table('IMPLEMENTATIONS', 'Readonly<Record<string, string>>', implementations, 'A class for every interface with behavior that a class of the package implements.'),
  ].join('\n').replaceAll('\n\n\n', '\n\n');
}

/** Writes or compares the file. Returns whether it was up to date. */
export function updateProps(check: boolean): boolean {
  // Loaded here: the package loads what this script writes.
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
