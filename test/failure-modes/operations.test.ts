// Rollouts, timeouts, health and looks: what wears an edge down slowly. One sentence per failure mode.
import { Duration } from 'cdk8s';
import { ForwardTarget, ListenerAction } from '../../src/edge/listener/action';
import { RulePath } from '../../src/edge/listener/rule';
import { ListenerTransform } from '../../src/edge/listener/transform';
import { type AlbOptions } from '../../src/edge/alb/options';
import { CrossZone, LoadBalancingAlgorithm, Stickiness } from '../../src/edge/alb/target-group-attributes';
import { GatewayWorkload, Listener } from '../../src/index';
import { refusal } from '../refusal';
import { BEHIND_ALB, BEHIND_NLB, DEFAULT, DEPLOYED, EDGES, each, edge, group, Made } from './edges';

const alb = (options: AlbOptions) => new Made('alb', edge({ alb: options }));
const refusedAlb = (options: AlbOptions) => refusal(() => alb(options));
const targetGroup = (made: Made) => made.annotations['target-group-attributes'].split(',');
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)![1]);
const deregistration = (made: Made) => Number(/deregistration_delay\.timeout_seconds=(\d+)/.exec(made.annotations['target-group-attributes'])![1]);

test('no member of a group loses its HTTP rules to the redirect of another (E137)', () => {
  const plain = { listeners: [Listener.http()] };
  expect(refusal(() => group({}, plain))).toMatchObject({ prop: 'listeners', path: 'edge-1/Alb' });
  expect(refusal(() => group(plain, {}))).toMatchObject({ prop: 'listeners', path: 'edge-1/Alb' });
  expect(() => group(plain, plain)).not.toThrow();
});

test('a pod outlives its wait and its drain, and these the deregistration (E109)', () => {
  for (const made of DEPLOYED) {
    const { terminationGracePeriodSeconds: grace, containers } = made.pod.spec;
    const wait = Number(containers[0].lifecycle.preStop.exec.command[1]);
    const drain = seconds(made.proxyConfig.terminationDrainDuration);
    expect({ name: made.name, graceCoversDrain: grace > wait + drain, drainCoversDeregistration: drain >= deregistration(made) })
      .toEqual({ name: made.name, graceCoversDrain: true, drainCoversDeregistration: true });
  }
  expect(refusedAlb({ deregistrationDelay: Duration.seconds(31) })).toMatchObject({ prop: 'deregistrationDelay', value: '31000 ms' });
});

test('the namespace of a gateway enables readiness gates (E110)', () => {
  each(DEPLOYED, made => made.only('Namespace').metadata.labels!['elbv2.k8s.aws/pod-readiness-gate-inject'], () => 'enabled');
  each(DEPLOYED, made => made.only('Namespace').metadata.name, made => made.only('Deployment').metadata.namespace);
});

test('a gateway has two pods or more, of which one may be away (E111)', () => {
  expect(refusal(() => edge({ workload: GatewayWorkload.injected({ minReplicas: 1 }) }))).toMatchObject({ prop: 'minReplicas', value: 1 });
  each(DEPLOYED, made => made.only('HorizontalPodAutoscaler').spec.minReplicas, made => (made.name === 'two proxies' ? 7 : 2));
  each(DEPLOYED, made => made.only('PodDisruptionBudget').spec, made => ({ maxUnavailable: 1, selector: { matchLabels: made.only('Gateway').spec.selector } }));
});

test('the number of pods is the autoscaler\'s alone (E112)', () => {
  each(DEPLOYED, made => 'replicas' in made.only('Deployment').spec, () => false);
  each(DEPLOYED, made => made.only('HorizontalPodAutoscaler').spec.scaleTargetRef.name, made => made.only('Deployment').metadata.name);
});

test('the address of the client is taken from the ALB unless trustedProxies is 0 (E113)', () => {
  each(DEPLOYED, made => made.proxyConfig.gatewayTopology.numTrustedProxies >= 1, () => true);
  expect(new Made('asked', edge({ workload: GatewayWorkload.injected({ trustedProxies: 0 }) })).proxyConfig.gatewayTopology.numTrustedProxies).toBe(0);
});

test('the topology of a gateway is set on its pods, where a change restarts them (E114)', () => {
  each(DEPLOYED, made => made.proxyConfig.gatewayTopology !== undefined, () => true);
  expect(EDGES.flatMap(({ all }) => all).filter(({ kind }) => kind === 'ProxyConfig' || kind === 'EnvoyFilter')).toEqual([]);
});

test('X-Forwarded-For has no ports unless xffClientPort says so (E115)', () => {
  each(BEHIND_ALB, made => made.attributes.filter(attribute => /xff_client_port/.test(attribute)), () => []);
  expect(alb({ attributes: { xffClientPort: true } }).attributes).toContain('routing.http.xff_client_port.enabled=true');
});

