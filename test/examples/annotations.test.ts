// What the Ingress of each example tells the controller, whole, so that a reader sees what AWS is asked for.
import { ALB_PREFIX, decodeAlbAnnotations } from '../../src/base/alb-annotations/annotations';
import { committedManifests } from '../committed-manifests';

const SAFE = {
  'backend-protocol': 'HTTPS',
  'healthcheck-path': '/healthz/ready',
  'healthcheck-port': 'status-port',
  'healthcheck-protocol': 'HTTP',
  'listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
  'load-balancer-attributes': 'routing.http.drop_invalid_header_fields.enabled=true',
  scheme: 'internet-facing',
  'ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  'ssl-redirect': '443',
  'success-codes': '200',
  'target-group-attributes': 'deregistration_delay.timeout_seconds=30',
};

const GOLDEN: Record<string, Record<string, string>> = {
  // Certificates, scheme and group are in the class.
  'auto-mode': { ...Object.fromEntries(Object.entries(SAFE).filter(([key]) => key !== 'scheme')), 'target-type': 'ip' },
  bookinfo: {
    ...SAFE,
    'certificate-arn': 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789',
    'load-balancer-name': 'bookinfo-ingress',
    subnets: 'subnet-0c6d0e5f7a8b9c0d1,subnet-016a2b3c4d5e6f708',
    'target-type': 'ip',
  },
  'canary-blue-green': { ...SAFE, 'target-type': 'ip' },
  echoserver: { ...SAFE, 'target-type': 'ip' },
  // The Ingress of the ALB; at layer 4 there is none.
  ecommerce: { ...SAFE, 'target-type': 'ip' },
  'two-teams': { ...SAFE, 'target-type': 'ip' },
  'waf-nodeport': {
    ...SAFE,
    'certificate-arn': 'arn:aws:acm:us-west-2:123456789011:certificate/26cec536-5d01-4140-890d-0a1b2c3d4e5f',
    'load-balancer-name': 'common-external-ingress',
    subnets: 'subnet-031c060a1b2c3d4e5,subnet-03444d0a1b2c3d4e5,subnet-0360f00a1b2c3d4e5',
    'target-type': 'instance',
    'wafv2-acl-arn': 'arn:aws:wafv2:us-west-2:123456789011:regional/webacl/prod-common-alb-acl/ae2e63f9-02f4-44b8-9d25-0a1b2c3d4e5f',
  },
  'zero-trust': {
    ...SAFE,
    'certificate-arn': 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789',
    'target-type': 'ip',
  },
};

/** Two Ingresses of one load balancer: what is said of the load balancer is the same in both, and the login is in one. */
const KIALI = {
  ...SAFE,
  'certificate-arn': 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789,'
    + 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-5f67-89ab-cdef-0123456789ab',
  'group.name': 'bookinfo',
  'target-type': 'ip',
};
const KIALI_LOGIN = {
  'auth-idp-oidc': '{"issuer":"https://login.example.com","authorizationEndpoint":"https://login.example.com/oauth2/authorize",'
    + '"tokenEndpoint":"https://login.example.com/oauth2/token","userInfoEndpoint":"https://login.example.com/oauth2/userinfo",'
    + '"secretName":"observability-login"}',
  'auth-session-timeout': '28800',
  'auth-type': 'oidc',
};

test.each(Object.entries(GOLDEN))('the Ingress of %s carries these annotations and no others', (example, golden) => {
  const prefixed = withPrefix(golden);
  expect(annotationsOf(example)).toEqual([prefixed]);
  expect(decodeAlbAnnotations(prefixed)).toMatchObject({ malformed: [], unknown: [] });
});

test('the Ingresses of kiali share a load balancer, and the one of the pages has a login', () => {
  const both = [{ ...KIALI, 'group.order': '10' }, { ...KIALI, ...KIALI_LOGIN, 'group.order': '20' }].map(withPrefix);
  expect(annotationsOf('kiali')).toEqual(both);
  expect(both.map(one => decodeAlbAnnotations(one))).toMatchObject(both.map(() => ({ malformed: [], unknown: [] })));
});

test.each([
  ['nlb', [80, 443]],
  ['ecommerce', [80]],
])('%s requests a Network Load Balancer with its own annotations, and only for these ports: %j', (example, ports) => {
  const services = committedManifests(example).filter(({ kind, spec }) => kind === 'Service' && spec.type === 'LoadBalancer');
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer-';
  expect(services.map(({ metadata, spec }) => ({
    annotations: Object.fromEntries(Object.entries(metadata.annotations ?? {}).map(([key, value]) => [key.replace(prefix, ''), value])),
    ports: spec.ports.map(({ port }: { port: number }) => port),
  }))).toEqual([{
    annotations: {
      attributes: 'deletion_protection.enabled=false,load_balancing.cross_zone.enabled=true',
      'healthcheck-path': '/healthz/ready',
      'healthcheck-port': '15021',
      'healthcheck-protocol': 'http',
      'healthcheck-success-codes': '200',
      'nlb-target-type': 'ip',
      scheme: 'internet-facing',
      'target-group-attributes': 'deregistration_delay.timeout_seconds=30,preserve_client_ip.enabled=true,proxy_protocol_v2.enabled=false',
      type: 'external',
    },
    ports,
  }]);
});

test('the Network Load Balancer of EKS Auto Mode has a class instead of a type', () => {
  const [service] = committedManifests('auto-mode').filter(({ kind, spec }) => kind === 'Service' && spec.type === 'LoadBalancer');
  expect(service.spec.loadBalancerClass).toBe('eks.amazonaws.com/nlb');
  expect(Object.keys(service.metadata.annotations!).filter(key => /-(type|proxy-protocol)$/.test(key) && !key.endsWith('target-type'))).toEqual([]);
});

test('behind a Network Load Balancer alone there is no Ingress', () => {
  expect(annotationsOf('nlb')).toEqual([]);
});

function withPrefix(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [ALB_PREFIX + key, value]));
}

function annotationsOf(example: string): Record<string, string>[] {
  return committedManifests(example).filter(({ kind }) => kind === 'Ingress').map(({ metadata }) => metadata.annotations ?? {});
}
