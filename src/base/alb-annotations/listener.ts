// Annotation table rows for listeners: ports, certificates, TLS and client certificates.
import type { Rows } from './annotation';
import { boolean, integer, list, stringMap, text } from './codecs';
import { aBoolean, aNumber, anObject, aText, aWord, aList, always, isObject, json, type Shape } from './shapes';
import { AdvertiseTrustStoreCaNames, ListenerProtocol, MutualAuthenticationMode } from './words';
import { CERTIFICATE_ARN } from '../aws-ids';
import { InvalidProps, within } from '../errors';

/** A port that the load balancer listens on. */
export interface ListenPort {
  readonly protocol: ListenerProtocol;
  readonly port: number;
}

/** What a listener does with client certificates. */
export interface MutualAuthentication {
  readonly port: number;
  readonly mode: MutualAuthenticationMode;
  readonly trustStore?: string;
  readonly ignoreClientCertificateExpiry?: boolean;
  readonly advertiseTrustStoreCaNames?: AdvertiseTrustStoreCaNames;
}

/** Settings of listeners. */
export interface ListenerSettings {
  readonly listenPorts?: readonly ListenPort[];
  readonly sslRedirect?: number;
  readonly certificateArns?: readonly string[];
  readonly sslPolicy?: string;
  readonly mutualAuthentication?: readonly MutualAuthentication[];
  readonly listenerAttributes?: { readonly [listener: string]: { readonly [key: string]: string } };
  readonly createAcmCert?: boolean;
  readonly acmPcaArn?: string;
}

const aProtocol = aWord(...Object.values(ListenerProtocol));
const aPort = aNumber(1, 65535);
const aListenPort = anObject<ListenPort>({ protocol: aProtocol, port: aPort }, ['protocol', 'port']);

/** List entries with pairs of protocol and port, usually one each. The controller decodes them as map keys, so they are case-sensitive. */
const portEntries = aList<readonly ListenPort[]>((entry, lenient) => {
  const value = lenient ? entry ?? {} : entry;
  if (!isObject(value) || !(lenient || Object.keys(value).length > 0)) {
    throw InvalidProps.value('', entry, 'must be an object with one pair, such as {"HTTP":80}');
  }
  return Object.entries(value).map(([protocol, port]) => ({ protocol: aProtocol(protocol), port: within(`.${protocol}`, () => aPort(port)) }));
});

function uniquePorts<T extends { readonly port: number }>(ports: readonly T[]): readonly T[] {
  const seen = new Set<number>();
  ports.forEach(({ port }, index) => {
    if (seen.size === seen.add(port).size) {
      throw InvalidProps.duplicate(`[${index}].port`, port, 'in the list');
    }
  });
  return ports;
}

/** The controller turns the list into a map by port, in which the last entry wins. */
function lastOfEveryPort<T extends { readonly port: number }>(ports: readonly T[]): readonly T[] {
  return [...new Map(ports.map(own => [own.port, own])).values()];
}

const listenPorts: Shape<readonly ListenPort[]> = (json, lenient) => {
  const ports = portEntries(notEmpty(json), lenient).flat();
  return lenient ? lastOfEveryPort(ports) : uniquePorts(ports);
};

/** The controller refuses an empty list and null. */
function notEmpty(json: unknown): unknown {
  if (json === null || (Array.isArray(json) && json.length === 0)) {
    throw InvalidProps.value('', json, 'must be a list of at least 1 entry');
  }
  return json;
}

const portCodec = json('a JSON list of objects with one pair each, such as [{"HTTP":80},{"HTTPS":443}]', listenPorts);

const clientCertificates = anObject<MutualAuthentication>({
  port: aPort,
  mode: aWord(...Object.values(MutualAuthenticationMode)),
  trustStore: aText('the ARN or name of a trust store', /^/),
  ignoreClientCertificateExpiry: aBoolean,
  advertiseTrustStoreCaNames: aWord(...Object.values(AdvertiseTrustStoreCaNames)),
}, ['port', 'mode']);

