// Every CEL rule of our CRDs is evaluated: values that hold to it, and values that break it.
import { compileRules } from '../../../src/api-server/crd/cel-rules';
import type { StructuralSchema } from '../../../src/api-server/crd/structural-schema';
import { schemaOf, validatedKinds } from '../../../src/api-server/crd/validator';

/** The first schema that each rule stands in. */
const SCHEMA_OF_RULE = new Map<string, StructuralSchema>();
validatedKinds().forEach(kind => collect(schemaOf(kind)!));

function collect(schema: StructuralSchema): void {
  for (const { rule } of schema['x-kubernetes-validations'] ?? []) {
    SCHEMA_OF_RULE.set(rule, SCHEMA_OF_RULE.get(rule) ?? schema);
  }
  Object.values(schema.properties ?? {}).forEach(collect);
  [schema.items, schema.additionalProperties].filter(below => typeof below === 'object').forEach(below => collect(below as StructuralSchema));
}

const labels = { matchLabels: { app: 'a' } };
const source = { principals: ['p'] };
const long = 'a'.repeat(63);

/** Words that occur in one rule alone, values that hold to it, values that break it. */
const RULES: readonly [words: string, good: readonly unknown[], bad: readonly unknown[]][] = [
  ['(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1', [{}, { selector: labels }], [{ selector: labels, targetRefs: [] }, { targetRef: {}, targetRefs: [] }]],
  ['(has(self.selector) ? 1 : 0) + (has(self.targetRefs) ? 1', [{}, { targetRefs: [] }], [{ selector: labels, targetRefs: [] }]],
  ['has(self.serviceAccounts)', [{}, source, { serviceAccounts: ['a'] }], [{ ...source, serviceAccounts: ['a'] }, { notServiceAccounts: ['a'], notNamespaces: ['n'] }]],
  ['!key.contains("*")', [{}, { app: '*' }], [{ 'app*': 'a' }]],
  ['key.size() != 0', [{}, { app: '' }], [{ '': 'a' }]],
  ['!self.contains("*")', ['', 'a'], ['*', 'a*b']],
  ['self.size() == 0', [''], ['default']],
  ['duration(self) >=', ['1ms', '1h1m1.5s', '.5s', '+2s', '1000us'], ['999us', '0s', '0', '-5s', '5', '1d', '', '5 s', '9999999h']],
  ['self.context == "WAYPOINT"', [{}, { context: 'GATEWAY' }, { context: 'WAYPOINT', waypoint: {} }], [{ context: 'WAYPOINT' }, { context: 'ANY', waypoint: {} }, { waypoint: {} }]],
  ['0 < self && self', [1, 65535], [0, 65536, -1]],
  ['has(self.tlsCertificates) ? 1 : 0) + (has(self.credentialNames', [{}, { tlsCertificates: [] }], [{ tlsCertificates: [], credentialNames: [] }]],
  ['has(self.credentialName) ? 1 : 0) + (has(self.credentialNames', [{}, { credentialName: 'a' }], [{ credentialName: 'a', credentialNames: ['b'] }]],
  ['has(self.credentialNames) ? 1 : 0) + (has(self.tlsCertificates', [{}, { credentialNames: ['a'] }], [{ credentialNames: ['a'], tlsCertificates: [] }]],
  ['has(self.portLevelMtls) ?', [{}, { portLevelMtls: { 80: {} }, selector: labels }], [{ portLevelMtls: { 80: {} } }, { portLevelMtls: {}, selector: { matchLabels: {} } }]],
  ['0 < int(key)', [{}, { 80: {}, '+443': {} }], [{ 0: {} }, { 65536: {} }, { http: {} }, { ' 80': {} }, { '0x50': {} }, { '': {} }, { '99999999999999999999': {} }]],
  ['has(self.jwksUri) ?', [{}, { jwksUri: 'a' }], [{ jwksUri: 'a', jwks: 'b' }, { jwksUri: 'a', jwks_uri: 'a' }]],
  ['in ["http", "https"]', ['https://a.example/k', 'HTTP://a'], ['ftp://a', 'a.example/k', '/k', '']],
  ['has(self.workloadSelector) ? 1 : 0) + (has(self.targetRefs', [{}, { targetRefs: [] }], [{ workloadSelector: {}, targetRefs: [] }]],
  ['has(self.workloadSelector) ? 1 : 0) + (has(self.endpoints', [{}, { endpoints: [] }], [{ workloadSelector: {}, endpoints: [] }]],
  ['k.contains("/")', [{}, { addresses: ['10.0.0.0/8'] }, { addresses: ['10.0.0.1'], resolution: 'DNS' }], [{ addresses: ['10.0.0.1', '10.0.0.0/8'], resolution: 'DNS' }]],
  ['== "NONE") ? !has(self.endpoints)', [{}, { resolution: 'STATIC', endpoints: [] }], [{ endpoints: [] }, { resolution: 'NONE', endpoints: [] }]],
  ['"DNS_ROUND_ROBIN"', [{}, { resolution: 'DNS_ROUND_ROBIN', endpoints: [{}] }, { resolution: 'DNS', endpoints: [{}, {}] }], [{ resolution: 'DNS_ROUND_ROBIN', endpoints: [{}, {}] }]],
  ['has(self.address) || has(self.network)', [{ address: 'a' }, { network: 'n' }], [{}]],
  ['? !has(self.ports)', [{}, { ports: {} }, { address: '10.0.0.1', ports: {} }], [{ address: 'unix:///a', ports: {} }]],
  ['self.substring(7, 8)', ['10.0.0.1', 'unix:///a', 'unix://@a'], ['unix://a', 'unix://']],
  ['!self.endsWith("/")', ['a/', 'unix:///a'], ['unix:///a/']],
  ['size(key) < 63', [{}, { http: 80, a: 1, 'a-b': 2 }], [{ '-a': 1 }, { 'a_b': 1 }, { '': 1 }, { [long]: 1 }]],
  ['self != "*"', ['a', '*.a'], ['*']],
  ['l1.number == l2.number', [[], [{ number: 80 }, { number: 81 }]], [[{ number: 80 }, { number: 80 }]]],
  ['== "UPSERT"', [{}, { operation: 'REMOVE' }, { operation: 'UPSERT', value: 'a' }], [{ operation: 'UPSERT' }, { operation: 'UPSERT', value: '' }]],
  ['== "REMOVE"', [{}, { operation: 'REMOVE' }, { value: 'a' }], [{ operation: 'REMOVE', value: 'a' }]],
  ['has(self.wasm) != has(self.lua)', [{ wasm: {} }, { lua: {} }], [{}, { wasm: {}, lua: {} }]],
  ['["", "http", "https", "file", "oci"]', ['oci://a/b:1', 'a.example/b:1', 'file:///a', 'a'], ['ftp://a', 'localhost:5000/a', 'a b']],
  ['["", "http", "https", "oci", "file"]', ['https://a', 'a'], ['s3://a']],
  ['!= "HOST"', [{}, { value: 'a' }, { valueFrom: 'HOST' }], [{ valueFrom: 'HOST', value: 'a' }]],
  ['["", "HTTP", "HTTPS"]', ['', 'HTTP'], ['http', 'TCP']],
  ['has(self.prefixListsIDs)', [{}, { prefixListsIDs: [] }], [{ prefixListsIDs: [], PrefixListsIDs: [] }]],
];

