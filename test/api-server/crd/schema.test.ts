// Schemas as Kubernetes means them: what is pruned, what is defaulted, what blocks the rules, and what must not pass unseen.
import { StructuralSchema, prepare } from '../../../src/api-server/crd/structural-schema';
import { compileValidator } from '../../../src/api-server/crd/validator';

function faultsIn(spec: StructuralSchema, value: unknown): string[] {
  const validate = compileValidator({ type: 'object', properties: { spec } });
  return validate({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { any: 'thing' }, spec: value })
    .map(({ kind, pointer, message, rule }) => `${kind}${rule === undefined ? '' : ` ${rule}`} ${pointer}: ${message}`);
}

const text: StructuralSchema = { type: 'string' };

test('unknown fields are reported with the known ones, and are not validated', () => {
  const spec: StructuralSchema = { type: 'object', minProperties: 1, properties: { host: text, port: { type: 'integer' } } };
  expect(faultsIn(spec, { hots: 'a' })).toEqual([
    'schema minProperties /spec: {} must NOT have fewer than 1 properties',
    'unknown-field /spec/hots: /spec has no field hots; its fields: host, port',
  ]);
  expect(faultsIn(spec, { host: 'a', toString: 'b' })).toEqual(['unknown-field /spec/toString: /spec has no field toString; its fields: host, port']);
  expect(faultsIn(spec, { host: 'a', ...JSON.parse('{"__proto__":{"port":1}}') })).toEqual([
    'unknown-field /spec/__proto__: /spec has no field __proto__; its fields: host, port',
  ]);
});

test('an object instead of a string is one fault', () => {
  expect(faultsIn(text, { a: 1, b: 2 })).toEqual(['schema type /spec: {"a":1,"b":2} is not of type string']);
});

test('an object that preserves unknown fields still validates the known ones', () => {
  const spec: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: text } };
  expect(faultsIn(spec, { a: 'a', b: { c: null } })).toEqual([]);
  expect(faultsIn(spec, { a: 1 })).toEqual(['schema type /spec/a: 1 is not of type string']);
  expect(prepare(spec, { a: null, b: null }).value).toEqual({ b: null });
});

test('maps accept any key, and their values have one schema', () => {
  const spec: StructuralSchema = { type: 'object', additionalProperties: text };
  expect(faultsIn(spec, { 'a/b': 'x', __proto__x: 'y' })).toEqual([]);
  expect(faultsIn(spec, { 'a/b': 1 })).toEqual(['schema type /spec/a~1b: 1 is not of type string']);
  expect(faultsIn({ type: 'object', additionalProperties: true }, { a: { b: 1 } })).toEqual([]);
});

test('a null is an absent field, except where null is allowed, and except in a list', () => {
  const spec: StructuralSchema = { type: 'object', required: ['a'], properties: { a: text, b: { type: 'integer', nullable: true }, c: { type: 'array', items: text } } };
  expect(faultsIn(spec, { a: 'x', b: null, c: null })).toEqual([]);
  expect(faultsIn(spec, { a: null })).toEqual(['schema required /spec: the field a is required']);
  expect(faultsIn(spec, { a: 'x', c: [null] })).toEqual(['schema type /spec/c/0: null is not of type string']);
});

test('defaults are set in a copy before validation', () => {
  const spec: StructuralSchema = {
    type: 'object',
    required: ['size'],
    properties: { size: { type: 'integer', default: 3 }, more: { type: 'object', default: {}, properties: { a: { type: 'string', default: 'x' } } } },
    'x-kubernetes-validations': [{ rule: 'self.size < 5 && self.more.a == "x"', message: 'too big' }],
  };
  const value = Object.freeze({ size: null });
  expect(prepare(spec, value)).toEqual({ value: { size: 3, more: { a: 'x' } }, unknownFields: [], nulls: [] });
  expect(faultsIn(spec, {})).toEqual([]);
  expect(faultsIn(spec, { size: 5 })).toEqual(['cel self.size < 5 && self.more.a == "x" /spec: too big']);
});

