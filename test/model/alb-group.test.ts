// IngressGroups as the controller forms them, and where their members disagree.
import { conflictsOf } from '../../src/model/group-conflicts';
import { Model } from '../../src/model/model';

type Annotations = Record<string, string>;

const PREFIX = 'alb.ingress.kubernetes.io/';

function ingress(name: string, annotations: Annotations = {}, spec: object = { ingressClassName: 'alb' }) {
  const [namespace, own] = name.split('/');
  const prefixed = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key.includes('/') ? key : PREFIX + key, value]));
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { namespace, name: own, annotations: prefixed }, spec };
}

function ingressClass(name: string, params?: object, controller = 'ingress.k8s.aws/alb', annotations = {}) {
  const parameters = params && { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name };
  return [
    { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name, annotations }, spec: { controller, parameters } },
    ...params ? [{ apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'IngressClassParams', metadata: { name }, spec: params }] : [],
  ];
}

const groupsOf = (...objects: object[]) => new Model(objects.map(object => ({ object: object as never, origin: {} }))).albGroups;
const show = (...objects: object[]) => groupsOf(...objects).map(({ name, members }) => `${name}: ${members.map(member => member.name).join(' ')}`);
const conflicts = (...objects: object[]) => groupsOf(...objects).flatMap(conflictsOf)
  .map(({ about, ports, first, other }) => `${about}${ports.map(port => ` ${port}`).join('')}: ${first.member.name} ${first.value} | ${other.member.name} ${other.value}`);
const grouped = (...each: Annotations[]) => each.map((annotations, index) => ingress(`n/${index + 1}`, { 'group.name': 'g', ...annotations }));

describe('groups', () => {
  it('come in the order of group.order, then of the bytes of namespace/name', () => {
    expect(show(
      ingress('a/z', { 'group.name': 'g' }), ingress('b/a', { 'group.name': 'g', 'group.order': '-1' }),
      ingress('a/b', { 'group.name': 'g' }), ingress('a-b/c', { 'group.name': 'g' }), ingress('a/alone'),
    )).toEqual(['g: b/a a-b/c a/b a/z', 'undefined: a/alone']);
  });

  it('are named by the class before the annotation, and by nothing where the name is invalid', () => {
    expect(show(...ingressClass('alb', { group: { name: 'platform' } }), ingress('a/a', { 'group.name': 'mine' }), ingress('a/b', { 'group.name': 'A' })))
      .toEqual(['platform: a/a a/b']);
    expect(show(ingress('a/a', { 'group.name': 'A_B' }), ingress('a/b', { 'group.name': 'A_B' }))).toEqual(['undefined: a/a', 'undefined: a/b']);
  });

  it('do not span controllers, and Ingresses of other controllers are in none', () => {
    expect(show(
      ingress('a/a', { 'group.name': 'g' }), ingress('a/b', { 'group.name': 'g', 'kubernetes.io/ingress.class': 'alb-2' }, {}),
      ingress('a/c', { 'group.name': 'g' }, { ingressClassName: 'auto' }), ingress('a/d', { 'group.name': 'g' }, { ingressClassName: 'nginx' }),
      ...ingressClass('nginx', undefined, 'k8s.io/ingress-nginx', { 'ingressclass.kubernetes.io/is-default-class': 'true' }), ingress('a/e', { 'group.name': 'g' }, {}),
    )).toEqual(['g: a/a', 'g: a/b', 'g: a/c']);
  });

  it.each<[Annotations, [number, string][] | undefined]>([
    [{}, [[80, 'HTTP']]],
    [{ 'certificate-arn': 'a' }, [[443, 'HTTPS']]],
    [{ 'certificate-arn': ' , ' }, [[80, 'HTTP']]],
    [{ 'listen-ports': '[{"HTTP":1},{"HTTPS":1}]' }, [[1, 'HTTPS']]],
    [{ 'listen-ports': '[]' }, undefined],
    [{ 'create-acm-cert': 'true' }, undefined],
  ])('of %j listen on %j', (annotations, ports) => {
    const [{ members: [member] }] = groupsOf(ingress('a/a', annotations));
    expect(member.ports && [...member.ports]).toEqual(ports);
  });
});

