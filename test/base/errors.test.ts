// Errors say what is wrong, what was found, what is allowed and where.
import { EdgeError, InvalidProps, UnreadableManifest, UsageError } from '../../src/base/errors';

test('every error of the package is an EdgeError with the name of its class', () => {
  const errors = [new EdgeError('x'), new InvalidProps('a', 1, 'b'), new UnreadableManifest('x', '-'), new UsageError('x')];
  expect(errors.every(error => error instanceof EdgeError && error instanceof Error)).toBe(true);
  expect(errors.map(error => error.name)).toEqual(['EdgeError', 'InvalidProps', 'UnreadableManifest', 'UsageError']);
});

describe('InvalidProps', () => {
  it('says prop, value, allowed values and construct path', () => {
    expect(new InvalidProps('port', 0, 'a whole number', 'edge/Alb').message).toBe('port: found 0, allowed: a whole number (at edge/Alb)');
  });

  it('says nothing of a path where there is none', () => {
    expect(new InvalidProps('port', 'x', 'a whole number').message).toBe('port: found "x", allowed: a whole number');
  });

  it('shows values that JSON cannot', () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    const shown = (value: unknown) => new InvalidProps('p', value, 'q').message;
    class Made { public readonly inside = ring; }
    expect([undefined, null, 1n, NaN, -0, Symbol('s'), ring, () => 1, new Made(), Object.create(null), [NaN]].map(shown).map(message => message.slice('p: found '.length, -', allowed: q'.length)))
      .toEqual(['nothing', 'null', '1', 'NaN', '0', 'Symbol(s)', 'an object', 'a function', 'an instance of Made', '{}', '[null]']);
  });

  it('is told the path by the construct that was handed the value, and keeps a path that it has', () => {
    const error = new InvalidProps('[1]', 'x', 'y');
    expect(error.at('edge', 'hosts')).toMatchObject({ prop: 'hosts[1]', value: 'x', allowed: 'y', path: 'edge' });
    expect(error.at('edge/Alb').at('edge').path).toBe('edge/Alb');
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
