// The Application of one folder: its defaults, every prop, and what it leaves alone.
import type { GitOpsApp } from '../../../src/gitops/gitops-app';
import { ArgoApplication, type ArgoApplicationProps } from '../../../src/gitops/delivery/argo-application';
import { ArgoDestination } from '../../../src/gitops/delivery/argo-destination';
import { PathMatch } from '../../../src/edge/match/match';
import { Route } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';
import { theOnly } from '../../synthesized';
import { applied, AT_GATEWAY, contents, inEmptyDirectory, objectsIn, release } from './applied-app';

inEmptyDirectory();

const repoUrl = 'https://git.example.com/acme/platform.git';

function application(props: Partial<ArgoApplicationProps> = {}, app: GitOpsApp = applied().app): any {
  return theOnly(new ArgoApplication(app, 'argocd', { repoUrl, ...props }), 'Application');
}

const METADATA = { name: 'production', namespace: 'argocd', annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' } };
const SYNC_POLICY = {
  automated: { prune: true, selfHeal: true }, syncOptions: ['ServerSideApply=true', 'PruneLast=true'],
  retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
};
const SPEC = {
  project: 'default', destination: { server: 'https://kubernetes.default.svc' }, source: { repoURL: repoUrl, targetRevision: 'main', path: 'dist/production' }, syncPolicy: SYNC_POLICY,
};

test('with only a repository it applies the folder to the cluster of Argo CD, prunes, self-heals, and keeps everything when it is deleted', () => {
  expect(application()).toEqual({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: METADATA, spec: SPEC });
});

test.each<[string, Partial<ArgoApplicationProps>, object, object]>([
  ['path', { path: './rendered/prod/', applicationName: 'production' }, {}, { source: { ...SPEC.source, path: 'rendered/prod' } }],
  ['targetRevision', { targetRevision: 'v1.2' }, {}, { source: { ...SPEC.source, targetRevision: 'v1.2' } }],
  ['destination', { destination: ArgoDestination.cluster('west') }, {}, { destination: { name: 'west' } }],
  ['another server', { destination: ArgoDestination.server('https://10.0.0.1') }, {}, { destination: { server: 'https://10.0.0.1' } }],
  ['project', { project: 'platform.prod' }, {}, { project: 'platform.prod' }],
  ['prune', { prune: false }, {}, { syncPolicy: { ...SYNC_POLICY, automated: { prune: false, selfHeal: true } } }],
  ['selfHeal', { selfHeal: false }, {}, { syncPolicy: { ...SYNC_POLICY, automated: { prune: true, selfHeal: false } } }],
  ['automated', { automated: false }, {}, { syncPolicy: { syncOptions: SYNC_POLICY.syncOptions, retry: SYNC_POLICY.retry } }],
  ['applicationName', { applicationName: 'edge.prod' }, { name: 'edge.prod' }, {}],
  ['namespace', { namespace: 'delivery' }, { namespace: 'delivery' }, {}],
  ['deleteWithApplication', { deleteWithApplication: true }, { finalizers: ['resources-finalizer.argocd.argoproj.io'] }, {}],
  ['not to delete with it', { deleteWithApplication: false }, {}, {}],
])('%s changes just that', (_, props, metadata, spec) => {
  expect(application(props)).toEqual({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { ...METADATA, ...metadata }, spec: { ...SPEC, ...spec } });
});

test.each<[string, Partial<ArgoApplicationProps>, string, unknown]>([
  ['an empty repository', { repoUrl: ' ' }, 'repoUrl', ' '],
  ['no repository', { repoUrl: undefined }, 'repoUrl', undefined],
  ['an empty revision', { targetRevision: '' }, 'targetRevision', ''],
  ['a project that is none', { project: 'My project' }, 'project', 'My project'],
  ['a namespace that is none', { namespace: 'a.b' }, 'namespace', 'a.b'],
  ['a name that is none', { applicationName: 'Production' }, 'applicationName', 'Production'],
  ['an absolute path', { path: '/dist' }, 'path', '/dist'],
  ['a destination that no maker made', { destination: 'west' as never }, 'destination', 'west'],
])('%s is rejected', (_, props, prop, value) => {
  expect(refusal(() => application(props))).toMatchObject({ prop, value, path: 'argocd' });
});

test('a folder whose name is not a valid object name needs an applicationName', () => {
  expect(refusal(() => application({}, applied({ folder: 'dist/Production_EU' }).app))).toMatchObject({ prop: 'applicationName', value: 'Production_EU', path: 'argocd' });
  expect(application({ applicationName: 'production-eu' }, applied({ folder: 'dist/Production_EU' }).app)).toMatchObject({
    metadata: { name: 'production-eu' }, spec: { source: { path: 'dist/Production_EU' } },
  });
});

test('anything but a GitOpsApp is rejected', () => {
  [null, 5, {}, applied().app.delivery].forEach(app => {
    expect(refusal(() => application({}, app as never))).toMatchObject({ prop: 'app', value: app, reason: 'must be a GitOpsApp', path: 'argocd' });
  });
});

test('weights that a controller manages are ignored, also those of routes that are added later', () => {
  const { app, chart } = applied();
  const made = new ArgoApplication(app, 'argocd', { repoUrl });
  expect(theOnly(made, 'Application').spec).toEqual(SPEC);
  new Route(chart, 'Down', { ...AT_GATEWAY, paths: [PathMatch.exact('/down')], target: RouteTarget.respond(503) });
  release(chart);
  const expected = {
    ...SPEC,
    syncPolicy: { ...SYNC_POLICY, syncOptions: ['ServerSideApply=true', 'PruneLast=true', 'RespectIgnoreDifferences=true'] },
    ignoreDifferences: [
      {
        group: 'networking.istio.io', kind: 'VirtualService', name: 'shop-example-com-80a4a376', namespace: 'front',
        jqPathExpressions: ['.spec.http[] | select(.name == "Cart") | .route[].weight'],
      },
      {
        group: 'networking.istio.io', kind: 'DestinationRule', name: 'cart', namespace: 'shop',
        jqPathExpressions: ['v1', 'v2'].map(subset => `.spec.subsets[] | select(.name == "${subset}") | .labels["rollouts-pod-template-hash"]`),
      },
    ],
  };
  expect(theOnly(made, 'Application').spec).toEqual(expected);
  app.synth();
  expect(objectsIn('clusters/production/argocd.yaml').map(({ spec }) => spec)).toEqual([expected]);
});

test('it is written to a file named after the id, outside of the applied folder', () => {
  const { app, chart } = applied();
  release(chart);
  new ArgoApplication(app, 'argocd', { repoUrl });
  app.synth();
  expect(Object.keys(contents('.'))).toEqual(['clusters/production/argocd.yaml', 'dist/production/10-shop.k8s.yaml', 'dist/production/Kustomization']);
});
