// The shop: three services, and how their callers try again.
import { App, Duration } from 'cdk8s';
import { RetryOn } from '../../src/edge/routing/route-policy';
import { Ecommerce, type EcommerceProps } from '../../src/samples/ecommerce';
import { refusal } from '../refusal';
import { synthesized, theOnly } from '../synthesized';

function shop(props?: EcommerceProps): Ecommerce {
  return new Ecommerce(new App(), 'shop', props);
}

test('renders a namespace with sidecar injection and four objects for each of three services', () => {
  const made = shop();
  expect(theOnly(made, 'Namespace').metadata).toEqual({ name: 'e-commerce', labels: { 'istio-injection': 'enabled' } });
  expect(synthesized(made).map(({ kind, metadata }) => `${kind} ${metadata.name}`).slice(1).sort()).toEqual(
    ['Deployment graphql-v1', 'Deployment orders-v1', 'Deployment products-v1', ...['Service', 'ServiceAccount', 'VirtualService'].flatMap(kind => (
      ['graphql', 'orders', 'products'].map(name => `${kind} ${name}`)))]);
  expect(new Set(synthesized(made).slice(1).map(({ metadata }) => metadata.namespace))).toEqual(new Set(['e-commerce']));
});

test.each(['graphql', 'orders', 'products'] as const)('%s has port 80 for HTTP and pods that listen on 8080', name => {
  const made = shop();
  const [{ spec }] = synthesized(made, 'Service', name);
  expect(spec).toMatchObject({ selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  expect(synthesized(made, 'Deployment', `${name}-v1`)[0].spec).toMatchObject({ replicas: 2, template: { spec: { containers: [{ image: 'registry.k8s.io/echoserver:1.10' }] } } });
  expect(made[name]).toMatchObject({ host: `${name}.e-commerce.svc.cluster.local`, port: 80, versions: ['v1'], serviceAccount: name });
});

test('callers of every service retry', () => {
  expect(synthesized(shop(), 'VirtualService').map(({ metadata, spec }) => [metadata.name, spec])).toEqual(['orders', 'products', 'graphql'].map(name => {
    const host = `${name}.e-commerce.svc.cluster.local`;
    const retries = { attempts: 3, retryOn: 'connect-failure,refused-stream,reset-before-request' };
    return [name, { hosts: [host], http: [{ name, retries, route: [{ destination: { host, port: { number: 80 } } }] }] }];
  }));
});

test('namespace, images, replicas and retries can be set', () => {
  const retries = { attempts: 1, perTryTimeout: Duration.seconds(1), retryOn: [RetryOn.CONNECT_FAILURE] };
  const made = shop({ namespace: 'store', images: { orders: 'mine/orders:1' }, replicas: 0, retries });
  expect(made.retries).toBe(retries);
  expect(synthesized(made, 'Deployment').map(({ metadata, spec }) => [metadata.namespace, spec.replicas, spec.template.spec.containers[0].image])).toEqual([
    ['store', 0, 'mine/orders:1'], ['store', 0, 'registry.k8s.io/echoserver:1.10'], ['store', 0, 'registry.k8s.io/echoserver:1.10'],
  ]);
  expect(new Set(synthesized(made, 'VirtualService').map(({ spec }) => spec.http[0].retries.retryOn))).toEqual(new Set(['connect-failure']));
});

test.each<[unknown, string, unknown]>([
  [null, 'props', null],
  [{ namespace: 'A' }, 'namespace', 'A'],
  [{ replicas: -1 }, 'replicas', -1],
  [{ replicas: 1.5 }, 'replicas', 1.5],
  [{ images: 'a' }, 'images', 'a'],
  [{ images: { orders: 1 } }, 'images.orders', 1],
  [{ retries: 3 }, 'retries', 3],
  [{ retries: { attempts: 'a' } }, 'retries.attempts', 'a'],
])('%j is rejected', (props, prop, value) => {
  expect(refusal(() => shop(props as EcommerceProps))).toMatchObject({ prop, value, path: 'shop' });
});

test('rejects invalid retries', () => {
  expect(refusal(() => shop({ retries: { attempts: 0 } }))).toMatchObject({ prop: 'retries.attempts', value: 0, path: 'shop/orders' });
});
