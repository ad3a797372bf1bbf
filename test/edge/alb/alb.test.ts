// The load balancer alone, over a backend made by hand.
import { Duration } from 'cdk8s';
import { Alb, type AlbProps, AlbScheme, BackendProtocol, TargetType } from '../../../src/edge/alb/alb';
import { AlbIngressClass } from '../../../src/edge/alb/ingress-class';
import { Listener, ListenerProtocol } from '../../../src/edge/listener/listener';
import { ForwardTarget, ListenerAction } from '../../../src/edge/listener/action';
import { ListenerCondition } from '../../../src/edge/listener/condition';
import { type ListenerRuleOptions, RulePath } from '../../../src/edge/listener/rule';
import { ListenerTransform } from '../../../src/edge/listener/transform';
import { refusal } from '../../refusal';
import { emptyChart, labels, theOnly } from '../../synthesized';
import { backend } from '../stubs';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';

function alb(props: Partial<AlbProps> = {}): Alb {
  return new Alb(emptyChart(), 'Alb', { backend: backend(), hosts: ['shop.example.com'], ...props });
}

function annotations(props: Partial<AlbProps>): Record<string, string> {
  const found = theOnly(alb(props), 'Ingress').metadata.annotations!;
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key.replace('alb.ingress.kubernetes.io/', ''), value]));
}

test('an ALB is one Ingress whose target settings all come from the backend', () => {
  expect(theOnly(alb(), 'Ingress')).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'door',
      namespace: 'front',
      labels: labels('door', 'alb'),
      annotations: {
        'alb.ingress.kubernetes.io/scheme': 'internet-facing',
        'alb.ingress.kubernetes.io/load-balancer-attributes': 'routing.http.drop_invalid_header_fields.enabled=true',
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
        'alb.ingress.kubernetes.io/ssl-redirect': '443',
        'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        'alb.ingress.kubernetes.io/target-type': 'ip',
        'alb.ingress.kubernetes.io/backend-protocol': 'HTTPS',
        'alb.ingress.kubernetes.io/target-group-attributes': 'deregistration_delay.timeout_seconds=20',
        'alb.ingress.kubernetes.io/healthcheck-port': 'health',
        'alb.ingress.kubernetes.io/healthcheck-protocol': 'HTTP',
        'alb.ingress.kubernetes.io/healthcheck-path': '/ready',
        'alb.ingress.kubernetes.io/success-codes': '200',
      },
    },
    spec: {
      ingressClassName: 'alb',
      rules: [{
        host: 'shop.example.com',
        http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'door', port: { number: 8443 } } } }] },
      }],
    },
  });
});

test('every option is rendered', () => {
  const made = alb({
    ingressName: 'mine',
    ingressClass: AlbIngressClass.fromName('alb.internal'),
    scheme: AlbScheme.INTERNAL,
    certificateArns: [CERTIFICATE],
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    targetType: TargetType.INSTANCE,
    subnets: ['subnet-0a1b2c3d', 'public-1b'],
    loadBalancerName: 'shop',
    deregistrationDelay: Duration.seconds(5),
  });
  const ingress = theOnly(made, 'Ingress');
  expect({ ingressName: made.ingressName, ingressNamespace: made.ingressNamespace, hosts: made.hosts })
    .toEqual({ ingressName: 'mine', ingressNamespace: 'front', hosts: ['shop.example.com'] });
  expect({ name: ingress.metadata.name, ingressClassName: ingress.spec.ingressClassName }).toEqual({ name: 'mine', ingressClassName: 'alb.internal' });
  expect(ingress.metadata.annotations).toMatchObject({
    'alb.ingress.kubernetes.io/scheme': 'internal',
    'alb.ingress.kubernetes.io/certificate-arn': CERTIFICATE,
    'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    'alb.ingress.kubernetes.io/target-type': 'instance',
    'alb.ingress.kubernetes.io/subnets': 'subnet-0a1b2c3d,public-1b',
    'alb.ingress.kubernetes.io/load-balancer-name': 'shop',
    'alb.ingress.kubernetes.io/target-group-attributes': 'deregistration_delay.timeout_seconds=5',
  });
});