test('int-or-string accepts integers and strings only', () => {
  const spec: StructuralSchema = { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }], pattern: '^[0-9]+%$' };
  expect(faultsIn(spec, 5)).toEqual([]);
  expect(faultsIn(spec, '5%')).toEqual([]);
  expect(faultsIn(spec, '5')).toEqual(['schema pattern /spec: "5" does not match ^[0-9]+%$']);
  expect(faultsIn(spec, 1.5)).toEqual(['schema type /spec: 1.5 is not of type integer or string']);
});

test('integers of a format have any size, as for the API server; 1.0 is an integer', () => {
  const spec: StructuralSchema = { type: 'integer', format: 'int32' };
  expect(faultsIn(spec, 1.0)).toEqual([]);
  expect(faultsIn(spec, 2 ** 31)).toEqual([]);
  expect(faultsIn(spec, 1.5)).toEqual(['schema type /spec: 1.5 is not of type integer']);
});

test('length is counted in code points, not in UTF-16 units', () => {
  expect(faultsIn({ type: 'string', maxLength: 2 }, '🙂🙂')).toEqual([]);
  expect(faultsIn({ type: 'string', maxLength: 2 }, '🙂🙂🙂')).toEqual(['schema maxLength /spec: "🙂🙂🙂" must NOT have more than 2 characters']);
});

test('the keys of a map-type list must be unique', () => {
  const entry: StructuralSchema = { type: 'object', properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } } };
  const spec: StructuralSchema = { type: 'array', items: entry, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port', 'protocol'] };
  expect(faultsIn(spec, [{ port: 53 }, { port: 53, protocol: 'UDP' }])).toEqual([]);
  expect(faultsIn(spec, [{ port: 80 }, { port: 53 }, { port: 53, protocol: 'TCP' }])).toEqual([
    'schema x-kubernetes-list-map-keys /spec: entries 1 and 2 have the same port 53 and protocol "TCP"',
  ]);
});

test('a choice is one fault that lists the fields', () => {
  const required = (name: string) => ({ required: [name] });
  const spec: StructuralSchema = {
    type: 'object',
    properties: { oneOf: text, not: text },
    oneOf: [{ not: { anyOf: [required('oneOf'), required('not')] } }, required('oneOf'), required('not')],
  };
  expect(faultsIn(spec, {})).toEqual([]);
  expect(faultsIn(spec, { oneOf: 'a', not: 'b' })).toEqual(['schema oneOf /spec: only one of oneOf, not can be set; oneOf and not are']);
  expect(faultsIn(spec, { oneOf: 1 })).toEqual(['schema type /spec/oneOf: 1 is not of type string']);
  expect(faultsIn({ ...spec, oneOf: [required('oneOf'), required('not')] }, {})).toEqual(['schema oneOf /spec: one of oneOf, not must be set']);
});

describe('as in the API server', () => {
  const spec: StructuralSchema = {
    type: 'object',
    properties: { size: { type: 'integer', maximum: 5 }, name: { type: 'string', enum: ['a', ''] } },
    'x-kubernetes-validations': [{ rule: 'has(self.size) && has(self.name)', message: 'both' }],
  };

  it('no rule is evaluated for a value of the wrong type', () => {
    expect(faultsIn(spec, { size: '1' })).toEqual(['schema type /spec/size: "1" is not of type integer']);
    expect(faultsIn(spec, { name: 'b' })).toEqual(['schema enum /spec/name: "b" is not one of a, ""']);
  });

  it('rules are evaluated despite faults that do not affect types', () => {
    expect(faultsIn(spec, { size: 6 })).toEqual(['cel has(self.size) && has(self.name) /spec: both', 'schema maximum /spec/size: 6 must be <= 5']);
  });
});

test.each<[StructuralSchema, RegExp]>([
  [{ type: 'string', format: 'color' }, /unknown format "color"/],
  [{ type: 'string', pattern: '(' }, /Invalid regular expression/],
  [{ type: 'object', 'x-kubernetes-embedded-resource': true }, /unknown keyword: "x-kubernetes-embedded-resource"/],
])('unsupported keywords throw when the schema is compiled: %j', (schema, message) => {
  expect(() => compileValidator(schema)).toThrow(message);
});
