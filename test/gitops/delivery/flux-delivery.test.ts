// The objects by which Flux applies a folder: their defaults, every prop, and what they say of the app as it is when it is written.
import { ApiObject, Duration } from 'cdk8s';
import { AlbIstioEdge } from '../../../src/chart/alb-istio-edge';
import type { GitOpsApp } from '../../../src/gitops/gitops-app';
import { FluxDeletionPolicy, FluxDelivery, type FluxDeliveryProps } from '../../../src/gitops/delivery/flux-delivery';
import { FluxSource, FluxSourceKind } from '../../../src/gitops/delivery/flux-source';
import { PathMatch } from '../../../src/edge/match/match';
import { GatewayWorkload } from '../../../src/edge/gateway-workload/gateway-workload';
import { Route } from '../../../src/edge/routing/route';
import { WEIGHTS_ELSEWHERE } from '../../../src/edge/routing/route-list';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { ServiceExposure } from '../../../src/edge/gateway-workload/service';
import { refusal } from '../../refusal';
import { synthesized, theOnly } from '../../synthesized';
import { applied, AT_GATEWAY, contents, inEmptyDirectory, objectsIn, release } from './applied-app';

inEmptyDirectory();

const url = 'https://git.example.com/acme/platform.git';
const source = FluxSource.gitRepository({ url });

function delivery(props: Partial<FluxDeliveryProps> = {}, app: GitOpsApp = applied().app): FluxDelivery {
  return new FluxDelivery(app, 'flux', { source, ...props });
}

/** The spec of the Kustomization. */
function specOf(props: Partial<FluxDeliveryProps>): any {
  return theOnly(delivery(props), 'Kustomization').spec;
}

/** An edge behind an Application Load Balancer or, with a gateway of this exposure, another one. */
function edge(app: GitOpsApp, service?: ServiceExposure): AlbIstioEdge {
  return new AlbIstioEdge(app, '20-edge', { hosts: ['a.b'], gateway: { credentialName: 'tls' }, workload: GatewayWorkload.injected({ service }) });
}

test('with only a source it applies the folder every ten minutes, waits, prunes, and deletes everything with the Kustomization', () => {
  const made = delivery();
  expect(synthesized(made)).toEqual([
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: { name: 'production', namespace: 'flux-system' },
      spec: { interval: '1m', url, ref: { branch: 'main' } },
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name: 'production', namespace: 'flux-system' },
      spec: {
        interval: '10m', retryInterval: '1m', timeout: '10m', path: './dist/production', prune: true, deletionPolicy: 'WaitForTermination', wait: true,
        sourceRef: { kind: 'GitRepository', name: 'production' },
      },
    },
  ]);
  expect({ gitRepositoryName: made.gitRepository?.name, kustomizationName: made.kustomization.name })
    .toEqual({ gitRepositoryName: 'production', kustomizationName: 'production' });
});

test('an existing source is referenced and not rendered', () => {
  const made = delivery({ source: FluxSource.fromName('platform', FluxSourceKind.OCI_REPOSITORY, 'shared') });
  expect(made.gitRepository).toBeUndefined();
  expect(synthesized(made).map(({ kind }) => kind)).toEqual(['Kustomization']);
  expect(theOnly(made, 'Kustomization').spec.sourceRef).toEqual({ kind: 'OCIRepository', name: 'platform', namespace: 'shared' });
});

test.each<[string, Partial<FluxDeliveryProps>, object]>([
  ['path', { path: './elsewhere/prod/', deliveryName: 'production' }, { path: './elsewhere/prod' }],
  ['dependsOn', { dependsOn: ['istiod', 'infra/controllers'] }, { dependsOn: [{ name: 'istiod' }, { name: 'controllers', namespace: 'infra' }] }],
  ['dependsOn with its own name in another namespace', { dependsOn: ['infra/production'] }, { dependsOn: [{ name: 'production', namespace: 'infra' }] }],
  ['interval', { interval: Duration.hours(1) }, { interval: '60m' }],
  ['retryInterval', { retryInterval: Duration.seconds(30) }, { retryInterval: '30s' }],
  ['timeout', { timeout: Duration.minutes(20) }, { timeout: '20m' }],
  ['prune', { prune: false }, { prune: false, deletionPolicy: 'MirrorPrune' }],
  ['deletionPolicy', { deletionPolicy: FluxDeletionPolicy.ORPHAN }, { deletionPolicy: 'Orphan' }],
  ['prune and deletionPolicy', { prune: false, deletionPolicy: FluxDeletionPolicy.DELETE }, { prune: false, deletionPolicy: 'Delete' }],
  ['kubeConfigSecretName', { kubeConfigSecretName: 'west' }, { kubeConfig: { secretRef: { name: 'west' } } }],
  ['serviceAccountName', { serviceAccountName: 'team-a' }, { serviceAccountName: 'team-a' }],
  ['suspend', { suspend: true }, { suspend: true }],
  ['not to suspend', { suspend: false }, {}],
])('%s changes just that', (_, props, expected) => {
  expect(specOf(props)).toEqual({ ...specOf({}), ...expected });
});

