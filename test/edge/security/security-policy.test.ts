// The kinds of security policies, compared with the generated constructs, and names derived from construct ids.
import { AuthorizationPolicy, RequestAuthentication } from '../../../imports/istio/security.istio.io';
import { AUTHORIZATION_POLICY, REQUEST_AUTHENTICATION } from '../../../src/edge/wire/istio-kinds';
import { nameFromId } from '../../../src/edge/security/security-policy';

test('policies use the API versions of the imported CRDs', () => {
  expect([AUTHORIZATION_POLICY, REQUEST_AUTHENTICATION]).toEqual([AuthorizationPolicy.GVK, RequestAuthentication.GVK]);
});

test.each([['ApiCallers', 'api-callers'], ['login', 'login'], ['V2Login', 'v2-login'], ['a-b', 'a-b']])('the id %s becomes the name %s', (id, name) => {
  expect(nameFromId(id)).toBe(name);
});
