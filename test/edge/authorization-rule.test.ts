// One rule of an authorization policy.
import { AuthorizationRule, type AuthorizationRuleOptions } from '../../src/edge/authorization-rule';
import { Caller } from '../../src/edge/caller';
import { Attribute } from '../../src/edge/condition';
import { Operation } from '../../src/edge/operation';
import { refusal } from '../refusal';

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
  expect(refusal(() => AuthorizationRule.of({}))).toMatchObject({ prop: 'options', value: {}, allowed: expect.stringContaining('everything()') });
});

test.each<[string, AuthorizationRuleOptions, string, unknown]>([
  ['nobody', { from: [] }, 'from', []],
  ['nothing', { to: [] }, 'to', []],
  ['never', { when: [] }, 'when', []],
  ['too many callers', { from: Array<Caller>(513).fill(Caller.anyInMesh()) }, 'from', 513],
  ['a misspelt part', { form: [Caller.anyInMesh()], to: [Operation.ports([80])] } as never, 'options', 'form'],
  ['a caller for an operation', { to: [Caller.anyInMesh() as never] }, 'to[0]', expect.any(Caller)],
  ['an attribute for a condition', { when: [Attribute.sni() as never] }, 'when[0]', expect.any(Attribute)],
  ['a text for a caller', { from: ['cart' as never] }, 'from[0]', 'cart'],
  ['no list', { from: Caller.anyInMesh() as never }, 'from', expect.any(Caller)],
])('%s is refused', (_, options, prop, value) => {
  expect(refusal(() => AuthorizationRule.of(options))).toMatchObject({ prop, value });
});
