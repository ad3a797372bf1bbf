// Changes to headers.
import { type HeaderOperations, renderHeaderChanges, setsHost } from '../../../src/edge/routing/header-operations';
import { propsOf, requireProps } from '../../../src/base/prop-types';
import { refusal } from '../../refusal';

const HEADER_OPERATIONS = propsOf<HeaderOperations>('HeaderOperations');

test('changes in both directions are rendered', () => {
  expect(renderHeaderChanges({
    requestHeaders: { set: { 'x-env': 'prod' }, add: { Via: 'edge' }, remove: ['x-debug'] }, responseHeaders: { set: { 'Strict-Transport-Security': 'max-age=31536000' } },
  })).toEqual({
    request: { set: { 'x-env': 'prod' }, add: { Via: 'edge' }, remove: ['x-debug'] }, response: { set: { 'Strict-Transport-Security': 'max-age=31536000' } },
  });
  expect(renderHeaderChanges({ responseHeaders: { remove: ['server'] } })).toEqual({ response: { remove: ['server'] } });
  expect(renderHeaderChanges({})).toBeUndefined();
  const balanced = [{ set: { a: '1' }, add: { b: '1' } }, { set: { a: '1' }, remove: ['b'] }];
  expect(balanced.map(requestHeaders => renderHeaderChanges({ requestHeaders })?.request)).toEqual(balanced);
});

test('the host can be set if allowed, and setsHost reports it', () => {
  const changes = { requestHeaders: { set: { Host: 'a.b', 'x-env': 'prod' } } };
  expect(renderHeaderChanges(changes, '', true)).toEqual({ request: { set: { Host: 'a.b', 'x-env': 'prod' } } });
  expect({ host: setsHost(changes), none: setsHost({}), other: setsHost({ requestHeaders: { add: { a: 'b' } } }) })
    .toEqual({ host: true, none: false, other: false });
  expect(refusal(() => renderHeaderChanges({ requestHeaders: { set: { host: '*' } } }, '', true))).toMatchObject({ prop: 'requestHeaders.set.host', value: '*' });
  expect(refusal(() => renderHeaderChanges({ responseHeaders: { set: { host: 'a.b' } } }, '', true))).toMatchObject({ prop: 'responseHeaders.set', value: 'host' });
});

test.each([
  '', 'a b', 'a\tb', 'é', '100%%', '%%%%', '%DOWNSTREAM_REMOTE_ADDRESS%', 'a%PROTOCOL%b', '%REQ(X-Id)%', '%REQ( X-Id )%', '%REQ(:path?x)% and %PROTOCOL%', '%START_TIME(%Y/%m/%dT%H:%M:%S)%',
  '%UPSTREAM_METADATA(["a", "b"])%', '%UPSTREAM_METADATA([ "a" , "b\\"c" ] )%', '%A(\\))%',
])('%p is a valid value', value => {
  expect(renderHeaderChanges({ requestHeaders: { set: { a: value } } })).toEqual({ request: { set: { a: value } } });
});

test.each([
  '%', '100%', '50% off', '%PROTOCOL', '%REQ(a', '%REQ(a)', '%REQ(a)x%', '%REQ()%', '%REQ(["a")%', '%REQ(["a",])%', '%REQ([a])%', '%REQ("a")%', '%%%', '%()%', 'a\nb', 'a\r', 'a\0', '\x7f',
])('%p is not a valid value', value => {
  expect(refusal(() => renderHeaderChanges({ requestHeaders: { set: { a: value } } }))).toMatchObject({ prop: 'requestHeaders.set.a', value });
  expect(refusal(() => renderHeaderChanges({ responseHeaders: { add: { a: value } } }, 'shares[0].'))).toMatchObject({ prop: 'shares[0].responseHeaders.add.a', value });
});

test.each<[HeaderOperations, string, unknown]>([
  [{}, 'requestHeaders', {}], [{ set: {}, add: {}, remove: [] }, 'requestHeaders', { set: {}, add: {}, remove: [] }],
  [{ set: { '': 'a' } }, 'requestHeaders.set', ''], [{ add: { 'a b': 'a' } }, 'requestHeaders.add', 'a b'], [{ remove: ['a:'] }, 'requestHeaders.remove', 'a:'],
  [{ set: { ':authority': 'a' } }, 'requestHeaders.set', ':authority'], [{ add: { ':path': '/' } }, 'requestHeaders.add', ':path'], [{ remove: [':path'] }, 'requestHeaders.remove', ':path'],
  [{ set: { host: 'a' } }, 'requestHeaders.set', 'host'], [{ add: { Host: 'a' } }, 'requestHeaders.add', 'Host'], [{ remove: ['HOST'] }, 'requestHeaders.remove', 'HOST'],
  [{ set: { A: 'a', a: 'b' } }, 'requestHeaders.set', 'a'], [{ remove: ['a', 'A'] }, 'requestHeaders.remove', 'A'], [{ set: { A: 'b' }, remove: ['b', 'a'] }, 'requestHeaders.remove[1]', 'a'],
  [{ set: { A: 'b' }, remove: ['a'] }, 'requestHeaders.remove[0]', 'a'],
])('%j is refused', (requestHeaders, prop, value) => {
  expect(refusal(() => renderHeaderChanges({ requestHeaders }))).toMatchObject({ prop, value });
});

test('the error for a pseudo-header names what changes the host instead', () => {
  expect(refusal(() => renderHeaderChanges({ requestHeaders: { set: { ':authority': 'a' } } })).reason).toContain('routing.Rewrite.authority');
});

test.each<[unknown, string, unknown]>([
  [null, 'x', null], ['a', 'x', 'a'], [{ set: 'a' }, 'set', 'a'], [{ set: { a: 1 } }, 'set.a', 1], [{ add: null }, 'add', null], [{ remove: 'a' }, 'remove', 'a'], [{ remove: [1] }, 'remove[0]', 1],
])('%j is refused as a change', (operations, prop, value) => {
  expect(refusal(() => requireProps(HEADER_OPERATIONS, operations, '', 'x'))).toMatchObject({ prop, value });
});
