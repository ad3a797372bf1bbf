// A Network Load Balancer in front of the Application Load Balancer.
import { Duration } from 'cdk8s';
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { AlbScheme, ListenerProtocol } from '../../../src/base/alb-annotations/words';
import { type AlbListener, type FrontendNlbOptions, renderFrontendNlb } from '../../../src/edge/alb/frontend-nlb';
import { DnsClientRoutingPolicy } from '../../../src/edge/alb/frontend-nlb-attributes';
import { LogDestination } from '../../../src/edge/alb/load-balancer-attributes';
import { refusal } from '../../refusal';

const HTTP = { protocol: ListenerProtocol.HTTP, port: 80 };
const HTTPS = { protocol: ListenerProtocol.HTTPS, port: 443 };
const { INTERNAL, INTERNET_FACING } = AlbScheme;
const EIPS = ['eipalloc-0123456789abcdef0', 'eipalloc-01234567'];
const SUBNETS = ['subnet-0123456789abcdef0', 'public-b'];

function annotations(options: FrontendNlbOptions, listeners: AlbListener[] = [HTTP, HTTPS], scheme = INTERNET_FACING): Record<string, string> {
  return Object.fromEntries(Object.entries(encodeAlbAnnotations(renderFrontendNlb(options, { scheme, listeners })))
    .map(([key, value]) => [key.replace(/.*\/(frontend-nlb-)?/, ''), value]));
}

test('defaults to the scheme of the ALB and checks its HTTPS listener', () => {
  expect(renderFrontendNlb({}, { scheme: INTERNAL, listeners: [HTTP, HTTPS] })).toEqual({
    enableFrontendNlb: true,
    frontendNlbScheme: 'internal',
    frontendNlbHealthcheckPort: '443',
    frontendNlbHealthcheckProtocol: 'HTTPS',
    frontendNlbHealthcheckSuccessCodes: '200-499',
  });
  expect(annotations({}, [HTTP])).toEqual({
    'enable-frontend-nlb': 'true', scheme: 'internet-facing', 'healthcheck-port': '80', 'healthcheck-protocol': 'HTTP', 'healthcheck-success-codes': '200-499',
  });
});

test('every option is rendered', () => {
  expect(annotations({
    scheme: INTERNET_FACING,
    subnets: SUBNETS,
    securityGroups: ['sg-01234567', 'door'],
    eipAllocations: EIPS,
    portMapping: [{ nlbPort: 8443, albPort: 443 }, { nlbPort: 443, albPort: 443 }],
    healthCheck: {
      port: 80, path: '/up', interval: Duration.seconds(10), timeout: Duration.seconds(9), healthyThreshold: 3, unhealthyThreshold: 10, successCodes: '200,404',
    },
    attributes: {
      crossZone: true,
      dnsClientRoutingPolicy: DnsClientRoutingPolicy.AVAILABILITY_ZONE_AFFINITY,
      secondaryIpsPerSubnet: 7,
      deletionProtection: false,
      accessLogs: LogDestination.s3('my-logs'),
      zonalShift: true,
      denyAllInternetGatewayIpv6Traffic: false,
      other: { 'brand_new.key': 'yes' },
    },
    tags: { Team: 'edge' },
  }, [HTTP, HTTPS], INTERNAL)).toEqual({
    'enable-frontend-nlb': 'true',
    scheme: 'internet-facing',
    subnets: SUBNETS.join(','),
    'security-groups': 'sg-01234567,door',
    'eip-allocations': EIPS.join(','),
    'listener-port-mapping': '443=443,8443=443',
    'healthcheck-port': '80',
    'healthcheck-protocol': 'HTTP',
    'healthcheck-path': '/up',
    'healthcheck-interval-seconds': '10',
    'healthcheck-timeout-seconds': '9',
    'healthcheck-healthy-threshold-count': '3',
    'healthcheck-unhealthy-threshold-count': '10',
    'healthcheck-success-codes': '200,404',
    attributes: 'access_logs.s3.bucket=my-logs,access_logs.s3.enabled=true,brand_new.key=yes,deletion_protection.enabled=false,'
      + 'dns_record.client_routing_policy=availability_zone_affinity,ipv6.deny_all_igw_traffic=false,load_balancing.cross_zone.enabled=true,'
      + 'secondary_ips.auto_assigned.per_subnet=7,zonal_shift.config.enabled=true',
    tags: 'Team=edge',
  });
});

