// IngressGroups as the controller forms them, and conflicts between their members.
import { readObjects } from '../../src/manifests/input';
import { surveyOf } from '../../src/plan/survey';
import { type Annotations, ingress, ingressClass } from '../manifests';

const survey = (...objects: object[]) => surveyOf(readObjects(objects));
const show = (...objects: object[]) => survey(...objects).groups.map(({ id, members }) => `${id}: ${members.join(' ')}`);
const conflicts = (...objects: object[]) => survey(...objects).conflicts.map(({ cause: { about, first, other }, ports }) => (
  `${about}${ports.map(port => ` ${port}`).join('')}: ${first.member} ${first.value} | ${other.member} ${other.value}`));
const grouped = (...each: Annotations[]) => each.map((annotations, index) => ingress(`n/${index + 1}`, { 'group.name': 'g', ...annotations }));

describe('groups', () => {
  it('are sorted by group.order, then by the bytes of namespace/name', () => {
    expect(show(
      ingress('a/z', { 'group.name': 'g' }), ingress('b/a', { 'group.name': 'g', 'group.order': '-1' }),
      ingress('a/b', { 'group.name': 'g' }), ingress('a-b/c', { 'group.name': 'g' }), ingress('a/alone'),
    )).toEqual(['a/alone: a/alone', 'g: b/a a-b/c a/b a/z']);
  });

  it('get their name from the class, else from the annotation, and none from an invalid name', () => {
    expect(show(...ingressClass('alb', { group: { name: 'platform' } }), ingress('a/a', { 'group.name': 'mine' }), ingress('a/b', { 'group.name': 'A' })))
      .toEqual(['platform: a/a a/b']);
    expect(show(ingress('a/a', { 'group.name': 'A_B' }), ingress('a/b', { 'group.name': 'A_B' }))).toEqual([]);
  });

  it('do not span controllers, and contain no Ingress of another controller', () => {
    expect(show(
      ingress('a/a', { 'group.name': 'g' }), ingress('a/b', { 'group.name': 'g', 'kubernetes.io/ingress.class': 'alb-2' }, {}),
      ingress('a/c', { 'group.name': 'g' }, { ingressClassName: 'auto' }), ingress('a/d', { 'group.name': 'g' }, { ingressClassName: 'nginx' }),
      ...ingressClass('nginx', undefined, 'k8s.io/ingress-nginx', { 'ingressclass.kubernetes.io/is-default-class': 'true' }), ingress('a/e', { 'group.name': 'g' }, {}),
    )).toEqual(['g: a/a', 'g: a/b', 'g: a/c']);
  });

  it.each<[Annotations, string | undefined]>([
    [{}, '80: n/1 HTTPS | n/2 HTTP'],
    [{ 'certificate-arn': 'a' }, undefined],
    [{ 'certificate-arn': ' , ' }, '80: n/1 HTTPS | n/2 HTTP'],
    [{ 'listen-ports': '[{"HTTP":443},{"HTTPS":443}]' }, undefined],
    [{ 'listen-ports': '[{"HTTPS":443},{"HTTP":443}]' }, '443: n/1 HTTPS | n/2 HTTP'],
    [{ 'listen-ports': '[]' }, undefined],
    [{ 'create-acm-cert': 'true' }, undefined],
  ])('with an Ingress with %j have this conflict about protocols: %s', (annotations, expected) => {
    const ports = [80, 443].map(port => ({ HTTPS: port }));
    expect(conflicts(...grouped({ 'listen-ports': JSON.stringify(ports) }, annotations))).toEqual(expected === undefined ? [] : [`the protocol ${expected}`]);
  });
});