test('both objects have the same name and namespace', () => {
  const made = delivery({ deliveryName: 'edge.prod', namespace: 'delivery' });
  expect(synthesized(made).map(({ metadata }) => metadata)).toEqual([{ name: 'edge.prod', namespace: 'delivery' }, { name: 'edge.prod', namespace: 'delivery' }]);
  expect(theOnly(made, 'Kustomization').spec.sourceRef).toEqual({ kind: 'GitRepository', name: 'edge.prod' });
});

test.each<[string, Partial<FluxDeliveryProps>, string, unknown]>([
  ['a dependency with two slashes', { dependsOn: ['a/b/c'] }, 'dependsOn[0]', 'a/b/c'],
  ['a dependency without a name', { dependsOn: ['istiod', 'infra/'] }, 'dependsOn[1]', 'infra/'],
  ['a dependency without a namespace', { dependsOn: ['/istiod'] }, 'dependsOn[0]', '/istiod'],
  ['itself for a dependency, by its name alone', { dependsOn: ['production'] }, 'dependsOn[0]', 'production'],
  ['itself for a dependency, in another namespace', { namespace: 'infra', dependsOn: ['infra/production'] }, 'dependsOn[0]', 'infra/production'],
  ['itself for a dependency', { dependsOn: ['istiod', 'flux-system/production'] }, 'dependsOn[1]', 'flux-system/production'],
  ['an empty dependency', { dependsOn: [''] }, 'dependsOn[0]', ''],
  ['a dependency in a namespace that is none', { dependsOn: ['a.b/istiod'] }, 'dependsOn[0]', 'a.b/istiod'],
  ['half a second', { interval: Duration.millis(500) }, 'interval', '500 ms'],
  ['a retry of no time', { retryInterval: Duration.seconds(0) }, 'retryInterval', '0 ms'],
  ['a timeout of a year', { timeout: Duration.days(365) }, 'timeout', '31536000000 ms'],
  ['a Secret with its namespace', { kubeConfigSecretName: 'a/b' }, 'kubeConfigSecretName', 'a/b'],
  ['an account that is none', { serviceAccountName: 'Team A' }, 'serviceAccountName', 'Team A'],
  ['a name that is none', { deliveryName: 'Production' }, 'deliveryName', 'Production'],
  ['a namespace that is none', { namespace: 'flux.system' }, 'namespace', 'flux.system'],
  ['a path that leads out of the repository', { path: '../dist' }, 'path', '../dist'],
  ['a policy that is none', { deletionPolicy: 'Keep' as never }, 'deletionPolicy', 'Keep'],
  ['no source', { source: undefined }, 'source', undefined],
])('%s is rejected', (_, props, prop, value) => {
  expect(refusal(() => delivery(props))).toMatchObject({ prop, value, path: 'flux' });
});

test('a name that is too long for a label is rejected, even if it is the default', () => {
  const allowed = 'must have at most 63 characters, because Flux labels every object with it';
  const [good, long] = ['a'.repeat(63), 'a'.repeat(64)];
  expect(delivery({ deliveryName: good }).kustomization.name).toBe(good);
  expect(refusal(() => delivery({ deliveryName: long }))).toEqual({ prop: 'deliveryName', value: long, reason: allowed, path: 'flux' });
  expect(refusal(() => delivery({}, applied({ folder: `dist/${long}` }).app))).toEqual({ prop: 'deliveryName', value: long, reason: allowed, path: 'flux' });
});

test('anything but a GitOpsApp is rejected', () => {
  [null, 5, {}, { folder: 'dist' }, applied().app.delivery].forEach(app => {
    expect(refusal(() => delivery({}, app as never))).toMatchObject({ prop: 'app', value: app, reason: 'must be a GitOpsApp', path: 'flux' });
  });
});

