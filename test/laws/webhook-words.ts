// The words of Istio's webhook: what it takes for a name, a duration, a destination.
import { RE2JS } from 're2js';

/** A rule, by its id, and whether it holds. */
export type Claim = readonly [id: string, holds: boolean];

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const COMPILED = new Map<string, boolean>();

/** Whether the text is a DNS label; upper case is one too. */
export function isDnsLabel(text: string): boolean {
  return LABEL.test(text);
}

/** Whether the text is a full name. */
export function isFqdn(text: string): boolean {
  return text.length <= 255 && text.split('.').every(isDnsLabel) && !/(^|\.)\d+$/.test(text);
}

/** Whether the text is a full name, or one whose first label is a star or begins with one. */
export function isWildcardDomain(text: string): boolean {
  return text === '*' || isFqdn(text.replace(/^\*\.|^\*-?(?=[a-zA-Z0-9])/, ''));
}

/** Whether this is a port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** Whether this is a share that Envoy can count. */
export function isPercentage(value: number): boolean {
  return value === 0 || (value >= 0.0001 && value <= 100);
}

/** Whether this is a time of at least one millisecond, and of whole ones. */
export function isWholeMilliseconds(duration: string): boolean {
  const [, number, unit] = /^(\d+)(ms|s|m|h)$/.exec(duration) ?? [];
  return unit !== undefined && Number(number) >= 1;
}

/** Whether all that are there are such times. */
export function durations(all: readonly (string | undefined)[]): boolean {
  return all.every(duration => duration === undefined || isWholeMilliseconds(duration));
}

/** Whether this compares texts in a way that Envoy can. */
export function isStringMatch({ prefix, regex }: { readonly prefix?: string; readonly regex?: string }): boolean {
  return prefix !== '' && (regex === undefined || isRegex(regex));
}

function isRegex(regex: string): boolean {
  const known = COMPILED.get(regex);
  if (known !== undefined) {
    return known;
  }
  let compiles = regex !== '' && Buffer.byteLength(regex) <= 1024;
  try {
    RE2JS.compile(regex);
  } catch {
    compiles = false;
  }
  COMPILED.set(regex, compiles);
  return compiles;
}

/** Whether requests can be sent there. */
export function isDestination({ host, subset, port }: { readonly host: string; readonly subset?: string; readonly port?: { readonly number: number } }): boolean {
  return host !== '*' && isWildcardDomain(host) && (subset === undefined || isDnsLabel(subset)) && (port === undefined || isPort(port.number));
}

/** Whether every value is there once. */
export function unique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

/** Whether something holds for all of a list, which may be missing. */
export function all<T>(list: readonly T[] | undefined, holds: (item: T) => boolean): boolean {
  return list === undefined || list.every(holds);
}

/** The claims about all of a list, which may be missing. */
export function about<T>(list: readonly T[] | undefined, claims: (item: T) => readonly Claim[]): Claim[] {
  return list === undefined ? [] : list.flatMap(claims);
}

/** Whether this says which namespaces see an object: each once, and a star alone. */
export function isExportTo(list: readonly string[] | undefined, namespace: string): boolean {
  return list === undefined || (list.every(entry => entry === '*' || entry === '.' || isDnsLabel(entry)) && unique(list.map(entry => (entry === '.' ? namespace : entry))) && (!list.includes('*') || list.length === 1));
}

/** Whether Istio knows the protocol. */
export function isProtocol(protocol: string): boolean {
  return /^(tcp|udp|grpc|grpc-web|http|http_proxy|http2|https|tls|mongo|redis|mysql)$/i.test(protocol);
}
