// Rows of the annotation table about listeners: ports, certificates, TLS and client certificates.
import type { Rows } from './alb-annotation';
import { boolean, integer, list, stringMap, text } from './alb-codecs';
import { aBoolean, aNumber, anObject, aText, aWord, aList, json } from './alb-shapes';
import { AdvertiseTrustStoreCaNames, ListenerProtocol, MutualAuthenticationMode } from './alb-words';
import { CERTIFICATE_ARN } from './aws-ids';
import { InvalidProps } from './errors';

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

/** What annotations say about listeners. */
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

const portList = json<readonly Partial<Record<ListenerProtocol, number>>[]>(
  'a JSON list of objects with one pair each, such as [{"HTTP":80},{"HTTPS":443}]',
  aList(value => {
    const entries = Object.entries(value ?? {});
    for (const [protocol, port] of entries) {
      // These names are keys of a map for the controller, so their case counts.
      aWord(...Object.values(ListenerProtocol))(protocol);
      aNumber(1, 65535)(port);
    }
    return value as Partial<Record<ListenerProtocol, number>>;
  }),
);

function uniquePorts(ports: readonly ListenPort[]): readonly ListenPort[] {
  ports.forEach(({ port }, index) => {
    if (ports.findIndex(other => other.port === port) !== index) {
      throw new InvalidProps(`[${index}].port`, port, 'every port once');
    }
  });
  return ports;
}

const clientCertificates = anObject<MutualAuthentication>({
  port: aNumber(1, 65535),
  mode: aWord(...Object.values(MutualAuthenticationMode)),
  trustStore: aText('the ARN or the name of a trust store'),
  ignoreClientCertificateExpiry: aBoolean,
  advertiseTrustStoreCaNames: aWord(...Object.values(AdvertiseTrustStoreCaNames)),
}, ['port', 'mode']);

/** Rows about listeners. */
export const LISTENER_ANNOTATIONS: Rows<ListenerSettings> = {
  listenPorts: {
    key: 'listen-ports',
    codec: {
      syntax: portList.syntax,
      encode: ports => portList.encode(uniquePorts(ports).map(({ protocol, port }) => ({ [protocol]: port }))),
      decode: written => uniquePorts(portList.decode(written)
        .flatMap(entry => Object.entries(entry).map(([protocol, port]) => ({ protocol: protocol as ListenerProtocol, port })))),
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
    doc: 'Makes every HTTP listener of the group answer 301 to this HTTPS port.',
  },
  certificateArns: {
    key: 'certificate-arn',
    codec: list(text('the ARN of an ACM certificate or of an IAM server certificate', CERTIFICATE_ARN)),
    default: 'discovery of issued ACM certificates by the hosts of the rules',
    on: ['Ingress'],
    merge: 'merge',
    scope: 'port',
    classField: 'certificateArn',
    doc: 'Certificates of the HTTPS listeners; the first is the default, the others are chosen by SNI.',
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
    codec: json('a JSON list with port and mode, such as [{"port":443,"mode":"verify","trustStore":"my-store"}]', aList(value => {
      const { port, mode, ...rest } = clientCertificates(value);
      if (mode === MutualAuthenticationMode.VERIFY && rest.trustStore === undefined) {
        throw new InvalidProps('.trustStore', undefined, 'the ARN or the name of a trust store, which mode verify needs');
      }
      const [extra] = Object.keys(rest);
      if (mode !== MutualAuthenticationMode.VERIFY && extra !== undefined) {
        throw new InvalidProps(`.${extra}`, rest[extra as keyof typeof rest], `nothing in mode ${mode}`);
      }
      return { port, mode, ...rest };
    })),
    default: 'left as it is; `off` switches it off',
    on: ['Ingress'],
    merge: 'exclusive',
    scope: 'port',
    doc: 'What the HTTPS listeners do with client certificates.',
  },
  listenerAttributes: {
    key: 'listener-attributes',
    family: /^HTTPS?-[1-9]\d{0,4}$/,
    codec: stringMap(),
    default: 'the defaults of AWS',
    on: ['Ingress'],
    merge: 'merge',
    scope: 'port',
    classField: 'listeners[].listenerAttributes',
    doc: 'Attributes of one listener, named by protocol and port, such as `HTTPS-443`.',
  },
  createAcmCert: {
    key: 'create-acm-cert',
    codec: boolean(),
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