test('hosts keep their order, and * becomes a rule without a host', () => {
  const { spec } = theOnly(alb({ hosts: ['b.a', '*.a', '*'] }), 'Ingress');
  expect(spec.rules.map((rule: { host?: string }) => rule.host)).toEqual(['b.a', '*.a', undefined]);
  expect(Object.keys(spec.rules[2])).toEqual(['http']);
});

test('HTTP redirects to the first HTTPS listener', () => {
  expect(annotations({ listeners: [Listener.http(8080), Listener.https(8443), Listener.https()] })).toMatchObject({
    'listen-ports': '[{"HTTP":8080},{"HTTPS":8443},{"HTTPS":443}]',
    'ssl-redirect': '8443',
  });
});

test('an HTTPS listener alone adds no redirect', () => {
  const written = annotations({ listeners: [Listener.https()] });
  expect(written).toMatchObject({ 'listen-ports': '[{"HTTPS":443}]', 'ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06' });
  expect(written).not.toHaveProperty('ssl-redirect');
});

test('an HTTP listener alone has neither a redirect nor a TLS policy', () => {
  const written = annotations({ listeners: [Listener.http()] });
  expect(written).toMatchObject({ 'listen-ports': '[{"HTTP":80}]' });
  expect(written).not.toHaveProperty('ssl-redirect');
  expect(written).not.toHaveProperty('ssl-policy');
});

test('target type and protocols default to those that the backend prefers', () => {
  const nodes = backend({ targetTypes: [TargetType.INSTANCE], backendProtocol: BackendProtocol.HTTP, healthCheckProtocol: BackendProtocol.HTTPS });
  expect(annotations({ backend: nodes })).toMatchObject({ 'target-type': 'instance', 'backend-protocol': 'HTTP', 'healthcheck-protocol': 'HTTPS' });
});

test.each([
  [Duration.minutes(2), '120'], [Duration.minutes(120), '3600'], [Duration.millis(1500), '1'], [Duration.seconds(0), '0'],
])('a gateway that drains for %s is let go of after %s seconds', (drainDuration, seconds) => {
  expect(annotations({ backend: backend({ drainDuration }) })['target-group-attributes']).toBe(`deregistration_delay.timeout_seconds=${seconds}`);
});

test('host * requires a certificate, because none can be discovered', () => {
  expect(refusal(() => alb({ hosts: ['*'] }))).toMatchObject({ prop: 'certificateArns', value: undefined, path: 'chart/Alb' });
  expect(annotations({ hosts: ['*'], certificateArns: [CERTIFICATE] })['certificate-arn']).toBe(CERTIFICATE);
  expect(annotations({ hosts: ['*', 'a.b'] })).not.toHaveProperty('certificate-arn');
  expect(annotations({ hosts: ['*'], listeners: [Listener.http()] })).not.toHaveProperty('certificate-arn');
});

