// The Ingress: its class, ports, rules, annotations and what it says about the ALB. One sentence per failure mode.
import { App, Chart } from 'cdk8s';
import { decodeAlbAnnotations } from '../../src/base/alb-annotations/annotations';
import { IpAddressType } from '../../src/edge/alb/alb';
import { AlbAuth } from '../../src/edge/alb/auth';
import { type AlbIngressClassProps } from '../../src/edge/alb/ingress-class';
import { ForwardTarget, ListenerAction } from '../../src/edge/listener/action';
import { ListenerCondition } from '../../src/edge/listener/condition';
import { type ListenerRuleOptions, RulePath } from '../../src/edge/listener/rule';
import { type AlbOptions } from '../../src/edge/alb/options';
import { AlbController, AlbIngressClass, AlbScheme, GatewayWorkload, GitOpsApp, Listener, ServiceExposure, TargetType } from '../../src/index';
import { refusal } from '../refusal';
import { theOnly } from '../synthesized';
import { BEHIND_ALB, CERTIFICATE, DEFAULT, DEPLOYED, EDGES, each, edge, group, Made, PREFIX } from './edges';

const down = ListenerAction.respond(503);

function alb(options: AlbOptions): Made {
  return new Made('alb', edge({ alb: options }));
}

function withRule(name: string, options: ListenerRuleOptions): Made {
  const made = edge();
  made.alb!.addRule(name, options);
  return new Made(name, made);
}

/** An ALB of a class that decides something. */
function ofClass(decided: AlbIngressClassProps, options: AlbOptions = {}): Made {
  const app = new App();
  return new Made('of a class', edge({ alb: { ...options, ingressClass: new AlbIngressClass(new Chart(app, 'platform'), 'Class', decided) } }, app));
}

const refusedAlb = (options: AlbOptions) => refusal(() => alb(options));

test('the ALB forwards to the gateway, and past it only with a rule that forwards (E041)', () => {
  each(BEHIND_ALB, made => new Set(made.backends.map(({ name }) => name)), made => new Set([made.edge.workload.serviceName]));
  const past = withRule('static', { action: ListenerAction.forward([ForwardTarget.service('files', 80)]), path: RulePath.prefix('/static') });
  expect(JSON.parse(past.annotations['actions.static']).forwardConfig.targetGroups).toEqual([{ serviceName: 'files', servicePort: 80 }]);
});

test('an Ingress is in the namespace of the gateway\'s Service (E046)', () => {
  each(BEHIND_ALB, made => made.only('Ingress').metadata.namespace, made => made.edge.workload.workloadNamespace);
  each(DEPLOYED, made => made.only('Ingress').metadata.namespace, made => made.only('Service').metadata.namespace);
});

test('an Ingress forwards to a port of the gateway\'s Service (E047)', () => {
  each(DEPLOYED, made => made.backends.filter(({ port }) => !made.only('Service').spec.ports.some((own: any) => own.port === port.number)), () => []);
});

test('targets are pods unless a NodePort Service or targetType selects nodes (E050)', () => {
  each(BEHIND_ALB.filter(({ name }) => !/nodes/.test(name)), made => made.annotations['target-type'], () => 'ip');
  expect(refusedAlb({ targetNodeLabels: { pool: 'edge' } })).toMatchObject({ prop: 'targetNodeLabels' });
});

test.each<[string, AlbOptions]>([
  ['scheme', { scheme: 'Internet-facing' as AlbScheme }],
  ['targetType', { targetType: 'IP' as TargetType }],
  ['protocolVersion', { protocolVersion: 'http2' as never }],
  ['ipAddressType', { ipAddressType: 'IPv4' as IpAddressType }],
])('%s accepts only the enum values of the controller (E051)', (prop, options) => {
  expect(refusedAlb(options)).toMatchObject({ prop: `alb.${prop}`, value: Object.values(options)[0] });
});

