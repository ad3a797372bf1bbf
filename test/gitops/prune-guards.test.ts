// Guards: on Namespaces and what a load balancer hangs on, and on nothing else; what an object says itself is kept.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, JsonPatch } from 'cdk8s';
import { addPruneGuards } from '../../src/gitops/sync-annotations';
import { AlbIstioEdge, Echoserver, GatewayWorkload, GitOpsApp, RouteTarget, ServiceExposure } from '../../src/index';
import { refusal } from '../refusal';
import { emptyChart, type Synthesized, synthesized } from '../synthesized';

const ARGO = 'argocd.argoproj.io/sync-options';
const FLUX = 'kustomize.toolkit.fluxcd.io/prune';
const GUARDS = { [ARGO]: 'Prune=confirm,Delete=confirm', [FLUX]: 'disabled' };

/** The annotations of an object of a kind, after so many times. */
function annotations(kind: string, fields: object = {}, own?: Record<string, string>, times = 1): Record<string, string> | undefined {
  const object = new ApiObject(emptyChart(), 'Made', { apiVersion: 'v1', kind, metadata: { name: 'made', annotations: own }, ...fields });
  Array.from({ length: times }, () => addPruneGuards(App.of(object)));
  return (object.toJson() as Synthesized).metadata.annotations;
}

test.each([['Namespace', {}], ['Ingress', {}], ['Service', { spec: { type: 'LoadBalancer' } }]])('a %s %j is guarded', (kind, fields) => {
  expect(annotations(kind, fields)).toEqual(GUARDS);
});

test.each<[string, object]>([
  ['Service', {}], ['Service', { spec: {} }], ['Service', { spec: { type: 'ClusterIP' } }], ['Service', { spec: { type: 'NodePort' } }], ['Deployment', { spec: { type: 'LoadBalancer' } }],
  ['Gateway', {}], ['VirtualService', {}], ['Certificate', {}], ['IngressClass', {}], ['TargetGroupBinding', {}], ['Secret', {}], ['CustomResourceDefinition', {}],
])('a %s %j is not', (kind, fields) => {
  expect(annotations(kind, fields)).toBeUndefined();
});

describe('annotations that an object already has', () => {
  it.each([
    ['Prune=false', 'Prune=false,Delete=confirm'], ['Delete=false', 'Delete=false,Prune=confirm'], ['Prune=false,Delete=false', 'Prune=false,Delete=false'],
    ['Prune=true', 'Prune=true,Delete=confirm'], ['Replace=true', 'Replace=true,Prune=confirm,Delete=confirm'], ['Prune=false, Replace=true', 'Prune=false,Replace=true,Delete=confirm'],
    ['PruneLast=true', 'PruneLast=true,Prune=confirm,Delete=confirm'], ['', 'Prune=confirm,Delete=confirm'], ['Prune=confirm,Delete=confirm', 'Prune=confirm,Delete=confirm'],
  ])('to Argo CD is kept: %p becomes %p', (own, merged) => {
    expect(annotations('Namespace', {}, { [ARGO]: own })).toEqual({ [ARGO]: merged, [FLUX]: 'disabled' });
  });

  it.each(['enabled', 'disabled'])('to Flux is kept: %s', own => {
    expect(annotations('Ingress', {}, { [FLUX]: own })).toEqual({ ...GUARDS, [FLUX]: own });
  });

  it('are kept beside the guards', () => {
    expect(annotations('Ingress', {}, { a: 'b' })).toEqual({ a: 'b', ...GUARDS });
  });

  it('by a patch are kept', () => {
    const object = new ApiObject(emptyChart(), 'Made', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'made' } });
    object.addJsonPatch(JsonPatch.add('/spec', { type: 'LoadBalancer' }));
    addPruneGuards(App.of(object));
    expect((object.toJson() as Synthesized).metadata.annotations).toEqual(GUARDS);
  });
});

test('adding guards twice changes nothing', () => {
  expect(annotations('Namespace', {}, { [ARGO]: 'Prune=false' }, 3)).toEqual({ [ARGO]: 'Prune=false,Delete=confirm', [FLUX]: 'disabled' });
  expect(annotations('Ingress', {}, undefined, 3)).toEqual(GUARDS);
});

describe('an app', () => {
  let scratch: string;
  beforeEach(() => {
    delete process.env.CDK8S_OUTDIR;
    scratch = realpathSync(mkdtempSync(join(tmpdir(), 'prune-guards-test-')));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  function app(pruneGuards?: boolean, service?: ServiceExposure): GitOpsApp {
    const made = new GitOpsApp({ folder: join(scratch, 'dist', 'shop'), pruneGuards });
    const { workload } = new Echoserver(made, '10-echoserver');
    const edge = new AlbIstioEdge(made, '20-edge', { hosts: ['a.b'], gateway: { credentialName: 'tls' }, workload: GatewayWorkload.injected({ service }) });
    edge.addRoute('Echo', { target: RouteTarget.workload(workload) });
    made.synth();
    return made;
  }

  /** The objects that are guarded. */
  function guarded(made: GitOpsApp): string[] {
    return synthesized(made).filter(({ metadata }) => FLUX in (metadata.annotations ?? {}) || ARGO in (metadata.annotations ?? {})).map(({ kind, metadata: { name } }) => `${kind} ${name}`);
  }

  it('behind an Application Load Balancer has guards on its Namespaces and its Ingress', () => {
    expect(guarded(app(true))).toEqual(['Namespace echo', 'Namespace istio-ingress', 'Ingress istio-ingress']);
  });

  it('behind a Network Load Balancer has guards on its Namespaces and its Service', () => {
    expect(guarded(app(true, ServiceExposure.networkLoadBalancer()))).toEqual(['Namespace echo', 'Namespace istio-ingress', 'Service istio-ingress']);
  });

  it.each([undefined, false])('has none where they are %p', pruneGuards => {
    expect(guarded(app(pruneGuards))).toEqual([]);
  });

  it('is the same after a second synth', () => {
    const made = app(true);
    const bytes = () => made.files.map(file => readFileSync(join(made.folder, file), 'utf8'));
    const first = bytes();
    made.synth();
    expect(bytes()).toEqual(first);
    expect(first.join('').match(/Prune=confirm,Delete=confirm/g)).toHaveLength(3);
  });

  it.each(['yes', 1, null, {}])('is not requested by %p', pruneGuards => {
    expect(refusal(() => new GitOpsApp({ folder: 'dist/a', pruneGuards: pruneGuards as never }))).toEqual({ prop: 'pruneGuards', value: pruneGuards, reason: 'must be true or false', path: '' });
  });
});
