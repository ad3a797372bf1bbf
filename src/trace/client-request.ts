// The request of a client, and its one line of text: `GET https://host/path header=value … [via=…] [sni=…] [from=…] [http=…] [cert] [login] [claims={…}]`.
import { UsageError } from '../base/errors';
import { isIpAddress } from '../base/ip';
import { isSlipOf } from '../base/spelling';
import { writeToken } from './policies/jwt';

/** A port of a gateway, as a load balancer dials it; the only gateway if it is not named. */
export interface ViaGateway {
  readonly is: 'gateway';
  /** A port of the gateway's Service. */
  readonly port: number;
  readonly namespace?: string;
  /** Name of the gateway's workload. */
  readonly name?: string;
}

/** A pod that sends the request into the mesh. */
export interface ViaPod {
  readonly is: 'pod';
  readonly namespace: string;
  /** Name of the Deployment or other workload. */
  readonly workload: string;
}

/** A load balancer by its IngressGroup, or by `namespace/name` of the object that it is made for. */
export interface ViaLoadBalancer {
  readonly is: 'load-balancer';
  readonly group: string;
}

/** Where a request enters. */
export type Via = ViaGateway | ViaPod | ViaLoadBalancer;

/** A request as a client sends it. */
export interface ClientRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host of the URL, without port, in lowercase. It is the server name of the TLS handshake, and the `Host` header unless `headers` has one. */
  readonly host: string;
  readonly port: number;
  /** Path with query, as written. */
  readonly target: string;
  /** Names in lowercase. Of a repeated header the values are joined by commas, as proxies join them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The values of headers that are repeated, one by one, as a load balancer reads them. @default - no header is */
  readonly repeated?: Readonly<Record<string, readonly string[]>>;
  /** @default - the load balancer that serves the host */
  readonly via?: Via;
  /** Server name of the TLS handshake, empty for none. @default - the host, except for `via=gateway`: a load balancer sends none */
  readonly serverName?: string;
  /** IP address of the client. @default - unknown */
  readonly from?: string;
  /** HTTP version. @default - 2 where an Application Load Balancer offers it, as browsers and most other clients choose; 1.1 elsewhere */
  readonly http?: '1.0' | '1.1' | '2';
  /** Whether the client presents a certificate that the load balancer's or gateway's trust store knows. @default false */
  readonly hasCertificate?: boolean;
  /** Whether the client has logged in at the load balancer, whatever the session cookie is called. @default - if `headers` have the session cookie */
  readonly isLoggedIn?: boolean;
  /** Claims of a valid token, sent as `Authorization: Bearer`. @default - no token */
  readonly claims?: Readonly<Record<string, unknown>>;
}

const FORM = 'METHOD URL [header=value …] [via=gateway:PORT | via=gateway:NAMESPACE/NAME:PORT | via=pod:NAMESPACE/WORKLOAD | via=load-balancer:GROUP] '
  + '[sni=NAME] [from=ADDRESS] [http=1.0|1.1|2] [cert] [login] [claims={…}]';

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** Methods that every proxy knows. */
const METHODS = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** Words that are no headers. A header of the same name, or of one that looks like a slip of it, is written with a capital: `From=…`. */
const WORDS: ReadonlySet<string> = new Set(['via', 'sni', 'from', 'http', 'claims', 'cert', 'login']);

/** Words without a value, and what they say. */
const FLAGS = { cert: 'hasCertificate', login: 'isLoggedIn' } as const;

