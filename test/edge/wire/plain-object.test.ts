// Objects that are rendered without resolving lazy values.
import { ApiObject, type ApiObjectProps, App, Chart, type IResolver, JsonPatch, Lazy } from 'cdk8s';
import fc from 'fast-check';
import { PlainObject } from '../../../src/edge/wire/plain-object';

const WRITER = { apiVersion: 'a.b/v1', kind: 'Thing', metadata: { name: 'thing', namespace: 'shop', labels: { b: '1', a: '2' } } };

function inApp<T extends ApiObject>(make: (chart: Chart) => T, resolvers: IResolver[] = []): T {
  return make(new Chart(new App({ resolvers }), 'chart'));
}

const json = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.integer(), fc.boolean(), fc.constant(undefined), tie('list'), tie('map')),
  list: fc.array(tie('value').filter(value => value !== undefined)),
  map: fc.dictionary(fc.stringMatching(/^[a-zA-Z.-]{1,8}$/), tie('value'), { noNullPrototype: true }),
})).map;

test('a plain object renders byte for byte like an ApiObject', () => {
  fc.assert(fc.property(json, spec => {
    const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => spec as object));
    const cdk8s = inApp(chart => new ApiObject(chart, 'Thing', { ...WRITER, spec }));
    expect(JSON.stringify(plain.toJson())).toBe(JSON.stringify(cdk8s.toJson()));
  }));
});

test('the spec is created at every synth', () => {
  const list = ['a'];
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ list })));
  expect(plain.toJson()).toMatchObject({ spec: { list: ['a'] } });
  list.push('b');
  expect(plain.toJson()).toMatchObject({ spec: { list: ['a', 'b'] } });
});

test('a JSON patch can change every field, including unknown ones', () => {
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ a: 1 })));
  plain.addJsonPatch(JsonPatch.add('/spec/b', 2), JsonPatch.remove('/spec/a'));
  expect(plain.toJson()).toMatchObject({ spec: { b: 2 } });
  expect((plain.toJson() as { spec: object }).spec).not.toHaveProperty('a');
});

test('renders labels that are added later', () => {
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({})));
  plain.metadata.addLabel('c', '3');
  expect(plain.toJson()).toMatchObject({ metadata: { labels: { a: '2', b: '1', c: '3' } } });
});

test.each<[what: string, change: (object: ApiObject) => void, metadata?: ApiObjectProps['metadata']]>([
  ['no labels', () => undefined, { name: 'thing' }],
  ['an annotation', ({ metadata }) => metadata.addAnnotation('b.example.com/x', '')],
  ['a label that replaces another', ({ metadata }) => metadata.addLabel('a', 'other')],
  ['a lazy label', ({ metadata }) => metadata.addLabel('lazy', Lazy.any({ produce: () => 'late' }) as string)],
  ['a lazy annotation', ({ metadata }) => metadata.addAnnotation('lazy', Lazy.any({ produce: () => undefined }) as string)],
  ['a lazy namespace', () => undefined, { name: 'thing', namespace: Lazy.any({ produce: () => 'late' }) as string }],
  ['a finalizer', ({ metadata }) => metadata.addFinalizers('b', 'a')],
  ['an owner', ({ metadata }) => metadata.addOwnerReference({ apiVersion: 'v1', kind: 'Pod', name: 'owner', uid: '1' })],
  ['an unusual field', ({ metadata }) => metadata.add('generateName', 'thing-')],
  ['a field that is set a second time', ({ metadata }) => metadata.add('labels', { other: 'x' })],
])('metadata renders like that of an ApiObject, before and after a change: %s', (_, change, metadata = WRITER.metadata) => {
  const plain = inApp(chart => new PlainObject(chart, 'Thing', { ...WRITER, metadata }, () => ({})));
  const cdk8s = inApp(chart => new ApiObject(chart, 'Thing', { ...WRITER, metadata, spec: {} }));
  expect(JSON.stringify(plain.toJson())).toBe(JSON.stringify(cdk8s.toJson()));
  change(plain);
  change(cdk8s);
  expect(JSON.stringify(plain.toJson())).toBe(JSON.stringify(cdk8s.toJson()));
});

test('resolvers of the app see the values of the spec', () => {
  const shout: IResolver = { resolve: context => typeof context.value === 'string' && context.key[0] === 'spec' && context.value !== 'LOUD'
    ? context.replaceValue('LOUD') : undefined };
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ a: 'quiet' })), [shout]);
  expect(plain.toJson()).toMatchObject({ spec: { a: 'LOUD' } });
});

test('keys keep their order if sorting is disabled in cdk8s', () => {
  process.env.CDK8S_DISABLE_SORT = '1';
  try {
    const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ b: 1, a: 2 })));
    expect(Object.keys((plain.toJson() as { spec: object }).spec)).toEqual(['b', 'a']);
  } finally {
    delete process.env.CDK8S_DISABLE_SORT;
  }
});
