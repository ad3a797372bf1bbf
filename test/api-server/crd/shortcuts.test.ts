// The shortcuts of validation: what they call valid is valid for the schema library and for CEL.
import * as fc from 'fast-check';
import { compileRule, toCel } from '../../../src/api-server/crd/cel';
import { shortcutOf } from '../../../src/api-server/crd/cel-shortcut';
import { compileSchema } from '../../../src/api-server/crd/json-schema';
import { certainlyFits } from '../../../src/api-server/crd/schema-fit';
import type { StructuralSchema } from '../../../src/api-server/crd/structural-schema';
import { prepare } from '../../../src/api-server/crd/structural-schema';
import { schemaOf, validatedKinds } from '../../../src/api-server/crd/validator';

/** Schemas with every keyword that is decided. */
const SCHEMAS: readonly StructuralSchema[] = [
  { type: 'string', minLength: 1, maxLength: 2 }, { type: 'string', pattern: '^a+$' }, { type: 'string', enum: ['a', 'b'] }, { type: 'string', nullable: true, pattern: '^a' },
  { type: 'string', nullable: true, enum: ['a'] }, { type: 'integer', format: 'int32', minimum: -1, maximum: 2 ** 32 }, { type: 'number', format: 'double', minimum: 0.5 },
  { type: 'boolean' }, { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, { type: 'string', format: 'byte' },
  { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2 },
  { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] },
  { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 1, maxProperties: 2 }, { type: 'object', additionalProperties: true },
  { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a'] },
  { type: 'object', properties: { a: {}, b: {} }, oneOf: [{ required: ['a'] }, { required: ['b'] }], additionalProperties: { type: 'string' } },
  { type: 'object', oneOf: [{ not: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } }, { required: ['a'] }, { required: ['b'] }], 'x-kubernetes-preserve-unknown-fields': true },
  { type: 'object', allOf: [{ required: ['a'] }, { properties: { a: { enum: ['a', 1, null] } } }] }, { not: { type: 'string' } },
];

const VALUE = fc.letrec(tie => ({
  any: fc.oneof({ maxDepth: 2 }, fc.constantFrom('', 'a', 'aa', 'b', '😀😀', '😀a\u{1f600}', 'YQ==', null, true, 0, 1, -1, 2, 0.5, -2, 2 ** 31, 2 ** 40, 1e300, Infinity),
    fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'c'), tie('any'), { maxKeys: 3 })),
})).any;

test('a value that fits without the library fits with it, and one that does not is not valid', () => {
  const compiled = SCHEMAS.map(schema => compileSchema(schema));
  const undecided = new Set<number>();
  const decided = new Set<string>();
  fc.assert(fc.property(fc.nat(SCHEMAS.length - 1), VALUE, (index, value) => {
    const isValid = compiled[index](value).length === 0;
    const fits = certainlyFits(SCHEMAS[index], value);
    decided.add(`${index} ${fits}`);
    if (isValid && !fits) {
      undecided.add(index);
    }
    return isValid || !fits;
  }), { numRuns: 20_000 });
  // Only formats, and a null beside an enum, are left to the library.
  expect([...undecided].sort((a, b) => a - b)).toEqual([9]);
  expect(decided.size).toBeGreaterThan(2 * SCHEMAS.length - 3);
});

test('unknown keywords and types are left to the library', () => {
  expect([{ color: 'red' }, { type: 'color' }, { format: 'color' }, { type: 'array', items: { color: 'red' } }].map(schema => certainlyFits(schema as StructuralSchema, ['a'])))
    .toEqual([false, false, false, false]);
});

test('the keywords of all known CRDs are decided', () => {
  const undecided = validatedKinds().filter(kind => {
    const schema = schemaOf(kind)!;
    const { value } = prepare(schema, {});
    return !certainlyFits({ ...schema, required: [] }, value) && compileSchema({ ...schema, required: [] })(value).length === 0;
  });
  expect(undecided).toEqual([]);
});

test.each<[rule: string, value: object, holds: boolean]>([
  ['(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1', {}, true],
  ['(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1', { a: '1' }, true],
  ['(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1', { a: '1', b: '2' }, false],
  ['(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) + (has(self.c) ? 1 : 0) <= 1', { b: '1', c: '2' }, false],
  ['has(self.a) ? self.a == "1" : true', {}, true],
  ['has(self.a) ? self.a == "2" : true', { a: '1' }, false],
])('%s holds for %j: %s', (rule, value, holds) => {
  const schema: StructuralSchema = { type: 'object', properties: Object.fromEntries(['a', 'b', 'c'].map(name => [name, { type: 'string' }])) };
  expect([shortcutOf(rule)?.(value) ?? false, compileRule(rule)(toCel(schema, value)).holds]).toEqual([holds, holds]);
});

test.each<[rule: string, schema: StructuralSchema, values: readonly unknown[]]>([
  ["duration(self) >= duration('1ms')", { type: 'string' }, ['1ms', '0ms', '0s', '5m', '999999h', '9999999h', '1.5s', '-1s', '1us', '', 'x', '1h5m', '01s', '5']],
  ['0 < self && self <= 65535', { type: 'integer' }, [0, 1, 65535, 65536, -1]],
  ['!self.contains("*")', { type: 'string' }, ['', 'a', '*', 'a*']],
  ['self.all(key, !key.contains("*"))', { type: 'object', additionalProperties: { type: 'string' } }, [{}, { a: '1' }, { 'a*': '1' }, { a: '*' }]],
])('%s holds where its shortcut says so', (rule, schema, values) => {
  const shortcut = shortcutOf(rule)!;
  const held = values.filter(shortcut);
  expect(held.filter(value => !compileRule(rule)(toCel(schema, value)).holds)).toEqual([]);
  expect([held.length > 0, held.length < values.length]).toEqual([true, true]);
});

test.each(['self.a == "1"', '(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 2', 'self.b ? has(self.a) : true', 'has(self.a) ? true : false', 'has(self.a) ? true : has(self.b) ? true : true'])('%s is left to CEL', rule => {
  expect(shortcutOf(rule)).toBeUndefined();
});