function isFlag(word: string): word is keyof typeof FLAGS {
  return Object.hasOwn(FLAGS, word);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a request looks like, for the end of an error. */
export const REQUEST_FORM = `a request is: ${FORM}`;

/** Reads a request from its line. @throws UsageError that names the word which is wrong, and the form */
export function parseRequest(line: string): ClientRequest {
  try {
    return readRequest(line);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${error.message}\n${REQUEST_FORM}`) : error;
  }
}

/** Reads a request from its line. @throws UsageError that names the word which is wrong */
export function readRequest(line: string): ClientRequest {
  const [method, url, ...words] = wordsOf(line).map(({ text }) => text);
  if (method === undefined || url === undefined) {
    throw wrong(line, 'has no method or no URL');
  }
  if (!isMethod(method)) {
    throw wrong(line, `starts with ${method}, which is no HTTP method`);
  }
  if (METHODS.includes(method.toUpperCase()) && method !== method.toUpperCase()) {
    throw wrong(line, `starts with ${method}; methods are case-sensitive: write ${method.toUpperCase()}`);
  }
  const place = urlParts(url);
  if (place === undefined) {
    const [, secure] = /^ws(s?):\/\//i.exec(url) ?? [];
    throw wrong(line, `has the URL ${url}; ${secure === undefined ? 'expected http:// or https://, a host, and a path'
      : `a WebSocket begins with a request of HTTP: write http${secure}://`}`);
  }
  requirePort(line, place.port);
  const request: Mutable<ClientRequest> = { method, ...place, headers: {} };
  const seen = new Set<string>();
  for (const word of words) {
    readWord(line, word, request, seen);
  }
  return request;
}

/** Whether the text can be an HTTP method. */
export function isMethod(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*$/.test(text);
}

/** The parts of an absolute URL of HTTP. */
type UrlParts = Pick<ClientRequest, 'scheme' | 'host' | 'port' | 'target'>;

/** The parts of an absolute URL of HTTP; nothing if it is none. */
export function splitUrl(url: string): UrlParts | undefined {
  const parts = urlParts(url);
  return parts && isPort(parts.port) ? parts : undefined;
}

function urlParts(url: string): UrlParts | undefined {
  const [, scheme, host, port, target] = /^(https?):\/\/(\[[0-9A-Fa-f:.]+\]|[^/:?#@\s[\]]+)(?::(\d{1,5}))?((?:[/?#].*)?)$/i.exec(url) ?? [];
  if (host === undefined) {
    return undefined;
  }
  const protocol = scheme.toLowerCase() as 'http' | 'https';
  const number = port === undefined ? DEFAULT_PORTS[protocol] : Number(port);
  return { scheme: protocol, host: host.toLowerCase(), port: number, target: target.startsWith('/') ? target : `/${target}` };
}

function readWord(line: string, word: string, request: Mutable<ClientRequest>, seen: Set<string>): void {
  if (isFlag(word)) {
    request[FLAGS[word]] = true;
    return;
  }
  const [, name, value] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)=(.*)$/s.exec(word) ?? [];
  if (name === undefined) {
    throw wrong(line, `has the word ${word}; expected header=value`);
  }
  if (isFlag(name)) {
    throw wrong(line, `has ${word}; the word ${name} has no value, and a header of that name is written ${capitalized(name)}=…`);
  }
  if (WORDS.has(name) && seen.has(name)) {
    throw wrong(line, `has ${name} twice`);
  }
  const meant = wordMeantBy(name);
  if (meant !== undefined) {
    throw wrong(line, `has the header ${name}; did you mean ${meant}? If not, write it with a capital: ${capitalized(name)}=…`);
  }
  if (value.startsWith('"') && !isQuoted(value)) {
    throw wrong(line, `has ${name}=${value}; expected a quote at the end of the value, too`);
  }
  seen.add(name);
  switch (name) {
    case 'via':
      request.via = readVia(line, value);
      break;
    case 'sni':
      request.serverName = value.toLowerCase();
      break;
    case 'from':
      if (!isIpAddress(value)) {
        throw wrong(line, `has from=${value}; expected an IP address`);
      }
      request.from = value;
      break;
    case 'http':
      if (value !== '1.0' && value !== '1.1' && value !== '2') {
        throw wrong(line, `has http=${value}; expected 1.0, 1.1 or 2`);
      }
      request.http = value;
      break;
    case 'claims':
      request.claims = readClaims(line, value);
      break;
    default:
      if (name.toLowerCase() === 'host' && /\s/.test(value)) {
        throw wrong(line, `has ${name}=${value}; expected a host without blanks`);
      }
      addHeader(request, name.toLowerCase(), unquote(value));
  }
}

/** The word that a header in lowercase most likely means. No registered header is as similar to one. */
function wordMeantBy(name: string): string | undefined {
  return WORDS.has(name) || !/^[a-z]+$/.test(name) ? undefined : [...WORDS].find(word => isSlipOf(name, word));
}

function capitalized(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}

/** Envoy joins cookies by semicolons, and other headers by commas without a blank. */
export function addHeader(request: Mutable<Pick<ClientRequest, 'headers' | 'repeated'>>, name: string, value: string): void {
  const { headers, repeated = {} } = request;
  if (!Object.hasOwn(headers, name)) {
    request.headers = { ...headers, [name]: value };
    return;
  }
  const values = [...valuesOf(request, name), value];
  request.headers = { ...headers, [name]: values.join(name === 'cookie' ? '; ' : ',') };
  request.repeated = { ...repeated, [name]: values };
}

/** The values of a header, one for each time that the request has it. */
export function valuesOf({ headers, repeated }: Pick<ClientRequest, 'headers' | 'repeated'>, name: string): readonly string[] {
  return repeated !== undefined && Object.hasOwn(repeated, name) ? repeated[name] : Object.hasOwn(headers, name) ? [headers[name]] : [];
}

function readVia(line: string, value: string): Via {
  const [, namespace, name, port] = /^gateway:(?:([^/:]+)\/([^/:]+):)?(\d{1,5})$/.exec(value) ?? [];
  if (port !== undefined) {
    return { is: 'gateway', port: requirePort(line, Number(port)), ...(namespace === undefined ? {} : { namespace, name }) };
  }
  const [, space, workload] = /^pod:([^/:]+)\/([^/:]+)$/.exec(value) ?? [];
  if (workload !== undefined) {
    return { is: 'pod', namespace: space, workload };
  }
  const [, group] = /^load-balancer:(\S+)$/.exec(value) ?? [];
  if (group !== undefined) {
    return { is: 'load-balancer', group };
  }
  throw wrong(line, `has via=${value}; expected gateway:PORT, gateway:NAMESPACE/NAME:PORT, pod:NAMESPACE/WORKLOAD or load-balancer:GROUP`);
}

function readClaims(line: string, value: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(value);
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) {
      return claims as Readonly<Record<string, unknown>>;
    }
  } catch {
    // The error below says what is expected.
  }
  throw wrong(line, `has claims=${value}; expected a JSON object, such as claims={"iss":"https://issuer.example.com"}`);
}

function requirePort(line: string, port: number): number {
  if (!isPort(port)) {
    throw wrong(line, `has the port ${port}; expected 1 to 65535`);
  }
  return port;
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}

function wrong(line: string, why: string): UsageError {
  return new UsageError(`the request "${line}" ${why}`);
}

/** A word of a line, and where it begins. */
interface Word {
  readonly text: string;
  readonly at: number;
}

/** Words between blanks. A value in quotes may have blanks, and so may the braces of `claims={…}`. */
export function wordsOf(line: string): Word[] {
  const words: Word[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    const length = rest.startsWith('claims={') ? claimsLength(rest) : (/^[A-Za-z0-9!#$%&'*+.^_`|~-]+="(?:[^"\\]|\\.)*"(?!\S)/.exec(rest) ?? /^\S+/.exec(rest))![0].length;
    words.push({ text: rest.slice(0, length), at: line.length - rest.length });
    rest = rest.slice(length).trimStart();
  }
  return words;
}

