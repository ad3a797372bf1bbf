// What Istio's webhook refuses in the settings of an HTTP route, in its own words (Istio 1.30, pkg/config/validation/validation.go:2385-2765).
import { GRPC_STATUSES } from '../../base/grpc-statuses';
import { faultOfRegex } from '../../base/re2';
import { PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { faultsOfSubsetName } from './destination-rules';
import { millisecondsOf } from '../../base/go-duration';
import { faultOfDuration } from './durations';
import { faultsOfHeaders } from './header-operations';
import { faultOfHost, isLabel } from './hosts';
import { faultOfPort } from './ports';

/** Settings of an entry of `http` in the order in which the webhook reads them. Most entries have one or two. */
const SETTINGS: readonly (readonly [field: string, faultsOf: (value: unknown) => readonly string[]])[] = [
  ['corsPolicy', faultsOfCors],
  ['fault', faultsOfFault],
  ['mirrorPercentage', faultsOfShare],
  ['mirrors', mirrors => asList(mirrors).map(asObject).flatMap(({ percentage }) => faultsOfShare(percentage))],
  ['mirror', faultsOfDestination],
  ['mirrors', mirrors => asList(mirrors).map(asObject).flatMap(({ destination }) => faultsOfDestination(destination))],
  ['redirect', faultsOfRedirect],
  ['directResponse', response => (isObject(response) ? faultOfStatus(response.status) : [])],
  ['retries', faultsOfRetries],
  ['rewrite', faultsOfRewrite],
  ['route', route => asList(route).map(asObject).flatMap(({ headers, destination }) => [...faultsOfHeaders(headers), ...faultsOfDestination(destination)])],
  ['timeout', faultOfDuration],
];

/** Faults of an entry of `http`, its matches, its headers and the combination of its actions excepted. */
export function faultsOfSettings(route: PlainObject): string[] {
  return SETTINGS.flatMap(([field, faultsOf]) => (route[field] === undefined ? [] : faultsOf(route[field])));
}

/** Faults of a destination. */
export function faultsOfDestination(destination: unknown): string[] {
  if (!isObject(destination)) {
    return [];
  }
  const host = asText(destination.host) ?? '';
  const number = isObject(destination.port) ? asInteger(destination.port.number) ?? 0 : undefined;
  return [
    ...(host === '*' ? ['invalid destination host *'] : faultOfHost(host)),
    ...(asText(destination.subset) ? faultsOfSubsetName(asText(destination.subset)!) : []),
    ...(number === undefined ? [] : faultOfPort(number)),
  ];
}

/** Names of gateways. A name without namespace ends the search (Istio 1.30, pkg/config/validation/validation.go validateGatewayNames). */
export function faultsOfGatewayNames(names: readonly string[]): string[] {
  const faults: string[] = [];
  for (const name of names) {
    const slash = name.indexOf('/');
    if (slash === -1) {
      return [...faults, ...(name.startsWith('*') ? [`domain name "${name}" invalid`] : faultOfHost(name))];
    }
    const [namespace, own] = [name.slice(0, slash), name.slice(slash + 1)];
    faults.push(...(namespace === '' || own === '' ? ['config namespace and gateway name cannot be empty'] : []),
      ...(isLabel(namespace) ? [] : [`invalid value for namespace: "${namespace}"`]), ...(isLabel(own) ? [] : [`invalid value for gateway name: "${own}"`]));
  }
  return faults;
}

const CORS_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']);

function faultsOfCors(cors: unknown): string[] {
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, maxAge } = asObject(cors);
  const isFraction = typeof maxAge === 'string' && faultOfDuration(maxAge).length === 0 && Math.round(millisecondsOf(maxAge)) % 1000 !== 0;
  return [
    ...asList(allowOrigins).map(asObject).flatMap(({ exact, prefix, regex }) => {
      const value = asText(exact) ?? asText(prefix) ?? asText(regex) ?? '';
      return value === '' ? ['\'\' is not a valid match type for CORS allow origins']
        : asText(regex) !== undefined && faultOfRegex(value) !== undefined ? [`"corsPolicy.allowOrigins": invalid regular expression ${value}`] : [];
    }),
    ...asTexts(allowMethods).filter(method => !CORS_METHODS.has(method)).map(method => `"${method}" is not a supported HTTP method`),
    ...[...asTexts(allowHeaders), ...asTexts(exposeHeaders)].filter(name => name !== '*' && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
      .map(name => (name === '' ? 'header name cannot be empty' : `header name ${name} is not a valid header name`)),
    ...faultOfDuration(maxAge), ...(isFraction ? ['max_age duration is accurate only to seconds precision'] : []),
  ];
}

function faultsOfFault(fault: unknown): string[] {
  if (!isObject(fault)) {
    return [];
  }
  const { abort, delay } = fault;
  if (!isObject(abort) && !isObject(delay)) {
    return ['HTTP fault injection must have an abort and/or a delay'];
  }
  const { httpStatus, grpcStatus, http2Error, percentage } = asObject(abort);
  const status = asText(grpcStatus);
  return [
    ...faultsOfPercentage(percentage), ...(httpStatus === undefined ? [] : faultOfStatus(httpStatus)),
    ...(status === undefined || GRPC_STATUSES.includes(status) ? [] : [`gRPC status "${status}" is not supported`]),
    ...(http2Error === undefined ? [] : ['HTTP/2 abort fault injection not supported yet']),
    ...faultsOfPercentage(asObject(delay).percentage), ...faultOfDuration(asObject(delay).fixedDelay),
    ...(asObject(delay).exponentialDelay === undefined ? [] : ['exponentialDelay not supported yet']),
  ];
}

function faultsOfPercentage(percentage: unknown): string[] {
  const { value } = asObject(percentage);
  const isWrong = typeof value === 'number' && (value < 0 || value > 100 || (value > 0 && value < 0.0001));
  return isWrong ? [`percentage ${value} is neither 0.0, nor in range [0.0001, 100.0]`] : [];
}

function faultsOfShare(percentage: unknown): string[] {
  const { value } = asObject(percentage);
  return typeof value === 'number' && (value < 0 || value > 100) ? [`mirror percentage must be from 0 to 100 (it has ${value})`] : [];
}

function faultOfStatus(status: unknown): string[] {
  const number = typeof status === 'number' ? status : 0;
  return number < 200 || number > 600 ? [`HTTP status ${number} is not in range 200-599`] : [];
}

const RETRY_ON = new Set(['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream',
  'retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure', 'cancelled', 'deadline-exceeded', 'internal',
  'resource-exhausted', 'unavailable']);

/** The status codes that Go has words for. */
const STATUS = /^(10[0-3]|20[0-8]|226|30[0-57-8]|4(0\d|1[0-8]|2[1-689]|31|51)|50\d|51[01])$/;

function faultsOfRetries(retries: unknown): string[] {
  if (!isObject(retries)) {
    return [];
  }
  const attempts = asInteger(retries.attempts) ?? 0;
  const retryOn = asText(retries.retryOn) ?? '';
  const isConfigured = retries.perTryTimeout !== undefined || retryOn !== '' || retries.retryRemoteLocalities !== undefined;
  return [
    ...(attempts < 0 ? ['attempts cannot be negative'] : []),
    ...(attempts === 0 && isConfigured ? ['http retry policy configured when attempts are set to 0 (disabled)'] : []),
    ...faultOfDuration(retries.perTryTimeout),
    ...(retryOn === '' ? [] : retryOn.split(',')).filter(policy => !RETRY_ON.has(policy) && !STATUS.test(policy))
      .map(policy => `"${policy}" is not a valid retryOn policy`),
    ...faultOfDuration(retries.backoff),
  ];
}

function faultsOfRedirect(redirect: unknown): string[] {
  if (!isObject(redirect)) {
    return [];
  }
  const { redirectCode, scheme, port, derivePort } = redirect;
  const code = asInteger(redirectCode) ?? 0;
  const number = asInteger(port) ?? 0;
  if (![redirect.uri, redirect.authority, scheme].some(asText) && port === undefined && derivePort === undefined) {
    return ['redirect must specify URI, authority, scheme, or port'];
  }
  if (code !== 0 && (code < 300 || code > 399)) {
    return [`${code} is not a valid redirect code, must be 3xx`];
  }
  if (asText(scheme) && scheme !== 'http' && scheme !== 'https') {
    return ['invalid redirect scheme, must be "http" or "https"'];
  }
  return number > 65535 ? [`port number ${number} must be in the range 1..65535`] : [];
}

function faultsOfRewrite(rewrite: unknown): string[] {
  if (!isObject(rewrite)) {
    return [];
  }
  const { uri, uriRegexRewrite: regex, authority } = rewrite;
  if (asText(uri) && isObject(regex)) {
    return ['rewrite may only contain one of URI or UriRegexRewrite'];
  }
  if (!asText(uri) && !isObject(regex) && !asText(authority)) {
    return ['rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified'];
  }
  if (!isObject(regex)) {
    return [];
  }
  const match = asText(regex.match) ?? '';
  return match === '' || !asText(regex.rewrite) ? ['UriRegexRewrite has errors\nUriRegexRewrite requires both Rewrite and Match fields to be specified']
    : faultOfRegex(match) === undefined ? [] : [`UriRegexRewrite has errors\n"HTTPRewrite.UriRegexRewrite.Match": invalid regular expression ${match}`];
}
