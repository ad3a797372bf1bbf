// `alb-istio mesh` as text.
import { readYaml } from '../../src/manifests/yaml';
import { meshOf } from '../../src/mesh/mesh';
import { renderMeshText } from '../../src/output/mesh-text';

const SHOP = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway, namespace: edge }
spec:
  template:
    metadata: { labels: { istio: gateway, sidecar.istio.io/inject: "true" }, annotations: { inject.istio.io/templates: gateway } }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
---
apiVersion: v1
kind: Service
metadata: { name: gateway, namespace: edge }
spec: { selector: { istio: gateway }, ports: [{ name: https, port: 443, targetPort: 443 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: edge }
spec:
  selector: { istio: gateway }
  servers:
    - { port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: tls }, hosts: ["*/shop.example.com"] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [edge/gateway]
  http:
    - name: old
      match: [{ uri: { prefix: /old/ }, headers: { x-beta: { exact: "1" } } }]
      redirect: { uri: /new, redirectCode: 302 }
    - name: canary
      route:
        - { destination: { host: web, subset: v1 }, weight: 90 }
        - { destination: { host: web, subset: v2 }, weight: 10 }
`;

test('a gateway is a list of listeners, filter chains, virtual hosts and routes, each with the object that it comes from', () => {
  expect(renderMeshText(meshOf(readYaml(SHOP, 'shop.yaml')))).toBe(`\
Gateway edge/gateway
  Listener 0.0.0.0_443
    SNI shop.example.com, TLS, by Gateway edge/gateway
      shop.example.com
        path /old/*, header x-beta 1 → redirect to path /new (302)  [VirtualService shop/web, old]
        path /* → 90 % outbound|80|v1|web.shop.svc.cluster.local, 10 % outbound|80|v2|web.shop.svc.cluster.local  [VirtualService shop/web, canary]
`);
});

test('what the webhook of Istio refuses is named, because the cluster will not have it', () => {
  const text = renderMeshText(meshOf(readYaml(SHOP.replace('weight: 90', 'weight: -1'), 'shop.yaml')));
  expect(text).toMatch(/\nVirtualService shop\/web: refused by Istio's webhook: /);
});

test('an input without gateways says so', () => {
  expect(renderMeshText(meshOf([]))).toBe('No gateway: no Gateway here selects pods.\n');
});
