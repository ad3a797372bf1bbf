// Settings of the load balancer that the members of a group share: where they disagree, and where one cancels what another relies on.
import type { Chart } from 'cdk8s';
import { AlbScheme } from '../../../src/base/alb-annotations/words';
import { Alb, type AlbProps } from '../../../src/edge/alb/alb';
import { ClientCertificates } from '../../../src/edge/listener/client-certificates';
import { AlbIngressClass, type AlbIngressClassProps } from '../../../src/edge/alb/ingress-class';
import { IngressGroup } from '../../../src/edge/alb/ingress-group';
import { Listener } from '../../../src/edge/listener/listener';
import { FrameOptions } from '../../../src/edge/listener/attributes';
import { LogDestination } from '../../../src/edge/alb/load-balancer-attributes';
import { type AlbOptions } from '../../../src/edge/alb/options';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';
import { backend } from '../stubs';

const ACL = 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/a';
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/';
const STORE = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/partners/0123456789abcdef';
const PLAIN = [Listener.http()];
const VERIFYING = [Listener.http(), Listener.https(443, { clientCertificates: ClientCertificates.verify({ trustStore: 'partners' }) })];
const IN_GROUP = (groupOrder: number): AlbOptions => ({ group: IngressGroup.fromName('shared'), groupOrder });

function member(chart: Chart, id: string, options: Partial<AlbProps>): Alb {
  return new Alb(chart, id, { backend: backend(), hosts: [`${id.toLowerCase()}.example.com`], ingressName: id.toLowerCase(), ...options });
}

/** What is refused of the second of two members. */
function secondOf(first: AlbOptions, second: AlbOptions): ReturnType<typeof refusal> {
  const chart = emptyChart();
  member(chart, 'One', { ...IN_GROUP(1), ...first });
  return refusal(() => member(chart, 'Two', { ...IN_GROUP(2), ...second }));
}

function bothIn(groups: readonly AlbOptions[], first: AlbOptions, second: AlbOptions): void {
  const chart = emptyChart();
  member(chart, 'One', { ...groups[0], ...first });
  member(chart, 'Two', { ...groups[1], ...second });
}

