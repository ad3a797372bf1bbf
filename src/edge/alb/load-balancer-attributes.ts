// Attributes of the load balancer: timeouts, what it does to headers, logs, and what protects it.
import type { Duration } from 'cdk8s';
import { boolean, text, word } from '../../base/alb-annotations/codecs';
import { within } from '../../base/errors';
import { instanceOf } from '../../base/prop-types';
import { attribute, type AttributeRow, type AttributeRows, renderAttributes, seconds } from './aws-attributes';

/** What the load balancer does with requests that are dangerous to pass on (ELBv2 API 2015-12-01; its own default is `defensive`). */
export enum DesyncMitigationMode {
  /** Passes all on, and counts them. */
  MONITOR = 'monitor',
  /** Refuses the worst, and closes the connection after the doubtful ones. */
  DEFENSIVE = 'defensive',
  /** Refuses everything that does not follow RFC 7230. */
  STRICTEST = 'strictest',
}

/** What the load balancer does with the header X-Forwarded-For. */
export enum XffHeaderProcessing {
  /** Adds the address of the client. The only mode in which the gateway's number of trusted proxies says the truth. */
  APPEND = 'append',
  /** Hands on what the client wrote. With a trusted proxy at the gateway, clients then choose their own source address. */
  PRESERVE = 'preserve',
  /** Takes the header off. */
  REMOVE = 'remove',
}

const BUCKET = text(
  'the name of an S3 bucket: 3 to 63 lower case letters, digits, dots and hyphens, a letter or digit at both ends, no two dots in a row, no IP address',
  /^(?!.*\.\.)(?!\d+(\.\d+){3}$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
);

const PREFIX = text(
  'a prefix of 1 to 1,024 letters, digits and !-_.*\'()/, no slash at either end, without AWSLogs, which AWS adds itself',
  /^(?!\/)(?!.*AWSLogs)[A-Za-z0-9!_.*'()/-]{1,1024}(?<!\/)$/,
);

/** Where logs go. The bucket needs a policy that lets Elastic Load Balancing write. */
export class LogDestination {
  /**
   * To an S3 bucket in the region of the load balancer, below `[prefix/]AWSLogs/<account>`.
   *
   * @param bucket name of the bucket
   * @param prefix without a slash at either end; none by default
   * @throws InvalidProps for what cannot be a bucket or a prefix
   */
  public static s3(bucket: string, prefix?: string): LogDestination {
    within('bucket', () => BUCKET.encode(bucket));
    return new LogDestination({ enabled: 'true', bucket, ...(prefix === undefined ? {} : { prefix: within('prefix', () => PREFIX.encode(prefix)) }) });
  }

  /** Nowhere, written out: logs that were on stay on in AWS when the annotation just goes away. */
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
 * Attributes of an Application Load Balancer (ELBv2 API 2015-12-01). Only what is written is changed: an attribute that is left out
 * later keeps its value in AWS (AWS Load Balancer Controller 3.5.0, pkg/deploy/elbv2/load_balancer_attributes_reconciler.go:44).
 */
export interface LoadBalancerAttributes {
  /**
   * How long a connection may be silent, 1 to 4,000 s. It cuts WebSockets, streams and requests that take longer, so it has to be
   * more than every timeout of a route, and less than the idle timeout of the gateway (Envoy's own is one hour).
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
   * Whether clients may speak HTTP/2; gRPC needs it.
   *
   * @default - true, the default of AWS
   */
  readonly http2?: boolean;

  /**
   * Whether headers whose names are not valid are taken off; names with underscores are among them. The default of AWS, false, lets
   * headers through that two servers can read in two ways.
   *
   * @default true
   */
  readonly dropInvalidHeaderFields?: boolean;

  /**
   * What happens to requests that two servers can read in two ways.
   *
   * @default - DesyncMitigationMode.DEFENSIVE, the default of AWS
   */
  readonly desyncMitigationMode?: DesyncMitigationMode;

  /**
   * Whether the Host header reaches the gateway exactly as the client wrote it, port included.
   *
   * @default - false, the default of AWS: the name is kept, a port that is not the listener's own is not
   */
  readonly preserveHostHeader?: boolean;

  /**
   * Whether the gateway is told the TLS version and cipher of the client, in X-Amzn-Tls-Version and X-Amzn-Tls-Cipher-Suite.
   *
   * @default - false, the default of AWS
   */
  readonly tlsVersionAndCipherSuiteHeaders?: boolean;

  /**
   * Whether X-Forwarded-For also names the client's port. Envoy expects bare addresses there, so leave it off.
   *
   * @default - false, the default of AWS
   */
  readonly xffClientPort?: boolean;

  /**
   * What happens to X-Forwarded-For. Only `APPEND` is safe with a gateway that trusts one proxy: in the other modes the address that
   * the gateway takes for the client's was not written by the load balancer.
   *
   * @default - XffHeaderProcessing.APPEND, the default of AWS
   */
  readonly xffHeaderProcessing?: XffHeaderProcessing;

  /**
   * Whether the load balancer cannot be deleted. It has to be set to false, and applied, before the Ingress can go away.
   *
   * @default - false, the default of AWS
   */
  readonly deletionProtection?: boolean;

  /**
   * Where a line for every request goes.
   *
   * @default - left as it is; off on a new load balancer
   */
  readonly accessLogs?: LogDestination;

  /**
   * Where a line for every connection goes, TLS handshakes and client certificates included.
   *
   * @default - left as it is; off on a new load balancer
   */
  readonly connectionLogs?: LogDestination;

  /**
   * Where a line for every health check goes.
   *
   * @default - left as it is; off on a new load balancer
   */
  readonly healthCheckLogs?: LogDestination;

  /**
   * Whether requests pass when AWS WAF cannot be asked.
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
   * Attributes that no prop covers yet, by key.
   *
   * @default - none
   */
  readonly other?: { readonly [key: string]: string };
}

const ROWS: AttributeRows<LoadBalancerAttributes> = {
  idleTimeout: seconds('idle_timeout.timeout_seconds', 1, 4000),
  clientKeepAlive: seconds('client_keep_alive.seconds', 60, 604_800),
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

/** The setting `loadBalancerAttributes`. @throws InvalidProps for a value out of bounds, named below `prop` */
export function renderLoadBalancerAttributes(attributes: LoadBalancerAttributes = {}, prop = 'attributes'): { readonly [key: string]: string } {
  const { dropInvalidHeaderFields = true, ...rest } = attributes;
  return renderAttributes(prop, { ...rest, dropInvalidHeaderFields }, ROWS);
}