describe('the health of a load balancer', () => {
  const EXPRESSION = {
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', inProgress: '!has(status.loadBalancer.ingress)', current: 'has(status.loadBalancer.ingress)',
  };

  it('is checked for an Ingress, for which Flux has no health check', () => {
    const { app } = applied();
    edge(app);
    expect(theOnly(delivery({}, app), 'Kustomization').spec.healthCheckExprs).toEqual([EXPRESSION]);
  });

  it('is not checked for a Service with a Network Load Balancer, for which Flux has one', () => {
    const { app } = applied();
    edge(app, ServiceExposure.networkLoadBalancer());
    expect(theOnly(delivery({}, app), 'Kustomization').spec).not.toHaveProperty('healthCheckExprs');
  });

  it('is checked for an Ingress that is added later', () => {
    const { app } = applied();
    const made = delivery({}, app);
    edge(app);
    expect(theOnly(made, 'Kustomization').spec.healthCheckExprs).toEqual([EXPRESSION]);
  });
});

describe('weights that a controller manages', () => {
  const target = (kind: string, name: string, namespace: string) => ({ group: 'networking.istio.io', kind, name, namespace });
  const RULES = [
    { target: target('VirtualService', 'shop-example-com-80a4a376', 'front'), paths: ['/spec/http/1/route/0/weight', '/spec/http/1/route/1/weight'] },
    { target: target('DestinationRule', 'cart', 'shop'), paths: ['/spec/subsets/0/labels', '/spec/subsets/1/labels'] },
  ];

  it('are ignored, also those of routes that are added later', () => {
    const { app, chart } = applied();
    const made = delivery({}, app);
    expect(theOnly(made, 'Kustomization').spec).not.toHaveProperty('ignore');
    new Route(chart, 'Down', { ...AT_GATEWAY, paths: [PathMatch.exact('/down')], target: RouteTarget.respond(503) });
    release(chart);
    expect(theOnly(made, 'Kustomization').spec.ignore).toEqual(RULES);
    app.synth();
    expect(objectsIn('clusters/production/flux.yaml')[1].spec.ignore).toEqual(RULES);
  });
});

test('it is written to a file named after the id, outside of the applied folder', () => {
  const { app, chart } = applied();
  release(chart);
  delivery({}, app);
  app.synth();
  expect(Object.keys(contents('.'))).toEqual(['clusters/production/flux.yaml', 'dist/production/10-shop.k8s.yaml', 'dist/production/Kustomization']);
  expect(objectsIn('clusters/production/flux.yaml').map(({ kind }) => kind)).toEqual(['GitRepository', 'Kustomization']);
});

test('there is no ignore rule for an object that has none of the fields in Git', () => {
  const { app, chart } = applied();
  const [apiVersion, metadata] = ['networking.istio.io/v1', { name: 'hand', namespace: 'shop', annotations: { [WEIGHTS_ELSEWHERE]: 'x' } }];
  const route = [{ destination: { host: 'cart', subset: 'v1' }, weight: 100 }];
  new ApiObject(chart, 'Hand', { apiVersion, kind: 'VirtualService', metadata, spec: { http: [{ name: 'x', route }] } });
  new ApiObject(chart, 'Rule', { apiVersion, kind: 'DestinationRule', metadata, spec: { host: 'cart', subsets: [{ name: 'v1' }] } });
  expect(theOnly(delivery({}, app), 'Kustomization').spec.ignore).toEqual([
    { target: { group: 'networking.istio.io', kind: 'VirtualService', name: 'hand', namespace: 'shop' }, paths: ['/spec/http/0/route/0/weight'] },
  ]);
});

test('an ignore rule selects exactly one object, and only fields that are in Git', () => {
  const { app, chart } = applied();
  const route = [{ destination: { host: 'a.b' } }, { destination: { host: 'c.d' }, weight: 100 }];
  new ApiObject(chart, 'Hand', {
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a.b', annotations: { [WEIGHTS_ELSEWHERE]: 'x' } }, spec: { http: [{ name: 'x', route }] },
  });
  const { kustomization } = new FluxDelivery(app, 'flux', { source: FluxSource.fromName('flux-system') });
  expect((kustomization.toJson() as { spec: { ignore: unknown } }).spec.ignore).toEqual([
    { target: { group: 'networking.istio.io', kind: 'VirtualService', name: 'a\\.b', namespace: 'default' }, paths: ['/spec/http/0/route/1/weight'] },
  ]);
});
