// Access logs of a gateway: Envoy's default format, and Istio's as text and as JSON (Istio 1.30, pilot/pkg/model/telemetry_logging.go:44-106).
import { isIpAddress } from '../../base/ip';
import { isMethod, splitUrl } from '../client-request';
import type { LoggedRequest, Observed } from './traffic';

/** What both forms say of a request. `-` stands for what is unknown. */
interface Fields {
  readonly method: string;
  readonly path: string;
  readonly status: string;
  readonly flags: string;
  readonly forwardedFor: string;
  readonly userAgent: string;
  readonly authority: string;
  /** Whether an upstream got the request; absent where the log does not say. */
  readonly isForwarded?: boolean;
  readonly localAddress: string;
  readonly serverName: string;
}

/** Start time, request line, status and flags; details in between that only Istio logs; then the fields in quotes. User agents may contain quotes. */
const TEXT = /^\[[^\]]*\] "(\S+) (\S+) \S+" (\S+) (\S+) .*? "([^"]*)" "(.*)" "[^"]*" "([^"]*)" "([^"]*)"(?: \S+ \S+ (\S+) \S+ (\S+) .*)?$/;

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
  const { method, path, authority, userAgent, forwardedFor, serverName } = fields;
  if (method === '-' && path === '-') {
    return 'the line is of a TCP connection, which has no request';
  }
  const place = path.startsWith('/') ? splitUrl(`${schemeOf(fields)}://${authority}${path}`) : undefined;
  if (!isMethod(method) || place === undefined) {
    return `"${method} ${path}" with the host "${authority}" is no request`;
  }
  const [client] = forwardedFor.split(',').map(entry => entry.trim());
  const observed = observedOf(fields);
  return {
    request: {
      method, ...place, headers: userAgent === '-' || userAgent === '' ? {} : { 'user-agent': userAgent },
      ...(serverName === '-' || serverName === place.host ? {} : { serverName }), ...(isIpAddress(client) ? { from: client } : {}),
    },
    ...(observed === undefined ? {} : { observed }),
  };
}

function fieldsOfText(line: string): Fields | string {
  const found = TEXT.exec(line);
  if (found === null) {
    return 'the line has neither the fields of Envoy\'s default format nor those of Istio\'s';
  }
  const [, method, path, status, flags, forwardedFor, userAgent, authority, upstream, localAddress = '-', serverName = '-'] = found;
  return { method, path, status, flags, forwardedFor, userAgent, authority, isForwarded: upstream !== '-', localAddress, serverName };
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
    method: text('method'), path: text('path'), status: text('response_code'), flags: text('response_flags'), forwardedFor: text('x_forwarded_for'),
    userAgent: text('user_agent'), authority: text('authority'), ...forwardingOf(read), localAddress: text('downstream_local_address'),
    serverName: text('requested_server_name'),
  };
}

/** A log of fields that somebody chose may lack the upstream. The cluster is chosen before policies and limits stop a request, so it says less. */
function forwardingOf(read: Readonly<Record<string, unknown>>): Pick<Fields, 'isForwarded'> {
  const isMissing = (name: string) => read[name] === null || read[name] === '-' || read[name] === '';
  return 'upstream_host' in read ? { isForwarded: !isMissing('upstream_host') } : isMissing('upstream_cluster') ? { isForwarded: false } : {};
}

/** The log does not have the client's scheme. A plain port says HTTP, unless a load balancer in front has added the client's address. */
function schemeOf({ localAddress, serverName, forwardedFor }: Fields): 'http' | 'https' {
  return serverName === '-' && PLAIN_PORTS.test(localAddress) && !forwardedFor.includes(',') ? 'http' : 'https';
}

function observedOf({ status, flags, isForwarded }: Fields): Observed | undefined {
  const code = Number(status);
  return Number.isInteger(code) && code >= 100 && !UNTELLING.test(flags) ? { status: code, ...(isForwarded === undefined ? {} : { isForwarded }) } : undefined;
}