test.each<[string, FrontendNlbOptions, string, unknown]>([
  ['another scheme', { scheme: 'public' as never }, 'scheme', 'public'],
  ['no subnet', { subnets: [] }, 'subnets', []],
  ['a malformed subnet', { subnets: ['subnet-1'] }, 'subnets[0]', 'subnet-1'],
  ['a malformed security group', { securityGroups: ['sg-1'] }, 'securityGroups[0]', 'sg-1'],
  ['an Elastic IP address inside', { scheme: INTERNAL, subnets: SUBNETS, eipAllocations: EIPS }, 'eipAllocations', EIPS],
  ['Elastic IP addresses without subnets', { eipAllocations: EIPS }, 'eipAllocations', EIPS],
  ['fewer Elastic IP addresses than subnets', { subnets: SUBNETS, eipAllocations: [EIPS[0]] }, 'eipAllocations', [EIPS[0]]],
  ['a malformed Elastic IP address', { subnets: SUBNETS, eipAllocations: [EIPS[0], '203.0.113.1'] }, 'eipAllocations[1]', '203.0.113.1'],
  ['no port', { portMapping: [] }, 'portMapping', []],
  ['a port that cannot be', { portMapping: [{ nlbPort: 0, albPort: 443 }] }, 'portMapping[0].nlbPort', 0],
  ['a port given twice', { portMapping: [{ nlbPort: 443, albPort: 443 }, { nlbPort: 443, albPort: 80 }] }, 'portMapping[1].nlbPort', 443],
  ['a port without a listener', { portMapping: [{ nlbPort: 443, albPort: 8443 }] }, 'portMapping[0].albPort', 8443],
  ['a check of a port without a listener', { healthCheck: { port: 8080 } }, 'healthCheck.port', 8080],
  ['half a path', { healthCheck: { path: 'up' } }, 'healthCheck.path', 'up'],
  ['a short interval', { healthCheck: { interval: Duration.seconds(4) } }, 'healthCheck.interval', '4000 ms'],
  ['a long interval', { healthCheck: { interval: Duration.seconds(301) } }, 'healthCheck.interval', '301000 ms'],
  ['a short timeout', { healthCheck: { timeout: Duration.seconds(1) } }, 'healthCheck.timeout', '1000 ms'],
  ['a long timeout', { healthCheck: { interval: Duration.seconds(300), timeout: Duration.seconds(121) } }, 'healthCheck.timeout', '121000 ms'],
  ['a timeout as long as the interval', { healthCheck: { timeout: Duration.seconds(15) } }, 'healthCheck.timeout', '15 s'],
  ['an interval as short as the timeout', { healthCheck: { interval: Duration.seconds(5) } }, 'healthCheck.timeout', '5 s'],
  ['one success', { healthCheck: { healthyThreshold: 1 } }, 'healthCheck.healthyThreshold', 1],
  ['eleven failures', { healthCheck: { unhealthyThreshold: 11 } }, 'healthCheck.unhealthyThreshold', 11],
  ['a code of 500', { healthCheck: { successCodes: '200-500' } }, 'healthCheck.successCodes', '200-500'],
  ['another policy', { attributes: { dnsClientRoutingPolicy: 'zone' as never } }, 'attributes.dnsClientRoutingPolicy', 'zone'],
  ['eight more addresses', { attributes: { secondaryIpsPerSubnet: 8 } }, 'attributes.secondaryIpsPerSubnet', 8],
  ['a key of a prop', { attributes: { other: { 'access_logs.s3.bucket': 'a' } } }, 'attributes.other.access_logs.s3.bucket', 'a'],
  ['a tag of AWS', { tags: { 'aws:a': 'b' } }, 'tags', 'aws:a'],
])('%s is rejected', (_, options, prop, value) => {
  expect(refusal(() => renderFrontendNlb(options, { scheme: INTERNET_FACING, listeners: [HTTP, HTTPS] }))).toMatchObject({ prop: `frontendNlb.${prop}`, value });
});

describe('a listener that verifies client certificates', () => {
  const verifying = { ...HTTPS, verifies: true };

  it('is not used for health checks', () => {
    expect(annotations({}, [verifying, { ...HTTPS, port: 8443 }])).toMatchObject({ 'healthcheck-port': '8443', 'healthcheck-protocol': 'HTTPS' });
    expect(annotations({}, [verifying, HTTP])).toMatchObject({ 'healthcheck-port': '80', 'healthcheck-protocol': 'HTTP' });
  });

  it.each<[string, FrontendNlbOptions, AlbListener[], number | undefined]>([
    ['by name', { healthCheck: { port: 443 } }, [HTTP, verifying], 443],
    ['where there is no other', {}, [verifying], undefined],
  ])('is rejected %s', (_, options, listeners, value) => {
    expect(refusal(() => annotations(options, listeners))).toMatchObject({
      prop: 'frontendNlb.healthCheck.port', value, reason: expect.stringContaining('does not verify client certificates'),
    });
  });

  it('receives traffic from the load balancer in front', () => {
    expect(annotations({ portMapping: [{ nlbPort: 8443, albPort: 443 }] }, [HTTP, verifying])['listener-port-mapping']).toBe('8443=443');
  });
});

test('empty maps are omitted', () => {
  expect(annotations({ tags: {}, attributes: {} })).toEqual(annotations({}));
});
