// The class of Ingresses: what a platform decides for all of them, and what is left for each to say.
import { Chart, Duration } from 'cdk8s';
import { AlbScheme, IpAddressType, TargetType } from '../../../src/base/alb-annotations/words';
import { Alb, type AlbProps } from '../../../src/edge/alb/alb';
import { AlbIngressClass, type AlbIngressClassProps, type IAlbIngressClass } from '../../../src/edge/alb/ingress-class';
import { IngressGroup } from '../../../src/edge/alb/ingress-group';
import { Listener } from '../../../src/edge/listener/listener';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { backend } from '../stubs';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';
const ACL = 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/a';

function made(props?: AlbIngressClassProps): AlbIngressClass {
  return new AlbIngressClass(emptyChart(), 'Class', props);
}

function alb(ingressClass: IAlbIngressClass, props: Partial<AlbProps> = {}): Alb {
  return new Alb(emptyChart(), 'Alb', { backend: backend(), hosts: ['shop.example.com'], ingressClass, ...props });
}

function keysOf(one: Alb): string[] {
  return Object.keys(theOnly(one, 'Ingress').metadata.annotations!).map(key => key.split('/')[1]);
}

const EVERYTHING: AlbIngressClassProps = {
  className: 'platform',
  isDefault: true,
  namespaceLabels: { team: 'shop' },
  groupName: 'shared',
  scheme: AlbScheme.INTERNAL,
  ipAddressType: IpAddressType.DUALSTACK,
  subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
  loadBalancerName: 'shared',
  certificateArns: [CERTIFICATE],
  sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
  sslRedirectPort: 443,
  inboundCidrs: ['10.0.0.0/8'],
  inboundPrefixLists: ['pl-0a1b2c3d'],
  wafv2AclArn: ACL,
  targetType: TargetType.IP,
  tags: { team: 'edge' },
  attributes: { idleTimeout: Duration.minutes(2) },
  minimumCapacityUnits: 100,
  ipamIpv4PoolId: 'ipam-pool-0a1',
};

const LABELS = labels('aws-load-balancer-controller', 'alb');

