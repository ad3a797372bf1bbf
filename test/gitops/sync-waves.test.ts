// Sync waves: every kind of an edge is in a wave in which its prerequisites exist, and only if the app enables them.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { addSyncWaves, hasLoadBalancer, WAVES } from '../../src/gitops/sync-annotations';
import { GatewayCertificate } from '../../src/edge/gateway/certificate';
import { AlbIngressClass, AlbIstioEdge, Echoserver, GatewayWorkload, GitOpsApp, type GitOpsAppProps, ServiceExposure } from '../../src/index';
import { refusal } from '../refusal';
import { emptyChart, type Synthesized, synthesized } from '../synthesized';

const WAVE = 'argocd.argoproj.io/sync-wave';
const waveOf = ({ metadata }: Synthesized) => metadata.annotations?.[WAVE];

/** An object of a kind, with its wave. */
function only(kind: string, fields: object = {}, annotations?: Record<string, string>): ApiObject {
  const object = new ApiObject(emptyChart(), 'Made', { apiVersion: 'v1', kind, metadata: { name: 'made', annotations }, ...fields });
  addSyncWaves(App.of(object));
  return object;
}

function wave(kind: string, fields: object = {}, annotations?: Record<string, string>): string | undefined {
  return waveOf(only(kind, fields, annotations).toJson() as Synthesized);
}

test.each<[string, string | undefined]>([
  ['CustomResourceDefinition', '-40'], ['Namespace', '-40'],
  ['ClusterRole', '-30'], ['ClusterRoleBinding', '-30'], ['ClusterSecretStore', '-30'], ['GatewayClass', '-30'], ['IngressClass', '-30'], ['IngressClassParams', '-30'], ['LimitRange', '-30'],
  ['NetworkPolicy', '-30'], ['PersistentVolume', '-30'], ['PriorityClass', '-30'], ['ResourceQuota', '-30'], ['Role', '-30'], ['RoleBinding', '-30'], ['RuntimeClass', '-30'],
  ['SecretStore', '-30'], ['ServiceAccount', '-30'], ['StorageClass', '-30'],
  ['AuthorizationPolicy', '-20'], ['PeerAuthentication', '-20'], ['RequestAuthentication', '-20'], ['ServiceEntry', '-20'], ['Sidecar', '-20'],
  ['Certificate', '-20'], ['ClusterIssuer', '-20'], ['ConfigMap', '-20'], ['ExternalSecret', '-20'], ['Issuer', '-20'], ['SealedSecret', '-20'], ['Secret', '-20'], ['SecretProviderClass', '-20'],
  ['DaemonSet', '-10'], ['Deployment', '-10'], ['PersistentVolumeClaim', '-10'], ['PodDisruptionBudget', '-10'], ['Service', '-10'], ['StatefulSet', '-10'],
  ['DestinationRule', undefined], ['Gateway', undefined], ['Job', undefined], ['Rollout', undefined],
  ['Telemetry', undefined], ['VirtualService', undefined], ['Whatever', undefined],
  ['HorizontalPodAutoscaler', '10'], ['Ingress', '10'], ['TargetGroupBinding', '10'],
])('a %s is in wave %s', (kind, expected) => {
  expect(wave(kind)).toBe(expected);
});

test('a Service with a load balancer is in the last wave', () => {
  expect(wave('Service', { spec: { type: 'LoadBalancer' } })).toBe('10');
});

test.each(['ClusterIP', 'NodePort', 'ExternalName'])('a Service of type %s has no load balancer and is in an earlier wave', type => {
  expect(wave('Service', { spec: { type } })).toBe('-10');
});

test.each<[string, ApiObject, boolean]>([
  ['an Ingress has one', only('Ingress'), true],
  ['a Service of type LoadBalancer has one', only('Service', { spec: { type: 'LoadBalancer' } }), true],
  ['a Service without a type has none', only('Service'), false],
  ['an object of another kind has none, whatever its spec', only('Deployment', { spec: { type: 'LoadBalancer' } }), false],
])('load balancers: %s', (_, object, expected) => {
  expect(hasLoadBalancer(object)).toBe(expected);
});

