// One rule of an authorization policy.
import { AuthorizationRule, type AuthorizationRuleOptions } from '../../../src/edge/security/authorization-rule';
import { Caller } from '../../../src/edge/security/caller';
import { Attribute, AttributeSource } from '../../../src/edge/security/condition';
import { Operation } from '../../../src/edge/security/operation';
import { refusal } from '../../refusal';

const HTTP = Operation.ports([8443]);
const ADDRESS = Caller.ipBlocks(['10.0.0.0/8']);

test('a rule has callers, operations and conditions', () => {
  expect(AuthorizationRule.of({
    from: [Caller.serviceAccount('shop', 'cart'), Caller.namespaces(['bank'])],
    to: [Operation.of({ methods: ['GET'], paths: ['/prices/*'] }), Operation.ports([9090])],
    when: [Attribute.claim(['group']).oneOf(['staff']), Attribute.requestHeader('x-canary').noneOf(['*'])],
  })._render()).toEqual({
    from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'] } }, { source: { namespaces: ['bank'] } }],
    to: [{ operation: { methods: ['GET'], paths: ['/prices/*'] } }, { operation: { ports: ['9090'] } }],
    when: [{ key: 'request.auth.claims[group]', values: ['staff'] }, { key: 'request.headers[x-canary]', notValues: ['*'] }],
  });
});

test('matching everything has to be explicit', () => {
  expect(AuthorizationRule.everything()._render()).toEqual({});
  expect(refusal(() => AuthorizationRule.of({}))).toMatchObject({ prop: 'options', value: {}, reason: expect.stringContaining('everything()') });
});

test.each<[string, AuthorizationRuleOptions, string, unknown]>([
  ['no callers', { from: [] }, 'from', []],
  ['no operations', { to: [] }, 'to', []],
  ['no conditions', { when: [] }, 'when', []],
  ['a misspelled part', { form: [Caller.anyInMesh()], to: [Operation.ports([80])] } as never, 'form', [expect.any(Caller)]],
  ['a caller as an operation', { to: [Caller.anyInMesh() as never] }, 'to[0]', expect.any(Caller)],
  ['an attribute as a condition', { when: [Attribute.sni() as never] }, 'when[0]', expect.any(Attribute)],
  ['a string as a caller', { from: ['cart' as never] }, 'from[0]', 'cart'],
  ['a single caller instead of a list', { from: Caller.anyInMesh() as never }, 'from', expect.any(Caller)],
])('rejects %s', (_, options, prop, value) => {
  expect(refusal(() => AuthorizationRule.of(options))).toMatchObject({ prop, value });
});

test('a list has at most 512 entries', () => {
  const callers = (length: number) => AuthorizationRule.of({ from: Array<Caller>(length).fill(Caller.anyInMesh()) });
  expect(callers(512)._render().from).toHaveLength(512);
  expect(refusal(() => callers(513))).toMatchObject({ prop: 'from', value: 513, reason: 'must contain at most 512 entries' });
});

test('rejects conditions that exclude each other', () => {
  const staff = Attribute.claim(['group']).oneOf(['staff']);
  const never = 'excludes every given value, so the rule can never match';
  expect(refusal(() => AuthorizationRule.of({ when: [Attribute.sni().oneOf(['a']), staff, Attribute.claim(['group']).noneOf(['staff', 'b'])] })))
    .toMatchObject({ prop: 'when[1]', value: ['staff', 'b'], reason: never });
  expect(refusal(() => AuthorizationRule.of({ when: [Attribute.requestHeader('X-A').oneOf(['ab']), Attribute.requestHeader('x-a').noneOf(['a*'])] })))
    .toMatchObject({ prop: 'when[0]', value: ['a*'], reason: never });
  expect(() => AuthorizationRule.of({ when: [staff, Attribute.claim(['team']).noneOf(['staff']), Attribute.claim(['group']).noneOf(['b'])] })).not.toThrow();
});

