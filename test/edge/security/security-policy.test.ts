// Policy names derived from construct ids.
import { nameFromId } from '../../../src/edge/security/security-policy';

test.each([['ApiCallers', 'api-callers'], ['login', 'login'], ['V2Login', 'v2-login'], ['a-b', 'a-b']])('the id %s becomes the name %s', (id, name) => {
  expect(nameFromId(id)).toBe(name);
});