function ruleWith(words: string): string {
  const rules = [...SCHEMA_OF_RULE.keys()].filter(rule => rule.includes(words));
  expect([words, ...rules]).toHaveLength(2);
  return rules[0];
}

function isBroken(rule: string, value: unknown): boolean {
  return compileRules(SCHEMA_OF_RULE.get(rule)!)(value).some(fault => fault.rule === rule && fault.pointer === '');
}

test.each(RULES)('the rule with %s accepts valid and rejects invalid values', (words, good, bad) => {
  const rule = ruleWith(words);
  expect(good.filter(value => isBroken(rule, value))).toEqual([]);
  expect(bad.filter(value => !isBroken(rule, value))).toEqual([]);
});

test('every rule is covered', () => {
  expect([...SCHEMA_OF_RULE.keys()].sort()).toEqual(RULES.map(([words]) => ruleWith(words)).sort());
  expect(SCHEMA_OF_RULE.size).toBe(37);
});

test('a rule that cannot be evaluated is a violation with a reason', () => {
  const schema: StructuralSchema = { type: 'string', 'x-kubernetes-validations': [{ rule: 'quantity(self) == 1', message: 'must be whole' }] };
  expect(compileRules(schema)('1')).toEqual([
    { kind: 'cel', pointer: '', message: 'must be whole (unbound function: quantity)', rule: 'quantity(self) == 1' },
  ]);
});

