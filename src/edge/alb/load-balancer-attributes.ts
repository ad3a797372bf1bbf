// Attributes of the load balancer: timeouts, header processing, logs and protection.
import type { Duration } from 'cdk8s';
import { SECONDS } from '../../base/alb-annotations/attribute-values';
import { boolean, text, word } from '../../base/alb-annotations/codecs';
import { within } from '../../base/errors';
import { instanceOf } from '../../base/prop-types';
import { attribute, type AttributeRow, type AttributeRows, renderAttributes, seconds } from '../wire/aws-attributes';

/** How the load balancer handles requests that could cause HTTP desync (ELBv2 API 2015-12-01; the AWS default is `defensive`). */
export enum DesyncMitigationMode {
  /** Forwards all requests and counts risky ones. */
  MONITOR = 'monitor',
  /** Rejects severe requests, and closes the connection after ambiguous ones. */
  DEFENSIVE = 'defensive',
  /** Rejects every request that does not comply with RFC 7230. */
  STRICTEST = 'strictest',
}

/** How the load balancer handles the X-Forwarded-For header. */
export enum XffHeaderProcessing {
  /** Appends the client's address. The only mode in which the gateway's number of trusted proxies is correct. */
  APPEND = 'append',
  /** Forwards the header as the client sent it. If the gateway trusts a proxy, clients can then forge their source address. */
  PRESERVE = 'preserve',
  /** Removes the header. */
  REMOVE = 'remove',
}

