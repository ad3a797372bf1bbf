// Attributes of a listener: headers that it adds to responses, and names of the headers that it adds to requests.
import type { Duration } from 'cdk8s';
import { boolean, text, word } from '../../base/alb-annotations/codecs';
import { ListenerProtocol } from '../../base/alb-annotations/words';
import { InvalidProps, within } from '../../base/errors';
import { propsOf, STRINGS } from '../../base/prop-types';
import { wholeSeconds } from '../wire/duration';
import {
  attribute, type AttributeRow, type AttributeRows, group, renderAttributes, seconds, type Writer, type WrittenAttributes,
} from '../wire/aws-attributes';
import { requireUnique } from '../wire/bounds';

/** Values of X-Content-Type-Options. */
export enum ContentTypeOptions {
  /** Browsers do not guess the content type of a response. */
  NOSNIFF = 'nosniff',
}

/** Values of X-Frame-Options. */
export enum FrameOptions {
  /** No page may show the response in a frame. */
  DENY = 'DENY',
  /** Only pages of the same origin may. */
  SAMEORIGIN = 'SAMEORIGIN',
}

/** The header Strict-Transport-Security (RFC 6797): browsers that have seen it use HTTPS only. */
export interface StrictTransportSecurity {
  /** How long browsers remember it, in whole seconds; 0 clears it. */
  readonly maxAge: Duration;

  /**
   * Whether it also applies to all subdomains.
   *
   * @default false
   */
  readonly includeSubDomains?: boolean;

  /**
   * Whether browsers may preload it before the first visit. The preload list (hstspreload.org) requires `includeSubDomains`
   * and a `maxAge` of at least a year.
   *
   * @default false
   */
  readonly preload?: boolean;
}

/** Headers that allow pages of other origins to read the responses (CORS). The load balancer adds them; it does not handle preflights. */
export interface CorsHeaders {
  /**
   * Access-Control-Allow-Origin: one origin such as `https://shop.example.com`, or `*`.
   *
   * @default - not added
   */
  readonly allowOrigin?: string;

  /**
   * Access-Control-Allow-Methods: uppercase methods, or only `*`.
   *
   * @default - not added
   */
  readonly allowMethods?: string[];

  /**
   * Access-Control-Allow-Headers: header names, or only `*`.
   *
   * @default - not added
   */
  readonly allowHeaders?: string[];

  /**
   * Access-Control-Allow-Credentials: added if true. Browsers reject it together with the origin `*`.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * Access-Control-Expose-Headers: header names, or only `*`.
   *
   * @default - not added
   */
  readonly exposeHeaders?: string[];

  /**
   * Access-Control-Max-Age: how long browsers cache a preflight, in whole seconds up to a day, the maximum of any browser.
   *
   * @default - not added
   */
  readonly maxAge?: Duration;
}

/** Names of the request headers that describe the client's TLS connection: each at most 40 letters, digits, hyphens and underscores. */
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
   * The client certificate without its chain, if the listener verifies it.
   *
   * @default 'X-Amzn-Mtls-Clientcert-Leaf'
   */
  readonly clientCertificateLeaf?: string;

  /**
   * The client certificate with its chain, if the listener passes it through unverified.
   *
   * @default 'X-Amzn-Mtls-Clientcert'
   */
  readonly clientCertificate?: string;

  /**
   * TLS version, if the load balancer sends it.
   *
   * @default 'X-Amzn-Tls-Version'
   */
  readonly tlsVersion?: string;

  /**
   * Cipher suite, if the load balancer sends it.
   *
   * @default 'X-Amzn-Tls-Cipher-Suite'
   */
  readonly tlsCipherSuite?: string;
}

/**
 * Attributes of a listener (ELBv2 API 2015-12-01). Only attributes that are set are changed: one that you remove later keeps its
 * value in AWS. Headers are added to every response of the listener.
 */