describe('members that disagree', () => {
  const attributes = (frameOptions: FrameOptions) => [Listener.https(443, { attributes: { frameOptions } })];
  const cases: [prop: string, first: AlbOptions, second: AlbOptions, value: string, expected: string][] = [
    ['scheme', { scheme: AlbScheme.INTERNAL }, {}, 'internet-facing', '"internal", as in chart/One'],
    ['subnets', { subnets: ['a', 'b'] }, { subnets: ['a', 'c'] }, 'a, c', '"a, b", as in chart/One'],
    ['loadBalancerName', { loadBalancerName: 'a' }, { loadBalancerName: 'b' }, 'b', '"a", as in chart/One'],
    ['tags.team', { tags: { team: 'a' } }, { tags: { team: 'b' } }, 'b', '"a", as in chart/One'],
    ['attributes.access_logs.s3.enabled', { attributes: { accessLogs: LogDestination.s3('logs') } }, { attributes: { accessLogs: LogDestination.off() } }, 'false', '"true", as in chart/One'],
    ['attributes.routing.http.drop_invalid_header_fields.enabled', { attributes: { dropInvalidHeaderFields: false } }, {}, 'true', '"false", as in chart/One'],
    ['sslPolicy', { sslPolicy: 'ELBSecurityPolicy-2016-08' }, {}, 'ELBSecurityPolicy-TLS13-1-2-2021-06', '"ELBSecurityPolicy-2016-08" on port 443, as in chart/One'],
    ['listeners', {}, { listeners: [Listener.http(), Listener.https(8443)] }, '8443', '"443", as in chart/One'],
    ['listeners', { listeners: [Listener.http(443)] }, { listeners: [Listener.https(443)] }, 'HTTPS', '"HTTP" on port 443, as in chart/One'],
    ['wafv2AclName', { wafv2AclName: 'a' }, { wafv2AclName: 'b' }, 'b', '"a", as in chart/One'],
    ['minimumCapacityUnits', { minimumCapacityUnits: 1 }, { minimumCapacityUnits: 2 }, 'CapacityUnits=2', '"CapacityUnits=1", as in chart/One'],
    ['inboundCidrs', { inboundCidrs: ['10.0.0.0/8'] }, { inboundCidrs: ['0.0.0.0/0'] }, '0.0.0.0/0', '"10.0.0.0/8" on port 80, as in chart/One'],
    ['securityGroups', { securityGroups: ['a'] }, { securityGroups: ['b'] }, 'b', '"a", as in chart/One'],
    ['listeners.HTTPS-443.routing.http.response.x_frame_options.header_value', { listeners: attributes(FrameOptions.DENY) }, { listeners: attributes(FrameOptions.SAMEORIGIN) }, 'SAMEORIGIN', '"DENY", as in chart/One'],
  ];

  it.each(cases)('about %s are refused', (prop, first, second, value, expected) => {
    const found = secondOf(first, second);
    expect(found).toMatchObject({ value, path: 'chart/Two' });
    expect(found.reason).toBe(`must be ${expected}, because the members of IngressGroup "shared" share one load balancer`);
    expect(found.prop.replace('listenerAttributes', 'listeners')).toBe(prop);
  });

  it.each(cases)('about %s are not, on two load balancers', (_, first, second) => {
    expect(() => bothIn([IN_GROUP(1), { group: IngressGroup.fromName('other'), groupOrder: 2 }], first, second)).not.toThrow();
    expect(() => bothIn([{}, {}], first, second)).not.toThrow();
  });

  it.each<[string, AlbOptions, AlbOptions]>([
    ['the same of everything', { scheme: AlbScheme.INTERNAL, subnets: ['a', 'b'], tags: { a: 'b' } }, { scheme: AlbScheme.INTERNAL, subnets: ['b', 'a'], tags: { a: 'b' } }],
    ['what one says alone', { loadBalancerName: 'shared', wafv2AclArn: ACL, inboundCidrs: ['10.0.0.0/8'] }, {}],
    ['other certificates', { certificateArns: [`${CERTIFICATE}a`] }, { certificateArns: [`${CERTIFICATE}b`] }],
    ['other policies and ranges on other ports',
      { listeners: [Listener.https(8443)], sslPolicy: 'ELBSecurityPolicy-2016-08', inboundCidrs: ['10.0.0.0/8'] }, { listeners: [Listener.https(9443)], inboundCidrs: ['11.0.0.0/8'] }],
    ['one trust store by name and by ARN', { listeners: VERIFYING }, { listeners: [Listener.http(), Listener.https(443, { clientCertificates: ClientCertificates.verify({ trustStore: STORE }) })] }],
  ])('may have %s', (_, first, second) => {
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], first, second)).not.toThrow();
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], second, first)).not.toThrow();
  });

  it('are named by their constructs, the classes included that set it', () => {
    const chart = emptyChart();
    const platform = new AlbIngressClass(chart, 'Class', { className: 'platform', scheme: AlbScheme.INTERNAL });
    member(chart, 'One', { ...IN_GROUP(1), ingressClass: platform });
    expect(refusal(() => member(chart, 'Two', IN_GROUP(2)))).toMatchObject({ prop: 'scheme', value: 'internet-facing', reason: expect.stringContaining('"internal", as in chart/One') });
    expect(() => member(chart, 'Three', { ...IN_GROUP(3), ingressClass: platform })).not.toThrow();
  });
});

describe('an HTTP listener without HTTPS', () => {
  it('is refused beside a redirect, whichever is first', () => {
    expect(secondOf({}, { listeners: PLAIN })).toMatchObject({ prop: 'listeners', path: 'chart/Two', reason: expect.stringContaining('chart/One redirects HTTP to HTTPS for all members of IngressGroup "shared"') });
    expect(secondOf({ listeners: PLAIN }, {})).toMatchObject({ prop: 'listeners', path: 'chart/Two', reason: expect.stringContaining('chart/One in IngressGroup "shared" has HTTP listeners only') });
  });

  it('is refused beside the redirect of a class', () => {
    const chart = emptyChart();
    const platform = new AlbIngressClass(chart, 'Class', { className: 'platform', sslRedirectPort: 443 });
    member(chart, 'One', { ...IN_GROUP(1), listeners: [Listener.https()], ingressClass: platform });
    expect(refusal(() => member(chart, 'Two', { ...IN_GROUP(2), listeners: PLAIN }))).toMatchObject({ prop: 'listeners' });
  });

  it('is not, beside members that do not redirect', () => {
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], { listeners: PLAIN }, { listeners: [Listener.https()] })).not.toThrow();
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], { listeners: PLAIN }, { listeners: PLAIN })).not.toThrow();
  });
});

