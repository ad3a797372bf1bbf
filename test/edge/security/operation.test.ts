// Operations in authorization rules.
import { Operation, type OperationOptions } from '../../../src/edge/security/operation';
import { refusal } from '../../refusal';

test('supports every field of Istio and its negation', () => {
  const options: Required<OperationOptions> = {
    hosts: ['*.example.com'], notHosts: ['old.example.com'], ports: [8080, 9080], notPorts: [9090], methods: ['GET', 'POST*'], notMethods: ['POST'],
    paths: ['/products/*', '*.html', '*'], notPaths: ['/products/secret'],
  };
  expect(Operation.of(options)._render()).toEqual({
    ...options, notHosts: ['old.example.com', 'old.example.com:*'], ports: ['8080', '9080'], notPorts: ['9090'],
  });
});

test.each<[string, () => Operation, object]>([
  ['hosts', () => Operation.hosts(['shop.example.com:8443']), { hosts: ['shop.example.com:8443'] }],
  ['ports', () => Operation.ports([9080]), { ports: ['9080'] }],
  ['methods', () => Operation.methods(['GET', 'HEAD']), { methods: ['GET', 'HEAD'] }],
  ['paths', () => Operation.paths(['/shops/{*}/items/{**}', '/a/{**}/b']), { paths: ['/shops/{*}/items/{**}', '/a/{**}/b'] }],
])('has a maker for a single condition: %s', (_, make, fields) => {
  expect(make()._render()).toEqual(fields);
});

test('a host also matches with any port, so that a port does not bypass the rule', () => {
  expect(Operation.hosts(['shop.example.com', '*.example.com', 'shop.*'])._render().hosts).toEqual(['shop.example.com', '*.example.com', 'shop.*', 'shop.example.com:*']);
  expect(Operation.hosts(['shop.example.com', 'shop.example.com:*'])._render().hosts).toEqual(['shop.example.com', 'shop.example.com:*']);
  expect(Operation.hosts(['[fd00::1]', '[fd00::1]:8443', 'shop:http'])._render().hosts).toEqual(['[fd00::1]', '[fd00::1]:8443', 'shop:http', '[fd00::1]:*', 'shop:http:*']);
});

test('rejects operations that can never match', () => {
  const never = expect.stringMatching(/^excludes every (given|possible) value, so the rule can never match$/);
  expect(refusal(() => Operation.of({ paths: ['/a/b'], notPaths: ['/a/*'] }))).toMatchObject({ prop: 'notPaths', reason: never });
  expect(refusal(() => Operation.of({ hosts: ['A.b'], notHosts: ['a.B'] }))).toMatchObject({ prop: 'notHosts', reason: never });
  expect(refusal(() => Operation.of({ methods: ['GET'], notMethods: ['*'] }))).toMatchObject({ prop: 'notMethods', reason: never });
  expect(refusal(() => Operation.of({ ports: [80], notPorts: [80] }))).toMatchObject({ prop: 'notPorts', reason: never });
  for (const [field, values] of [['notPaths', ['*']], ['notPaths', ['/a', '/*']], ['notMethods', ['*']], ['notHosts', ['*']]] as const) {
    expect(refusal(() => Operation.of({ [field]: values, ports: [80] }))).toMatchObject({ prop: field, reason: never });
  }
  expect(() => Operation.of({ notPaths: ['/a*'], notMethods: ['G*'], notHosts: ['a.*'] })).not.toThrow();
  expect(() => Operation.of({ paths: ['/a/*'], notPaths: ['/a/b'] })).not.toThrow();
});

test.each<[excluded: string, covers: boolean]>([
  ['/a/{*}/b', true], ['/a/*', true], ['*/b', true], ['*', true], ['/a/x/b', false], ['/a/{**}', false], ['/a/x*', false], ['*x/b', false],
])('excluding %s leaves nothing of the template /a/{*}/b: %s', (excluded, covers) => {
  const make = () => Operation.of({ paths: ['/a/{*}/b'], notPaths: [excluded] });
  if (covers) {
    expect(refusal(make)).toMatchObject({ prop: 'notPaths', value: [excluded], reason: 'excludes every given value, so the rule can never match' });
  } else {
    expect(make).not.toThrow();
  }
});

test('a path has no segments of dots, but may have dots in a segment', () => {
  for (const wrong of ['/..', '/.', '/a/..', '/a/./b', '/a/../b', '/a/%2e', '/a/%2E.']) {
    expect(refusal(() => Operation.paths([wrong]))).toMatchObject({ prop: 'paths[0]', value: wrong, reason: 'must be a path without . and .. segments, which Istio resolves before it compares paths' });
  }
  expect(() => Operation.paths(['/.well-known/*', '/a...', '/a../b', '/.../b', '*.html'])).not.toThrow();
});

test.each<[string, OperationOptions, string, unknown]>([
  ['no conditions', {}, 'options', {}],
  ['a misspelled field', { path: ['/a'], methods: ['GET'] } as never, 'options', 'path'],
  ['an empty list', { paths: [] }, 'paths', []],
  ['no ports', { ports: [] }, 'ports', []],
  ['port 0', { ports: [0] }, 'ports[0]', 0],
  ['a port as a string', { ports: ['80'] as never }, 'ports[0]', '80'],
  ['a port twice', { ports: [80, 80] }, 'ports[1]', 80],
  ['a method in lower case', { methods: ['get'] }, 'methods[0]', 'get'],
  ['a host with a scheme', { hosts: ['https://a.b'] }, 'hosts[0]', 'https://a.b'],
  ['a host with * in the middle', { hosts: ['a.*.b'] }, 'hosts[0]', 'a.*.b'],
  ['a path without a slash', { paths: ['admin'] }, 'paths[0]', 'admin'],
  ['a path with a query', { paths: ['/a?b=c'] }, 'paths[0]', '/a?b=c'],
  ['a path with a backslash', { paths: ['/a\\b'] }, 'paths[0]', '/a\\b'],
  ['a path with * in the middle', { paths: ['/a/*/b'] }, 'paths[0]', '/a/*/b'],
  ['braces that are not an operator', { paths: ['/a/{id}'] }, 'paths[0]', '/a/{id}'],
  ['an operator within a segment', { paths: ['/a/x{*}'] }, 'paths[0]', '/a/x{*}'],
  ['an operator after {**}', { paths: ['/a/{**}/{*}'] }, 'paths[0]', '/a/{**}/{*}'],
  ['a path with two *', { paths: ['*/b*'] }, 'paths[0]', '*/b*'],
  ['* at the end of a literal segment of a template', { paths: ['/a/{*}/b*'] }, 'paths[0]', '/a/{*}/b*'],
  ['* at the start of a literal segment of a template', { paths: ['/a/{*}/*b'] }, 'paths[0]', '/a/{*}/*b'],
  ['an empty segment in a template', { paths: ['/a//{*}'] }, 'paths[0]', '/a//{*}'],
  ['a template without a slash', { paths: ['{*}/a'] }, 'paths[0]', '{*}/a'],
])('rejects %s', (_, options, prop, value) => {
  expect(refusal(() => Operation.of(options))).toMatchObject({ prop, value });
});
