// Attributes of one listener: headers that it adds to answers, and names of the headers that it adds to requests.
import type { Duration } from 'cdk8s';
import { boolean, text, word } from '../../base/alb-annotations/codecs';
import { ListenerProtocol } from '../../base/alb-annotations/words';
import { InvalidProps, within } from '../../base/errors';
import { propsOf, STRINGS } from '../../base/prop-types';
import { wholeSeconds } from '../wire/duration';
import { attribute, type AttributeRow, type AttributeRows, group, renderAttributes, seconds, type Writer, type WrittenAttributes } from './aws-attributes';
import { requireUnique } from '../wire/bounds';

/** Values of X-Content-Type-Options. */
export enum ContentTypeOptions {
  /** Browsers do not guess the type of an answer. */
  NOSNIFF = 'nosniff',
}

/** Values of X-Frame-Options. */
export enum FrameOptions {
  /** No page may show the answer in a frame. */
  DENY = 'DENY',
  /** Only pages of the same origin may. */
  SAMEORIGIN = 'SAMEORIGIN',
}

/** The header Strict-Transport-Security (RFC 6797): browsers that saw it ask by HTTPS alone. */
export interface StrictTransportSecurity {
  /** How long browsers remember it, in whole seconds; 0 makes them forget. */
  readonly maxAge: Duration;

  /**
   * Whether it holds for all hosts below this one too.
   *
   * @default false
   */
  readonly includeSubDomains?: boolean;

  /**
   * Whether browsers may know it before the first visit. The preload list (hstspreload.org) takes only hosts with `includeSubDomains`
   * and a `maxAge` of at least a year.
   *
   * @default false
   */
  readonly preload?: boolean;
}

/** Headers that allow pages of other origins to use the answers (CORS). The load balancer adds them; it does not answer preflights. */
export interface CorsHeaders {
  /**
   * Access-Control-Allow-Origin: one origin such as `https://shop.example.com`, or `*`.
   *
   * @default - not added
   */
  readonly allowOrigin?: string;

  /**
   * Access-Control-Allow-Methods: methods in upper case, or `*` alone.
   *
   * @default - not added
   */
  readonly allowMethods?: string[];

  /**
   * Access-Control-Allow-Headers: names of headers, or `*` alone.
   *
   * @default - not added
   */
  readonly allowHeaders?: string[];

  /**
   * Access-Control-Allow-Credentials: added where true. Browsers refuse it together with the origin `*`.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * Access-Control-Expose-Headers: names of headers, or `*` alone.
   *
   * @default - not added
   */
  readonly exposeHeaders?: string[];

  /**
   * Access-Control-Max-Age: how long a preflight holds, in whole seconds up to a day, which is as long as any browser keeps it.
   *
   * @default - not added
   */
  readonly maxAge?: Duration;
}

/** Names under which the gateway gets what the listener knows of the client's TLS: each at most 40 letters, digits, hyphens and underscores. */
export interface TlsRequestHeaderNames {
  /**
   * Serial number of the client certificate.
   *
   * @default 'X-Amzn-Mtls-Clientcert-Serial-Number'
   */
  readonly clientCertificateSerialNumber?: string;

  /**
   * Issuer of the client certificate.
   *
   * @default 'X-Amzn-Mtls-Clientcert-Issuer'
   */
  readonly clientCertificateIssuer?: string;

  /**
   * Subject of the client certificate.
   *
   * @default 'X-Amzn-Mtls-Clientcert-Subject'
   */
  readonly clientCertificateSubject?: string;

  /**
   * Validity of the client certificate.
   *
   * @default 'X-Amzn-Mtls-Clientcert-Validity'
   */
  readonly clientCertificateValidity?: string;

  /**
   * The client certificate alone, where the listener verifies.
   *
   * @default 'X-Amzn-Mtls-Clientcert-Leaf'
   */
  readonly clientCertificateLeaf?: string;

  /**
   * The client certificate with its chain, where the listener passes it through unverified.
   *
   * @default 'X-Amzn-Mtls-Clientcert'
   */
  readonly clientCertificate?: string;

  /**
   * TLS version, where the load balancer tells it.
   *
   * @default 'X-Amzn-Tls-Version'
   */
  readonly tlsVersion?: string;

  /**
   * Cipher suite, where the load balancer tells it.
   *
   * @default 'X-Amzn-Tls-Cipher-Suite'
   */
  readonly tlsCipherSuite?: string;
}

/**
 * Attributes of a listener (ELBv2 API 2015-12-01). Only what is written is changed: an attribute that is left out later keeps its
 * value in AWS. Headers are added to every answer of the listener.
 */
export interface ListenerAttributes {
  /**
   * Whether answers of the load balancer itself carry a Server header.
   *
   * @default - true, the default of AWS
   */
  readonly serverHeader?: boolean;

  /**
   * Strict-Transport-Security. HTTPS listeners only: browsers ignore it elsewhere.
   *
   * @default - not added
   */
  readonly strictTransportSecurity?: StrictTransportSecurity;

  /**
   * Access-Control headers.
   *
   * @default - not added
   */
  readonly cors?: CorsHeaders;

  /**
   * Content-Security-Policy, word for word.
   *
   * @default - not added
   */
  readonly contentSecurityPolicy?: string;

  /**
   * X-Content-Type-Options.
   *
   * @default - not added
   */
  readonly contentTypeOptions?: ContentTypeOptions;

  /**
   * X-Frame-Options.
   *
   * @default - not added
   */
  readonly frameOptions?: FrameOptions;

