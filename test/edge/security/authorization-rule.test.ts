// One rule of an authorization policy.
import { AuthorizationRule, type AuthorizationRuleOptions } from '../../../src/edge/security/authorization-rule';
import { Caller } from '../../../src/edge/security/caller';
import { Attribute } from '../../../src/edge/security/condition';
import { Operation } from '../../../src/edge/security/operation';
import { refusal } from '../../refusal';

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
  ['too many callers', { from: Array<Caller>(513).fill(Caller.anyInMesh()) }, 'from', 513],
  ['a misspelled part', { form: [Caller.anyInMesh()], to: [Operation.ports([80])] } as never, 'form', [expect.any(Caller)]],
  ['a caller as an operation', { to: [Caller.anyInMesh() as never] }, 'to[0]', expect.any(Caller)],
  ['an attribute as a condition', { when: [Attribute.sni() as never] }, 'when[0]', expect.any(Attribute)],
  ['a string as a caller', { from: ['cart' as never] }, 'from[0]', 'cart'],
  ['a single caller instead of a list', { from: Caller.anyInMesh() as never }, 'from', expect.any(Caller)],
])('rejects %s', (_, options, prop, value) => {
  expect(refusal(() => AuthorizationRule.of(options))).toMatchObject({ prop, value });
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
  const when = [Attribute.claim(['group']).oneOf(['*'])];
  expect(refusal(() => AuthorizationRule.of({ from: [Caller.withToken(), Caller.withoutToken()], when }))).toMatchObject({ prop: 'from[1]', reason: expect.stringContaining('never match') });
  expect(() => AuthorizationRule.of({ from: [Caller.withToken()], when })).not.toThrow();
  expect(() => AuthorizationRule.of({ from: [Caller.withoutToken()], when: [Attribute.claim(['group']).noneOf(['a'])] })).not.toThrow();
});