test('every annotation is one that the controller knows, and none of the ALB is on the Service (E052)', () => {
  each(BEHIND_ALB, made => decodeAlbAnnotations(made.only('Ingress').metadata.annotations!).unknown, () => []);
  expect(EDGES.flatMap(made => made.of('Service')).flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {})).filter(key => key.startsWith(PREFIX))).toEqual([]);
});

test('every annotation has a value that the controller accepts (E053)', () => {
  each(BEHIND_ALB, made => decodeAlbAnnotations(made.only('Ingress').metadata.annotations!).malformed, () => []);
});

test('an action and the backend that uses it come together (E054)', () => {
  const made = withRule('down', { action: down, path: RulePath.exact('/down') });
  expect(Object.keys(made.annotations).filter(key => /^(actions|conditions|transforms)\./.test(key))).toEqual(['actions.down']);
  expect(made.backends.map(({ name, port }) => [name, port.name])).toEqual([['down', 'use-annotation'], ['istio-ingress', undefined]]);
});

test('a port has one listener, with a protocol in upper case (E055)', () => {
  expect(refusedAlb({ listeners: [Listener.http(80), Listener.https(80)] })).toMatchObject({ prop: 'listeners[1].port', value: 80 });
  each(BEHIND_ALB, made => made.ports.flatMap(Object.keys).filter(protocol => protocol !== 'HTTP' && protocol !== 'HTTPS'), () => []);
});

test('the listeners are always written (E056)', () => {
  each(BEHIND_ALB, made => made.ports.length > 0, () => true);
  expect(refusedAlb({ listeners: [] })).toMatchObject({ prop: 'listeners' });
});

test('an ALB never redirects to a port without an HTTPS listener (E057)', () => {
  const redirecting = BEHIND_ALB.filter(({ annotations }) => annotations['ssl-redirect'] !== undefined);
  each(redirecting, made => made.ports, made => expect.arrayContaining([{ HTTPS: Number(made.annotations['ssl-redirect']) }]));
  expect(refusal(() => ofClass({ sslRedirectPort: 8443 }))).toMatchObject({ prop: 'listeners' });
});

test('an HTTPS listener has certificates, or a host to find one by (E058)', () => {
  expect(refusal(() => edge({ hosts: ['*'] }))).toMatchObject({ prop: 'certificateArns', value: undefined });
  expect(new Made('any', edge({ hosts: ['*'], alb: { certificateArns: [CERTIFICATE] } })).annotations['certificate-arn']).toBe(CERTIFICATE);
});

test('an Ingress has its class as a field, whatever else it says (E059)', () => {
  each(BEHIND_ALB, made => typeof made.only('Ingress').spec.ingressClassName, () => 'string');
  expect(theOnly(ofClass({ className: 'platform' }).edge.node.root, 'IngressClass').spec.controller).toBe('ingress.k8s.aws/alb');
});

test('no object is of an API version that Kubernetes has removed (E060)', () => {
  const versions = new Set(EDGES.flatMap(({ all }) => all).map(({ apiVersion, kind }) => `${kind} ${apiVersion}`).filter(each => !/istio\.io|cert-manager/.test(each)));
  expect([...versions].sort()).toEqual([
    'Deployment apps/v1', 'HorizontalPodAutoscaler autoscaling/v2', 'Ingress networking.k8s.io/v1', 'Namespace v1', 'PodDisruptionBudget policy/v1',
    'Role rbac.authorization.k8s.io/v1', 'RoleBinding rbac.authorization.k8s.io/v1', 'Service v1', 'ServiceAccount v1',
  ]);
});

test('every path is sent to the gateway, and a prefix has no wildcard (E061)', () => {
  each(BEHIND_ALB, made => new Set(made.only('Ingress').spec.rules.map(({ http }: any) => http.paths.map(({ path, pathType }: any) => `${path} ${pathType}`).join())),
    () => new Set(['/ Prefix']));
  expect(refusal(() => RulePath.prefix('/*'))).toMatchObject({ prop: 'path' });
});

