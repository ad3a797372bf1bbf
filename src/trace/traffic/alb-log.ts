// Access logs of Application Load Balancers (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html).
import { isIpAddress } from '../../base/ip';
import { isMethod, splitUrl } from '../client-request';
import { httpOf } from './http-version';
import type { LoggedRequest, Observed } from './traffic';

/** The first fields, whatever follows them: AWS appends fields. */
const TYPE = /^(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT/;

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';

/** Type, time, elb, client, target, three times, two statuses, two sizes, request, user agent. */
const FIELDS = new RegExp(`^(\\S+) (?:\\S+ ){2}(\\S+) (\\S+) (?:\\S+ ){3}(\\S*) (?:\\S+ ){3}${QUOTED} ${QUOTED}(.*)$`);

/** The actions that were executed, behind the time at which the request came. */
const ACTIONS = / \d{4}-\d\d-\d\dT\S+ "([^"]*)"/;

/** Statuses of clients that went away or sent no valid request, and of a login that failed: they say nothing about rules. */
const UNTELLING: ReadonlySet<number> = new Set([400, 408, 460, 463, 561]);

/** Whether a line is of such a log. */
export function isAlbLine(line: string): boolean {
  return TYPE.test(line);
}

/** Reads a line. @returns why it has no request, if it has none */
export function readAlbLine(line: string): LoggedRequest | string {
  const [, type, client, target, status, requestLine, userAgent, rest] = FIELDS.exec(line) ?? [];
  if (requestLine === undefined) {
    return 'the line has fewer fields than an ALB access log';
  }
  const [, method = '', url = '', version = ''] = /^(\S+) (\S+) (HTTP\/\S+)$/.exec(unescape(requestLine)) ?? [];
  const place = splitUrl(url);
  if (!isMethod(method) || place === undefined) {
    return `the request line "${requestLine}" is not METHOD URL VERSION`;
  }
  const address = client.replace(/:\d*$/, '').replace(/^\[|\]$/g, '');
  const actions = ACTIONS.exec(rest)?.[1].split(',') ?? [];
  const observed = observedOf(Number(status), target, actions);
  return {
    request: {
      method, ...place,
      headers: {
        ...(type === 'grpcs' ? { 'content-type': 'application/grpc' } : {}),
        ...(userAgent === '-' || userAgent === '' ? {} : { 'user-agent': unescape(userAgent) }),
      },
      ...(isIpAddress(address) ? { from: address } : {}), ...httpOf(version), ...(isLoggedIn(actions) ? { isLoggedIn: true } : {}),
    },
    ...(observed === undefined ? {} : { observed }),
  };
}

/** Who is not logged in gets no further than to `authenticate`. */
function isLoggedIn(actions: readonly string[]): boolean {
  return actions.includes('authenticate') && actions.at(-1) !== 'authenticate';
}

/** AWS WAF blocks requests by rules that are not in the input. */
function observedOf(status: number, target: string, actions: readonly string[]): Observed | undefined {
  const isBlocked = /^waf(?:-failed)?$/.test(actions.at(-1) ?? '');
  return Number.isInteger(status) && status >= 100 && !UNTELLING.has(status) && !isBlocked ? { status, isForwarded: target !== '-' } : undefined;
}

/** The load balancer writes quotes, backslashes and the bytes of what is not ASCII as `\xHH`. */
function unescape(text: string): string {
  return text.replace(/(?:\\x[0-9A-Fa-f]{2})+/g, escaped => (
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(escaped.slice(2).split('\\x'), code => parseInt(code, 16)))));
}
