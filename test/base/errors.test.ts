// Errors say what is wrong, what was found, what is allowed and where.
import { EdgeError, InvalidProps, refusedAt, renaming, UnreadableManifest, UsageError, within } from '../../src/base/errors';

test('every error of the package is an EdgeError with the name of its class', () => {
  const errors = [new EdgeError('x'), InvalidProps.value('a', 1, 'must be b'), new UnreadableManifest('x', '-'), new UsageError('x')];
  expect(errors.every(error => error instanceof EdgeError && error instanceof Error)).toBe(true);
  expect(errors.map(error => error.name)).toEqual(['EdgeError', 'InvalidProps', 'UnreadableManifest', 'UsageError']);
});

test('instanceof holds for errors from the copy in another bundle, and for nothing else', () => {
  const copy = jest.requireActual('../../src/base/errors') as typeof import('../../src/base/errors');
  jest.resetModules();
  const other = jest.requireActual('../../src/base/errors') as typeof import('../../src/base/errors');
  const error = other.InvalidProps.value('a', 1, 'must be b');
  expect(other.InvalidProps).not.toBe(copy.InvalidProps);
  expect([copy.EdgeError, copy.InvalidProps, copy.UnreadableManifest, copy.UsageError].map(type => error instanceof type)).toEqual([true, true, false, false]);
  expect([new Error('a'), { name: 'InvalidProps' }, 'InvalidProps', null, undefined, new other.EdgeError('a')].map(value => value instanceof copy.InvalidProps))
    .toEqual([false, false, false, false, false, false]);
});

test('a class that derives from one of ours has its own instances alone', () => {
  class Own extends InvalidProps {}
  expect(new Own('a', 1, 'must be b', '')).toBeInstanceOf(InvalidProps);
  expect(InvalidProps.value('a', 1, 'must be b')).not.toBeInstanceOf(Own);
});

describe('InvalidProps', () => {
  const sentences: [string, InvalidProps, string][] = [
    ['a bad value', InvalidProps.value('port', 0, 'must be a whole number', 'edge/Alb'), 'edge/Alb: port must be a whole number; got 0'],
    ['a conflict', InvalidProps.conflict('gateway.tls', {}, 'cannot be set when gateway.protocol is HTTP', 'edge/Gateway'),
      'edge/Gateway: gateway.tls cannot be set when gateway.protocol is HTTP'],
    ['something missing', InvalidProps.missing('gateway.credentialName', 'when gateway.protocol is HTTPS', 'edge/Gateway'),
      'edge/Gateway: gateway.credentialName is required when gateway.protocol is HTTPS'],
    ['something that is always required', InvalidProps.missing('hosts'), 'hosts is required'],
    ['a duplicate', InvalidProps.duplicate('id', 'All', 'the name of a route in chart', 'chart/All'), 'chart/All: id "All" is already the name of a route in chart'],
    ['a value outside the construct tree', InvalidProps.value('port', 'x', 'must be a whole number'), 'port must be a whole number; got "x"'],
  ];
  it.each(sentences)('%s is a full sentence with the construct path first', (_, error, message) => {
    expect(error.message).toBe(message);
  });

  it('shows values that JSON cannot', () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    const shown = (value: unknown) => InvalidProps.value('p', value, 'must be q').message;
    class Made { public readonly inside = ring; }
    expect([undefined, null, 1n, NaN, -0, Symbol('s'), ring, () => 1, new Made(), Object.create(null), [NaN]].map(shown).map(message => message.slice('p must be q; got '.length)))
      .toEqual(['undefined', 'null', '1', 'NaN', '0', 'Symbol(s)', 'an object', 'a function', 'an instance of Made', '{}', '[null]']);
  });

  it('keeps its sentence when it is renamed, and the path that it has', () => {
    const error = InvalidProps.value('[1]', 'x', 'must be y').renamed(prop => `hosts${prop}`, 'edge');
    expect(error).toMatchObject({ prop: 'hosts[1]', value: 'x', reason: 'must be y', path: 'edge', message: 'edge: hosts[1] must be y; got "x"' });
    expect(error.renamed(prop => prop, 'chart').path).toBe('edge');
  });
});

describe('a call on behalf of another', () => {
  const refuse = () => { throw InvalidProps.value('[0]', 1, 'must be a string'); };

  it('reports an InvalidProps under the names and the path that the caller knows', () => {
    expect(() => refusedAt('edge', refuse, 'hosts')).toThrow('edge: hosts[0] must be a string; got 1');
    expect(() => within('.names', refuse)).toThrow('.names[0] must be a string; got 1');
    expect(() => renaming(() => 'host', refuse, 'a')).toThrow('a: host must be a string; got 1');
  });

  it('rethrows other errors unchanged', () => {
    const error = new Error('x');
    expect(() => renaming(() => 'host', () => { throw error; })).toThrow(error);
  });
});

describe('UnreadableManifest', () => {
  it('says file, line and document, as far as they are known', () => {
    expect([
      new UnreadableManifest('no kind', 'a.yaml', 2, 7),
      new UnreadableManifest('no kind', 'a.yaml', 2),
      new UnreadableManifest('no kind', '-'),
    ].map(error => error.message)).toEqual(['a.yaml:7: document 2: no kind', 'a.yaml: document 2: no kind', '-: no kind']);
  });
});
