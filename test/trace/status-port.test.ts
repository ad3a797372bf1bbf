// Requests to the ports on which a proxy itself responds.
import { EDGE } from '../mesh/small-mesh';
import { GATEWAY_PODS, SECURE_GATEWAY, endOf, networkService, traceOf } from './small-edge';

const STATUS = { name: 'status', port: 15021, targetPort: 15021 };
const HTTPS = { name: 'https', port: 443, targetPort: 8443 };
const GATEWAY = [EDGE, SECURE_GATEWAY];

test('the status port says whether the proxy is ready, without any Gateway', () => {
  const { hops, ends } = traceOf(GATEWAY, 'GET http://a.example.com/healthz/ready via=gateway:15021');
  expect(hops.map(({ detail }) => detail)).toEqual(['status port 15021 of gateway edge/gw, port 15021 of the Service: the proxy itself responds']);
  expect(ends).toMatchObject([{ kind: 'response', to: '200' }]);
});

test('it knows no other path, and no TLS', () => {
  expect(endOf(GATEWAY, 'GET http://a.example.com/cart via=gateway:15021')).toMatchObject({
    to: '404 no route', fix: 'Send the request to /healthz/ready: the status port knows no other path.',
  });
  expect(endOf(GATEWAY, 'GET https://a.example.com/healthz/ready via=gateway:15021').to).toBe('closed TLS to plaintext');
});

test('a load balancer gets there by a port of the Service, whatever its number', () => {
  const network = (port: number) => [networkService({ 'nlb-target-type': 'ip' }, [{ ...STATUS, port }, HTTPS]), GATEWAY_PODS, SECURE_GATEWAY];
  expect(endOf(network(15021), 'GET http://a.example.com:15021/healthz/ready').to).toBe('200');
  expect(endOf(network(8021), 'GET http://a.example.com:8021/healthz/ready').to).toBe('200');
});

test('ports of the agent and of statistics are not modeled, and others have no listener', () => {
  const line = (port: number) => `GET http://a.example.com/ via=gateway:${port}`;
  expect([15020, 15090, 9000].map(port => endOf(GATEWAY, line(port)).to)).toEqual(['unsupported', 'unsupported', 'closed no listener']);
});
