// EKS Auto Mode: class, params and binding in its words, and everything that it ignores refused.
import { Alb, AlbController, type AlbProps, AlbScheme, IpAddressType, TargetType } from '../../../src/edge/alb/alb';
import { AlbAuth } from '../../../src/edge/alb/auth';
import { AlbIngressClass, type AlbIngressClassProps } from '../../../src/edge/alb/ingress-class';
import { Listener } from '../../../src/edge/listener/listener';
import { ListenerAction } from '../../../src/edge/listener/action';
import { RulePath } from '../../../src/edge/listener/rule';
import { ListenerTransform } from '../../../src/edge/listener/transform';
import { TargetGroupBinding, type TargetGroupBindingProps, TargetGroupSource } from '../../../src/edge/alb/target-group-binding';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { backend } from '../stubs';

const controller = AlbController.EKS_AUTO_MODE;
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';

const madeClass = (props: AlbIngressClassProps = {}) => new AlbIngressClass(emptyChart(), 'Class', { controller, ...props });
const alb = (props: Partial<AlbProps> = {}) => new Alb(emptyChart(), 'Alb', { backend: backend(), hosts: ['shop.example.com'], controller, ...props });

describe('a class', () => {
  test('has parameters of the API group of EKS Auto Mode, with its field names', () => {
    expect(synthesized(madeClass({
      className: 'platform', namespaceLabels: { team: 'shop' }, groupName: 'shared', scheme: AlbScheme.INTERNAL, ipAddressType: IpAddressType.DUALSTACK,
      subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'], certificateArns: [CERTIFICATE], tags: { team: 'edge' }, attributes: { http2: false },
    }))).toEqual([
      {
        apiVersion: 'eks.amazonaws.com/v1',
        kind: 'IngressClassParams',
        metadata: { name: 'platform', labels: labels('eks-auto-mode', 'alb') },
        spec: {
          namespaceSelector: { matchLabels: { team: 'shop' } },
          group: { name: 'shared' },
          scheme: 'internal',
          ipAddressType: 'dualstack',
          subnets: { ids: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'] },
          certificateARNs: [CERTIFICATE],
          tags: [{ key: 'team', value: 'edge' }],
          loadBalancerAttributes: [
            { key: 'routing.http2.enabled', value: 'false' }, { key: 'routing.http.drop_invalid_header_fields.enabled', value: 'true' },
          ],
        },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: 'platform', labels: labels('eks-auto-mode', 'alb') },
        spec: { controller: 'eks.amazonaws.com/alb', parameters: { apiGroup: 'eks.amazonaws.com', kind: 'IngressClassParams', name: 'platform' } },
      },
    ]);
  });

  test.each<[string, AlbIngressClassProps]>([
    ['loadBalancerName', { loadBalancerName: 'a' }],
    ['sslPolicy', { sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }],
    ['sslRedirectPort', { sslRedirectPort: 443 }],
    ['inboundCidrs', { inboundCidrs: ['10.0.0.0/8'] }],
    ['inboundPrefixLists', { inboundPrefixLists: ['pl-0a1b2c3d'] }],
    ['wafv2AclArn', { wafv2AclArn: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/a' }],
    ['wafv2AclName', { wafv2AclName: 'edge' }],
    ['targetType', { targetType: TargetType.IP }],
    ['minimumCapacityUnits', { minimumCapacityUnits: 1 }],
    ['ipamIpv4PoolId', { ipamIpv4PoolId: 'ipam-pool-0a1' }],
  ])('rejects %s, for which no parameter is documented', (prop, props) => {
    expect(refusal(() => madeClass(props))).toMatchObject({
      prop, path: 'chart/Class', reason: 'cannot be set, because EKS Auto Mode documents no class parameter for it; set it on each Alb',
    });
    expect(() => madeClass({ ...props, controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER })).not.toThrow();
  });
});

describe('an ALB', () => {
  test('without a class gets one of its own, named after the Ingress', () => {
    const [params, ingressClass, ingress] = synthesized(alb({ ingressName: 'edge' }));
    expect({ ...params, metadata: params.metadata.name }).toEqual({ apiVersion: 'eks.amazonaws.com/v1', kind: 'IngressClassParams', metadata: 'edge', spec: {} });
    expect([ingressClass.metadata.name, ingressClass.spec.controller]).toEqual(['edge', 'eks.amazonaws.com/alb']);
    expect(ingress.spec.ingressClassName).toBe('edge');
  });

  test('names a class that exists, and takes its controller from a class of the app', () => {
    expect(synthesized(alb({ ingressClass: AlbIngressClass.fromName('auto') })).map(({ kind, spec }) => [kind, spec.ingressClassName])).toEqual([['Ingress', 'auto']]);
    const shield = { shieldAdvancedProtection: true, controller: undefined };
    expect(refusal(() => alb({ ...shield, ingressClass: madeClass() }))).toMatchObject({ prop: 'shieldAdvancedProtection' });
    expect(() => alb({ ...shield, ingressClass: AlbIngressClass.fromName('auto') })).not.toThrow();
  });

  test('cannot have another controller than its class', () => {
    const ingressClass = new AlbIngressClass(emptyChart(), 'Class');
    expect(refusal(() => alb({ ingressClass }))).toMatchObject({
      prop: 'controller', value: 'eks.amazonaws.com/alb', path: 'chart/Alb',
      reason: 'must be ingress.k8s.aws/alb, the controller of IngressClass "alb", or unset',
    });
    expect(() => alb({ ingressClass, controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER })).not.toThrow();
  });

  test('has hosts and paths of their own through the group of its class', () => {
    const made = alb({ hosts: ['a.example.com', 'b.example.com'] });
    for (const call of [() => made.addHost('a.example.com'), () => made.addPaths([RulePath.exact('/a')])]) {
      expect(refusal(call)).toMatchObject({
        prop: 'ingressClass', value: 'door', path: 'chart/Alb',
        reason: 'must be an AlbIngressClass with groupName for addHost and addPaths, because EKS Auto Mode groups Ingresses by their class',
      });
    }
    const grouped = alb({ ingressClass: madeClass({ groupName: 'public' }), hosts: ['a.example.com', 'b.example.com'] });
    expect(grouped.addHost('a.example.com').hosts).toEqual(['a.example.com']);
  });

  test('is grouped by its class; whether an order counts is unknown, so it is written', () => {
    const { metadata } = theOnly(alb({ ingressClass: madeClass({ groupName: 'public' }), groupOrder: 5 }), 'Ingress');
    expect(Object.entries(metadata.annotations!).filter(([key]) => key.includes('group.'))).toEqual([['alb.ingress.kubernetes.io/group.order', '5']]);
  });

  const oidc = AlbAuth.oidc({
    issuer: 'https://id.example.com', authorizationEndpoint: 'https://id.example.com/a', tokenEndpoint: 'https://id.example.com/t',
    userInfoEndpoint: 'https://id.example.com/u', secretName: 'login',
  });

  test.each<[string, string, Partial<AlbProps>, string]>([
    ['a group of its own', 'group', { group: { groupName: 'public' }, groupOrder: 0 }, 'Ingresses are grouped by spec.group of the IngressClassParams; set groupName of an AlbIngressClass'],
    ['Shield', 'shieldAdvancedProtection', { shieldAdvancedProtection: true }, 'it does not set up Shield'],
    ['a login with OIDC', 'auth', { auth: oidc }, 'it has no login with OIDC, so that requests come in without one'],
    ['bearer tokens', 'auth', { auth: AlbAuth.jwt({ issuer: 'a', jwksEndpoint: 'https://id.example.com/jwks' }) },
      'it does not validate tokens, so that requests come in without one'],
    ['attributes of a listener', 'listeners', { listeners: [Listener.https(443, { attributes: { serverHeader: false } })] }, 'it does not set attributes of listeners'],
  ])('with %s is rejected, because EKS Auto Mode ignores that', (_, prop, props, why) => {
    expect(refusal(() => alb(props))).toMatchObject({ prop, path: 'chart/Alb', reason: `cannot be set, because EKS Auto Mode ignores it: ${why}` });
    expect(() => alb({ ...props, controller: undefined })).not.toThrow();
  });

  test('may have a login with Cognito, which may work', () => {
    const auth = AlbAuth.cognito({ userPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/a', userPoolClientId: 'b', userPoolDomain: 'c' });
    expect(theOnly(alb({ auth }), 'Ingress').metadata.annotations).toMatchObject({ 'alb.ingress.kubernetes.io/auth-type': 'cognito' });
  });

  test('has no rules that rewrite, and keeps its other rules', () => {
    const rewriting = { path: RulePath.exact('/old'), action: ListenerAction.respond(200), transforms: [ListenerTransform.hostHeaderRewrite('^.*$', 'a.example.com')] };
    const made = alb();
    made.addRule('ok', { path: RulePath.exact('/ok'), action: ListenerAction.respond(200) });
    expect(refusal(() => made.addRule('rewritten', rewriting))).toMatchObject({
      prop: 'transforms', path: 'chart/Alb', reason: 'cannot be set, because EKS Auto Mode ignores it: it does not rewrite requests',
    });
    expect(theOnly(made, 'Ingress').spec.rules).toHaveLength(2);
    expect(() => alb({ controller: undefined }).addRule('rewritten', rewriting)).not.toThrow();
  });
});

describe('a TargetGroupBinding', () => {
  const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/door/0123456789abcdef';
  const binding = (props: Partial<TargetGroupBindingProps> = {}) => (
    new TargetGroupBinding(emptyChart(), 'Binding', { targetGroupArn: ARN, backend: backend(), controller, ...props }));

  test('is of the API group of EKS Auto Mode, with the target type that it requires', () => {
    expect(theOnly(binding(), 'TargetGroupBinding')).toEqual({
      apiVersion: 'eks.amazonaws.com/v1',
      kind: 'TargetGroupBinding',
      metadata: { name: 'door', namespace: 'front', labels: labels('door', 'alb') },
      spec: { targetGroupARN: ARN, targetType: 'ip', serviceRef: { name: 'door', port: 8443 } },
    });
  });

  test('has no sources', () => {
    const allowFrom = [TargetGroupSource.securityGroup('sg-0a1b2c3d')];
    expect(refusal(() => binding({ allowFrom }))).toMatchObject({
      prop: 'allowFrom', path: 'chart/Binding', reason: 'cannot be set, because EKS Auto Mode does not support sources in networking.ingress',
    });
    expect(theOnly(binding({ allowFrom, controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER }), 'TargetGroupBinding').apiVersion).toBe('elbv2.k8s.aws/v1beta1');
  });
});