test('no member of a group serves what an earlier one serves (E062)', () => {
  const hosts = (own: string) => ({ hosts: [own], certificateArns: [CERTIFICATE] });
  expect(refusal(() => group(hosts('a.example.com'), hosts('a.example.com')))).toMatchObject({ prop: 'hosts[0]', path: 'edge-1/Alb' });
  expect(refusal(() => group(hosts('*'), hosts('a.example.com')))).toMatchObject({ prop: 'hosts[0]', path: 'edge-1/Alb' });
  expect(() => group(hosts('a.example.com'), hosts('*.example.com'), hosts('*'))).not.toThrow();
});

test('a rule of the Ingress has its host and its paths in one entry (E063)', () => {
  each(BEHIND_ALB, made => made.only('Ingress').spec.rules.filter(({ http }: any) => http === undefined), () => []);
  expect(withRule('down', { action: down, hosts: ['shop.example.com'] }).only('Ingress').spec.rules.map((rule: object) => Object.keys(rule).sort())).toEqual(
    [['host', 'http'], ['host', 'http']]);
});

test('no Ingress has a default backend, any host is a rule (E064)', () => {
  each(BEHIND_ALB, made => made.only('Ingress').spec.defaultBackend, () => undefined);
});

const inGroup = (groupName: string, groupOrder: number): AlbOptions => ({ group: { groupName }, groupOrder });

test.each<[string, AlbOptions]>([
  ['group', inGroup('Shop', 1)], ['group', inGroup('a'.repeat(64), 1)], ['groupOrder', inGroup('shop', 1001)], ['groupOrder', inGroup('shop', -1001)],
  ['loadBalancerName', { loadBalancerName: 'a'.repeat(33) }],
])('%s keeps to the bounds of names and orders (E066)', (prop, options) => {
  expect(refusedAlb(options).prop).toBe(prop);
});

test.each([[[]], [['subnet-0a1b2c3d']], [['subnet-0a1b2c3d', 'subnet-0a1b2c3d']], [['subnet-0a1b2c3d', 'subnet-1']]])('the subnets %j are rejected (E067)', subnets => {
  expect(refusedAlb({ subnets }).prop).toMatch(/^subnets/);
});

test('the scheme is always written (E068)', () => {
  each(BEHIND_ALB, made => made.annotations.scheme, made => (/class that is there/.test(made.name) ? 'internal' : 'internet-facing'));
});

test('with security groups of its own, the ALB has the rules to its targets managed (E069)', () => {
  expect(alb({ securityGroups: ['sg-0a1b2c3d'] }).annotations['manage-backend-security-group-rules']).toBe('true');
  expect(alb({ securityGroups: ['sg-0a1b2c3d'], manageBackendSecurityGroupRules: false }).annotations['manage-backend-security-group-rules']).toBe('false');
});

test('a rule has at most five values and five targets, and routes make no rules (E074)', () => {
  const conditions = [ListenerCondition.path(['/a', '/b', '/c', '/d'])];
  expect(refusal(() => withRule('down', { action: down, conditions, path: RulePath.prefix('/e') })).value).toBe(6);
  expect(refusal(() => ListenerCondition.path(['/a', '/b', '/c', '/d', '/e', '/f'])).value).toBe(6);
  const targets = [1, 2, 3, 4, 5, 6].map(index => ForwardTarget.service(`s${index}`, 80, 1));
  expect(refusal(() => ListenerAction.forward(targets)).prop).toBe('targets');
  expect(refusal(() => ForwardTarget.service('s', 80, 1000))).toMatchObject({ prop: 'weight', value: 1000 });
  expect(DEFAULT.only('Ingress').spec.rules).toHaveLength(1);
});