/** Up to the brace that closes the object: braces in JSON strings do not count. */
function claimsLength(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    depth += token === '{' ? 1 : token === '}' ? -1 : 0;
    if (depth === 0) {
      return index + 1;
    }
  }
  return text.length;
}

function isQuoted(value: string): boolean {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"');
}

function unquote(value: string): string {
  return isQuoted(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

function quote(value: string): string {
  return value === '' || /^"|\s/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
}

/** The URL of a request. */
export function urlOf({ scheme, host, port, target }: Pick<ClientRequest, 'scheme' | 'host' | 'port' | 'target'>): string {
  return `${scheme}://${host}${port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}${target}`;
}

/** Writes a request as its line. */
export function formatRequest(request: ClientRequest): string {
  const { method, headers, via, serverName, from, http, hasCertificate, isLoggedIn, claims } = request;
  return [
    method, urlOf(request),
    ...Object.keys(headers).flatMap(name => valuesOf(request, name).map(value => (
      `${WORDS.has(name) || wordMeantBy(name) !== undefined ? capitalized(name) : name}=${quote(value)}`))),
    ...via === undefined ? [] : [`via=${viaText(via)}`],
    ...serverName === undefined ? [] : [`sni=${serverName}`],
    ...from === undefined ? [] : [`from=${from}`],
    ...http === undefined ? [] : [`http=${http}`],
    ...hasCertificate === true ? ['cert'] : [],
    ...isLoggedIn === true ? ['login'] : [],
    ...claims === undefined ? [] : [`claims=${JSON.stringify(claims)}`],
  ].join(' ');
}

function viaText(via: Via): string {
  switch (via.is) {
    case 'gateway': return `gateway:${via.namespace === undefined ? '' : `${via.namespace}/${via.name}:`}${via.port}`;
    case 'pod': return `pod:${via.namespace}/${via.workload}`;
    case 'load-balancer': return `load-balancer:${via.group}`;
  }
}

/** The headers apart from `Host`, as they are written. */
export function headersBesideHost({ headers }: ClientRequest): Readonly<Record<string, string>> {
  return 'host' in headers ? Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host')) : headers;
}

/** The headers apart from `Host` as they are sent: with a token that has the claims, unless another is written. */
export function sentHeaders(request: ClientRequest): Readonly<Record<string, string>> {
  const headers = headersBesideHost(request);
  return request.claims === undefined || Object.hasOwn(headers, AUTHORIZATION) ? headers : { ...headers, [AUTHORIZATION]: bearerWith(request.claims) };
}

const AUTHORIZATION = 'authorization';

function bearerWith(claims: NonNullable<ClientRequest['claims']>): string {
  return `Bearer ${writeToken(claims)}`;
}

/** The `Host` header: the client's own, else the host of the URL with a port that the scheme does not imply. */
export function authorityOf({ headers, host, port, scheme }: ClientRequest): string {
  return headers.host ?? (port === DEFAULT_PORTS[scheme] ? host : `${host}:${port}`);
}