describe('a setting that cancels that of another member', () => {
  const cases: [prop: string, canceled: string, first: AlbOptions, second: AlbOptions, ofClass: AlbIngressClassProps][] = [
    ['securityGroups', 'inboundCidrs', { inboundCidrs: ['10.0.0.0/8'] }, { securityGroups: ['a'] }, { inboundCidrs: ['10.0.0.0/8'] }],
    ['securityGroups', 'inboundPrefixLists', { inboundPrefixLists: ['pl-0a1b2c3d'] }, { securityGroups: ['a'] }, { inboundPrefixLists: ['pl-0a1b2c3d'] }],
    ['wafv2AclName', 'wafv2AclArn', { wafv2AclArn: ACL }, { wafv2AclName: 'mine' }, { wafv2AclArn: ACL }],
  ];

  it.each(cases)('is refused: %s beside %s', (prop, canceled, first, second) => {
    expect(secondOf(first, second)).toMatchObject({ prop, path: 'chart/Two', reason: expect.stringContaining(`it would cancel ${canceled} of chart/One in IngressGroup "shared"`) });
    expect(secondOf(second, first)).toMatchObject({ prop: canceled, path: 'chart/Two', reason: expect.stringContaining(`it would be canceled by ${prop} of chart/One`) });
    expect(() => bothIn([IN_GROUP(1), { group: IngressGroup.fromName('other'), groupOrder: 1 }], first, second)).not.toThrow();
  });

  it.each(cases)('is refused: %s beside %s of a class', (prop, canceled, _, second, ofClass) => {
    const chart = emptyChart();
    const platform = new AlbIngressClass(chart, 'Class', { className: 'platform', ...ofClass });
    member(chart, 'One', { ...IN_GROUP(1), ingressClass: platform });
    expect(refusal(() => member(chart, 'Two', { ...IN_GROUP(2), ...second }))).toMatchObject({ prop, reason: expect.stringContaining(`${canceled} of chart/One`) });
  });

  it('is refused in the group of a class, too', () => {
    const chart = emptyChart();
    const platform = new AlbIngressClass(chart, 'Class', { className: 'platform', groupName: 'shared', inboundCidrs: ['10.0.0.0/8'] });
    member(chart, 'One', { ingressClass: platform });
    expect(refusal(() => member(chart, 'Two', { ...IN_GROUP(2), securityGroups: ['a'] }))).toMatchObject({ prop: 'securityGroups' });
  });

  it('is none if both say the same kind', () => {
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], { securityGroups: ['a'] }, { securityGroups: ['a'] })).not.toThrow();
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], { securityGroups: ['a'] }, {})).not.toThrow();
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], { wafv2AclArn: ACL }, { wafv2AclArn: ACL })).not.toThrow();
  });
});

describe('client certificates of one member', () => {
  it('are refused beside a member on the same port that does not want them, whichever is first', () => {
    expect(secondOf({ listeners: VERIFYING }, {})).toMatchObject({ prop: 'listeners', value: 'HTTPS 443', path: 'chart/Two', reason: expect.stringContaining('must say on port 443 what chart/One says about client certificates') });
    expect(secondOf({}, { listeners: VERIFYING })).toMatchObject({ prop: 'listeners', value: 'HTTPS 443', path: 'chart/Two', reason: expect.stringContaining('chart/One in IngressGroup "shared" does not') });
    expect(secondOf({}, { listeners: [Listener.http(), Listener.https(443, { clientCertificates: ClientCertificates.passthrough() })] })).toMatchObject({ prop: 'listeners' });
  });

  it('are accepted if all say the same, on another port, and if they are off', () => {
    const off = [Listener.http(), Listener.https(443, { clientCertificates: ClientCertificates.off() })];
    const other = [Listener.https(8443, { clientCertificates: ClientCertificates.verify({ trustStore: 'partners' }) })];
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], { listeners: VERIFYING }, { listeners: VERIFYING })).not.toThrow();
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], {}, { listeners: other })).not.toThrow();
    expect(() => bothIn([IN_GROUP(1), IN_GROUP(2)], {}, { listeners: off })).not.toThrow();
  });
});