export interface ListenerAttributes {
  /**
   * Whether the load balancer's own responses have a Server header.
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
   * Content-Security-Policy, verbatim.
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
   * Other names for the headers that describe the client's TLS connection. HTTPS listeners only.
   *
   * @default - the AWS names
   */
  readonly tlsRequestHeaderNames?: TlsRequestHeaderNames;

  /**
   * Attributes without a prop of their own, by key.
   *
   * @default - none
   */
  readonly other?: { readonly [key: string]: string };
}

const RESPONSE = 'routing.http.response';
const YEAR = 31_536_000;
const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

/** A list, rendered as one header value. */
function listed(what: string, pattern: string): Writer<string[]> {
  const all = text(`${what}, or only *`, new RegExp(`^(\\*|${pattern}(,${pattern})*)$`));
  return { encode: values => all.encode(STRINGS(values).join(',')) };
}

const REQUEST_HEADER = text(
  '1 to 40 letters, digits, hyphens and underscores, other than Host and X-Forwarded-…, which the gateway trusts',
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
      throw InvalidProps.value('.preload', preload, `must be false unless includeSubDomains is true and maxAge is at least ${YEAR} s`);
    }
    return { [HSTS]: `max-age=${age}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}` };
  },
};

const CREDENTIALS = `${RESPONSE}.access_control_allow_credentials.header_value`;
const corsRows = group<CorsHeaders>({
  allowOrigin: attribute(`${RESPONSE}.access_control_allow_origin.header_value`,
    text('one origin such as https://shop.example.com, or *', /^(\*|https?:\/\/[^\s/?#,@]+)$/)),
  allowMethods: attribute(`${RESPONSE}.access_control_allow_methods.header_value`, listed('uppercase methods', '[A-Z]+')),
  allowHeaders: attribute(`${RESPONSE}.access_control_allow_headers.header_value`, listed('header names', TOKEN)),
  allowCredentials: {
    keys: [CREDENTIALS],
    // The header has no value for "no".
    write: (value): WrittenAttributes => boolean().encode(value) === 'true' ? { [CREDENTIALS]: 'true' } : {},
  },
  exposeHeaders: attribute(`${RESPONSE}.access_control_expose_headers.header_value`, listed('header names', TOKEN)),
  maxAge: seconds(`${RESPONSE}.access_control_max_age.header_value`, 0, 86_400),
});

const ROWS: AttributeRows<ListenerAttributes> = {
  serverHeader: attribute(`${RESPONSE}.server.enabled`, boolean()),
  strictTransportSecurity,
  cors: corsRows,
  contentSecurityPolicy: attribute(`${RESPONSE}.content_security_policy.header_value`,
    text('a policy of printable ASCII characters without leading or trailing spaces', /^(?! )[\x20-\x7e]+(?<! )$/)),
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

/** One member of the setting `listenerAttributes`. @throws InvalidProps for a value out of bounds, reported under `prop` */
export function renderListenerAttributes(attributes: ListenerAttributes, protocol: ListenerProtocol, prop = 'attributes'): { readonly [key: string]: string } {
  for (const name of ['strictTransportSecurity', 'tlsRequestHeaderNames'] as const) {
    if (protocol === ListenerProtocol.HTTP && attributes[name] !== undefined) {
      throw InvalidProps.conflict(`${prop}.${name}`, attributes[name], 'cannot be set on an HTTP listener');
    }
  }
  const { cors, tlsRequestHeaderNames } = attributes;
  if (cors?.allowCredentials && cors.allowOrigin === '*') {
    throw InvalidProps.value(`${prop}.cors.allowCredentials`, true, 'must be false when allowOrigin is *: browsers reject the combination');
  }
  const written = renderAttributes(prop, attributes, ROWS);
  within(prop, () => requireUnique('.tlsRequestHeaderNames', headerNames(tlsRequestHeaderNames)));
  return written;
}

/** Header names are case-insensitive. */
function headerNames(names: TlsRequestHeaderNames = {}): string[] {
  return Object.values(names).filter(name => typeof name === 'string').map(name => name.toLowerCase());
}
