// Pods of which only the Namespace tells whether they have a sidecar, where the input lacks it.
import { readYaml } from '../../src/manifests/yaml';
import { meshOf } from '../../src/mesh/mesh';
import { renderDiagramMermaid } from '../../src/output/diagram/diagram-mermaid';
import { renderMeshJson } from '../../src/output/mesh-json';
import { renderMeshText } from '../../src/output/mesh-text';
import { prepareTrace, type TraceOptions } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';

const service = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, annotations: { alb.ingress.kubernetes.io/target-type: ip } }
spec:
  ingressClassName: alb
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;
const pods = (labels = '', spec = '', kind = 'Deployment') => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: web, namespace: shop }
spec: { template: { metadata: { labels: { app: web${labels} } }, spec: { containers: [{ name: web, image: web }]${spec} } } }
`;
const namespace = (labels = '{}', name = 'shop') => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: ${labels} }
`;

function workload(objects: readonly string[], complete = false) {
  const mesh = meshOf(readYaml(objects.join('---'), 'a.yaml'), { complete });
  return { mesh, web: mesh.workloads.find('shop', 'web')! };
}

test('only where nothing but a label of the missing Namespace can decide, no sidecar is an assumption', () => {
  const isAssumed = (...objects: readonly string[]) => workload(objects).web.isProxyAssumed;
  expect(isAssumed(pods())).toBe(true);
  expect(isAssumed(pods(), namespace('{}', 'other'))).toBe(true);
  expect(isAssumed(pods(), namespace())).toBeUndefined();
  expect(isAssumed(pods(', sidecar.istio.io/inject: "false"'))).toBeUndefined();
  expect(isAssumed(pods(', sidecar.istio.io/inject: "true"'))).toBeUndefined();
  expect(isAssumed(pods(', istio.io/rev: stable'))).toBeUndefined();
  expect(isAssumed(pods('', ', hostNetwork: true'))).toBeUndefined();
  expect(isAssumed(pods().replace('[{ name: web', '[{ name: istio-proxy, image: proxy }, { name: web'))).toBeUndefined();
  expect(workload([pods()], true).web).toMatchObject({ proxy: 'none' });
  expect(workload([pods()], true).web.isProxyAssumed).toBeUndefined();
});

test('mesh, trace and diagram say so, and that it is a fact where the Namespace or the pods say it', () => {
  const objects = (...more: readonly string[]) => readYaml([service, ingress, pods(), ...more].join('---'), 'a.yaml');
  const lastHop = (...more: readonly string[]) => trace(objects(...more), 'GET http://shop.example.com/').hops.at(-1)?.detail;
  expect(lastHop()).toBe('Deployment shop/web, port 8080, 1 pod, no sidecar (assumed: the input has no Namespace shop)');
  expect(lastHop(namespace())).toBe('Deployment shop/web, port 8080, 1 pod');

  const picture = (options: TraceOptions, ...more: readonly string[]) => renderDiagramMermaid(prepareTrace(objects(...more), options));
  expect(picture({})).toContain('web<br>Deployment, 1 pod<br>assumed: no sidecar<br>no Namespace in the input');
  expect(picture({}, namespace())).toContain('web<br>Deployment, 1 pod<br>no sidecar"');
  expect(picture({ complete: true })).toContain('web<br>Deployment, 1 pod<br>no sidecar"');

  const { mesh, web } = workload([service, pods()]);
  expect(renderMeshText(mesh, web)).toMatch(/^Deployment shop\/web, no sidecar \(assumed: the input has no Namespace shop\)\n/);
  expect(renderMeshJson([{ mesh, workload: web, folder: '.' }])).toContain('"proxyAssumed": true');
  const known = workload([service, pods(), namespace()]);
  expect(renderMeshText(known.mesh, known.web)).toMatch(/^Deployment shop\/web, no sidecar\n/);
  expect(renderMeshJson([{ mesh: known.mesh, workload: known.web, folder: '.' }])).not.toContain('proxyAssumed');
});

test('a pod that sends a request has none by assumption, too', () => {
  const objects = [service, pods(), pods().replace('name: web, namespace', 'name: client, namespace').replace('app: web', 'app: client')];
  const { hops: [first] } = trace(readYaml(objects.join('---'), 'a.yaml'), 'GET http://web.shop/ via=pod:shop/client');
  expect(first.detail).toMatch(/^shop\/client has no sidecar \(assumed: the input has no Namespace shop\); /);
});
