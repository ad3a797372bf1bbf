// Law: whatever texts are handed over, the objects are refused with InvalidProps, or written as YAML that says what was meant.
import { Duration, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { InvalidProps } from '../../../src/base/errors';
import { DeliveryApp } from '../../../src/gitops/delivery-app';
import { ArgoApplication } from '../../../src/gitops/delivery/argo-application';
import { ArgoApplicationSet } from '../../../src/gitops/delivery/argo-application-set';
import { ArgoDestination } from '../../../src/gitops/delivery/argo-destination';
import { FluxDelivery } from '../../../src/gitops/delivery/flux-delivery';
import { FluxSource, FluxSourceKind } from '../../../src/gitops/delivery/flux-source';
import { synthesized } from '../../synthesized';
import { applied, release } from './applied-app';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', ' ', '.', '/', '..', 'a/b', 'a'.repeat(300), 'yes', '010', '{{ .name }}', 'a: b', '__proto__'));
const time = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e12, noNaN: true })).map(Duration.millis);
const url = text.map(rest => `https://${rest}`);
const optional = { requiredKeys: [] };

const delivery = fc.record({
  path: text, deliveryName: text, namespace: text, dependsOn: fc.array(text, { maxLength: 2 }), interval: time, retryInterval: time, timeout: time, prune: fc.boolean(), kubeConfigSecretName: text,
  serviceAccountName: text,
}, optional);
const repository = fc.record({ branch: text, tag: text, semver: text, commit: text, secretName: text, interval: time }, optional);
const application = fc.record({ targetRevision: text, project: text, namespace: text, path: text, applicationName: text, automated: fc.boolean() }, optional);

/** One choice at a time, or all at once, which are nearly always refused for the first. */
function few<T extends object>(record: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.tuple(record, fc.nat(), fc.boolean()).map(([all, at, one]) => (one ? Object.fromEntries(Object.entries(all).filter((_, index, { length }) => index === at % length)) as T : all));
}

function taken(make: () => Parameters<typeof synthesized>[0]): void {
  try {
    const objects = synthesized(make());
    expect(loadAll(Yaml.stringify(...objects))).toEqual(objects);
  } catch (error) {
    if (!(error instanceof InvalidProps)) {
      throw error;
    }
  }
}

test('by Flux, with a Git repository', () => {
  fc.assert(fc.property(few(delivery), few(repository), url, (props, options, place) => {
    taken(() => new FluxDelivery(applied().app, 'flux', { ...props, source: FluxSource.gitRepository({ url: place, ...options }) }));
  }));
});

test('by Flux, with an existing source', () => {
  fc.assert(fc.property(text, fc.option(text, { nil: undefined }), (name, namespace) => {
    taken(() => new FluxDelivery(applied().app, 'flux', { source: FluxSource.fromName(name, FluxSourceKind.BUCKET, namespace) }));
  }));
});

test('by Argo CD, for one folder and for many', () => {
  fc.assert(fc.property(few(application), text, text, text, ({ path, applicationName, ...options }, repoUrl, clusterName, routeName) => {
    const { app, chart } = applied();
    taken(() => {
      release(chart, routeName);
      return new ArgoApplication(app, 'argocd', { repoUrl, ...options, path, applicationName, destination: ArgoDestination.cluster(clusterName) });
    });
    taken(() => new ArgoApplicationSet(new DeliveryApp({ folder: 'clusters' }), 'argocd', {
      repoUrl, ...options, setName: applicationName, members: [{ app, path, applicationName, destination: ArgoDestination.server(`https://${clusterName}`) }],
    }));
  }));
});
