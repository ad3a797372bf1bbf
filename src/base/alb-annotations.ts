// The one table of ALB annotations: everything that reads, writes, checks or documents them is a loop over it.
// Facts: AWS Load Balancer Controller 3.5.0, docs/guide/ingress/annotations.md and pkg/ingress; bounds of AWS: ELBv2 API 2015-12-01.
import { Codec, integer, json, list, stringMap, text, within, word } from './alb-codecs';
import { AlbScheme, BackendProtocol, ListenerProtocol, TargetType } from './alb-words';
import { CERTIFICATE_ARN, SUBNET } from './arn';
import { InvalidProps } from './errors';

/** What every key of the controller starts with. */
export const ALB_PREFIX = 'alb.ingress.kubernetes.io/';

/** A port that the load balancer listens on. */
export interface ListenPort {
  readonly protocol: ListenerProtocol;
  readonly port: number;
}

/** What can be said about a load balancer in annotations, typed. */
export interface AlbSettings {
  readonly loadBalancerName?: string;
  readonly scheme?: AlbScheme;
  readonly subnets?: readonly string[];
  readonly listenPorts?: readonly ListenPort[];
  readonly sslRedirect?: number;
  readonly certificateArns?: readonly string[];
  readonly sslPolicy?: string;
  readonly targetType?: TargetType;
  readonly backendProtocol?: BackendProtocol;
  readonly targetGroupAttributes?: { readonly [key: string]: string };
  readonly healthcheckPort?: string;
  readonly healthcheckProtocol?: BackendProtocol;
  readonly healthcheckPath?: string;
  readonly successCodes?: string;
}

/** How the members of an IngressGroup combine: one value for all (`exclusive`), the union (`merge`), or each its own (`none`). */
export type MergeBehavior = 'exclusive' | 'merge' | 'none';

/** One row of the table. */
export interface AlbAnnotation<T> {
  /** The key after {@link ALB_PREFIX}. */
  readonly key: string;
  readonly codec: Codec<T>;
  /** What the controller does when the key is absent, in words; a literal stands in backticks. */
  readonly default: string;
  /** The kinds it is read from. Where both, the Service's value replaces the Ingress's as a whole. */
  readonly on: readonly ('Ingress' | 'Service')[];
  /** What happens among the members of an IngressGroup. */
  readonly merge: MergeBehavior;
  /** One sentence for the docs. */
  readonly doc: string;
}

type Table = { readonly [P in keyof AlbSettings]-?: AlbAnnotation<NonNullable<AlbSettings[P]>> };

const listenPorts = json<readonly ListenPort[]>(
  'a JSON list of objects with one pair each, such as [{"HTTP":80},{"HTTPS":443}]',
  ports => checkedPorts(ports).map(({ protocol, port }) => ({ [protocol]: port })),
  parsed => {
    if (!Array.isArray(parsed)) {
      throw new InvalidProps('', parsed, 'a JSON list');
    }
    return checkedPorts(parsed.flatMap(entry => Object.entries(entry ?? {}).map(([protocol, port]) => ({ protocol, port }) as ListenPort)));
  },
);

function checkedPorts(ports: readonly ListenPort[]): readonly ListenPort[] {
  if (ports.length === 0) {
    throw new InvalidProps('', ports, 'at least one port');
  }
  const [protocols, numbers] = [word(ListenerProtocol), integer(1, 65535)];
  ports.forEach(({ protocol, port }, index) => {
    within(`[${index}].protocol`, () => protocols.encode(protocol));
    within(`[${index}].port`, () => numbers.encode(port));
    if (ports.findIndex(other => other.port === port) !== index) {
      throw new InvalidProps(`[${index}].port`, port, 'every port once');
    }
  });
  return ports;
}

/** A number up to 65535, or a name with at least one letter. */
const PORT_OR_NAME = /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]|(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?)$/;

