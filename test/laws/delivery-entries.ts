// The ways in that are about GitOps tools, for the law of types.
import { Duration } from 'cdk8s';
import { DeliveryApp } from '../../src/gitops/delivery-app';
import { ArgoApplication } from '../../src/gitops/delivery/argo-application';
import { ArgoApplicationSet } from '../../src/gitops/delivery/argo-application-set';
import { ArgoDestination } from '../../src/gitops/delivery/argo-destination';
import { type ArgoOptions } from '../../src/gitops/delivery/argo-options';
import { FluxDeletionPolicy, FluxDelivery, type FluxDeliveryProps } from '../../src/gitops/delivery/flux-delivery';
import { type FluxGitRepositoryOptions, FluxSource, FluxSourceKind } from '../../src/gitops/delivery/flux-source';
import { GitOpsApp } from '../../src/index';
import { type Entries } from './entry';

/** Nothing is written until it is synthesized. */
const app = () => new GitOpsApp({ folder: 'dist/production' });

/** Tells an app of a folder; every call gets an app of its own, in which no other call has made a chart of the name. */
const about = <P>(Made: new (about: GitOpsApp, id: string, props: P) => unknown) => (given: unknown, props: P) => (
  new Made(given instanceof GitOpsApp ? app() : given as GitOpsApp, 'made', props));

const options = 'options';
const FLUX = {
  source: FluxSource.fromName('flux-system'), path: 'dist/production', deliveryName: 'a', namespace: 'b', dependsOn: ['istiod'], interval: Duration.minutes(1), retryInterval: Duration.minutes(1),
  timeout: Duration.minutes(1), prune: true, deletionPolicy: FluxDeletionPolicy.ORPHAN, kubeConfigSecretName: 'c', serviceAccountName: 'd', suspend: true,
} satisfies Required<FluxDeliveryProps>;
const ARGO = {
  repoUrl: 'https://a.b', targetRevision: 'main', project: 'a', namespace: 'b', automated: true, prune: true, selfHeal: true,
} satisfies Required<ArgoOptions>;
const GIT = { url: 'https://a.b', secretName: 'a', interval: Duration.minutes(1) } satisfies FluxGitRepositoryOptions;
const destination = ArgoDestination.inCluster();
const git = (revision: string) => ({ call: FluxSource.gitRepository, good: { options: { ...GIT, [revision]: 'a' } }, needed: [options, 'url'] });

/** By class and maker; a name after a comma tells a second one apart. */
export const DELIVERY_ENTRIES: Entries = {
  'ArgoApplication': {
    call: about(ArgoApplication), good: { app: app(), props: { ...ARGO, destination, path: 'dist/production', applicationName: 'a', deleteWithApplication: true } },
    needed: ['app', 'props', 'repoUrl'], path: 'made',
  },
  'ArgoApplicationSet': {
    call: props => new ArgoApplicationSet(new DeliveryApp({ folder: 'clusters' }), 'made', props),
    good: { props: { ...ARGO, members: [{ app: app(), destination, path: 'dist/production', applicationName: 'a' }], setName: 'b', deleteWithApplication: true } },
    needed: ['props', 'repoUrl', 'members', 'members[0].app'], path: 'made',
  },
  'ArgoDestination.cluster': { call: ArgoDestination.cluster, good: { clusterName: 'a' }, needed: ['clusterName'] },
  'ArgoDestination.server': { call: ArgoDestination.server, good: { url: 'https://a.b' }, needed: ['url'] },
  'FluxDelivery': { call: about(FluxDelivery), good: { app: app(), props: FLUX }, needed: ['app', 'props', 'source'], path: 'made' },
  'FluxSource.fromName': { call: FluxSource.fromName, good: { sourceName: 'a', kind: FluxSourceKind.BUCKET, namespace: 'b' }, needed: ['sourceName'] },
  'FluxSource.gitRepository': git('branch'),
  'FluxSource.gitRepository, by tag': git('tag'),
  'FluxSource.gitRepository, by version': git('semver'),
  'FluxSource.gitRepository, by commit': git('commit'),
};