  /**
   * Other names for the headers about the client's TLS. HTTPS listeners only.
   *
   * @default - the names of AWS
   */
  readonly tlsRequestHeaderNames?: TlsRequestHeaderNames;

  /**
   * Attributes that no prop covers yet, by key.
   *
   * @default - none
   */
  readonly other?: { readonly [key: string]: string };
}

const RESPONSE = 'routing.http.response';
const YEAR = 31_536_000;
const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

/** A list, written as one header value. */
function listed(what: string, pattern: string): Writer<string[]> {
  const all = text(`${what}, or * alone`, new RegExp(`^(\\*|${pattern}(,${pattern})*)$`));
  return { encode: values => all.encode(STRINGS(values).join(',')) };
}

const REQUEST_HEADER = text(
  '1 to 40 letters, digits, hyphens and underscores, other than Host and X-Forwarded-…, which the gateway trusts for what they are',
  /^(?!host$|x-forwarded-)[A-Za-z0-9_-]{1,40}$/i,
);

function requestHeader(name: string): AttributeRow<string> {
  return attribute(`routing.http.request.x_amzn_${name}.header_name`, REQUEST_HEADER);
}

const HSTS = `${RESPONSE}.strict_transport_security.header_value`;
const strictTransportSecurity: AttributeRow<StrictTransportSecurity> = {
  keys: [HSTS],
  write: value => {
    const { maxAge, includeSubDomains = false, preload = false } = propsOf<StrictTransportSecurity>('StrictTransportSecurity')(value);
    const age = wholeSeconds('.maxAge', maxAge, 0, 2 ** 31 - 1);
    if (preload && (age < YEAR || !includeSubDomains)) {
      throw InvalidProps.value('.preload', preload, `must be false without includeSubDomains and a maxAge of at least ${YEAR} s`);
    }
    return { [HSTS]: `max-age=${age}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}` };
  },
};

const CREDENTIALS = `${RESPONSE}.access_control_allow_credentials.header_value`;
const corsRows = group<CorsHeaders>({
  allowOrigin: attribute(`${RESPONSE}.access_control_allow_origin.header_value`,
    text('one origin such as https://shop.example.com, or *', /^(\*|https?:\/\/[^\s/?#,@]+)$/)),
  allowMethods: attribute(`${RESPONSE}.access_control_allow_methods.header_value`, listed('methods in upper case', '[A-Z]+')),
  allowHeaders: attribute(`${RESPONSE}.access_control_allow_headers.header_value`, listed('names of headers', TOKEN)),
  allowCredentials: {
    keys: [CREDENTIALS],
    // The header has no value for "no".
    write: (value): WrittenAttributes => boolean().encode(value) === 'true' ? { [CREDENTIALS]: 'true' } : {},
  },
  exposeHeaders: attribute(`${RESPONSE}.access_control_expose_headers.header_value`, listed('names of headers', TOKEN)),
  maxAge: seconds(`${RESPONSE}.access_control_max_age.header_value`, 0, 86_400),
});

const ROWS: AttributeRows<ListenerAttributes> = {
  serverHeader: attribute(`${RESPONSE}.server.enabled`, boolean()),
  strictTransportSecurity,
  cors: corsRows,
  contentSecurityPolicy: attribute(`${RESPONSE}.content_security_policy.header_value`,
    text('a policy of printable ASCII characters, without blanks at either end', /^(?! )[\x20-\x7e]+(?<! )$/)),
  contentTypeOptions: attribute(`${RESPONSE}.x_content_type_options.header_value`, word(ContentTypeOptions)),
  frameOptions: attribute(`${RESPONSE}.x_frame_options.header_value`, word(FrameOptions)),
  tlsRequestHeaderNames: group<TlsRequestHeaderNames>({
    clientCertificateSerialNumber: requestHeader('mtls_clientcert_serial_number'),
    clientCertificateIssuer: requestHeader('mtls_clientcert_issuer'),
    clientCertificateSubject: requestHeader('mtls_clientcert_subject'),
    clientCertificateValidity: requestHeader('mtls_clientcert_validity'),
    clientCertificateLeaf: requestHeader('mtls_clientcert_leaf'),
    clientCertificate: requestHeader('mtls_clientcert'),
    tlsVersion: requestHeader('tls_version'),
    tlsCipherSuite: requestHeader('tls_cipher_suite'),
  }),
};

/** One member of the setting `listenerAttributes`. @throws InvalidProps for a value out of bounds, named below `prop` */
export function renderListenerAttributes(attributes: ListenerAttributes, protocol: ListenerProtocol, prop = 'attributes'): { readonly [key: string]: string } {
  for (const name of ['strictTransportSecurity', 'tlsRequestHeaderNames'] as const) {
    if (protocol === ListenerProtocol.HTTP && attributes[name] !== undefined) {
      throw InvalidProps.conflict(`${prop}.${name}`, attributes[name], 'cannot be set on an HTTP listener');
    }
  }
  const { cors, tlsRequestHeaderNames } = attributes;
  if (cors?.allowCredentials && cors.allowOrigin === '*') {
    throw InvalidProps.value(`${prop}.cors.allowCredentials`, true, 'must be false with the origin *: browsers refuse the two together');
  }
  const written = renderAttributes(prop, attributes, ROWS);
  within(prop, () => requireUnique('.tlsRequestHeaderNames', headerNames(tlsRequestHeaderNames)));
  return written;
}

/** Case does not count. */
function headerNames(names: TlsRequestHeaderNames = {}): string[] {
  return Object.values(names).filter(name => typeof name === 'string').map(name => name.toLowerCase());
}
