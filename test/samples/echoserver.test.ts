// The echo server in two versions behind one Service.
import { App } from 'cdk8s';
import { Echoserver, type EchoserverProps } from '../../src/samples/echoserver';
import { refusal } from '../refusal';
import { synthesized, theOnly } from '../synthesized';

function echo(props?: EchoserverProps): Echoserver {
  return new Echoserver(new App(), 'echo', props);
}

test('one Service on port 80 selects both versions on 8080', () => {
  const made = echo();
  expect(theOnly(made, 'Service')).toMatchObject({
    metadata: { name: 'echoserver', namespace: 'echo' },
    spec: { selector: { app: 'echoserver' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  });
  expect(synthesized(made, 'Deployment').map(({ metadata, spec }) => [
    metadata.name, spec.replicas, spec.template.metadata.labels.version, spec.template.spec.containers[0].image, spec.template.spec.containers[0].ports,
  ])).toEqual([
    ['echoserver-v1', 1, 'v1', 'registry.k8s.io/echoserver:1.10', [{ containerPort: 8080 }]],
    ['echoserver-v2', 1, 'v2', 'registry.k8s.io/echoserver:1.10', [{ containerPort: 8080 }]],
  ]);
  expect(theOnly(made, 'Namespace').metadata).toEqual({ name: 'echo', labels: { 'istio-injection': 'enabled' } });
});

test('has the versions v1 and v2', () => {
  const made = echo();
  expect(made.subset('v2')).toEqual({ workload: made.workload, version: 'v2' });
  expect(refusal(() => made.subset('v3'))).toMatchObject({ prop: 'version', value: 'v3' });
});

test('namespace, image and replicas can be set', () => {
  const made = echo({ namespace: 'test', image: 'echo:2', replicas: 3 });
  expect(synthesized(made, 'Deployment').map(({ metadata, spec }) => [metadata.namespace, spec.replicas, spec.template.spec.containers[0].image]))
    .toEqual([['test', 3, 'echo:2'], ['test', 3, 'echo:2']]);
});

test('only the default image runs as root', () => {
  const root = (made: Echoserver) => synthesized(made, 'Deployment').map(({ spec }) => spec.template.spec.containers[0].securityContext.runAsNonRoot);
  expect(root(echo())).toEqual([false, false]);
  expect(root(echo({ image: 'mine:1' }))).toEqual([true, true]);
});
