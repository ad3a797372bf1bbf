// Access logs of a gateway: Envoy's default format, and Istio's as text and as JSON (Istio 1.30, pilot/pkg/model/telemetry_logging.go:44-106).
import { isIpAddress, isPublicBlock } from '../../base/ip';
import { type ClientRequest, isMethod, splitUrl } from '../client-request';
import { httpOf } from './http-version';
import type { LoggedRequest, Observed } from './traffic';

/** What both forms say of a request. `-` stands for what is unknown. */
interface Fields {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly status: string;
  readonly flags: string;
  readonly forwardedFor: string;
  readonly userAgent: string;
  readonly authority: string;
  /** Whether an upstream got the request; absent where the log does not say. */
  readonly isForwarded?: boolean;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly serverName: string;
}

/** Start time, request line, status and flags; details in between that only Istio logs; then the fields in quotes. User agents may contain quotes. */
const TEXT = /^\[[^\]]*\] "(\S+) (\S+) (\S+)" (\S+) (\S+) .*? "([^"]*)" "(.*)" "[^"]*" "([^"]*)" "([^"]*)"(?: \S+ \S+ (\S+) (\S+) (\S+) .*)?$/;

/** Flags of clients that went away, of limits and of upstreams that failed: they say nothing about routes. */
const UNTELLING = /^(?:DC|UF|UO|UT|UC|UR|UH|URX|LR|RL|SI|DPE|UPE|IH|OM)(?:,|$)/;

/** Ports on which gateways get plain HTTP. */
const PLAIN_PORTS = /:(?:80|8080)$/;

/** Whether a line is of such a log. */
export function isEnvoyLine(line: string): boolean {
  return /^(?:\[\d{4}-\d\d-\d\dT[^\]]*\] "|\{.*"start_time")/.test(line);
}

/** Reads a line. @returns why it has no request, if it has none */
export function readEnvoyLine(line: string): LoggedRequest | string {
  const fields = line.startsWith('{') ? fieldsOfJson(line) : fieldsOfText(line);
  if (typeof fields === 'string') {
    return fields;
  }
  const { method, path, authority, userAgent } = fields;
  if (method === '-' && path === '-') {
    return 'the line is of a TCP connection, which has no request';
  }
  const sender = senderOf(fields);
  const place = path.startsWith('/') ? splitUrl(`${schemeOf(fields, sender)}://${authority}${path}`) : undefined;
  if (!isMethod(method) || place === undefined) {
    return `"${method} ${path}" with the host "${authority}" is no request`;
  }
  const observed = observedOf(fields);
  return {
    request: {
      method, ...place, headers: userAgent === '-' || userAgent === '' ? {} : { 'user-agent': userAgent },
      ...entryOf(fields, place), ...(isIpAddress(sender.address) ? { from: sender.address } : {}), ...versionOf(fields, sender),
      ...(sender.isBehindBalancer ? { isLoggedIn: true } : {}),
    },
    ...(observed === undefined ? {} : { observed }),
  };
}

function fieldsOfText(line: string): Fields | string {
  const found = TEXT.exec(line);
  if (found === null) {
    return 'the line has neither the fields of Envoy\'s default format nor those of Istio\'s';
  }
  const [, method, path, version, status, flags, forwardedFor, userAgent, authority, upstream, ...connection] = found;
  const [localAddress = '-', remoteAddress = '-', serverName = '-'] = connection;
  return { method, path, version, status, flags, forwardedFor, userAgent, authority, isForwarded: upstream !== '-', localAddress, remoteAddress, serverName };
}

function fieldsOfJson(line: string): Fields | string {
  let read: Readonly<Record<string, unknown>>;
  try {
    read = JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return 'the line is no JSON';
  }
  const text = (name: string) => (typeof read[name] === 'string' || typeof read[name] === 'number' ? String(read[name]) : '-');
  return {
    method: text('method'), path: text('path'), version: text('protocol'), status: text('response_code'), flags: text('response_flags'),
    forwardedFor: text('x_forwarded_for'), userAgent: text('user_agent'), authority: text('authority'), ...forwardingOf(read),
    localAddress: text('downstream_local_address'), remoteAddress: text('downstream_remote_address'), serverName: text('requested_server_name'),
  };
}

/** A log of fields that somebody chose may lack the upstream. The cluster is chosen before policies and limits stop a request, so it says less. */
function forwardingOf(read: Readonly<Record<string, unknown>>): Pick<Fields, 'isForwarded'> {
  const isMissing = (name: string) => read[name] === null || read[name] === '-' || read[name] === '';
  return 'upstream_host' in read ? { isForwarded: !isMissing('upstream_host') } : isMissing('upstream_cluster') ? { isForwarded: false } : {};
}

/** Who sent a request. */
interface Sender {
  /** Of the client, as the proxy that it dialed sees it. */
  readonly address: string;
  /** Whether that proxy is a load balancer, and not the gateway. */
  readonly isBehindBalancer: boolean;
}

/**
 * The gateway appends the address of its peer to `x-forwarded-for`, and an Application Load Balancer in front of it that of the client. Entries before these
 * are what the client says.
 */
function senderOf({ forwardedFor, remoteAddress }: Fields): Sender {
  const entries = forwardedFor.split(',').map(entry => withoutPort(entry.trim()));
  const remote = withoutPort(remoteAddress);
  // With trusted proxies, the remote address is that of the client.
  const [peer, before] = remote === '-' || entries.includes(remote) ? [entries.at(-1)!, entries.slice(0, -1)] : [remote, entries];
  // In IPv6, addresses of load balancers are public, too.
  const isClient = !peer.includes(':') && isPublicBlock(peer);
  const balanced = isClient ? undefined : before.filter(entry => entry !== '-').at(-1);
  return { address: balanced ?? peer, isBehindBalancer: balanced !== undefined };
}

function withoutPort(address: string): string {
  return isIpAddress(address) ? address : address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

/** The log does not have the client's scheme. A plain port says HTTP, unless a load balancer may have terminated TLS. */
function schemeOf({ localAddress, serverName }: Fields, { isBehindBalancer }: Sender): 'http' | 'https' {
  return serverName === '-' && PLAIN_PORTS.test(localAddress) && !isBehindBalancer ? 'http' : 'https';
}

/** HTTP/1.0 comes from no Application Load Balancer, so the request enters at the gateway. */
function entryOf({ version, serverName }: Fields, { host, port }: Pick<ClientRequest, 'host' | 'port'>): Pick<ClientRequest, 'via' | 'serverName'> {
  const isDirect = version === 'HTTP/1.0';
  const named = serverName === '-' || (serverName === host && !isDirect) ? {} : { serverName };
  return isDirect ? { via: { is: 'gateway', port }, ...named } : named;
}

/** A load balancer sends HTTP/1.1, whatever it gets, unless the target group wants HTTP/2. */
function versionOf({ version }: Fields, { isBehindBalancer }: Sender): Pick<ClientRequest, 'http'> {
  return isBehindBalancer && version === 'HTTP/1.1' ? {} : httpOf(version);
}

function observedOf({ status, flags, isForwarded }: Fields): Observed | undefined {
  const code = Number(status);
  return Number.isInteger(code) && code >= 100 && !UNTELLING.test(flags) ? { status: code, ...(isForwarded === undefined ? {} : { isForwarded }) } : undefined;
}