/** The table, in the order in which a reader meets the settings: load balancer, listeners, target group. */
export const ALB_ANNOTATIONS: Table = {
  loadBalancerName: {
    key: 'load-balancer-name',
    codec: text('1 to 32 letters, digits and hyphens, no hyphen at either end, not starting with internal-', /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/),
    default: 'a name derived from cluster, group and scheme',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Name of the load balancer; it is used at creation only, a later change has no effect.',
  },
  scheme: {
    key: 'scheme',
    codec: word(AlbScheme),
    default: '`internal`',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Whether the load balancer has public addresses; a change replaces it and its DNS name.',
  },
  subnets: {
    key: 'subnets',
    codec: list(text('a subnet id (subnet- and 8 or 17 hexadecimal digits) or the Name tag of a subnet', SUBNET), 2),
    default: 'discovery by the role tags of the subnets',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Subnets of the load balancer, one per availability zone, at least two.',
  },
  listenPorts: {
    key: 'listen-ports',
    codec: listenPorts,
    default: '`[{"HTTP":80}]`, or `[{"HTTPS":443}]` with a certificate',
    on: ['Ingress'],
    merge: 'merge',
    doc: 'Ports and protocols of the listeners.',
  },
  sslRedirect: {
    key: 'ssl-redirect',
    codec: integer(1, 65535),
    default: 'no redirect',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'Makes every HTTP listener of the group answer 301 to this HTTPS port.',
  },
  certificateArns: {
    key: 'certificate-arn',
    codec: list(text('the ARN of an ACM certificate or of an IAM server certificate', CERTIFICATE_ARN)),
    default: 'discovery of issued ACM certificates by the hosts of the rules',
    on: ['Ingress'],
    merge: 'merge',
    doc: 'Certificates of the HTTPS listeners; the first is the default, the others are chosen by SNI.',
  },
  sslPolicy: {
    key: 'ssl-policy',
    codec: text('the name of an ELB security policy, such as ELBSecurityPolicy-TLS13-1-2-2021-06', /^ELBSecurityPolicy-[A-Za-z0-9-]+$/),
    default: '`ELBSecurityPolicy-2016-08`, which accepts TLS 1.0',
    on: ['Ingress'],
    merge: 'exclusive',
    doc: 'TLS versions and ciphers of the HTTPS listeners.',
  },
  targetType: {
    key: 'target-type',
    codec: word(TargetType),
    default: '`instance`',
    on: ['Ingress', 'Service'],
    merge: 'none',
    doc: 'Registers nodes on the node port, or pods on the target port.',
  },
  backendProtocol: {
    key: 'backend-protocol',
    codec: word(BackendProtocol),
    default: '`HTTP`',
    on: ['Ingress', 'Service'],
    merge: 'none',
    doc: 'Protocol from the load balancer to the targets; the default protocol of health checks too.',
  },
  targetGroupAttributes: {
    key: 'target-group-attributes',
    codec: stringMap(),
    default: 'the defaults of AWS',
    on: ['Ingress', 'Service'],
    merge: 'none',
    doc: 'Attributes of the target groups; only the keys named are changed.',
  },
  healthcheckPort: {
    key: 'healthcheck-port',
    codec: text('traffic-port, a port number from 1 to 65535, or the name of a port of the Service', PORT_OR_NAME),
    default: '`traffic-port`',
    on: ['Ingress', 'Service'],
    merge: 'none',
    doc: 'Port of the health check; the name of a Service port works for both target types.',
  },
  healthcheckProtocol: {
    key: 'healthcheck-protocol',
    codec: word(BackendProtocol),
    default: 'the backend protocol (the upstream page says `HTTP`; the code does not)',
    on: ['Ingress', 'Service'],
    merge: 'none',
    doc: 'Protocol of the health check.',
  },
  healthcheckPath: {
    key: 'healthcheck-path',
    codec: text('a path of 1 to 1,024 characters that starts with /', /^\/[\x21-\x7e]{0,1023}$/),
    default: '`/`',
    on: ['Ingress', 'Service'],
    merge: 'none',
    doc: 'Path of the health check.',
  },
  successCodes: {
    key: 'success-codes',
    codec: text('HTTP codes from 200 to 499: one, a list such as 200,204, or a range such as 200-299', /^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/),
    default: '`200`',
    on: ['Ingress', 'Service'],
    merge: 'none',
    doc: 'Codes that count as a healthy answer.',
  },
};

const ROWS = Object.entries(ALB_ANNOTATIONS) as [keyof AlbSettings, AlbAnnotation<unknown>][];

/** What annotations say about a load balancer, and what in them cannot be understood. */
export interface DecodedAnnotations {
  readonly settings: AlbSettings;
  /** Known keys whose value the controller or AWS would refuse. */
  readonly malformed: readonly { readonly key: string; readonly value: string; readonly allowed: string }[];
  /** Keys with the controller's prefix that the table does not know; the controller ignores unknown keys silently. */
  readonly unknown: readonly string[];
}

/** Writes settings as annotations; throws `InvalidProps` naming the setting whose value is out of bounds. */
export function encodeAlbAnnotations(settings: AlbSettings): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const [prop, row] of ROWS) {
    const value = settings[prop];
    if (value !== undefined) {
      annotations[ALB_PREFIX + row.key] = within(prop, () => row.codec.encode(value));
    }
  }
  return annotations;
}

/** Reads annotations back. Never throws: what cannot be understood is returned as such. */
export function decodeAlbAnnotations(annotations: { readonly [key: string]: string }): DecodedAnnotations {
  const rows = new Map(ROWS.map(([prop, row]) => [ALB_PREFIX + row.key, { prop, row }]));
  const settings: Record<string, unknown> = {};
  const malformed: { key: string; value: string; allowed: string }[] = [];
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(annotations).filter(([name]) => name.startsWith(ALB_PREFIX))) {
    const known = rows.get(key);
    if (known === undefined) {
      unknown.push(key);
      continue;
    }
    try {
      settings[known.prop] = known.row.codec.decode(value);
    } catch (error) {
      if (!(error instanceof InvalidProps)) {
        throw error;
      }
      malformed.push({ key, value, allowed: error.allowed });
    }
  }
  return { settings, malformed, unknown };
}
