// Objects that are rendered without cdk8s's search for lazy values.
import { ApiObject, App, Chart, type IResolver, JsonPatch } from 'cdk8s';
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

test('the spec is made anew at every rendering', () => {
  const list = ['a'];
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ list })));
  expect(plain.toJson()).toMatchObject({ spec: { list: ['a'] } });
  list.push('b');
  expect(plain.toJson()).toMatchObject({ spec: { list: ['a', 'b'] } });
});

test('a JSON patch reaches every field, also one that the kind does not know', () => {
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ a: 1 })));
  plain.addJsonPatch(JsonPatch.add('/spec/b', 2), JsonPatch.remove('/spec/a'));
  expect(plain.toJson()).toMatchObject({ spec: { b: 2 } });
  expect((plain.toJson() as { spec: object }).spec).not.toHaveProperty('a');
});

test('a label added later is written', () => {
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({})));
  plain.metadata.addLabel('c', '3');
  expect(plain.toJson()).toMatchObject({ metadata: { labels: { a: '2', b: '1', c: '3' } } });
});

test('a resolver of the app sees the values of the spec', () => {
  const shout: IResolver = { resolve: context => typeof context.value === 'string' && context.key[0] === 'spec' && context.value !== 'LOUD'
    ? context.replaceValue('LOUD') : undefined };
  const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ a: 'quiet' })), [shout]);
  expect(plain.toJson()).toMatchObject({ spec: { a: 'LOUD' } });
});

test('keys keep their order where cdk8s is told not to sort', () => {
  process.env.CDK8S_DISABLE_SORT = '1';
  try {
    const plain = inApp(chart => new PlainObject(chart, 'Thing', WRITER, () => ({ b: 1, a: 2 })));
    expect(Object.keys((plain.toJson() as { spec: object }).spec)).toEqual(['b', 'a']);
  } finally {
    delete process.env.CDK8S_DISABLE_SORT;
  }
});