const BUCKET = text(
  'the name of an S3 bucket: 3 to 63 lowercase letters, digits, dots and hyphens, a letter or digit at both ends, no consecutive dots, no IP address',
  /^(?!.*\.\.)(?!\d+(\.\d+){3}$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
);

const PREFIX = text(
  'a prefix of 1 to 1,024 letters, digits and !-_.*\'()/, without a leading or trailing slash and without AWSLogs, which AWS adds',
  /^(?!\/)(?!.*AWSLogs)[A-Za-z0-9!_.*'()/-]{1,1024}(?<!\/)$/,
);

/** A log destination. The bucket needs a policy that allows Elastic Load Balancing to write. */
export class LogDestination {
  /**
   * An S3 bucket in the region of the load balancer, under `[prefix/]AWSLogs/<account>`.
   *
   * @param bucket name of the bucket
   * @param prefix key prefix, without a leading or trailing slash; none by default
   * @throws InvalidProps for an invalid bucket name or prefix
   */
  public static s3(bucket: string, prefix?: string): LogDestination {
    within('bucket', () => BUCKET.encode(bucket));
    return new LogDestination({ enabled: 'true', bucket, ...(prefix === undefined ? {} : { prefix: within('prefix', () => PREFIX.encode(prefix)) }) });
  }

  /** Explicitly off. Removing the annotation would leave the previous setting in AWS. */
  public static off(): LogDestination {
    return new LogDestination({ enabled: 'false' });
  }

  private constructor(private readonly settings: { readonly [name: string]: string }) {}

  /** @internal */
  public _render(kind: string): { readonly [key: string]: string } {
    return Object.fromEntries(Object.entries(this.settings).map(([name, value]) => [`${kind}.s3.${name}`, value]));
  }
}

const DESTINATION = instanceOf<LogDestination>('LogDestination');

/** Logs of one kind. */
export function logs(kind: string): AttributeRow<LogDestination> {
  return { keys: ['enabled', 'bucket', 'prefix'].map(name => `${kind}.s3.${name}`), write: destination => DESTINATION(destination)._render(kind) };
}

/**
 * Attributes of an Application Load Balancer (ELBv2 API 2015-12-01). Only attributes that are set are changed: one that you remove
 * later keeps its value in AWS (AWS Load Balancer Controller 3.5.0, pkg/deploy/elbv2/load_balancer_attributes_reconciler.go:44).
 */
export interface LoadBalancerAttributes {
  /**
   * How long a connection may be idle, 1 to 4,000 s. WebSockets, streams and requests that are idle longer are cut, so it must be longer
   * than every route timeout, and shorter than the gateway's idle timeout (Envoy's default is one hour).
   *
   * @default - 60 s, the default of AWS
   */
  readonly idleTimeout?: Duration;

  /**
   * How long a client may keep a connection open, 60 to 604,800 s.
   *
   * @default - 3,600 s, the default of AWS
   */
  readonly clientKeepAlive?: Duration;

  /**
   * Whether clients may use HTTP/2; gRPC needs it.
   *
   * @default - true, the default of AWS
   */
  readonly http2?: boolean;

  /**
   * Whether to drop headers with invalid names, including names with underscores. The AWS default, false, forwards
   * headers that two servers can interpret differently.
   *
   * @default true
   */
  readonly dropInvalidHeaderFields?: boolean;

  /**
   * How to handle requests that two servers can interpret differently.
   *
   * @default - DesyncMitigationMode.DEFENSIVE, the default of AWS
   */
  readonly desyncMitigationMode?: DesyncMitigationMode;

  /**
   * Whether the gateway receives the Host header exactly as the client sent it, including the port.
   *
   * @default - false, the default of AWS: the name is kept, but a port other than the listener's is not
   */
  readonly preserveHostHeader?: boolean;

  /**
   * Whether to send the client's TLS version and cipher suite to the gateway, in X-Amzn-Tls-Version and X-Amzn-Tls-Cipher-Suite.
   *
   * @default - false, the default of AWS
   */
  readonly tlsVersionAndCipherSuiteHeaders?: boolean;

  /**
   * Whether X-Forwarded-For includes the client's port. Envoy expects plain addresses, so leave it off.
   *
   * @default - false, the default of AWS
   */
  readonly xffClientPort?: boolean;

  /**
   * How to handle X-Forwarded-For. Only `APPEND` is safe if the gateway trusts one proxy: in the other modes, the address that
   * the gateway uses as the client's was not set by the load balancer.
   *
   * @default - XffHeaderProcessing.APPEND, the default of AWS
   */
  readonly xffHeaderProcessing?: XffHeaderProcessing;

  /**
   * Whether the load balancer is protected from deletion. Set it to false and apply that before you delete the Ingress.
   *
   * @default - false, the default of AWS
   */
  readonly deletionProtection?: boolean;

  /**
   * Destination of access logs: one line per request.
   *
   * @default - unchanged in AWS; off on a new load balancer
   */
  readonly accessLogs?: LogDestination;

  /**
   * Destination of connection logs: one line per connection, including TLS handshakes and client certificates.
   *
   * @default - unchanged in AWS; off on a new load balancer
   */
  readonly connectionLogs?: LogDestination;

  /**
   * Destination of health check logs: one line per health check.
   *
   * @default - unchanged in AWS; off on a new load balancer
   */
  readonly healthCheckLogs?: LogDestination;

  /**
   * Whether to forward requests if AWS WAF cannot be reached.
   *
   * @default - false, the default of AWS
   */
  readonly wafFailOpen?: boolean;

  /**
   * Whether traffic can be shifted away from a zone with Amazon Application Recovery Controller.
   *
   * @default - false, the default of AWS
   */
  readonly zonalShift?: boolean;

  /**
   * Whether IPv6 traffic from internet gateways is blocked.
   *
   * @default - false for internet-facing load balancers, true for internal ones, as in AWS
   */
  readonly denyAllInternetGatewayIpv6Traffic?: boolean;

  /**
   * Attributes without a prop of their own, by key.
   *
   * @default - none
   */
  readonly other?: { readonly [key: string]: string };
}

const ROWS: AttributeRows<LoadBalancerAttributes> = {
  idleTimeout: seconds('idle_timeout.timeout_seconds', ...SECONDS['idle_timeout.timeout_seconds']),
  clientKeepAlive: seconds('client_keep_alive.seconds', ...SECONDS['client_keep_alive.seconds']),
  http2: attribute('routing.http2.enabled', boolean()),
  dropInvalidHeaderFields: attribute('routing.http.drop_invalid_header_fields.enabled', boolean()),
  desyncMitigationMode: attribute('routing.http.desync_mitigation_mode', word(DesyncMitigationMode)),
  preserveHostHeader: attribute('routing.http.preserve_host_header.enabled', boolean()),
  tlsVersionAndCipherSuiteHeaders: attribute('routing.http.x_amzn_tls_version_and_cipher_suite.enabled', boolean()),
  xffClientPort: attribute('routing.http.xff_client_port.enabled', boolean()),
  xffHeaderProcessing: attribute('routing.http.xff_header_processing.mode', word(XffHeaderProcessing)),
  deletionProtection: attribute('deletion_protection.enabled', boolean()),
  accessLogs: logs('access_logs'),
  connectionLogs: logs('connection_logs'),
  healthCheckLogs: logs('health_check_logs'),
  wafFailOpen: attribute('waf.fail_open.enabled', boolean()),
  zonalShift: attribute('zonal_shift.config.enabled', boolean()),
  denyAllInternetGatewayIpv6Traffic: attribute('ipv6.deny_all_igw_traffic', boolean()),
};

/** The setting `loadBalancerAttributes`. @throws InvalidProps for a value out of bounds, reported under `prop` */
export function renderLoadBalancerAttributes(attributes: LoadBalancerAttributes = {}, prop = 'attributes'): { readonly [key: string]: string } {
  const { dropInvalidHeaderFields = true, ...rest } = attributes;
  return renderAttributes(prop, { ...rest, dropInvalidHeaderFields }, ROWS);
}
