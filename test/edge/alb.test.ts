// The load balancer alone, over a backend made by hand.
import { Duration } from 'cdk8s';
import { Alb, type AlbProps, AlbScheme, BackendProtocol, TargetType } from '../../src/edge/alb';
import { Listener } from '../../src/edge/listener';
import { refusal } from '../refusal';
import { emptyChart, theOnly } from '../synthesized';
import { backend } from './hand-made';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';

function alb(props: Partial<AlbProps> = {}): Alb {
  return new Alb(emptyChart(), 'Alb', { backend: backend(), hosts: ['shop.example.com'], ...props });
}

function annotations(props: Partial<AlbProps>): Record<string, string> {
  const found = theOnly(alb(props), 'Ingress').metadata.annotations!;
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key.replace('alb.ingress.kubernetes.io/', ''), value]));
}

test('an ALB is one Ingress that takes everything about its targets from the backend', () => {
  expect(theOnly(alb(), 'Ingress')).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'door',
      namespace: 'front',
      labels: {
        'app.kubernetes.io/name': 'door',
        'app.kubernetes.io/component': 'alb',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
      annotations: {
        'alb.ingress.kubernetes.io/scheme': 'internet-facing',
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

test('every option has its place', () => {
  const made = alb({
    ingressName: 'mine',
    ingressClassName: 'alb.internal',
    scheme: AlbScheme.INTERNAL,
    certificateArns: [CERTIFICATE],
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    targetType: TargetType.INSTANCE,
    subnets: ['subnet-0a1b2c3d', 'public-1b'],
    loadBalancerName: 'shop',
    deregistrationDelay: Duration.seconds(5),
  });
  const ingress = theOnly(made, 'Ingress');
  expect([made.ingressName, made.ingressNamespace, made.hosts]).toEqual(['mine', 'front', ['shop.example.com']]);
  expect([ingress.metadata.name, ingress.spec.ingressClassName]).toEqual(['mine', 'alb.internal']);
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

test('hosts keep their order, and any host is a rule without one', () => {
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

test('HTTPS alone redirects nothing', () => {
  const written = annotations({ listeners: [Listener.https()] });
  expect(written).toMatchObject({ 'listen-ports': '[{"HTTPS":443}]', 'ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06' });
  expect(written).not.toHaveProperty('ssl-redirect');
});

test('HTTP alone has neither a redirect nor a TLS policy', () => {
  const written = annotations({ listeners: [Listener.http()] });
  expect(written).toMatchObject({ 'listen-ports': '[{"HTTP":80}]' });
  expect(written).not.toHaveProperty('ssl-redirect');
  expect(written).not.toHaveProperty('ssl-policy');
});

test('the best target type of the backend is taken, and its protocols', () => {
  const nodes = backend({ targetTypes: [TargetType.INSTANCE], backendProtocol: BackendProtocol.HTTP, healthCheckProtocol: BackendProtocol.HTTPS });
  expect(annotations({ backend: nodes })).toMatchObject({ 'target-type': 'instance', 'backend-protocol': 'HTTP', 'healthcheck-protocol': 'HTTPS' });
});

test.each([
  [Duration.minutes(2), '120'], [Duration.minutes(120), '3600'], [Duration.millis(1500), '1'], [Duration.seconds(0), '0'],
])('a gateway that drains for %s is let go of after %s seconds', (drainDuration, seconds) => {
  expect(annotations({ backend: backend({ drainDuration }) })['target-group-attributes']).toBe(`deregistration_delay.timeout_seconds=${seconds}`);
});

test('any host needs a certificate, because none can be discovered', () => {
  expect(refusal(() => alb({ hosts: ['*'] }))).toMatchObject({ prop: 'certificateArns', value: undefined, path: 'chart/Alb' });
  expect(annotations({ hosts: ['*'], certificateArns: [CERTIFICATE] })['certificate-arn']).toBe(CERTIFICATE);
  expect(annotations({ hosts: ['*', 'a.b'] })).not.toHaveProperty('certificate-arn');
  expect(annotations({ hosts: ['*'], listeners: [Listener.http()] })).not.toHaveProperty('certificate-arn');
});
