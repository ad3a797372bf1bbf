// What a destination without a port resolves to; the check's fixtures cover the rest.
import { DestinationResolver } from '../../src/checks/destination-resolution';
import { gateway, service, subjectOf, to, virtualService } from '../manifests';

test.each([
  ['one port of the Gateway is a port of the Service', [9080, 443], { is: 'unknown' }],
  ['no port of the Gateway is one', [80, 443], { is: 'no-default-port', ports: '9080, 9901', gatewayPorts: [80, 443] }],
])('a destination without a port, of a Service with several: %s', (_, ports, expected) => {
  const routes = virtualService('edge/shop', { hosts: ['shop.example.com'], gateways: ['gateway'], http: [{ route: [to('shop.prod.svc.cluster.local')] }] });
  const subject = subjectOf(routes, gateway('edge/gateway', {}, ports), service('prod/shop', [9080, 9901]));
  const [{ routes: [route] }] = subject.virtualServices;
  expect(new DestinationResolver(subject).resolve(route, route.destinations[0])).toEqual(expected);
});