describe('members', () => {
  it.each<[string, Annotations[], string[]]>([
    ['a value that one member does not set', [{ scheme: 'internal' }, {}, { scheme: 'internal' }], []],
    ['three values', [{ scheme: 'internal' }, {}, { scheme: 'internet-facing' }], ['scheme: n/1 internal | n/3 internet-facing']],
    ['a value that the controller rejects', [{ scheme: 'internal' }, { scheme: 'public' }], []],
    ['a value that AWS rejects', [{ 'load-balancer-name': 'internal-a' }, { 'load-balancer-name': '' }], ['load-balancer-name: n/1 internal-a | n/2 ']],
    ['booleans in two spellings', [{ 'shield-advanced-protection': 'T' }, { 'shield-advanced-protection': '1' }], []],
    ['an ARN beside a name', [{ 'wafv2-acl-arn': 'a' }, { 'wafv2-acl-arn': 'b' }, { 'wafv2-acl-name': 'c' }], []],
    ['ARNs beside an empty name', [{ 'wafv2-acl-arn': 'a' }, { 'wafv2-acl-arn': '', 'wafv2-acl-name': '' }], ['wafv2-acl-arn: n/1 a | n/2 ']],
    ['a trust store by name and by ARN', ['ca', 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/ca/0a1b']
      .map(trustStore => ({ 'certificate-arn': 'a', 'mutual-authentication': JSON.stringify([{ port: 443, mode: 'verify', trustStore }]) })), []],
    ['security groups beside backend rules', [{ 'manage-backend-security-group-rules': 'true', 'security-groups': 'a' }, { 'manage-backend-security-group-rules': 'false' }],
      ['manage-backend-security-group-rules: n/1 true | n/2 false']],
    ['mappings to ports without a listener', [{ 'enable-frontend-nlb': 'true', 'frontend-nlb-listener-port-mapping': '80=81' }, {}], []],
    ['a later member without attributes of the NLB', [{ 'enable-frontend-nlb': 'true', 'frontend-nlb-attributes': 'a=1' }, {}], ['frontend-nlb-attributes: n/1 a=1 | n/2 undefined']],
    ['an earlier member without attributes of the NLB', [{ 'enable-frontend-nlb': 'true' }, { 'frontend-nlb-attributes': 'a=1' }], []],
    ['keys that every JavaScript object has', [{ tags: 'constructor=a,__proto__=b' }, { tags: 'constructor=a,__proto__=c' }], ['tags, key __proto__: n/1 b | n/2 c']],
  ])('with %s', (_, each, expected) => {
    expect(conflicts(...grouped(...each))).toEqual(expected);
  });

  it('of two classes conflict because of their class params', () => {
    expect(conflicts(
      ...ingressClass('a', { scheme: 'internal', subnets: { ids: ['subnet-2', 'subnet-1'] }, tags: [{ key: 'team', value: 'a' }], minimumLoadBalancerCapacity: { capacityUnits: 5 } }),
      ...ingressClass('b', { scheme: 'internet-facing', sslRedirectPort: 'many' }),
      ingress('n/1', { 'group.name': 'g', subnets: 'ignored', 'ssl-redirect': '443', 'minimum-load-balancer-capacity': 'CapacityUnits=1' }, { ingressClassName: 'a' }),
      ingress('n/2', { 'group.name': 'g', subnets: 'subnet-1,subnet-2', tags: 'team=b', 'minimum-load-balancer-capacity': 'CapacityUnits=2' }, { ingressClassName: 'b' }),
      ingress('n/3', { 'group.name': 'g', 'ssl-redirect': '8443' }),
    )).toEqual([
      'scheme: n/1 internal | n/2 internet-facing',
      'tags, key team: n/1 a | n/2 b',
      'subnets: n/1 of the class: subnet-1, subnet-2 | n/2 subnet-1, subnet-2',
    ]);
  });

  it('whose class params are not in the input are not compared where these could override', () => {
    const [onlyClass] = ingressClass('a', {});
    const members = [['internal', 'a=1'], ['internet-facing', 'a=2']].map(([scheme, attributes], index) =>
      ingress(`n/${index}`, { 'group.name': 'g', scheme, 'load-balancer-attributes': attributes, 'security-groups': scheme }, { ingressClassName: 'a' }));
    // Even the group is unknown.
    expect(conflicts(onlyClass, ...members)).toEqual([]);
  });

  it('whose class occurs twice are not compared where it could override', () => {
    const [one, two] = ['internal', 'internet-facing'].map(scheme => ingressClass('a', { scheme }));
    const members = ['internal', 'internet-facing'].map(scheme => ingress(`n/${scheme}`, { 'group.name': 'g', scheme }, { ingressClassName: 'a' }));
    expect(conflicts(one[0], two[0], one[1], ...members, ingress('n/2', { 'group.name': 'g', scheme: 'internet-facing' }))).toEqual([]);
  });
});
