// A list of the rules of Istio's CRDs that was made by other means: each has to be in the generated schemas, and to refuse what it should.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRule } from '../../../src/api-server/crd/cel';
import type { StructuralSchema } from '../../../src/api-server/crd/structural-schema';
import { schemaOf } from '../../../src/api-server/crd/validator';
import { validateManifest } from '../../../src/api-server/crd/validate-manifest';

/** The list is not part of this repository; a folder beside it may hold it. */
const LIST = join(__dirname, '..', '..', '..', '..', 'shared', 'reference', 'istio-cel.json');

interface Entry {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** `spec.a[].b{}`: `[]` for entries of a list, `{}` for values of a map. */
  readonly path: string;
  readonly type: string;
  readonly value: any;
}

/** The list is of a newer Istio: what it says of these is not in the CRDs of 1.30.3. */
const NEWER = /\.(http2KeepAlive|backendUtilization|zoneAwareLbSetting)\.|\.outlierDetectionHttpErrorCodes\[\]$|\.jwtRules\[\]\.presence$/;
const NEWER_WORDS = ['backendUtilization', 'MERGE_AND_REPLACE_LIST'];

const ENTRIES: readonly Entry[] = existsSync(LIST) ? JSON.parse(readFileSync(LIST, 'utf8')) : [];
const [newer, present] = [ENTRIES.filter(isNewer), ENTRIES.filter(entry => !isNewer(entry))];

function isNewer({ path, value }: Entry): boolean {
  return NEWER.test(path) || NEWER_WORDS.some(word => JSON.stringify(value).includes(`"${word}"`));
}

function listIsAbsent(): boolean {
  if (ENTRIES.length > 0) return false;
  console.warn(`not checked against the list of rules: there is no ${LIST}`);
  return true;
}

function stepsOf({ path }: Entry): string[] {
  return path === '(root)' ? [] : path.match(/\[\]|\{\}|[^.[{]+/g)!;
}

function schemaAt(entry: Entry): StructuralSchema | undefined {
  return stepsOf(entry).reduce<any>(
    (schema, step) => (step === '[]' ? schema?.items : step === '{}' ? schema?.additionalProperties : schema?.properties?.[step]),
    schemaOf(`${entry.group}/${entry.version} ${entry.kind}`),
  );
}

function show({ kind, path, type, value }: Entry): string {
  return `${kind} ${path} ${type} ${JSON.stringify(value)}`;
}

/** Whether the generated schema says what the entry says, in the same words. */
function isInSchema(entry: Entry): boolean {
  const schema: any = schemaAt(entry);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  switch (entry.type) {
    case 'cel': return (schema?.['x-kubernetes-validations'] ?? []).some(({ rule }: any) => rule === entry.value);
    case 'listMapKeys': return same(schema?.['x-kubernetes-list-map-keys'], entry.value);
    case 'preserveUnknownFields': return schema?.['x-kubernetes-preserve-unknown-fields'] === true;
    case 'oneOf': return same([entry.value].flat().map(({ atMostOneOf }: any) => atMostOneOf), choices(schema));
    case 'enum': case 'pattern': case 'required': return same(schema?.[entry.type], entry.value);
    default: return schema !== undefined && Object.entries(entry.value).every(([keyword, bound]) => schema[keyword] === bound);
  }
}

function choices(schema: any): string[][] {
  return [schema, ...(schema?.allOf ?? [])].filter(each => each?.oneOf).map(({ oneOf }) => oneOf.flatMap((each: any) => each.required ?? []));
}

/** Values that the entry refuses, each with the keyword that has to say so. */
function refused({ type, value }: Entry): [keyword: string, value: unknown][] {
  const fields = (names: string[]) => Object.fromEntries(names.map(name => [name, {}]));
  switch (type) {
    case 'enum': return [['enum', 'no such word']];
    case 'pattern': return [['pattern', '\n']];
    case 'required': return [['required', {}]];
    case 'listMapKeys': return [['x-kubernetes-list-map-keys', [1, 1].map(same => Object.fromEntries(value.map((key: string) => [key, same])))]];
    case 'oneOf': return [value].flat().map(({ atMostOneOf }: any) => ['oneOf', fields(atMostOneOf.length > 1 ? atMostOneOf.slice(0, 2) : [])] as [string, unknown]);
    default: return Object.entries(value as Record<string, number>).map(([keyword, bound]) => [keyword, BEYOND[keyword](bound)]);
  }
}

/** The value just outside of a bound. */
const BEYOND: Readonly<Record<string, (bound: number) => unknown>> = {
  minimum: bound => bound - 1,
  maximum: bound => bound + 1,
  minLength: bound => 'a'.repeat(bound - 1),
  maxLength: bound => 'a'.repeat(bound + 1),
  minItems: bound => Array(bound - 1).fill({}),
  maxItems: bound => Array(bound + 1).fill({}),
  minProperties: bound => withFields(bound - 1),
  maxProperties: bound => withFields(bound + 1),
};

function withFields(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, {}]));
}

/** A manifest with a value at a path, and the pointer to it. */
function manifestWith(entry: Entry, value: unknown): [manifest: any, pointer: string] {
  const body = stepsOf(entry).reduceRight((below: unknown, step) => (step === '[]' ? [below] : { [step === '{}' ? 'key' : step]: below }), value);
  const pointer = stepsOf(entry).map(step => `/${{ '[]': '0', '{}': 'key' }[step] ?? step}`).join('');
  return [{ apiVersion: `${entry.group}/${entry.version}`, kind: entry.kind, metadata: { name: 'a' }, ...(body as object) }, pointer];
}

test('every rule of the list is in the schemas, literally', () => {
  if (listIsAbsent()) return;
  expect(present.filter(entry => !isInSchema(entry)).map(show)).toEqual([]);
  expect({ presentCount: present.length, newerCount: newer.length }).toEqual({ presentCount: 553, newerCount: 30 });
});

test('rules of a newer Istio in the list are not in the schemas', () => {
  if (listIsAbsent()) return;
  expect(newer.filter(isInSchema).map(show)).toEqual([]);
});

test('every CEL rule of the list can be compiled', () => {
  if (listIsAbsent()) return;
  expect(present.filter(({ type }) => type === 'cel').map(({ value }) => compileRule(value)).length).toBe(147);
});

test('every other rule of the list rejects a value that violates it, with its pointer', () => {
  if (listIsAbsent()) return;
  const evaluated = present.filter(({ type }) => type !== 'cel' && type !== 'preserveUnknownFields');
  // A choice of one field, which may be there or not, refuses nothing.
  const breakable = evaluated.filter(({ type, value }) => type !== 'oneOf' || [value].flat().every(({ atMostOneOf }: any) => atMostOneOf.length > 1));
  const missed = breakable.flatMap(entry => refused(entry).filter(([keyword, value]) => {
    const [manifest, pointer] = manifestWith(entry, value);
    return !validateManifest(manifest)!.some(fault => fault.rule === keyword && fault.pointer === pointer);
  }).map(([keyword]) => `${keyword}: ${show(entry)}`));
  expect(missed).toEqual([]);
  expect(breakable).toHaveLength(402);
});

test('a field that preserves unknown fields accepts anything', () => {
  if (listIsAbsent()) return;
  const open = present.filter(({ type }) => type === 'preserveUnknownFields');
  const faults = open.flatMap(entry => validateManifest(manifestWith(entry, { any: [{ thing: null }] })[0])!.filter(({ kind }) => kind === 'unknown-field'));
  expect({ openCount: open.length, faults }).toEqual({ openCount: 3, faults: [] });
});
