// Redirects: where the client is sent instead.
import type { VirtualServiceSpecHttpRedirect, VirtualServiceSpecHttpRedirectDerivePort as Derive } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { requireAuthority } from '../match/authority';
import { HttpScheme } from '../match/http-scheme';
import type { RouteConditions } from '../match/match';
import type { PathMatch } from '../match/path-match';

/** Where the port of a redirect comes from. */
export enum DerivePort {
  /** The default port of the scheme. */
  FROM_PROTOCOL_DEFAULT = 'FROM_PROTOCOL_DEFAULT',
  /** The port of the Gateway's server, or of the Service, that the request came in by; not the one that the client wrote. */
  FROM_REQUEST_PORT = 'FROM_REQUEST_PORT',
}

/** Where a redirect points. What is left out stays as in the request. */
export interface RedirectOptions {
  /**
   * Host to go to, with a port where it is not the default one.
   *
   * @default - the host of the request
   */
  readonly host?: string;

  /**
   * Path to go to. The query of the request is kept, unless the path has one.
   *
   * @default - the path of the request
   */
  readonly path?: string;

  /**
   * Scheme to go to. A redirect that changes nothing else belongs in a route with the other scheme as its condition `scheme`.
   *
   * @default - the scheme of the request
   */
  readonly scheme?: HttpScheme;

  /**
   * Port to go to. It is left out where it is the default one of the scheme.
   *
   * @default - the port of `host`, or that of the request
   */
  readonly port?: number;

  /**
   * Where the port comes from, instead of `port`; together with a host or a scheme.
   *
   * @default - as for `port`
   */
  readonly derivePort?: DerivePort;

  /**
   * Status code: 301, 302, 303, 307 or 308.
   *
   * @default 301
   */
  readonly status?: number;
}

/** The default port of HTTP or HTTPS, at the end of an authority. */
const DEFAULT_PORT = /:(80|443)$/;

const STATUSES = [301, 302, 303, 307, 308];

/** Writes a redirect. */
export function renderRedirect(options: RedirectOptions): VirtualServiceSpecHttpRedirect {
  const { host, path, scheme, port, derivePort, status = 301 } = requireProps('RedirectOptions', options, '', 'options');
  if ([host, path, scheme, port].every(part => part === undefined)) {
    throw InvalidProps.value('host', host, 'must be a host, path, scheme or port, or the redirect would lead to itself');
  }
  if (path !== undefined && !/^\/[^\s\p{Cc}]*$/u.test(path)) {
    throw InvalidProps.value('path', path, 'must be a path that starts with /, without blanks');
  }
  if (!STATUSES.includes(status)) {
    throw InvalidProps.value('status', status, `must be ${STATUSES.join(', ')}`);
  }
  requireOnePort(options);
  return {
    authority: host === undefined ? undefined : requireAuthority('host', host),
    uri: path,
    scheme,
    port: port === undefined ? undefined : requirePort('port', port),
    derivePort: derivePort as unknown as Derive,
    redirectCode: status,
  };
}

function requireOnePort({ host, scheme, port, derivePort }: RedirectOptions): void {
  if (port !== undefined && (derivePort !== undefined || host?.includes(':'))) {
    throw InvalidProps.conflict('port', port, `cannot be set with ${derivePort === undefined ? 'a port in host' : 'derivePort'}`);
  }
  if (derivePort !== undefined && (host?.includes(':') || (host === undefined && scheme === undefined))) {
    throw InvalidProps.value('derivePort', derivePort, 'must be a host without a port, or a scheme, whose port it is about');
  }
}

/**
 * Throws for a redirect whose target the same route takes again, for ever.
 *
 * It says nothing of paths below a prefix: a route that comes before may take them.
 *
 * The default ports lead to where requests come in most often, so only another port leads elsewhere, and only a scheme that the route
 * does not take.
 *
 * @param hosts those of the route, where they are known
 */
export function requireWayOut(redirect: VirtualServiceSpecHttpRedirect, conditions: RouteConditions, hosts: readonly string[]): void {
  const { authority, uri, scheme, port } = redirect;
  const leavesScheme = scheme !== undefined && conditions.scheme !== undefined && scheme !== conditions.scheme;
  const leavesHost = authority !== undefined && !hosts.includes(authority.replace(DEFAULT_PORT, ''));
  const leavesPort = port !== undefined && !DEFAULT_PORT.test(`:${port}`);
  if (leavesScheme || leavesHost || leavesPort || (uri !== undefined && leavesPath(uri, conditions))) {
    return;
  }
  throw InvalidProps.value('target', `a redirect to ${authority ?? 'the same host'}${uri ?? ''}`,
    `must be a redirect that leads elsewhere: this route would take the request again, for ever${adviceFor(redirect, conditions)}`);
}

function adviceFor({ authority, scheme }: VirtualServiceSpecHttpRedirect, conditions: RouteConditions): string {
  if (scheme !== undefined && conditions.scheme === undefined) {
    return '; name the scheme that the requests have in `scheme`';
  }
  return authority === undefined ? '' : `; only a route that does not take requests for ${authority} may lead there`;
}

function leavesPath(uri: string, { paths, queryParams }: RouteConditions): boolean {
  const [path] = uri.split(/[?#]/, 1);
  const isSame = ({ _kind, _text, _ignoresCase }: PathMatch) => _kind === 'exact'
    && (_text === path || (_ignoresCase && _text.toLowerCase() === path.toLowerCase()));
  return !paths?.some(isSame) || (uri.includes('?') && queryParams !== undefined);
}
