// Redirects: the URL that the client is sent to.
import type { VirtualServiceSpecHttpRedirect, VirtualServiceSpecHttpRedirectDerivePort as Derive } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { requireAuthority } from '../match/authority';
import type { HttpScheme, RouteConditions } from '../match/match';
import type { PathMatch } from '../match/path-match';

/** Where the port of a redirect comes from. */
export enum DerivePort {
  /** The default port of the scheme. */
  FROM_PROTOCOL_DEFAULT = 'FROM_PROTOCOL_DEFAULT',
  /** The port of the Gateway's server, or of the Service, that received the request; not the port in the client's URL. */
  FROM_REQUEST_PORT = 'FROM_REQUEST_PORT',
}

/** Where a redirect points. Parts that are not set are kept from the request. */
export interface RedirectOptions {
  /**
   * Host to redirect to, with a port if it is not the default port.
   *
   * @default - the host of the request
   */
  readonly host?: string;

  /**
   * Path to redirect to. The query of the request is kept, unless the path has one.
   *
   * @default - the path of the request
   */
  readonly path?: string;

  /**
   * Scheme to redirect to. If the redirect changes only the scheme, the route must match the other scheme with its `scheme` condition.
   *
   * @default - the scheme of the request
   */
  readonly scheme?: HttpScheme;

  /**
   * Port to redirect to. It is omitted from the URL if it is the default port of the scheme.
   *
   * @default - the port in `host`, or else the port of the request
   */
  readonly port?: number;

  /**
   * Where the port comes from, instead of `port`. Requires a host or a scheme.
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

/** Renders a redirect. */
export function renderRedirect(options: RedirectOptions): VirtualServiceSpecHttpRedirect {
  const { host, path, scheme, port, derivePort, status = 301 } = requireProps('RedirectOptions', options, '', 'options');
  if ([host, path, scheme, port].every(part => part === undefined)) {
    throw InvalidProps.missing('host', 'when path, scheme and port are not set either, because the redirect would point to itself');
  }
  if (path !== undefined && !/^\/[^\s\p{Cc}]*$/u.test(path)) {
    throw InvalidProps.value('path', path, 'must be a path that starts with /, without whitespace');
  }
  if (!STATUSES.includes(status)) {
    throw InvalidProps.value('status', status, `must be one of ${STATUSES.join(', ')}`);
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
    throw InvalidProps.conflict('port', port, `cannot be set when ${derivePort === undefined ? 'host includes a port' : 'derivePort is set'}`);
  }
  if (derivePort !== undefined && host?.includes(':')) {
    throw InvalidProps.conflict('derivePort', derivePort, 'cannot be set when host includes a port');
  }
  if (derivePort !== undefined && host === undefined && scheme === undefined) {
    throw InvalidProps.conflict('derivePort', derivePort, 'cannot be set without host or scheme');
  }
}

/**
 * Refuses a redirect loop: a redirect whose target the same route matches again.
 *
 * Paths under a prefix are not refused, because a route before this one may match them. A default port does not avoid the loop, because
 * most requests arrive on one. A scheme avoids it only if the route matches another scheme.
 *
 * @param hosts the hosts of the route, if they are known
 * @throws InvalidProps for a redirect loop
 */
export function requireNoLoop(redirect: VirtualServiceSpecHttpRedirect, conditions: RouteConditions, hosts: readonly string[]): void {
  const { authority, uri, scheme, port } = redirect;
  const changesScheme = scheme !== undefined && conditions.scheme !== undefined && scheme !== conditions.scheme;
  const changesHost = authority !== undefined && !hosts.includes(authority.replace(DEFAULT_PORT, ''));
  const changesPort = port !== undefined && !DEFAULT_PORT.test(`:${port}`);
  if (changesScheme || changesHost || changesPort || (uri !== undefined && changesPath(uri, conditions))) {
    return;
  }
  throw InvalidProps.value('target', `a redirect to ${authority ?? 'the same host'}${uri ?? ''}`,
    `must not be a redirect that this route matches again, which causes a redirect loop${adviceFor(redirect, conditions)}`);
}

function adviceFor({ authority, scheme }: VirtualServiceSpecHttpRedirect, conditions: RouteConditions): string {
  if (scheme !== undefined && conditions.scheme === undefined) {
    return '; set `scheme` of the route to the scheme of the original requests';
  }
  return authority === undefined ? '' : `; the route must not match requests for ${authority}`;
}

function changesPath(uri: string, { paths, queryParams }: RouteConditions): boolean {
  const [path] = uri.split(/[?#]/, 1);
  const isSame = ({ _kind, _text, _ignoresCase }: PathMatch) => _kind === 'exact'
    && (_text === path || (_ignoresCase && _text.toLowerCase() === path.toLowerCase()));
  return !paths?.some(isSame) || (uri.includes('?') && queryParams !== undefined);
}
