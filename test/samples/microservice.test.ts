// One service of a sample system, alone.
import { addMicroservice } from '../../src/samples/microservice';
import { emptyChart, synthesized, theOnly } from '../synthesized';

test('needs a name, a namespace, a port and an image', () => {
  const chart = emptyChart();
  const workload = addMicroservice(chart, 'Cart', { name: 'cart', namespace: 'shop', port: 8080, images: { v1: 'cart:1' } });
  expect(synthesized(chart).map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
    ['Service', 'shop', 'cart'], ['ServiceAccount', 'shop', 'cart'], ['Deployment', 'shop', 'cart-v1'],
  ]);
  expect(workload).toMatchObject({ host: 'cart.shop.svc.cluster.local', port: 8080, selector: { app: 'cart' }, versions: ['v1'] });
  expect(theOnly(chart, 'Service').spec.selector).toEqual(workload.selector);
  expect(theOnly(chart, 'Deployment').spec.template.metadata.labels).toMatchObject({ app: 'cart', version: 'v1' });
});

test('environment, writable paths and annotations apply to every version', () => {
  const chart = emptyChart();
  addMicroservice(chart, 'Cart', {
    name: 'cart', namespace: 'shop', port: 80, containerPort: 8080, images: { v1: 'cart:1', v2: 'cart:2' }, replicas: 2,
    environment: { MODE: 'fast' }, writablePaths: { tmp: '/tmp' }, podAnnotations: { note: 'x' }, serviceAccountName: 'shopper',
  });
  const deployments = synthesized(chart, 'Deployment');
  expect(deployments.map(({ spec }) => spec.template.spec.containers[0].image)).toEqual(['cart:1', 'cart:2']);
  for (const { spec: { replicas, template } } of deployments) {
    expect({ replicas, annotations: template.metadata.annotations, serviceAccountName: template.spec.serviceAccountName })
      .toEqual({ replicas: 2, annotations: { note: 'x' }, serviceAccountName: 'shopper' });
    expect(template.spec.containers[0]).toMatchObject({
      env: [{ name: 'MODE', value: 'fast' }], ports: [{ containerPort: 8080 }], volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    });
  }
});

test('hardens the container, unless its image needs root', () => {
  const securityOf = (asRoot?: boolean) => {
    const chart = emptyChart();
    addMicroservice(chart, 'Cart', { name: 'cart', namespace: 'shop', port: 80, images: { v1: 'cart:1' }, asRoot });
    const { securityContext, containers: [container] } = theOnly(chart, 'Deployment').spec.template.spec;
    return [securityContext.runAsNonRoot, securityContext.runAsUser, container.securityContext.readOnlyRootFilesystem, container.securityContext.runAsUser];
  };
  expect(securityOf()).toEqual([true, 1000, true, 1000]);
  expect(securityOf(true)).toEqual([false, undefined, false, undefined]);
});