/** The controller itself refuses everything except a duplicate port (pkg/ingress/model_build_listener.go). */
const clientAuthentication: Shape<MutualAuthentication> = always(value => {
  const { port, mode, trustStore, ...more } = clientCertificates(value);
  const rest = { ...(trustStore ? { trustStore } : {}), ...more };
  if (mode === MutualAuthenticationMode.VERIFY && !trustStore) {
    throw InvalidProps.value('.trustStore', trustStore, 'must be the ARN or name of a trust store when mode is verify');
  }
  const [extra] = Object.keys(rest);
  if (mode !== MutualAuthenticationMode.VERIFY && extra !== undefined) {
    throw InvalidProps.conflict(`.${extra}`, rest[extra as keyof typeof rest], `cannot be set when mode is ${mode}`);
  }
  return { port, mode, ...rest };
});

/** Rows for listeners. */
export const LISTENER_ANNOTATIONS: Rows<ListenerSettings> = {
  listenPorts: {
    key: 'listen-ports',
    codec: {
      ...portCodec,
      encode: ports => JSON.stringify(uniquePorts(aList(aListenPort)(ports)).map(({ protocol, port }) => ({ [protocol]: port }))),
    },
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
    classField: 'sslRedirectPort',
    doc: 'Makes every HTTP listener of the group redirect to this HTTPS port with a 301.',
  },
  certificateArns: {
    key: 'certificate-arn',
    codec: list(text('the ARN of an ACM certificate or of an IAM server certificate', CERTIFICATE_ARN)),
    default: 'discovery of issued ACM certificates by the hosts of the rules',
    on: ['Ingress'],
    merge: 'merge',
    scope: 'port',
    classField: 'certificateArn',
    autoModeField: 'certificateARNs',
    doc: 'Certificates of the HTTPS listeners; the first is the default, the others are selected by SNI.',
  },
  sslPolicy: {
    key: 'ssl-policy',
    codec: text('the name of an ELB security policy, such as ELBSecurityPolicy-TLS13-1-2-2021-06', /^ELBSecurityPolicy-[A-Za-z0-9-]+$/),
    default: '`ELBSecurityPolicy-2016-08`, which accepts TLS 1.0',
    on: ['Ingress'],
    merge: 'exclusive',
    scope: 'port',
    classField: 'sslPolicy',
    doc: 'TLS versions and ciphers of the HTTPS listeners.',
  },
  mutualAuthentication: {
    key: 'mutual-authentication',
    codec: json('a JSON list with port and mode, such as [{"port":443,"mode":"verify","trustStore":"my-store"}]', (value, lenient) => {
      const entries = aList(clientAuthentication)(notEmpty(value));
      return lenient ? lastOfEveryPort(entries) : uniquePorts(entries);
    }),
    default: 'unchanged in AWS; `off` turns it off',
    on: ['Ingress'],
    merge: 'exclusive',
    scope: 'port',
    doc: 'What the HTTPS listeners do with client certificates.',
  },
  listenerAttributes: {
    key: 'listener-attributes',
    family: /^HTTPS?-[1-9]\d{0,4}$/,
    codec: stringMap(),
    default: 'the AWS defaults',
    on: ['Ingress'],
    merge: 'merge',
    scope: 'port',
    classField: 'listeners[].listenerAttributes',
    // kubernetes-sigs/aws-load-balancer-controller#4100
    ignoredByAutoMode: { why: 'it does not set attributes of listeners' },
    doc: 'Attributes of one listener, identified by protocol and port, such as `HTTPS-443`.',
  },
  createAcmCert: {
    key: 'create-acm-cert',
    codec: boolean(true),
    default: '`false`',
    on: ['Ingress'],
    merge: 'none',
    doc: 'Lets the controller create an ACM certificate for the hosts, validated in Route 53 (feature gate EnableCertificateManagement).',
  },
  acmPcaArn: {
    key: 'acm-pca-arn',
    codec: text('the ARN of a private certificate authority', /^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority\/[A-Za-z0-9-]+$/),
    default: 'a public certificate',
    on: ['Ingress'],
    merge: 'none',
    doc: 'Private certificate authority of created certificates.',
  },
};
