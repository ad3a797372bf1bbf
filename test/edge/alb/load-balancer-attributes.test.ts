// Attributes of the load balancer, as settings and as the text of the annotation.
import { Duration } from 'cdk8s';
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import {
  DesyncMitigationMode, type LoadBalancerAttributes, LogDestination, renderLoadBalancerAttributes, XffHeaderProcessing,
} from '../../../src/edge/alb/load-balancer-attributes';
import { refusal } from '../../refusal';

const DROP = 'routing.http.drop_invalid_header_fields.enabled';

test('invalid headers are dropped by default', () => {
  expect(renderLoadBalancerAttributes()).toEqual({ [DROP]: 'true' });
  expect(renderLoadBalancerAttributes({ dropInvalidHeaderFields: undefined })).toEqual({ [DROP]: 'true' });
  expect(renderLoadBalancerAttributes({ dropInvalidHeaderFields: false })).toEqual({ [DROP]: 'false' });
});

test('every prop is an attribute', () => {
  expect(renderLoadBalancerAttributes({
    idleTimeout: Duration.minutes(5),
    clientKeepAlive: Duration.hours(2),
    http2: false,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: DesyncMitigationMode.STRICTEST,
    preserveHostHeader: true,
    tlsVersionAndCipherSuiteHeaders: true,
    xffClientPort: false,
    xffHeaderProcessing: XffHeaderProcessing.APPEND,
    deletionProtection: true,
    accessLogs: LogDestination.s3('my-logs', 'edge/alb'),
    connectionLogs: LogDestination.s3('my-logs'),
    healthCheckLogs: LogDestination.off(),
    wafFailOpen: false,
    zonalShift: true,
    denyAllInternetGatewayIpv6Traffic: true,
    other: { 'brand_new.key': 'yes' },
  })).toEqual({
    'idle_timeout.timeout_seconds': '300',
    'client_keep_alive.seconds': '7200',
    'routing.http2.enabled': 'false',
    [DROP]: 'true',
    'routing.http.desync_mitigation_mode': 'strictest',
    'routing.http.preserve_host_header.enabled': 'true',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'true',
    'routing.http.xff_client_port.enabled': 'false',
    'routing.http.xff_header_processing.mode': 'append',
    'deletion_protection.enabled': 'true',
    'access_logs.s3.enabled': 'true',
    'access_logs.s3.bucket': 'my-logs',
    'access_logs.s3.prefix': 'edge/alb',
    'connection_logs.s3.enabled': 'true',
    'connection_logs.s3.bucket': 'my-logs',
    'health_check_logs.s3.enabled': 'false',
    'waf.fail_open.enabled': 'false',
    'zonal_shift.config.enabled': 'true',
    'ipv6.deny_all_igw_traffic': 'true',
    'brand_new.key': 'yes',
  });
});

test('they are one annotation', () => {
  const loadBalancerAttributes = renderLoadBalancerAttributes({ idleTimeout: Duration.seconds(4000), accessLogs: LogDestination.s3('my.logs') });
  expect(encodeAlbAnnotations({ loadBalancerAttributes })).toEqual({
    'alb.ingress.kubernetes.io/load-balancer-attributes':
      `access_logs.s3.bucket=my.logs,access_logs.s3.enabled=true,idle_timeout.timeout_seconds=4000,${DROP}=true`,
  });
});

test.each<[LoadBalancerAttributes, string]>([
  [{ idleTimeout: Duration.seconds(1) }, '1'], [{ idleTimeout: Duration.seconds(4000) }, '4000'],
  [{ clientKeepAlive: Duration.seconds(60) }, '60'], [{ clientKeepAlive: Duration.days(7) }, '604800'],
])('values at the bounds are accepted: %j', (attributes, written) => {
  expect(Object.values(renderLoadBalancerAttributes(attributes))).toContain(written);
});

test.each<[string, LoadBalancerAttributes, string, unknown]>([
  ['no idle timeout', { idleTimeout: Duration.seconds(0) }, 'idleTimeout', '0 ms'],
  ['a longer idle timeout', { idleTimeout: Duration.seconds(4001) }, 'idleTimeout', '4001000 ms'],
  ['half a second', { idleTimeout: Duration.millis(1500) }, 'idleTimeout', '1500 ms'],
  ['a shorter keep-alive', { clientKeepAlive: Duration.seconds(59) }, 'clientKeepAlive', '59000 ms'],
  ['a longer keep-alive', { clientKeepAlive: Duration.seconds(604_801) }, 'clientKeepAlive', '604801000 ms'],
  ['another mode of mitigation', { desyncMitigationMode: 'off' as never }, 'desyncMitigationMode', 'off'],
  ['another way with X-Forwarded-For', { xffHeaderProcessing: 'Append' as never }, 'xffHeaderProcessing', 'Append'],
  ['a text for a truth', { http2: 'true' as never }, 'http2', 'true'],
  ['an attribute of its own', { other: { 'idle_timeout.timeout_seconds': '5' } }, 'other.idle_timeout.timeout_seconds', '5'],
  ['half an attribute of its own', { other: { 'access_logs.s3.prefix': 'a' } }, 'other.access_logs.s3.prefix', 'a'],
  ['a key with a blank', { other: { 'a b': '1' } }, 'other', 'a b'],
  ['a key that is too long', { other: { ['a'.repeat(257)]: '1' } }, 'other', 'a'.repeat(257)],
  ['a value with a blank at an end', { other: { a: '1 ' } }, 'other.a', '1 '],
  ['a value that is no text', { other: { a: 1 as never } }, 'other.a', 1],
])('%s is rejected', (_, attributes, prop, value) => {
  expect(refusal(() => renderLoadBalancerAttributes(attributes, 'alb.attributes'))).toMatchObject({ prop: `alb.attributes.${prop}`, value });
});

test('an attribute of a prop names the prop', () => {
  expect(refusal(() => renderLoadBalancerAttributes({ other: { 'routing.http2.enabled': 'true' } })).reason)
    .toBe('cannot be set here; use attributes.http2 instead');
});

test.each(['my-logs', 'a1b', 'my.logs', 'a'.repeat(63)])('%s is a valid bucket name', bucket => {
  expect(LogDestination.s3(bucket)._render('x')).toEqual({ 'x.s3.enabled': 'true', 'x.s3.bucket': bucket });
});

test.each(['', 'ab', 'a'.repeat(64), 'My-logs', 'my_logs', '-logs', 'logs-', '.logs', 'my..logs', '10.0.0.1', 'xn--logs', 'sthree-logs', 'logs-s3alias', 'logs--ol-s3', 'a/b', 'a,b', 1])(
  '%p is no bucket', bucket => {
    expect(refusal(() => LogDestination.s3(bucket as string))).toMatchObject({ prop: 'bucket', value: bucket });
  },
);

test.each(['', '/edge', 'edge/', 'AWSLogs', 'edge/AWSLogs/x', 'ed ge', 'a'.repeat(1025), 'ü'])('%p is not a valid prefix', prefix => {
  expect(refusal(() => LogDestination.s3('my-logs', prefix))).toMatchObject({ prop: 'prefix', value: prefix });
});