describe('a wave that an object already has', () => {
  it.each(['5', '-100', '0'])('is kept: %s', own => {
    expect(wave('Deployment', {}, { [WAVE]: own })).toBe(own);
    expect(wave('VirtualService', {}, { [WAVE]: own })).toBe(own);
  });

  it('is kept beside other annotations', () => {
    expect((only('Deployment', {}, { a: 'b' }).toJson() as Synthesized).metadata.annotations).toEqual({ a: 'b', [WAVE]: '-10' });
  });

  it('by a patch is kept', () => {
    const object = new ApiObject(emptyChart(), 'Made', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'made' } });
    object.addJsonPatch(JsonPatch.add('/metadata/annotations', { [WAVE]: '7' }));
    addSyncWaves(App.of(object));
    expect((object.toJson() as Synthesized).metadata.annotations).toEqual({ [WAVE]: '7' });
  });

  it('does not change when waves are added twice', () => {
    const object = only('Deployment');
    addSyncWaves(App.of(object));
    expect((object.toJson() as Synthesized).metadata.annotations).toEqual({ [WAVE]: '-10' });
  });
});

let scratch: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'sync-waves-test-')));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** An app with an edge of many parts, whose gateway is behind an Application Load Balancer or, with this exposure, another one. */
function wholeApp(props: Partial<GitOpsAppProps>, service?: ServiceExposure): GitOpsApp {
  const app = new GitOpsApp({ folder: join(scratch, 'dist', 'shop'), ...props });
  const ingressClass = new AlbIngressClass(new Chart(app, '05-platform', { disableResourceNameHashes: true }), 'Class', { className: 'front' });
  const { workload } = new Echoserver(app, '10-echoserver');
  const edge = new AlbIstioEdge(app, '20-edge', {
    hosts: ['a.b'], gateway: { credentialName: 'tls', certificate: service ? undefined : GatewayCertificate.selfSigned() },
    workload: GatewayWorkload.injected({ service }), zeroTrust: {}, alb: service ? undefined : { ingressClass },
  });
  edge.addCanary('Echo', { workload, stable: 'v1', canary: 'v2', percent: 5 });
  return app;
}

/** The objects that an object needs, as `Kind name`, in its own namespace or in none. */
function needsOf({ kind, metadata: { namespace }, spec, roleRef, subjects }: Synthesized): string[] {
  const ofKind: Record<string, () => string[]> = {
    Deployment: () => [`ServiceAccount ${spec.template.spec.serviceAccountName}`],
    RoleBinding: () => [`${roleRef.kind} ${roleRef.name}`, ...subjects.map((subject: { kind: string; name: string }) => `${subject.kind} ${subject.name}`)],
    HorizontalPodAutoscaler: () => [`${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name}`],
    Certificate: () => [`Issuer ${spec.issuerRef.name}`],
    IngressClass: () => [`IngressClassParams ${spec.parameters.name}`],
    Ingress: () => [`IngressClass ${spec.ingressClassName}`, `Service ${spec.defaultBackend?.service.name ?? spec.rules[0].http.paths[0].backend.service.name}`],
    VirtualService: () => spec.gateways.map((gateway: string) => `Gateway ${gateway.split('/').pop()}`),
  };
  return [...namespace === undefined ? [] : [`Namespace ${namespace}`], ...ofKind[kind]?.() ?? []];
}

