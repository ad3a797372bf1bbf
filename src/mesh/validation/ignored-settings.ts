// Settings that Istio accepts and ignores (Istio 1.30, pkg/config/validation/validation.go:424, 508-564 and 1095, agent/validation.go:573).
import { classOf } from '../../base/istio/protocol';
import { similarTo } from '../../base/spelling';
import { type PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';

/** A setting without effect. */
export interface Ignored {
  readonly pointer: string;
  readonly message: string;
}

/** Fields of `tls` that are only for servers that terminate TLS. */
const OF_TERMINATION = ['caCrl', 'serverCertificate', 'privateKey', 'caCertificates', 'tlsCertificates', 'credentialName', 'credentialNames'] as const;

/** What Istio ignores in a server of a Gateway. */
export function ignoredOfServer(server: PlainObject, place: string): Ignored[] {
  const { tls } = server;
  if (!isObject(tls)) {
    return [];
  }
  const protocol = asText(asObject(server.port).protocol) ?? '';
  const mode = asText(tls.mode);
  const isPassthrough = mode === undefined || mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
  const certificate = OF_TERMINATION.find(field => (Array.isArray(tls[field]) ? asList(tls[field]).length > 0 : Boolean(tls[field])));
  const consequence = classOf(protocol) === 'http' ? `port ${protocol} is plaintext`
    : mode === undefined ? 'without mode, the mode is PASSTHROUGH, so the pods must terminate TLS; set mode: SIMPLE to terminate it at the gateway'
      : `in mode ${mode} the pods terminate TLS`;
  return [
    ...isPassthrough && certificate !== undefined ? [{ pointer: `${place}/tls/${certificate}`, message: `${certificate} has no effect: ${consequence}` }] : [],
    ...tls.httpsRedirect === true && classOf(protocol) !== 'http' && protocol !== ''
      ? [{ pointer: `${place}/tls/httpsRedirect`, message: `httpsRedirect has no effect on a server of protocol ${protocol}; set it on one of protocol HTTP` }]
      : [],
    ...asList(tls.cipherSuites).flatMap((value, index) => ignoredCipher(asText(value) ?? '', `${place}/tls/cipherSuites/${index}`)),
  ];
}

/** Istio 1.30: pkg/config/security/security.go ValidCipherSuites. */
const CIPHERS = [
  'AES128-GCM-SHA256', 'AES128-SHA', 'AES256-GCM-SHA384', 'AES256-SHA', 'DES-CBC3-SHA', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-SHA', 'ECDHE-RSA-CHACHA20-POLY1305',
];

/** What begins with another character than a letter or a digit is an expression, which Istio does not read. */
function ignoredCipher(name: string, pointer: string): Ignored[] {
  const meant = similarTo(name, CIPHERS);
  const hint = meant === undefined ? `; it knows ${CIPHERS.join(', ')}` : `; did you mean ${meant}?`;
  const isRead = !/^[\p{L}\p{N}]/u.test(name) || name === 'ALL' || CIPHERS.includes(name);
  return isRead ? [] : [{ pointer, message: `Istio does not know the cipher suite ${name}${hint}` }];
}

/** The policies of a DestinationRule and of its subsets, and those for single ports. */
export function policiesOf({ trafficPolicy, subsets }: PlainObject): [policy: PlainObject, place: string][] {
  const whole: [PlainObject, string][] = [
    [asObject(trafficPolicy), '/spec/trafficPolicy'],
    ...asList(subsets).map((subset, index): [PlainObject, string] => [asObject(asObject(subset).trafficPolicy), `/spec/subsets/${index}/trafficPolicy`]),
  ];
  return whole.flatMap(([policy, place]) => [
    [policy, place] as [PlainObject, string],
    ...asList(policy.portLevelSettings).map((level, index): [PlainObject, string] => [asObject(level), `${place}/portLevelSettings/${index}`]),
  ]);
}

/** What Istio ignores in a policy of a DestinationRule. */
export function ignoredOfPolicy({ loadBalancer, outlierDetection }: PlainObject, place: string): Ignored[] {
  const locality = asObject(asObject(loadBalancer).localityLbSetting);
  const failover = asList(locality.failover).length > 0 ? 'failover' : asTexts(locality.failoverPriority).length > 0 ? 'failoverPriority' : undefined;
  const isOld = (asInteger(asObject(outlierDetection).consecutiveErrors) ?? 0) !== 0;
  return [
    ...failover !== undefined && !isObject(outlierDetection) ? [{
      pointer: `${place}/loadBalancer/localityLbSetting/${failover}`, message: `${failover} has no effect without outlierDetection in the same policy`,
    }] : [],
    ...isOld ? [{
      pointer: `${place}/outlierDetection/consecutiveErrors`, message: 'consecutiveErrors has no effect; use consecutive5xxErrors or consecutiveGatewayErrors',
    }] : [],
  ];
}
