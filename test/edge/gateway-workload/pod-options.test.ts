// What the pods of a gateway are given, and where they run: the same in its own Deployment, in the values for Helm, and in the overlay for istioctl.
import { k8s } from 'cdk8s-plus-28';
import { load } from 'js-yaml';
import { ALB_PREFIX } from '../../../src/base/alb-annotations/annotations';
import { GatewayWorkload } from '../../../src/edge/gateway-workload/gateway-workload';
import { InjectedGateway } from '../../../src/edge/gateway-workload/injected-gateway';
import type { GatewayPodOptions } from '../../../src/edge/gateway-workload/pod-options';
import { ServiceExposure } from '../../../src/edge/gateway-workload/service';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';

const SELECTOR = { app: 'istio-ingress', istio: 'ingress' };
const ROLE = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111111111111:role/gateway' };

/** One value of each option. */
const PODS: GatewayPodOptions = {
  nodeSelector: { 'example.com/pool': 'edge' },
  tolerations: [{ key: 'edge', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'arch', operator: 'Exists' }] }] } } },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }],
  priorityClassName: 'system-cluster-critical',
  imagePullSecrets: ['registry', 'mirror'],
  env: [{ name: 'B', value: 'true' }, { name: 'A', value: '1' }],
  volumes: [{ name: 'wasm', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } }],
  volumeMounts: [{ name: 'wasm', mountPath: '/var/wasm' }],
  labels: { 'example.com/team': 'edge' },
  annotations: { 'reloader.stakater.com/auto': 'true' },
  podAnnotations: { 'example.com/istio': '1.30' },
  serviceAccountAnnotations: ROLE,
  revision: 'canary',
};

const SPREAD = [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: SELECTOR } }];
const VOLUMES = [{ name: 'wasm', emptyDir: { sizeLimit: '64Mi' } }];
const MOUNTS = [{ name: 'wasm', mountPath: '/var/wasm' }];
const SECRETS = [{ name: 'registry' }, { name: 'mirror' }];
const { nodeSelector, tolerations, affinity, priorityClassName, env } = PODS;

function injected(options: GatewayPodOptions): InjectedGateway {
  return new InjectedGateway(emptyChart(), 'Workload', options);
}

function values(options: GatewayPodOptions): Record<string, any> {
  return load(GatewayWorkload.installed(options).helmValues()) as Record<string, any>;
}

function operator(options: GatewayPodOptions): Record<string, any> {
  return (load(GatewayWorkload.installed(options).istioOperator()) as Record<string, any>).spec as Record<string, any>;
}

/** The patches of an overlay, by path. */
function patches(options: GatewayPodOptions, kind: string, name = 'istio-ingress'): Record<string, unknown> {
  const overlays: { kind: string; name: string; patches: { path: string; value: unknown }[] }[] = operator(options).components.ingressGateways[0].k8s.overlays;
  return Object.fromEntries(overlays.filter(each => each.kind === kind && each.name === name).flatMap(each => each.patches).map(({ path, value }) => [path, value]));
}

test('the pods of an injected gateway have all of it', () => {
  const { metadata, spec } = theOnly(injected(PODS), 'Deployment').spec.template;
  expect(spec).toMatchObject({ nodeSelector, tolerations, affinity, priorityClassName, topologySpreadConstraints: SPREAD, imagePullSecrets: SECRETS, volumes: VOLUMES });
  expect(spec.containers[0]).toMatchObject({ name: 'istio-proxy', env, volumeMounts: MOUNTS });
  expect(metadata.labels).toMatchObject({ ...SELECTOR, 'example.com/team': 'edge', 'istio.io/rev': 'canary' });
  expect(metadata.annotations).toMatchObject({ 'example.com/istio': '1.30' });
});

test('labels are on every object but the Namespace and in no selector, and annotations are where Istio\'s chart has them', () => {
  const objects = synthesized(injected(PODS));
  expect(objects.filter(({ metadata }) => metadata.labels?.['example.com/team'] === 'edge').map(({ kind }) => kind)).toEqual(
    ['ServiceAccount', 'Role', 'RoleBinding', 'Service', 'Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']);
  expect(Object.fromEntries(objects.map(({ kind, metadata }) => [kind, metadata.annotations]))).toEqual({
    ServiceAccount: ROLE, Role: PODS.annotations, RoleBinding: PODS.annotations, Service: PODS.annotations, Deployment: PODS.annotations, HorizontalPodAutoscaler: PODS.annotations,
  });
  const selectors = objects.map(({ kind, spec }) => (kind === 'Service' ? spec.selector : spec?.selector?.matchLabels)).filter(selector => selector !== undefined);
  expect(selectors).toEqual([SELECTOR, SELECTOR, SELECTOR]);
});

