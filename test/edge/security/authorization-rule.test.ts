// One rule of an authorization policy.
import { AuthorizationRule, type AuthorizationRuleOptions } from '../../../src/edge/security/authorization-rule';
import { Caller } from '../../../src/edge/security/caller';
import { Attribute } from '../../../src/edge/security/condition';
import { Operation } from '../../../src/edge/security/operation';
import { refusal } from '../../refusal';

test('a rule says who, what and under which conditions', () => {
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

test('a rule about everything is written on purpose', () => {
  expect(AuthorizationRule.everything()._render()).toEqual({});
  expect(refusal(() => AuthorizationRule.of({}))).toMatchObject({ prop: 'options', value: {}, reason: expect.stringContaining('everything()') });
});

test.each<[string, AuthorizationRuleOptions, string, unknown]>([
  ['nobody', { from: [] }, 'from', []],
  ['nothing', { to: [] }, 'to', []],
  ['never', { when: [] }, 'when', []],
  ['too many callers', { from: Array<Caller>(513).fill(Caller.anyInMesh()) }, 'from', 513],
  ['a misspelt part', { form: [Caller.anyInMesh()], to: [Operation.ports([80])] } as never, 'form', [expect.any(Caller)]],
  ['a caller for an operation', { to: [Caller.anyInMesh() as never] }, 'to[0]', expect.any(Caller)],
  ['an attribute for a condition', { when: [Attribute.sni() as never] }, 'when[0]', expect.any(Attribute)],
  ['a text for a caller', { from: ['cart' as never] }, 'from[0]', 'cart'],
  ['no list', { from: Caller.anyInMesh() as never }, 'from', expect.any(Caller)],
])('%s is refused', (_, options, prop, value) => {
  expect(refusal(() => AuthorizationRule.of(options))).toMatchObject({ prop, value });
});

test('conditions that never hold together are refused', () => {
  const staff = Attribute.claim(['group']).oneOf(['staff']);
  const never = expect.stringContaining('never match');
  expect(refusal(() => AuthorizationRule.of({ when: [Attribute.sni().oneOf(['a']), staff, Attribute.claim(['group']).noneOf(['staff', 'b'])] })))
    .toMatchObject({ prop: 'when[1]', value: ['staff', 'b'], reason: never });
  expect(refusal(() => AuthorizationRule.of({ when: [Attribute.requestHeader('X-A').oneOf(['ab']), Attribute.requestHeader('x-a').noneOf(['a*'])] })))
    .toMatchObject({ prop: 'when[0]', value: ['a*'], reason: never });
  expect(() => AuthorizationRule.of({ when: [staff, Attribute.claim(['team']).noneOf(['staff']), Attribute.claim(['group']).noneOf(['b'])] })).not.toThrow();
});

test('a condition on a token does not go with callers without one', () => {
  const when = [Attribute.claim(['group']).oneOf(['*'])];
  expect(refusal(() => AuthorizationRule.of({ from: [Caller.withToken(), Caller.withoutToken()], when }))).toMatchObject({ prop: 'from[1]', reason: expect.stringContaining('never match') });
  expect(() => AuthorizationRule.of({ from: [Caller.withToken()], when })).not.toThrow();
  expect(() => AuthorizationRule.of({ from: [Caller.withoutToken()], when: [Attribute.claim(['group']).noneOf(['a'])] })).not.toThrow();
});
