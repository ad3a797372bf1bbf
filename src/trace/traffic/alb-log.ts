// Access logs of Application Load Balancers (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html).
import { isIpAddress } from '../../base/ip';
import { isMethod, splitUrl } from '../client-request';
import type { LoggedRequest, Observed } from './traffic';

/** The first fields, whatever follows them: AWS appends fields. */
const TYPE = /^(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT/;

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';

/** type, time, elb, client, target, three times, two statuses, two sizes, request, user agent. */
const FIELDS = new RegExp(`^(?:\\S+ ){3}(\\S+) (\\S+) (?:\\S+ ){3}(\\S*) (?:\\S+ ){3}${QUOTED} ${QUOTED}(.*)$`);

/** Statuses of clients that went away or sent no valid request, and of a login that failed: they say nothing about rules. */
const UNTELLING: ReadonlySet<number> = new Set([400, 408, 460, 463, 561]);

/** Whether a line is of such a log. */
export function isAlbLine(line: string): boolean {
  return TYPE.test(line);
}

/** Reads a line. @returns why it has no request, if it has none */
export function readAlbLine(line: string): LoggedRequest | string {
  const [, client, target, status, requestLine, userAgent, rest] = FIELDS.exec(line) ?? [];
  if (requestLine === undefined) {
    return 'the line has fewer fields than an ALB access log';
  }
  const [, method = '', url = '', version = ''] = /^(\S+) (\S+) (HTTP\/\S+)$/.exec(unescape(requestLine)) ?? [];
  const place = splitUrl(url);
  if (!isMethod(method) || place === undefined) {
    return `the request line "${requestLine}" is not METHOD URL VERSION`;
  }
  const address = client.replace(/:\d*$/, '').replace(/^\[|\]$/g, '');
  const observed = observedOf(Number(status), target, rest);
  return {
    request: {
      method, ...place, headers: userAgent === '-' || userAgent === '' ? {} : { 'user-agent': unescape(userAgent) },
      ...(isIpAddress(address) ? { from: address } : {}), ...httpOf(version),
    },
    ...(observed === undefined ? {} : { observed }),
  };
}

/** AWS WAF blocks requests by rules that are not in the input. */
function observedOf(status: number, target: string, rest: string): Observed | undefined {
  const isBlocked = / "waf(?:-failed)?" /.test(rest);
  return Number.isInteger(status) && status >= 100 && !UNTELLING.has(status) && !isBlocked ? { status, isForwarded: target !== '-' } : undefined;
}

function httpOf(version: string): { readonly http?: '1.0' | '2' } {
  return version === 'HTTP/1.0' ? { http: '1.0' } : version.startsWith('HTTP/2') ? { http: '2' } : {};
}

/** The load balancer writes quotes, backslashes and what is not ASCII as `\xHH`. */
function unescape(text: string): string {
  return text.replace(/\\x([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