test('the values for Helm have all of it', () => {
  expect(values(PODS)).toMatchObject({
    revision: 'canary', nodeSelector, tolerations, affinity, priorityClassName, topologySpreadConstraints: SPREAD, imagePullSecrets: SECRETS, volumes: VOLUMES,
    volumeMounts: MOUNTS, env: { B: 'true', A: '1' }, labels: { ...SELECTOR, 'example.com/team': 'edge' }, annotations: PODS.annotations, serviceAccount: { annotations: ROLE },
    podAnnotations: { 'example.com/istio': '1.30' },
  });
});

test('the overlay for istioctl has all of it, as fields or as patches', () => {
  const { revision, components: { ingressGateways: [{ label, k8s: settings }] }, values: chart } = operator(PODS);
  expect({ revision, label, chart }).toMatchObject({ revision: 'canary', label: SELECTOR, chart: { gateways: { 'istio-ingressgateway': { serviceAccount: { annotations: ROLE } } } } });
  expect(settings).toMatchObject({
    nodeSelector, tolerations, affinity, priorityClassName, env, serviceAnnotations: PODS.annotations, podAnnotations: { 'example.com/istio': '1.30' },
  });
  const labels = { 'metadata.labels.example\\.com/team': 'edge' };
  const annotated = { ...labels, 'metadata.annotations': PODS.annotations };
  expect(patches(PODS, 'Deployment')).toMatchObject({
    ...annotated,
    'spec.template.metadata.labels.example\\.com/team': 'edge',
    'spec.template.spec.topologySpreadConstraints': SPREAD,
    'spec.template.spec.imagePullSecrets': SECRETS,
    'spec.template.spec.volumes': VOLUMES,
    'spec.template.spec.containers.[name:istio-proxy].volumeMounts': MOUNTS,
  });
  expect(patches(PODS, 'HorizontalPodAutoscaler')).toEqual(annotated);
  expect(patches(PODS, 'Service')).toEqual(labels);
  expect(patches(PODS, 'PodDisruptionBudget')).toEqual(labels);
  expect(patches(PODS, 'ServiceAccount', 'istio-ingress-service-account')).toEqual(labels);
  expect(patches(PODS, 'Role', 'istio-ingress-sds')).toEqual(annotated);
  expect(patches(PODS, 'RoleBinding', 'istio-ingress-sds')).toEqual(annotated);
});

test('an unset option is in none of them, and neither is an empty one', () => {
  const empty: GatewayPodOptions = { tolerations: [], imagePullSecrets: [], env: [], volumes: [], volumeMounts: [], labels: {}, annotations: {}, serviceAccountAnnotations: {} };
  const installed = GatewayWorkload.installed();
  expect(synthesized(injected(empty))).toEqual(synthesized(injected({})));
  expect(GatewayWorkload.installed(empty).helmValues()).toBe(installed.helmValues());
  expect(GatewayWorkload.installed(empty).istioOperator()).toBe(installed.istioOperator());
  expect(installed.helmValues()).not.toMatch(/nodeSelector|tolerations|affinity|priorityClassName|imagePullSecrets|volume|env|annotations:\s*\{\}|serviceAccount/);
});

test('volumes without mounts still replace the mounts of the chart for istioctl, whose volumes they replace', () => {
  expect(patches({ volumes: PODS.volumes }, 'Deployment')['spec.template.spec.containers.[name:istio-proxy].volumeMounts']).toEqual([]);
  expect(patches({}, 'Deployment')).not.toHaveProperty(['spec.template.spec.containers.[name:istio-proxy].volumeMounts']);
});

test('a variable that refers to another one or to a field of the pod keeps its place for Helm, whose map is sorted', () => {
  const list: k8s.EnvVar[] = [{ name: 'Z', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'A', value: '$(Z)' }];
  expect(values({ env: list })).toMatchObject({ envVarFrom: list });
  expect(values({ env: list })).not.toHaveProperty('env');
  expect(values({ env: [{ name: 'Z', value: '1' }, { name: 'A', value: '$(Z)' }] })).toHaveProperty('envVarFrom');
});

test('a constraint with its own selector keeps it', () => {
  const labelSelector = { matchLabels: { tier: 'edge' } };
  const constraint = { maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector };
  expect(theOnly(injected({ topologySpreadConstraints: [constraint] }), 'Deployment').spec.template.spec.topologySpreadConstraints).toEqual([constraint]);
  expect(theOnly(injected({ topologySpreadConstraints: [] }), 'Deployment').spec.template.spec).not.toHaveProperty('topologySpreadConstraints');
  expect(values({ topologySpreadConstraints: [] })).not.toHaveProperty('topologySpreadConstraints');
});

