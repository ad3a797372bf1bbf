// Bookinfo has the services, versions, accounts and images of Istio's own sample.
import { App } from 'cdk8s';
import { Bookinfo } from '../../src/samples/bookinfo';
import { synthesized } from '../synthesized';

const bookinfo = new Bookinfo(new App(), 'bookinfo');

test('renders a namespace with sidecar injection, four Services, four ServiceAccounts and six Deployments', () => {
  const names = (kind: string) => synthesized(bookinfo, kind).map(({ metadata }) => metadata.name);
  expect(synthesized(bookinfo, 'Namespace')).toEqual([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bookinfo', labels: { 'istio-injection': 'enabled' } } },
  ]);
  expect(names('Service')).toEqual(['details', 'ratings', 'reviews', 'productpage']);
  expect(names('ServiceAccount')).toEqual(['bookinfo-details', 'bookinfo-ratings', 'bookinfo-reviews', 'bookinfo-productpage']);
  expect(names('Deployment')).toEqual(['details-v1', 'ratings-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3', 'productpage-v1']);
  expect(synthesized(bookinfo)).toHaveLength(15);
});

test.each(['details', 'ratings', 'reviews', 'productpage'])('the Service %s selects all versions, on a port whose name says HTTP', name => {
  const [{ spec }] = synthesized(bookinfo, 'Service', name);
  expect(spec).toMatchObject({ selector: { app: name }, ports: [{ name: 'http', port: 9080, targetPort: 9080 }], type: 'ClusterIP' });
  expect(Object.keys(spec.selector)).toEqual(['app']);
});

test.each(synthesized(bookinfo, 'Deployment').map(deployment => [deployment.metadata.name, deployment] as const))('%s runs its version without root', (name, { spec }) => {
  const [app, version] = name.split('-');
  expect(spec.selector).toEqual({ matchLabels: { app, version } });
  expect(spec.template.metadata.labels).toMatchObject({ app, version });
  expect(spec.template.spec).toMatchObject({
    serviceAccountName: `bookinfo-${app}`,
    automountServiceAccountToken: false,
    containers: [{
      name: app,
      image: `registry.istio.io/release/examples-bookinfo-${app}-${version}:1.20.3`,
      ports: [{ containerPort: 9080 }],
      securityContext: { runAsUser: 1000, runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    }],
  });
});

test('reviews has writable paths, and productpage has scrape annotations', () => {
  const pod = (name: string) => synthesized(bookinfo, 'Deployment', name)[0].spec.template;
  for (const name of ['reviews-v1', 'reviews-v2', 'reviews-v3']) {
    const { containers: [container], volumes } = pod(name).spec;
    expect(container.env).toEqual([{ name: 'LOG_DIR', value: '/tmp/logs' }]);
    expect(container.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }, { name: 'wlp-output', mountPath: '/opt/ibm/wlp/output' }]);
    expect(volumes).toEqual([{ name: 'tmp', emptyDir: {} }, { name: 'wlp-output', emptyDir: {} }]);
  }
  expect(pod('productpage-v1').metadata.annotations).toEqual({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9080', 'prometheus.io/path': '/metrics' });
  expect(pod('productpage-v1').spec.volumes).toEqual([{ name: 'tmp', emptyDir: {} }]);
  expect(pod('details-v1').spec.volumes).toBeUndefined();
});

test('its workloads have hosts, ports and versions', () => {
  expect(bookinfo.reviews).toMatchObject({ host: 'reviews.bookinfo.svc.cluster.local', port: 9080, selector: { app: 'reviews' }, versions: ['v1', 'v2', 'v3'] });
  expect([bookinfo.productpage, bookinfo.details, bookinfo.ratings].map(({ serviceName, versions }) => [serviceName, versions]))
    .toEqual([['productpage', ['v1']], ['details', ['v1']], ['ratings', ['v1']]]);
});

test('namespace, registry, tag and replicas can be set', () => {
  const other = new Bookinfo(new App(), 'bookinfo', { namespace: 'books', registry: 'docker.io/istio', tag: '2.0', replicas: 0 });
  const [{ metadata, spec }] = synthesized(other, 'Deployment', 'details-v1');
  expect({ namespace: metadata.namespace, replicas: spec.replicas, image: spec.template.spec.containers[0].image })
    .toEqual({ namespace: 'books', replicas: 0, image: 'docker.io/istio/examples-bookinfo-details-v1:2.0' });
  expect(new Set(synthesized(other).map(object => object.metadata.namespace))).toEqual(new Set([undefined, 'books']));
});
