// What a trace says of the certificates of a listener, and of what AWS refuses.
import { readYaml } from '../../../src/manifests/yaml';
import { trace } from '../../../src/trace/trace';

const service = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, annotations: { alb.ingress.kubernetes.io/healthcheck-path: /ready } }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web, sidecar.istio.io/inject: "false" } }
spec: { containers: [{ name: web, image: web }] }
`;

function ingress(annotations: Readonly<Record<string, string>>, hosts: readonly string[] = []): string {
  const own = { 'target-type': 'ip', 'listen-ports': '[{"HTTP": 80}, {"HTTPS": 443}]', ...annotations };
  const path = 'http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }';
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: ${JSON.stringify(Object.fromEntries(Object.entries(own).map(([key, value]) => [`alb.ingress.kubernetes.io/${key}`, value])))}
spec:
  ingressClassName: alb
  rules: [${(hosts.length === 0 ? [''] : hosts).map(host => `{ ${host === '' ? '' : `host: ${host}, `}${path} }`).join(', ')}]
`;
}

const certificate = { 'certificate-arn': 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789' };

function traced(url: string, ...objects: readonly string[]) {
  return trace(readYaml([service, ...objects].join('---'), 'a.yaml'), `GET ${url}`);
}

const NO_CERTIFICATE = 'AWS refuses the load balancer, and keeps what it has: listener HTTPS:443 has no certificate';

test('a listener that no certificate can be found for is never made, and the deployment stops there', () => {
  const { hops, ends } = traced('https://shop.example.com/', ingress({}));
  expect(hops).toMatchObject([{ at: 'alb-listener', detail: 'HTTPS:443 of load balancer shop/web' }]);
  expect(ends).toMatchObject([{
    kind: 'refused', reason: 'no-alb-listener', to: 'closed no certificate at the listener', by: { manifest: { object: { kind: 'Ingress' } } },
    fix: 'Set certificate-arn, or give the rules a host for which ACM has a certificate: AWS refuses an HTTPS listener without one.',
  }]);
  expect(traced('http://shop.example.com/', ingress({})).hops[0]).toMatchObject({ detail: 'HTTP:80 of load balancer shop/web', warning: NO_CERTIFICATE });
});

test('with a certificate, nothing is assumed and nothing refused', () => {
  const { hops: [listener], ends } = traced('https://shop.example.com/', ingress(certificate));
  expect(listener.detail).toBe('HTTPS:443 of load balancer shop/web');
  expect(listener.warning).toBeUndefined();
  expect(ends).toMatchObject([{ kind: 'workload', to: 'web.shop:80' }]);
});

test('certificates of ACM are assumed, by the hosts of all rules', () => {
  const { hops: [listener], ends } = traced('https://a.example.com/', ingress({}, ['a.example.com', 'b.example.com']));
  expect(listener).toMatchObject({ detail: 'HTTPS:443 of load balancer shop/web (assumed: ACM has certificates for a.example.com, b.example.com)' });
  expect(listener.warning).toBeUndefined();
  expect(ends).toMatchObject([{ kind: 'workload' }]);
  const [many] = traced('https://a.example.com/', ingress({}, ['a', 'b', 'c', 'd', 'e'].map(name => `${name}.example.com`))).hops;
  expect(many.detail).toMatch(/\(assumed: ACM has certificates for a\.example\.com, b\.example\.com, c\.example\.com and 2 more\)$/);
  expect(traced('http://a.example.com/', ingress({}, ['a.example.com'])).hops[0].detail).toBe('HTTP:80 of load balancer shop/web');
});

test('a class that the input lacks, and other members of a group, may set the certificate', () => {
  const assumed = '(assumed: another Ingress of the group or the class sets a certificate)';
  const grouped = traced('https://shop.example.com/', ingress({ 'group.name': 'g' }));
  expect(grouped).toMatchObject({ hops: [{ detail: `HTTPS:443 of load balancer g ${assumed}` }, {}, {}, {}], ends: [{ kind: 'workload' }] });
  expect(grouped.hops[0].warning).toBeUndefined();
  const ofClass = traced('https://shop.example.com/', ingress({}).replace('ingressClassName: alb', 'ingressClassName: public'));
  expect(ofClass.hops[0].detail).toBe(`HTTPS:443 of load balancer shop/web ${assumed}`);
});

test('values that AWS refuses are a warning at the listener, and the trace goes on', () => {
  const refused = { 'healthcheck-interval-seconds': '3', 'load-balancer-attributes': 'idle_timeout.timeout_seconds=0' };
  const { hops: [listener], ends } = traced('https://shop.example.com/', ingress({ ...certificate, ...refused }));
  expect(listener.warning).toMatch(/^AWS refuses the load balancer, and keeps what it has: healthcheck-interval-seconds .*; got "3"; /);
  expect(listener.warning).toMatch(/; load-balancer-attributes: idle_timeout\.timeout_seconds .*; got "0"$/);
  expect(ends).toMatchObject([{ kind: 'workload' }]);
});

test('the annotations of a Service count instead of those of the Ingress', () => {
  const both = (ofService: string) => trace(readYaml([service.replace('healthcheck-path: /ready', `healthcheck-interval-seconds: "${ofService}"`),
    ingress({ ...certificate, 'healthcheck-interval-seconds': '3' })].join('---'), 'a.yaml'), 'GET https://shop.example.com/').hops[0].warning;
  expect(both('20')).toBeUndefined();
  expect(both('4')).toMatch(/got "4"$/);
});
