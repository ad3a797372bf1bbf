// `--complete`, and `complete` in alb-istio.yaml, of plan, mesh and diagram.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { alb.ingress.kubernetes.io/target-type: ip } }
spec:
  ingressClassName: public
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;
const PODS = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'complete-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('plan refuses an Ingress whose class does not exist, and plans it where the class may exist', () => {
  const shop = file('shop.yaml', INGRESS);
  expect(run(['plan', shop])).toMatchObject({ code: 0, out: expect.stringContaining('IngressClass public: the input does not have it') });
  const refused = { code: 1, out: expect.stringContaining('IngressClass public does not exist') };
  expect(run(['plan', '--complete', shop])).toMatchObject(refused);
  expect(run(['plan', '--config', file('settings.yaml', 'complete: true\n'), shop])).toMatchObject(refused);
});

test('plan --against takes both sides for complete', () => {
  const [old, now] = [file('old.yaml', INGRESS.replace('public', 'alb')), file('now.yaml', INGRESS)];
  expect(run(['plan', '--against', old, now]).out).toMatch(/^Load balancers: 1 unchanged\n/);
  expect(run(['plan', '--complete', '--against', old, now])).toMatchObject({ code: 1, out: expect.stringMatching(/^Load balancers: 1 refused\n/) });
});

test('for mesh and diagram, a Namespace that the manifests lack has no labels', () => {
  const shop = file('shop.yaml', INGRESS.replace('public', 'alb') + PODS);
  const mesh = (...options: readonly string[]) => run(['mesh', ...options, '--workload', 'shop/web', shop]).out.split('\n')[0];
  expect(mesh()).toBe('Deployment shop/web, no sidecar (assumed: the input has no Namespace shop)');
  expect(mesh('--complete')).toBe('Deployment shop/web, no sidecar');
  expect(run(['diagram', shop]).out).toContain('assumed: no sidecar');
  expect(run(['diagram', '--complete', shop]).out).not.toContain('assumed: no sidecar');
});