describe('a whole edge', () => {
  it('is applied in the order from Namespaces to the load balancer', () => {
    const app = wholeApp({ syncWaves: true });
    app.synth();
    const waves = new Map<string, string[]>();
    synthesized(app).forEach(object => waves.set(waveOf(object) ?? '0', [...new Set([...waves.get(waveOf(object) ?? '0') ?? [], object.kind])].sort()));
    expect([...waves].sort(([one], [other]) => Number(one) - Number(other))).toEqual([
      ['-40', ['Namespace']],
      ['-30', ['IngressClass', 'IngressClassParams', 'Role', 'RoleBinding', 'ServiceAccount']],
      ['-20', ['AuthorizationPolicy', 'Certificate', 'Issuer', 'PeerAuthentication']],
      ['-10', ['Deployment', 'PodDisruptionBudget', 'Service']],
      ['0', ['DestinationRule', 'Gateway', 'VirtualService']],
      ['10', ['HorizontalPodAutoscaler', 'Ingress']],
    ]);
  });

  it('ends with its Service if that has a Network Load Balancer', () => {
    const app = wholeApp({ syncWaves: true }, ServiceExposure.networkLoadBalancer());
    app.synth();
    expect(synthesized(app, 'Service').map(object => ({ name: object.metadata.name, wave: waveOf(object) }))).toEqual([{ name: 'echoserver', wave: '-10' }, { name: 'istio-ingress', wave: '10' }]);
  });

  it.each<[string, ServiceExposure | undefined]>([['an Application', undefined], ['a Network', ServiceExposure.networkLoadBalancer()]])(
    'behind %s Load Balancer has nothing in a wave before what it needs', (_, service) => {
      const app = wholeApp({ syncWaves: true }, service);
      app.synth();
      const objects = synthesized(app);
      const pairs = objects.flatMap(object => needsOf(object).map(need => ({
        need, by: `${object.kind} ${object.metadata.name}`, wave: Number(waveOf(object) ?? 0),
        found: objects.filter(({ kind, metadata: { name, namespace } }) => `${kind} ${name}` === need && [undefined, object.metadata.namespace].includes(namespace)),
      })));
      expect(pairs.length).toBeGreaterThan(20);
      expect(pairs.filter(({ found }) => found.length !== 1)).toEqual([]);
      expect(pairs.filter(({ wave: own, found }) => Number(waveOf(found[0]) ?? 0) > own)).toEqual([]);
    });

  it('is the same after a second synth', () => {
    const app = wholeApp({ syncWaves: true });
    const bytes = () => app.files.map(file => readFileSync(join(app.folder, file), 'utf8'));
    app.synth();
    const first = bytes();
    app.synth();
    expect(bytes()).toEqual(first);
    expect(first.join('')).toContain('sync-wave: "-40"');
  });

  it.each([undefined, false])('has no waves where they are %p', syncWaves => {
    const app = wholeApp({ syncWaves });
    app.synth();
    expect(synthesized(app).map(waveOf).filter(found => found !== undefined)).toEqual([]);
  });

  it('adds no waves to its delivery objects', () => {
    const app = wholeApp({ syncWaves: true });
    new ApiObject(new Chart(app.delivery, 'more', { disableResourceNameHashes: true }), 'A', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    app.synth();
    expect(readFileSync(join(scratch, 'clusters', 'shop', 'more.yaml'), 'utf8')).toMatch(/^#.*\napiVersion: v1\nkind: ConfigMap\nmetadata:\n {2}name: a\n$/);
  });
});

test.each(['yes', 1, null, {}])('%p does not switch waves on, nor off', syncWaves => {
  expect(refusal(() => new GitOpsApp({ folder: 'dist/a', syncWaves: syncWaves as never }))).toEqual({ prop: 'syncWaves', value: syncWaves, reason: 'must be true or false', path: '' });
});

test('docs/gitops.md lists the kinds of every wave', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'gitops.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (-?\d+) \| (.*) \|$/gm)].map(([, number, kinds]) => [Number(number), kinds.split(', ')] as const);
  expect(rows.filter(([number]) => number < 0)).toEqual(WAVES.filter(([number]) => number < 0));
  expect(rows.filter(([number]) => number >= 0)).toEqual([
    [0, ['all others: Gateway', 'VirtualService', 'DestinationRule', '…']], [10, [...WAVES[WAVES.length - 1][1], 'Ingress', 'Services of type LoadBalancer']],
  ]);
});