describe('a listener rule of the load balancer', () => {
  const teapot: ListenerRuleOptions = { action: ListenerAction.respond(418), hosts: ['shop.example.com'], path: RulePath.exact('/tea') };
  const written = (made: Alb) => theOnly(made, 'Ingress');

  it('precedes the rules for the gateway, in the order of the calls', () => {
    const made = alb({ hosts: ['shop.example.com', '*'], certificateArns: [CERTIFICATE] });
    made.addRule('tea', teapot);
    made.addRule('old', { action: ListenerAction.redirect({ host: 'www.example.com' }), path: RulePath.prefix('/old') });
    expect(written(made).spec.rules).toEqual([
      { host: 'shop.example.com', http: { paths: [{ path: '/tea', pathType: 'Exact', backend: { service: { name: 'tea', port: { name: 'use-annotation' } } } }] } },
      { http: { paths: [{ path: '/old', pathType: 'Prefix', backend: { service: { name: 'old', port: { name: 'use-annotation' } } } }] } },
      { host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'door', port: { number: 8443 } } } }] } },
      { http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'door', port: { number: 8443 } } } }] } },
    ]);
  });

  it('is rendered as annotations', () => {
    const made = alb();
    const before = written(made).metadata.annotations!;
    made.addRule('tea', {
      ...teapot, conditions: [ListenerCondition.method(['GET'])], transforms: [ListenerTransform.urlRewrite('^/tea', '/')],
      action: ListenerAction.forward([ForwardTarget.service('kettle', 80)]),
    });
    expect(written(made).metadata.annotations).toEqual({
      ...before,
      'alb.ingress.kubernetes.io/actions.tea': '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"kettle","servicePort":80}]}}',
      'alb.ingress.kubernetes.io/conditions.tea': '[{"field":"http-request-method","httpRequestMethodConfig":{"values":["GET"]}}]',
      'alb.ingress.kubernetes.io/transforms.tea': '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[{"regex":"^/tea","replace":"/"}]}}]',
    });
  });

  it('may name a host that a served wildcard covers', () => {
    expect(() => alb({ hosts: ['*.example.com'] }).addRule('tea', { ...teapot, hosts: ['a.b.example.com', '*.example.com'] })).not.toThrow();
  });

  const loop = ListenerAction.redirect({ port: 443 });
  const five = ListenerCondition.path(['/a', '/b', '/c', '/d', '/e']);
  const two = [ListenerCondition.method(['GET']), ListenerCondition.method(['PUT'])];

  it.each<[string, string, ListenerRuleOptions, string, unknown]>([
    ['the name of the gateway’s Service', 'door', teapot, 'name', 'door'],
    ['a malformed name', 'Tea', teapot, 'name', 'Tea'],
    ['a name that is taken', 'first', teapot, 'name', 'first'],
    ['a host that is not served', 'tea', { ...teapot, hosts: ['shop.example.com', 'example.org'] }, 'hosts[1]', 'example.org'],
    ['any host where some are served', 'tea', { ...teapot, hosts: ['*'] }, 'hosts[0]', '*'],
    ['no host', 'tea', { ...teapot, hosts: [] }, 'hosts', []],
    ['nothing to look at', 'tea', { action: teapot.action }, 'options', undefined],
    ['six values', 'tea', { ...teapot, path: undefined, conditions: [five] }, 'options', 6],
    ['two conditions of the method', 'tea', { ...teapot, conditions: two }, 'conditions[1]', 'http-request-method'],
    ['a redirect to itself', 'tea', { ...teapot, action: loop }, 'action', loop._render().redirectConfig],
  ])('is rejected with %s, with the name of the prop, and changes nothing', (_, name, options, prop, value) => {
    const made = alb();
    made.addRule('first', teapot);
    const before = written(made);
    expect(refusal(() => made.addRule(name, options))).toEqual({ prop, value, reason: expect.stringMatching(/./), path: 'chart/Alb' });
    expect(written(made)).toEqual(before);
    made.addRule('tea', teapot);
    expect(written(made).spec.rules).toHaveLength(3);
  });

  it('may redirect to another port if there is only an HTTP listener', () => {
    expect(() => alb({ listeners: [Listener.http()] }).addRule('tls', { ...teapot, action: ListenerAction.redirect({ protocol: ListenerProtocol.HTTPS }) })).not.toThrow();
    expect(refusal(() => alb().addRule('tls', { ...teapot, action: ListenerAction.redirect({ protocol: ListenerProtocol.HTTPS }) }))).toMatchObject({ prop: 'action' });
  });
});

test('errors other than InvalidProps are rethrown unchanged', () => {
  const hostile = { get backendProtocol(): never { throw new TypeError('mine'); } };
  const broken = Object.defineProperties({ ...backend() }, Object.getOwnPropertyDescriptors(hostile));
  expect(() => alb({ backend: broken })).toThrow(new TypeError('mine'));
});