test('the ALB closes an idle connection before the gateway does, unless idleTimeout is set (E117)', () => {
  each(BEHIND_ALB, made => made.attributes.filter(attribute => /idle_timeout/.test(attribute)), () => []);
  each(DEPLOYED, made => Object.keys(made.proxyConfig).sort(), () => ['gatewayTopology', 'terminationDrainDuration']);
  each(DEPLOYED, made => made.pod.spec.containers[0].env, () => undefined);
});

test('targets are pods unless node ports are requested (E119)', () => {
  expect({ targetType: DEFAULT.annotations['target-type'], type: DEFAULT.only('Service').spec.type }).toEqual({ targetType: 'ip', type: 'ClusterIP' });
});

test('a Service behind an ALB has the traffic policy Cluster (E120)', () => {
  each(DEPLOYED, made => made.only('Service').spec.externalTrafficPolicy, () => undefined);
  expect(DEPLOYED.some(made => made.only('Service').spec.type === 'NodePort')).toBe(true);
});

test('the deregistration delay is written, and no longer than the drain (E121)', () => {
  each(DEPLOYED, deregistration, made => seconds(made.proxyConfig.terminationDrainDuration));
  expect(refusedAlb({ targetGroupAttributes: { other: { 'deregistration_delay.timeout_seconds': '300' } } }).prop).toContain('deregistration_delay');
});

test('a health check passes with 200 alone (E122)', () => {
  each(BEHIND_ALB.filter(({ name }) => name !== 'gRPC'), made => made.annotations['success-codes'], () => '200');
});

test.each<[string, AlbOptions]>([
  ['healthCheck.interval', { healthCheck: { interval: Duration.seconds(4) } }],
  ['healthCheck.timeout', { healthCheck: { interval: Duration.seconds(10), timeout: Duration.seconds(10) } }],
  ['healthCheck.healthyThreshold', { healthCheck: { healthyThreshold: 1 } }],
  ['healthCheck.unhealthyThreshold', { healthCheck: { unhealthyThreshold: 11 } }],
])('%s keeps to the bounds of AWS (E123)', (prop, options) => {
  expect(refusedAlb(options).prop).toBe(prop);
});

test('nobody sticks to a gateway pod unless stickiness says so (E128)', () => {
  each(BEHIND_ALB, made => targetGroup(made).filter(attribute => /stickiness/.test(attribute)), () => []);
  expect(targetGroup(alb({ targetGroupAttributes: { stickiness: Stickiness.loadBalancerCookie() } }))).toContain('stickiness.enabled=true');
});

test('slow start goes with round robin alone (E129)', () => {
  const targetGroupAttributes = { slowStart: Duration.seconds(30), algorithm: LoadBalancingAlgorithm.LEAST_OUTSTANDING_REQUESTS };
  expect(refusedAlb({ targetGroupAttributes })).toMatchObject({ prop: 'targetGroupAttributes.slowStart' });
});

test('an ALB can be deleted unless deletionProtection says otherwise (E138)', () => {
  each(BEHIND_ALB, made => made.attributes.filter(attribute => /deletion_protection/.test(attribute)), () => []);
  expect(alb({ attributes: { deletionProtection: true } }).attributes).toContain('deletion_protection.enabled=true');
});

test('zones help each other out unless crossZone is off, and pods are spread over them (E139)', () => {
  each(BEHIND_ALB, made => targetGroup(made).filter(attribute => /cross_zone/.test(attribute)), () => []);
  each(DEPLOYED, made => made.pod.spec.topologySpreadConstraints[0].topologyKey, () => 'topology.kubernetes.io/zone');
  expect(targetGroup(alb({ targetGroupAttributes: { crossZone: CrossZone.OFF } }))).toContain('load_balancing.cross_zone.enabled=false');
});

test('the Host header reaches the gateway unchanged unless a rule rewrites it (E141)', () => {
  each(BEHIND_ALB, made => Object.keys(made.annotations).filter(key => key.startsWith('transforms.')), () => []);
  const asked = edge();
  asked.alb!.addRule('old', {
    path: RulePath.prefix('/old'), action: ListenerAction.forward([ForwardTarget.service('old', 80)]), transforms: [ListenerTransform.hostHeaderRewrite('.*', 'old.example.com')],
  });
  expect(Object.keys(new Made('asked', asked).annotations)).toContain('transforms.old');
});

test('every port of a gateway\'s Service leads to a number (E142)', () => {
  const targets = [...DEPLOYED, ...BEHIND_NLB].flatMap(made => made.only('Service').spec.ports).map(({ targetPort }: any) => typeof targetPort);
  expect(new Set(targets)).toEqual(new Set(['number']));
});

test('an edge made twice is written in the same order (E147)', () => {
  const attributes = { other: { 'z.z': '1', 'a.a': '2' }, idleTimeout: Duration.seconds(90) };
  const turned = { idleTimeout: Duration.seconds(90), other: { 'a.a': '2', 'z.z': '1' } };
  const tags = [{ team: 'shop', env: 'prod' }, { env: 'prod', team: 'shop' }];
  expect(JSON.stringify(alb({ attributes, tags: tags[0] }).all)).toBe(JSON.stringify(alb({ attributes: turned, tags: tags[1] }).all));
});
