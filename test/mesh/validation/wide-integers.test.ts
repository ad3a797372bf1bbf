// Numbers that Istio cannot decode, although the API server stores them.
import { Kind } from '../../../src/manifests/kind';
import { webhookFaultsOf } from '../../../src/mesh/validation/webhook';

const route = (weight: number) => ({ hosts: ['a'], http: [{ route: [{ destination: { host: 'b' }, weight }] }] });

test('a number that does not fit in 32 bits is refused by the webhook, and nothing else is said', () => {
  const message = (number: number) => [`error decoding configuration: json: cannot unmarshal number ${number} into Go value of type int32`];
  expect(webhookFaultsOf(Kind.VIRTUAL_SERVICE, { ...route(2 ** 31), hosts: [] }, 'a', 'b')).toEqual(message(2147483648));
  expect(webhookFaultsOf(Kind.DESTINATION_RULE, { host: 'a', trafficPolicy: { connectionPool: { tcp: { maxConnections: -2147483649 } } } }, 'a', 'b'))
    .toEqual(message(-2147483649));
});

test('one that fits is validated, and so is one where the CRD has no size', () => {
  expect(webhookFaultsOf(Kind.VIRTUAL_SERVICE, route(100), 'a', 'b')).toEqual([]);
  expect(webhookFaultsOf(Kind.GATEWAY, { selector: { a: 'b' }, servers: [{ port: { number: 2 ** 31, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] }, 'a', 'b'))
    .not.toEqual([expect.stringContaining('cannot unmarshal')]);
});