test('a class is an IngressClass and its IngressClassParams', () => {
  expect(synthesized(made(EVERYTHING))).toEqual([
    {
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'IngressClassParams',
      metadata: { name: 'platform', labels: LABELS },
      spec: {
        namespaceSelector: { matchLabels: { team: 'shop' } },
        group: { name: 'shared' },
        scheme: 'internal',
        ipAddressType: 'dualstack',
        subnets: { ids: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'] },
        loadBalancerName: 'shared',
        certificateArn: [CERTIFICATE],
        sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
        sslRedirectPort: '443',
        inboundCIDRs: ['10.0.0.0/8'],
        prefixListsIDs: ['pl-0a1b2c3d'],
        wafv2AclArn: ACL,
        targetType: 'ip',
        tags: [{ key: 'team', value: 'edge' }],
        loadBalancerAttributes: [
          { key: 'idle_timeout.timeout_seconds', value: '120' }, { key: 'routing.http.drop_invalid_header_fields.enabled', value: 'true' },
        ],
        minimumLoadBalancerCapacity: { capacityUnits: 100 },
        ipamConfiguration: { ipv4IPAMPoolId: 'ipam-pool-0a1' },
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'platform', labels: LABELS, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
      spec: { controller: 'ingress.k8s.aws/alb', parameters: { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'platform' } },
    },
  ]);
});

test('a class without props is named alb, sets nothing and is not the default class', () => {
  const own = made();
  const [params, ingressClass] = synthesized(own);
  expect({ className: own.className, decides: own._decides, paramsName: params.metadata.name, paramsSpec: params.spec ?? {} })
    .toEqual({ className: 'alb', decides: [], paramsName: 'alb', paramsSpec: {} });
  expect({ name: ingressClass.metadata.name, annotations: ingressClass.metadata.annotations }).toEqual({ name: 'alb', annotations: undefined });
});

test('a web ACL can be set by name', () => {
  expect(theOnly(made({ wafv2AclName: 'edge' }), 'IngressClassParams').spec).toEqual({ wafv2AclName: 'edge' });
});

test('class names are unique per app; a rejected class does not reserve its name', () => {
  const app = emptyChart();
  expect(() => new AlbIngressClass(app, 'Wrong', { subnetIds: ['a', 'b'] })).toThrow();
  const first = new AlbIngressClass(app, 'First');
  expect(refusal(() => new AlbIngressClass(new Chart(app, 'other'), 'Second', { className: 'alb' }))).toEqual({
    prop: 'className', value: 'alb', reason: '"alb" is already the name of chart/First', path: 'chart/other/Second',
  });
  expect(new AlbIngressClass(app, 'Third', { className: 'inner' }).className).toBe('inner');
  expect(made().className).toBe(first.className);
});

test('empty tags are omitted', () => {
  expect(theOnly(made({ tags: {} }), 'IngressClassParams').spec).toEqual({});
});

test('a class overrides every setting it makes, except tags and attributes, which are merged key by key', () => {
  expect(made(EVERYTHING)._decides).toEqual([
    'groupName', 'scheme', 'ipAddressType', 'subnets', 'loadBalancerName', 'certificateArns', 'sslPolicy', 'sslRedirect', 'inboundCidrs', 'securityGroupPrefixLists',
    'wafv2AclArn', 'targetType', 'minimumLoadBalancerCapacity', 'ipamIpv4PoolId',
  ]);
  expect(made({ tags: { a: 'b' }, attributes: { http2: false } })._decides).toEqual([]);
  expect(AlbIngressClass.fromName('mine')).toEqual({ className: 'mine' });
});

test.each<[string, AlbIngressClassProps, string, unknown, AlbIngressClassProps]>([
  ['a malformed name', { className: 'A' }, 'className', 'A', { className: 'a.b' }],
  ['no namespace label', { namespaceLabels: {} }, 'namespaceLabels', {}, { namespaceLabels: { a: '' } }],
  ['a malformed group', { groupName: 'A' }, 'groupName', 'A', { groupName: 'a' }],
  ['an unknown scheme', { scheme: 'public' as AlbScheme }, 'scheme', 'public', { scheme: AlbScheme.INTERNAL }],
  ['an unknown address type', { ipAddressType: 'ipv6' as IpAddressType }, 'ipAddressType', 'ipv6', { ipAddressType: IpAddressType.IPV4 }],
  ['one subnet', { subnetIds: ['subnet-0a1b2c3d'] }, 'subnetIds', ['subnet-0a1b2c3d'], { subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'] }],
  ['the Name tag of a subnet', { subnetIds: ['subnet-0a1b2c3d', 'public-b'] }, 'subnetIds[1]', 'public-b', {}],
  ['a malformed subnet', { subnetIds: ['subnet-0a1b2c3d', 'subnet-x'] }, 'subnetIds[1]', 'subnet-x', {}],
  ['a name of 33 characters', { loadBalancerName: 'a'.repeat(33) }, 'loadBalancerName', 'a'.repeat(33), { loadBalancerName: 'a'.repeat(32) }],
  ['no certificate', { certificateArns: [] }, 'certificateArns', [], { certificateArns: [CERTIFICATE] }],
  ['what is no certificate', { certificateArns: [CERTIFICATE, ACL] }, 'certificateArns[1]', ACL, {}],
  ['an unknown TLS policy', { sslPolicy: 'TLS' }, 'sslPolicy', 'TLS', { sslPolicy: 'ELBSecurityPolicy-2016-08' }],
  ['a redirect to port 0', { sslRedirectPort: 0 }, 'sslRedirectPort', 0, { sslRedirectPort: 65535 }],
  ['what is no CIDR block', { inboundCidrs: ['10.0.0.0/33'] }, 'inboundCidrs[0]', '10.0.0.0/33', { inboundCidrs: ['10.0.0.0/32'] }],
  ['an address within a network', { inboundCidrs: ['10.0.0.0/8', '10.0.0.1/31'] }, 'inboundCidrs[1]', '10.0.0.1/31', { inboundCidrs: ['10.0.0.2/31', '10.0.0.1/32', '0.0.0.0/0'] }],
  ['an IPv6 address within a network', { inboundCidrs: ['2001:db8::1/64'] }, 'inboundCidrs[0]', '2001:db8::1/64', { inboundCidrs: ['2001:db8::/32', '::/0', '::1/128', '1:2:3:4::/64'] }],
  ['what is no prefix list', { inboundPrefixLists: ['a'] }, 'inboundPrefixLists[0]', 'a', { inboundPrefixLists: ['pl-0a1b2c3d'] }],
  ['a web ACL of CloudFront', { wafv2AclArn: ACL.replace('regional', 'global') }, 'wafv2AclArn', ACL.replace('regional', 'global'), { wafv2AclArn: ACL }],
  ['a web ACL by ARN and by name', { wafv2AclArn: ACL, wafv2AclName: 'edge' }, 'wafv2AclName', 'edge', { wafv2AclName: 'edge' }],
  ['an unknown target type', { targetType: 'pod' as TargetType }, 'targetType', 'pod', { targetType: TargetType.INSTANCE }],
  ['a tag of AWS', { tags: { 'aws:a': 'b' } }, 'tags', 'aws:a', { tags: { a: 'b' } }],
  ['an attribute out of bounds', { attributes: { idleTimeout: Duration.seconds(0) } }, 'attributes.idleTimeout', '0 ms', { attributes: { idleTimeout: Duration.seconds(1) } }],
  ['less than no capacity', { minimumCapacityUnits: -1 }, 'minimumCapacityUnits', -1, { minimumCapacityUnits: 0 }],
  ['more capacity than the annotation can say', { minimumCapacityUnits: 1e9 }, 'minimumCapacityUnits', 1e9, { minimumCapacityUnits: 999_999_999 }],
  ['a malformed pool', { ipamIpv4PoolId: 'a' }, 'ipamIpv4PoolId', 'a', { ipamIpv4PoolId: 'ipam-pool-a' }],
])('a class with %s is rejected, with its prop and the construct path', (_, props, prop, value, neighbour) => {
  expect(refusal(() => made(props))).toEqual({ prop, value, reason: expect.stringMatching(/./), path: 'chart/Class' });
  expect(() => made(neighbour)).not.toThrow();
});

describe('an ALB of a class', () => {
  it('omits settings that the class makes', () => {
    expect(keysOf(alb(made()))).toEqual(expect.arrayContaining(['scheme', 'ssl-policy', 'ssl-redirect', 'target-type']));
    const one = alb(made(EVERYTHING));
    expect(keysOf(one)).toEqual([
      'backend-protocol', 'healthcheck-path', 'healthcheck-port', 'healthcheck-protocol', 'listen-ports', 'success-codes', 'target-group-attributes',
    ]);
    expect(theOnly(one, 'Ingress').spec.ingressClassName).toBe('platform');
  });

  it('keeps other tags and attributes, because they are merged by key', () => {
    const { annotations } = theOnly(alb(made(EVERYTHING), { tags: { shop: '1' }, attributes: { http2: false } }), 'Ingress').metadata;
    expect(annotations).toMatchObject({
      'alb.ingress.kubernetes.io/tags': 'shop=1',
      'alb.ingress.kubernetes.io/load-balancer-attributes': 'routing.http2.enabled=false',
    });
  });

  it('rejects tags and attributes that the class would override', () => {
    expect(refusal(() => alb(made({ tags: { team: 'platform' } }), { tags: { team: 'shop' } }))).toMatchObject({ prop: 'tags.team', value: 'shop', reason: expect.stringContaining('platform') });
    expect(refusal(() => alb(made({ attributes: { idleTimeout: Duration.seconds(60) } }), { attributes: { idleTimeout: Duration.seconds(90) } })))
      .toMatchObject({ prop: 'attributes.idle_timeout.timeout_seconds', value: '90' });
    const { annotations } = theOnly(alb(made({ attributes: { dropInvalidHeaderFields: false } })), 'Ingress').metadata;
    expect(annotations).not.toHaveProperty(['alb.ingress.kubernetes.io/load-balancer-attributes']);
  });

  const LEFT_TO_THE_CLASS: [option: string, props: Partial<AlbProps>, value: unknown, decided: AlbIngressClassProps][] = [
    ['group', { group: IngressGroup.fromName('mine'), groupOrder: 1 }, 'mine', { groupName: 'shared' }],
    ['scheme', { scheme: AlbScheme.INTERNAL }, 'internal', { scheme: AlbScheme.INTERNAL }],
    ['ipAddressType', { ipAddressType: IpAddressType.IPV4 }, 'ipv4', { ipAddressType: IpAddressType.DUALSTACK }],
    ['subnets', { subnets: ['a', 'b'] }, ['a', 'b'], { subnetIds: EVERYTHING.subnetIds }],
    ['loadBalancerName', { loadBalancerName: 'a' }, 'a', { loadBalancerName: 'b' }],
    ['certificateArns', { certificateArns: [CERTIFICATE] }, [CERTIFICATE], { certificateArns: [CERTIFICATE] }],
    ['sslPolicy', { sslPolicy: 'ELBSecurityPolicy-2016-08' }, 'ELBSecurityPolicy-2016-08', { sslPolicy: 'ELBSecurityPolicy-2016-08' }],
    ['inboundCidrs', { inboundCidrs: ['10.0.0.0/8'] }, ['10.0.0.0/8'], { inboundCidrs: ['10.1.0.0/16'] }],
    ['inboundPrefixLists', { inboundPrefixLists: ['pl-0a1b2c3d'] }, ['pl-0a1b2c3d'], { inboundPrefixLists: ['pl-0a1b2c3e'] }],
    ['wafv2AclArn', { wafv2AclArn: 'none' }, 'none', { wafv2AclArn: ACL }],
    ['wafv2AclName', { wafv2AclName: 'none' }, 'none', { wafv2AclName: 'edge' }],
    ['targetType', { targetType: TargetType.IP }, 'ip', { targetType: TargetType.IP }],
    ['minimumCapacityUnits', { minimumCapacityUnits: 5 }, { CapacityUnits: '5' }, { minimumCapacityUnits: 6 }],
    ['ipamIpv4PoolId', { ipamIpv4PoolId: 'ipam-pool-a' }, 'ipam-pool-a', { ipamIpv4PoolId: 'ipam-pool-b' }],
  ];

  it.each(LEFT_TO_THE_CLASS)('rejects its own %s if the class sets it', (option, props, value, decided) => {
    expect(refusal(() => alb(made({ className: 'platform', ...decided }), props))).toEqual({
      prop: option, value, reason: 'cannot be set here: IngressClass "platform" already sets it', path: 'chart/Alb',
    });
    expect(() => alb(made({ className: 'platform' }), props)).not.toThrow();
  });

  it('can set its order in the group of the class without a group name', () => {
    expect(theOnly(alb(made({ groupName: 'shared' }), { groupOrder: 7 }), 'Ingress').metadata.annotations).toMatchObject({ 'alb.ingress.kubernetes.io/group.order': '7' });
    expect(keysOf(alb(made({ groupName: 'shared' }), { groupOrder: 7 }))).not.toContain('group.name');
    expect(refusal(() => alb(made(), { groupOrder: 7 }))).toMatchObject({ prop: 'group', value: undefined });
  });

  it('needs no certificate for host * if the class has one', () => {
    expect(() => alb(made({ certificateArns: [CERTIFICATE] }), { hosts: ['*'] })).not.toThrow();
    expect(refusal(() => alb(made(), { hosts: ['*'] }))).toMatchObject({ prop: 'certificateArns', value: undefined });
  });

  it('cannot replace the web ACL of the class by naming one the other way', () => {
    expect(refusal(() => alb(made({ wafv2AclArn: ACL }), { wafv2AclName: 'none' }))).toMatchObject({ prop: 'wafv2AclName', reason: 'cannot be set together with wafv2AclArn: the controller would use the name' });
    expect(refusal(() => alb(made({ wafv2AclName: 'edge' }), { wafv2AclArn: ACL }))).toMatchObject({ prop: 'wafv2AclArn', reason: expect.stringContaining('IngressClass') });
  });

  it('cannot bypass the inbound addresses of the class with its own security groups', () => {
    for (const decided of [{ inboundCidrs: ['10.0.0.0/8'] }, { inboundPrefixLists: ['pl-0a1b2c3d'] }]) {
      expect(refusal(() => alb(made(decided), { securityGroups: ['a'] }))).toMatchObject({ prop: 'securityGroups', value: ['a'], reason: expect.stringContaining('bypass') });
    }
    expect(() => alb(made({ scheme: AlbScheme.INTERNAL }), { securityGroups: ['a'] })).not.toThrow();
  });

  it('cannot register nodes for a class if the gateway has no node ports', () => {
    const nodes = made({ targetType: TargetType.INSTANCE });
    expect(refusal(() => alb(nodes, { backend: backend({ targetTypes: [TargetType.IP] }) }))).toMatchObject({ prop: 'targetType', value: 'instance', path: 'chart/Alb' });
    expect(() => alb(nodes, { targetNodeLabels: { a: 'b' } })).not.toThrow();
    expect(refusal(() => alb(nodes, { targetControlPort: 1 }))).toMatchObject({ prop: 'targetControlPort' });
  });

  it('has a frontend NLB with the scheme of the class', () => {
    expect(theOnly(alb(made({ scheme: AlbScheme.INTERNAL }), { frontendNlb: {} }), 'Ingress').metadata.annotations)
      .toMatchObject({ 'alb.ingress.kubernetes.io/frontend-nlb-scheme': 'internal' });
  });

  it('must have the HTTPS listener to which the class redirects, unless another member of the group may have it', () => {
    const listeners = [Listener.http(), Listener.https(8443)];
    const redirect = { className: 'platform', sslRedirectPort: 443 };
    expect(refusal(() => alb(made(redirect), { listeners }))).toEqual({
      prop: 'listeners', path: 'chart/Alb', reason: 'must include an HTTPS listener on port 443, because IngressClass "platform" redirects HTTP to it',
      value: [{ protocol: 'HTTP', port: 80 }, { protocol: 'HTTPS', port: 8443 }],
    });
    expect(refusal(() => alb(made(redirect), { listeners: [Listener.http(443)] }))).toMatchObject({ prop: 'listeners' });
    expect(() => alb(made(redirect))).not.toThrow();
    expect(() => alb(made(redirect), { listeners, group: IngressGroup.fromName('shared'), groupOrder: 1 })).not.toThrow();
    expect(() => alb(made({ ...redirect, groupName: 'shared' }), { listeners })).not.toThrow();
  });

  it('trusts what a class from elsewhere says it sets', () => {
    const foreign: IAlbIngressClass = { className: 'theirs', _decides: ['scheme'] };
    expect(keysOf(alb(foreign))).not.toContain('scheme');
    expect(refusal(() => alb(foreign, { scheme: AlbScheme.INTERNAL }))).toMatchObject({ prop: 'scheme', reason: expect.stringContaining('theirs') });
  });
});