describe('members', () => {
  it.each<[string, Annotations[], string[]]>([
    ['values of which one is missing', [{ scheme: 'internal' }, {}, { scheme: 'internal' }], []],
    ['three values', [{ scheme: 'internal' }, {}, { scheme: 'internet-facing' }], ['scheme: n/1 internal | n/3 internet-facing']],
    ['a value that the controller cannot read', [{ scheme: 'internal' }, { scheme: 'public' }], []],
    ['a value that AWS refuses', [{ 'load-balancer-name': 'internal-a' }, { 'load-balancer-name': '' }], ['load-balancer-name: n/1 internal-a | n/2 ']],
    ['booleans in two spellings', [{ 'shield-advanced-protection': 'T' }, { 'shield-advanced-protection': '1' }], []],
    ['an ARN beside a name', [{ 'wafv2-acl-arn': 'a' }, { 'wafv2-acl-arn': 'b' }, { 'wafv2-acl-name': 'c' }], []],
    ['ARNs beside an empty name', [{ 'wafv2-acl-arn': 'a' }, { 'wafv2-acl-arn': '', 'wafv2-acl-name': '' }], ['wafv2-acl-arn: n/1 a | n/2 ']],
    ['a trust store by name and by ARN', ['ca', 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/ca/0a1b']
      .map(trustStore => ({ 'certificate-arn': 'a', 'mutual-authentication': JSON.stringify([{ port: 443, mode: 'verify', trustStore }]) })), []],
    ['security groups beside backend rules', [{ 'manage-backend-security-group-rules': 'true', 'security-groups': 'a' }, { 'manage-backend-security-group-rules': 'false' }],
      ['manage-backend-security-group-rules: n/1 true | n/2 false']],
    ['mappings to ports that are not there', [{ 'enable-frontend-nlb': 'true', 'frontend-nlb-listener-port-mapping': '80=81' }, {}], []],
    ['a later member without attributes of the NLB', [{ 'enable-frontend-nlb': 'true', 'frontend-nlb-attributes': 'a=1' }, {}], ['frontend-nlb-attributes: n/1 a=1 | n/2 undefined']],
    ['an earlier member without attributes of the NLB', [{ 'enable-frontend-nlb': 'true' }, { 'frontend-nlb-attributes': 'a=1' }], []],
    ['keys that every object has', [{ tags: 'constructor=a,__proto__=b' }, { tags: 'constructor=a,__proto__=c' }], ['tags, key __proto__: n/1 b | n/2 c']],
  ])('with %s', (_, each, expected) => {
    expect(conflicts(...grouped(...each))).toEqual(expected);
  });

  it('of two classes disagree through them', () => {
    expect(conflicts(
      ...ingressClass('a', { scheme: 'internal', subnets: { ids: ['subnet-2', 'subnet-1'] }, tags: [{ key: 'team', value: 'a' }], minimumLoadBalancerCapacity: { capacityUnits: 5 } }),
      ...ingressClass('b', { scheme: 'internet-facing', sslRedirectPort: 'many' }),
      ingress('n/1', { 'group.name': 'g', subnets: 'ignored', 'ssl-redirect': '443', 'minimum-load-balancer-capacity': 'CapacityUnits=1' }, { ingressClassName: 'a' }),
      ingress('n/2', { 'group.name': 'g', subnets: 'subnet-1,subnet-2', tags: 'team=b', 'minimum-load-balancer-capacity': 'CapacityUnits=2' }, { ingressClassName: 'b' }),
      ingress('n/3', { 'group.name': 'g', 'ssl-redirect': '8443' }),
    )).toEqual([
      'scheme: n/1 internal | n/2 internet-facing',
      'subnets: n/1 of the class: subnet-1, subnet-2 | n/2 subnet-1, subnet-2',
      'tags, key team: n/1 a | n/2 b',
    ]);
  });

  it('whose class params are not in the input are not compared where these could decide', () => {
    const [onlyClass] = ingressClass('a', {});
    const members = [['internal', 'a=1'], ['internet-facing', 'a=2']].map(([scheme, attributes], index) =>
      ingress(`n/${index}`, { 'group.name': 'g', scheme, 'load-balancer-attributes': attributes, 'security-groups': scheme }, { ingressClassName: 'a' }));
    // Even the group is unknown then.
    expect(conflicts(onlyClass, ...members)).toEqual([]);
  });

  it('whose class is there twice are not compared where it could decide', () => {
    const [one, two] = ['internal', 'internet-facing'].map(scheme => ingressClass('a', { scheme }));
    const members = ['internal', 'internet-facing'].map(scheme => ingress(`n/${scheme}`, { 'group.name': 'g', scheme }, { ingressClassName: 'a' }));
    expect(conflicts(one[0], two[0], one[1], ...members, ingress('n/2', { 'group.name': 'g', scheme: 'internet-facing' }))).toEqual([]);
  });

  it('are compared in time that grows with their number', () => {
    const tags = Array.from({ length: 20 }, (_, index) => `key${index}=1`).join(',');
    const many = grouped(...Array.from({ length: 2000 }, () => ({ tags, scheme: 'internal', 'ssl-redirect': '443', 'enable-frontend-nlb': 'true' })));
    const started = performance.now();
    expect(conflicts(...many)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
