// The curl client: a pod without a server.
import { App } from 'cdk8s';
import { CurlClient, type CurlClientProps } from '../../src/samples/curl-client';
import { synthesized, theOnly } from '../synthesized';

function client(props?: CurlClientProps): CurlClient {
  return new CurlClient(new App(), 'curl', props);
}

test('runs in its own namespace, with its own service account and without root', () => {
  const made = client();
  expect(synthesized(made).map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
    ['Namespace', undefined, 'curl'], ['ServiceAccount', 'curl', 'curl'], ['Deployment', 'curl', 'curl'],
  ]);
  const { selector, template } = theOnly(made, 'Deployment').spec;
  expect({ selector, app: template.metadata.labels.app }).toEqual({ selector: { matchLabels: { app: 'curl' } }, app: 'curl' });
  expect(template.spec).toMatchObject({
    serviceAccountName: 'curl',
    containers: [{
      name: 'curl',
      image: 'docker.io/curlimages/curl:8.16.0',
      command: ['sleep', 'infinity'],
      securityContext: { runAsUser: 1000, runAsNonRoot: true, readOnlyRootFilesystem: true },
    }],
  });
  expect(template.spec.containers[0].ports).toBeUndefined();
});

test('can use a namespace that another chart creates', () => {
  const made = client({ namespace: 'echo', createNamespace: false, image: 'curl:1' });
  expect(synthesized(made).map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([['ServiceAccount', 'echo'], ['Deployment', 'echo']]);
  expect(theOnly(made, 'Deployment').spec.template.spec.containers[0].image).toBe('curl:1');
});
