// Where the faults are that Istio's webhook names without a field.
import { Kind } from '../../../src/manifests/kind';
import type { PlainObject } from '../../../src/manifests/plain-json';
import { faultPlaces } from '../../../src/mesh/validation/fault-places';
import { webhookFaultsOf } from '../../../src/mesh/validation/webhook';

const places = (spec: PlainObject) => faultPlaces(spec, own => webhookFaultsOf(Kind.VIRTUAL_SERVICE, own, 'a', 'b')).map(({ message, pointer }) => `${pointer}: ${message}`);
const to = (host: string) => ({ destination: { host } });

test('a value that alone causes the fault', () => {
  expect(places({ hosts: ['a.b'], gateways: ['g'], http: [{ route: [to('a')] }, { route: [to('*')] }] }))
    .toEqual(['/spec/http/1/route/0/destination/host: invalid destination host *']);
});

test('the same fault at two places', () => {
  expect(places({ hosts: ['a.b'], gateways: ['g'], http: [{ route: [to('*')] }, { route: [to('a')] }, { route: [to('*')] }] })).toEqual([
    '/spec/http/0/route/0/destination/host: invalid destination host *', '/spec/http/2/route/0/destination/host: invalid destination host *']);
});

test('two fields that exclude each other: the object that has both', () => {
  expect(places({ hosts: ['a.b'], gateways: ['g'], http: [{ route: [to('a')] }, { route: [to('a')], redirect: { uri: '/' } }] }))
    .toEqual(['/spec/http/1: HTTP route cannot contain both route and redirect']);
});

test('something that is missing: the object that lacks it', () => {
  expect(places({ hosts: ['a.b'], gateways: ['g'] })).toEqual(['/spec: http, tcp or tls must be provided in virtual service']);
  expect(places({ hosts: ['a.b'], gateways: ['g'], tls: [{ match: [{ sniHosts: ['a.b'] }] }] })).toEqual([expect.stringContaining('/spec/tls/0: ')]);
});

test('nothing where nothing is wrong', () => {
  expect(places({ hosts: ['a.b'], gateways: ['g'], http: [{ route: [to('a')] }] })).toEqual([]);
});