test('rejects a condition on a token for callers without one', () => {
  const browser = Attribute.requestHeader('user-agent').oneOf(['Mozilla*']);
  const when = [browser, Attribute.claim(['group']).oneOf(['*'])];
  expect(refusal(() => AuthorizationRule.of({ from: [Caller.withToken(), Caller.withoutToken()], when }))).toMatchObject({ prop: 'from[1]', reason: expect.stringContaining('never match') });
  expect(refusal(() => AuthorizationRule.of({ from: [Caller.withoutToken()], when }))).toMatchObject({ prop: 'from[0]' });
  expect(() => AuthorizationRule.of({ from: [Caller.withToken()], when })).not.toThrow();
  expect(() => AuthorizationRule.of({ from: [Caller.withoutToken()], when: [browser] })).not.toThrow();
  expect(() => AuthorizationRule.of({ from: [Caller.withoutToken()], when: [Attribute.claim(['group']).noneOf(['a'])] })).not.toThrow();
});

test('knows which parts need an identity, a token or an address', () => {
  const { IDENTITY, TOKEN, PEER_ADDRESS, CLIENT_ADDRESS } = AttributeSource;
  expect(AuthorizationRule.of({
    from: [Caller.of({ namespaces: ['shop'], requestPrincipals: ['*'] }), Caller.ipBlocks(['10.0.0.0/8'])],
    to: [Operation.paths(['/a'])],
    when: [Attribute.requestHeader('x-a').oneOf(['b']), Attribute.remoteIp().noneOf(['10.0.0.1'])],
  })._sources()).toEqual([['from[0]', IDENTITY], ['from[0]', TOKEN], ['from[1]', PEER_ADDRESS], ['when[1]', CLIENT_ADDRESS]]);
  expect(AuthorizationRule.of({ to: [Operation.paths(['/a'])] })._sources()).toEqual([]);
  expect(AuthorizationRule.of({ when: [Attribute.claim(['group']).oneOf(['a'])] })._sources()).toEqual([['when[0]', TOKEN]]);
});

test.each<[string, () => AuthorizationRuleOptions, string | undefined]>([
  ['methods', () => ({ to: [Operation.methods(['GET'])] }), 'to[0]'],
  ['paths next to an operation with ports only', () => ({ to: [HTTP, Operation.paths(['/admin'])] }), 'to[1]'],
  ['hosts', () => ({ from: [ADDRESS], to: [Operation.hosts(['a.example.com'])] }), 'to[0]'],
  ['tokens next to an address', () => ({ from: [ADDRESS, Caller.withoutToken()] }), 'from[1]'],
  ['tokens, if one operation is not limited to ports', () => ({ from: [Caller.withToken()], to: [HTTP, Operation.paths(['/a'])] }), 'from[0]'],
  ['headers', () => ({ when: [Attribute.sni().oneOf(['a']), Attribute.requestHeader('x-a').oneOf(['b'])] }), 'when[1]'],
  ['claims', () => ({ when: [Attribute.claim(['a']).noneOf(['b'])] }), 'when[0]'],
  ['addresses', () => ({ from: [ADDRESS] }), undefined],
  ['server names', () => ({ when: [Attribute.sni().oneOf(['a.example.com'])] }), undefined],
  ['paths on ports', () => ({ to: [Operation.of({ paths: ['/a'], ports: [8443] })] }), undefined],
  ['paths on all but some ports', () => ({ to: [Operation.of({ paths: ['/a'], notPorts: [5432] })] }), undefined],
  ['tokens on ports', () => ({ from: [Caller.withoutToken()], to: [HTTP] }), undefined],
  ['tokens and headers on a port of the pods', () => ({
    from: [Caller.withoutToken()], when: [Attribute.requestHeader('x-a').oneOf(['b']), Attribute.destinationPort().oneOf(['8443'])],
  }), undefined],
])('a rule on %s has the HTTP-only part %s', (_, options, part) => {
  expect(AuthorizationRule.of(options())._httpPart()).toBe(part);
});