test('annotations of the load balancer win over those of all objects', () => {
  const made = new InjectedGateway(emptyChart(), 'Workload', { annotations: { a: 'all' }, serviceAnnotations: { a: 'service' }, service: ServiceExposure.clusterIp() });
  expect(theOnly(made, 'Service').metadata.annotations).toEqual({ a: 'service' });
  expect(theOnly(made, 'Deployment').metadata.annotations).toEqual({ a: 'all' });
});

test.each<[GatewayPodOptions, string]>([
  [{ nodeSelector: {} }, 'nodeSelector'],
  [{ nodeSelector: { a: 'b c' } }, 'nodeSelector.a'],
  [{ priorityClassName: 'High' }, 'priorityClassName'],
  [{ imagePullSecrets: ['a', 'team/b'] }, 'imagePullSecrets[1]'],
  [{ imagePullSecrets: ['a', 'a'] }, 'imagePullSecrets[1]'],
  [{ tolerations: [{ keys: 'a' } as never] }, 'tolerations[0].keys'],
  [{ tolerations: { key: 'a' } as never }, 'tolerations'],
  [{ affinity: 'zone' as never }, 'affinity'],
  [{ affinity: { podAntiAffinity: { required: [] } as never } }, 'affinity.podAntiAffinity.required'],
  [{ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'b', skew: 2 } as never] }, 'topologySpreadConstraints[0].skew'],
  [{ affinity: { nodeAffinity: 'zone' } as never }, 'affinity.nodeAffinity'],
  [{ env: [{ name: 'A=B', value: '' }] }, 'env[0].name'],
  [{ env: [{ value: 'a' } as never] }, 'env[0].name'],
  [{ volumes: [{ name: '', emptyDir: {} }] }, 'volumes[0].name'],
  [{ env: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }] }, 'env[1]'],
  [{ env: [{ name: 'POD_NAME', value: 'a' }] }, 'env[0].name'],
  [{ env: [{ name: 'PROXY_CONFIG', value: '{}' }] }, 'env[0].name'],
  [{ env: [{ name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }, 'env[0].valueFrom'],
  [{ env: [{ name: 'A', valueOf: {} } as never] }, 'env[0].valueOf'],
  [{ volumes: [{ name: 'istio-token', emptyDir: {} }] }, 'volumes[0].name'],
  [{ volumes: [{ name: 'a', emptyDir: {} }, { name: 'a', emptyDir: {} }] }, 'volumes[1]'],
  [{ volumes: [{ name: 'a', empty: {} } as never] }, 'volumes[0].empty'],
  [{ volumeMounts: [{ name: 'a', mountPath: '/a' }] }, 'volumeMounts[0].name'],
  [{ volumes: [{ name: 'a', emptyDir: {} }], volumeMounts: [{ name: 'b', mountPath: '/b' }] }, 'volumeMounts[0].name'],
  [{ volumes: [{ name: 'a', emptyDir: {} }], volumeMounts: [{ name: 'a', mountPath: '/a' }, { name: 'a', mountPath: '/a' }] }, 'volumeMounts[1]'],
  [{ labels: { app: 'b' } }, 'labels.app'],
  [{ labels: { 'istio.io/rev': 'canary' }, revision: 'canary' }, 'labels.istio.io/rev'],
  [{ labels: { 'sidecar.istio.io/inject': 'true' }, revision: 'canary' }, 'labels.sidecar.istio.io/inject'],
  [{ labels: { 'istio-injection': 'enabled' }, revision: 'canary' }, 'labels.istio-injection'],
  [{ labels: { 'app.kubernetes.io/name': 'b' } }, 'labels.app.kubernetes.io/name'],
  [{ labels: { 'helm.sh/chart': 'b' } }, 'labels.helm.sh/chart'],
  [{ labels: { a: 'b c' } }, 'labels.a'],
  [{ annotations: { 'a b': 'c' } }, 'annotations'],
  [{ annotations: { [`${ALB_PREFIX}scheme`]: 'internal' } }, `annotations.${ALB_PREFIX}scheme`],
  [{ serviceAccountAnnotations: { 'a b': 'c' } }, 'serviceAccountAnnotations'],
])('%j is refused, injected and installed', (options, prop) => {
  expect(refusal(() => injected(options))).toMatchObject({ prop, path: 'chart/Workload' });
  expect(refusal(() => GatewayWorkload.installed(options))).toMatchObject({ prop, path: '' });
});