test('the Service has no annotations that the Ingress has too (E075)', () => {
  const key = `${PREFIX}backend-protocol`;
  expect(refusal(() => edge({ workload: GatewayWorkload.injected({ serviceAnnotations: { [key]: 'HTTP' } }) }))).toMatchObject({ prop: `serviceAnnotations.${key}` });
});

test('what the class decides is not said again, and not taken (E076)', () => {
  expect(refusal(() => ofClass({ scheme: AlbScheme.INTERNAL }, { scheme: AlbScheme.INTERNET_FACING }))).toMatchObject({ prop: 'scheme' });
  expect(refusal(() => ofClass({ targetType: TargetType.INSTANCE }))).toMatchObject({ prop: 'targetType' });
  expect(ofClass({ scheme: AlbScheme.INTERNAL }).annotations).not.toHaveProperty('scheme');
});

test('every Ingress has a class, so Istio ignores it (E078)', () => {
  each(BEHIND_ALB, made => made.only('Ingress').spec.ingressClassName.length > 0, () => true);
});

test('no manifest is an IstioOperator (E079)', () => {
  const app = new GitOpsApp({ folder: 'dist/failure-modes' });
  const workload = GatewayWorkload.installed({ service: ServiceExposure.clusterIp() });
  app.addGatewayInstall(workload);
  const made = new Made('installed', edge({ workload }, app));
  expect(made.all.map(({ kind }) => kind).sort()).toEqual(['Gateway', 'Ingress']);
  expect(workload.istioOperator()).toContain('kind: IstioOperator');
});

test('the class of EKS Auto Mode has its parameters, and what it ignores is refused (E080)', () => {
  const controller = AlbController.EKS_AUTO_MODE;
  const made = alb({ controller });
  expect([made.only('IngressClass').spec, made.only('IngressClassParams').apiVersion]).toEqual([
    { controller: 'eks.amazonaws.com/alb', parameters: { apiGroup: 'eks.amazonaws.com', kind: 'IngressClassParams', name: 'istio-ingress' } }, 'eks.amazonaws.com/v1',
  ]);
  expect(made.only('Ingress').spec.ingressClassName).toBe('istio-ingress');
  expect(refusedAlb({ controller, shieldAdvancedProtection: true })).toMatchObject({ prop: 'shieldAdvancedProtection' });
  expect(refusedAlb({ controller, group: { groupName: 'public' }, groupOrder: 0 })).toMatchObject({ prop: 'group' });
});

test('ExternalDNS annotations say that the Ingress has the address (E081)', () => {
  each(BEHIND_ALB, made => Object.values(made.only('Gateway').metadata.annotations ?? {}), made => {
    const { name, namespace } = made.only('Ingress').metadata;
    return [`${namespace}/${name}`, `${namespace}/${name}`]; // under both prefixes
  });
});

test('HTTP redirects by a setting and not by a rule (E082)', () => {
  expect(refusal(() => withRule('ssl-redirect', { action: ListenerAction.redirect({ port: 443 }), path: RulePath.prefix('/') })).value).toBe('ssl-redirect');
  expect(refusal(() => withRule('all', { action: down }))).toMatchObject({ value: undefined, reason: expect.stringContaining('every request') });
});

test('login is on the HTTPS listener, and HTTP redirects to it (E108)', () => {
  const auth = AlbAuth.jwt({ jwksEndpoint: 'https://id.example.com/keys', issuer: 'https://id.example.com' });
  expect(refusedAlb({ auth, listeners: [Listener.http()] })).toMatchObject({ prop: 'auth' });
  expect(alb({ auth, listeners: [Listener.http(8080), Listener.https()] }).annotations['ssl-redirect']).toBe('443');
});

test('the class of an Ingress is no annotation (E144)', () => {
  each(BEHIND_ALB, made => Object.keys(made.only('Ingress').metadata.annotations!).filter(key => /ingress\.class$/.test(key)), () => []);
});