test('a string becomes an int only within 64 bits, as in Go', () => {
  const faults = compileRules({ type: 'string', 'x-kubernetes-validations': [{ rule: 'int(self) != 0', message: 'must not be 0' }] });
  expect(['9223372036854775807', '-9223372036854775808'].flatMap(faults)).toEqual([]);
  expect(faults('9223372036854775808')).toEqual([expect.objectContaining({ message: 'must not be 0 ("9223372036854775808" is not a 64-bit integer)' })]);
});

test('a rule that cannot be parsed throws when the schema is compiled', () => {
  expect(() => compileRules({ type: 'string', 'x-kubernetes-validations': [{ rule: 'self ==' }] })).toThrow();
});

test('a rule without a message is its own message, and a result that is not a boolean is a violation', () => {
  expect(compileRules({ type: 'integer', 'x-kubernetes-validations': [{ rule: 'self < 3' }, { rule: 'self + 1' }] })(3)).toMatchObject([
    { message: 'failed rule: self < 3' }, { message: 'failed rule: self + 1 (the result of the rule is not a boolean)' },
  ]);
});

test('transition rules are ignored: a manifest has no older version', () => {
  expect(compileRules({ type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] })('a')).toEqual([]);
});

test.each([
  [{ rule: 'true', messageExpression: '"a"' }, 'unsupported: messageExpression of the rule true'],
  [{ rule: 'self.a__dash__b == 1' }, 'unsupported: a field name with escapes in the rule self.a__dash__b == 1'],
])('unsupported features throw: %j', (rule, message) => {
  expect(() => compileRules({ type: 'object', 'x-kubernetes-validations': [rule] })).toThrow(message);
});

test('a string that has another type in CEL throws', () => {
  const schema: StructuralSchema = { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } };
  expect(() => compileRules({ ...schema, 'x-kubernetes-validations': [{ rule: 'true' }] })).toThrow('unsupported: a rule for a string with the format date-time');
  expect(compileRules(schema)({ at: '' })).toEqual([]);
});

test('numbers have the type of their schema: 1 is an int or a double, and 1.0 compares with each', () => {
  const rules = [{ rule: 'type(self.whole) == int' }, { rule: 'type(self.part) == double' }, { rule: 'type(self.either) == int || self.either == "a"' }];
  const schema: StructuralSchema = {
    type: 'object',
    'x-kubernetes-validations': rules,
    properties: { whole: { type: 'integer' }, part: { type: 'number' }, either: { 'x-kubernetes-int-or-string': true } },
  };
  expect(compileRules(schema)({ whole: 1, part: 1, either: 1 })).toEqual([]);
  expect(compileRules(schema)({ whole: 1, part: 1, either: 'a' })).toEqual([]);
});

test('rules are evaluated wherever the schema has them, and see only the fields of their schema', () => {
  const text: StructuralSchema = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self.size() == 3', message: 'is no' }] };
  const schema: StructuralSchema = {
    type: 'object',
    properties: { list: { type: 'array', items: text }, map: { type: 'object', additionalProperties: text }, none: { ...text, nullable: true } },
    'x-kubernetes-validations': [{ rule: '!has(self.other)', message: 'has other' }],
  };
  const faults = compileRules(schema)({ list: ['yes', 'no'], map: { 'a/b': 'no', c: 'yes' }, none: null, other: 1 });
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/list/1', '/map/a~1b']);
});
