// Rewrites: the path and the host that the workload sees.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpRewrite, VirtualServiceSpecHttpRoute } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps } from '../../base/prop-types';
import { quoteRegex, requireRegex } from '../../base/re2';
import { requireAuthority } from '../match/authority';
import { setsHost } from './header-operations';
import { type PathMatch, requirePath } from '../match/path-match';
import type { IWorkload } from '../workload/workload';

/** What else a rewrite of the path changes. */
export interface RewriteOptions {
  /**
   * Host that the workload sees, with an optional port.
   *
   * @default - the host of the request
   */
  readonly authority?: string;
}

/** Renders the rewrite of the path for the paths that the route matches. */
type Uri = (paths: readonly PathMatch[]) => Pick<VirtualServiceSpecHttpRewrite, 'uri' | 'uriRegexRewrite'>;

/** Rewrites the path or the host that the workload sees. The query is kept. Logins, authorization and other routes see the original request. */
export class Rewrite {
  /**
   * Replaces the part of the path that the route matched and keeps the rest: with `PathMatch.pathPrefix('/shop')` and the prefix `/v2`,
   * `/shop/cart` becomes `/v2/cart` and `/shop` becomes `/v2`. If the route has no paths, the prefix is prepended.
   *
   * The route's paths must all be `PathMatch.pathPrefix`, or all `PathMatch.prefix`. The latter is a plain string prefix: replacing `/shop`
   * with `/v2` turns `/shopper` into `/v2per`.
   */
  public static prefix(prefix: string, options: RewriteOptions = {}): Rewrite {
    const to = requirePath('prefix', prefix);
    return new Rewrite(paths => replacedPrefix(to, paths), options);
  }

  /** Replaces the whole path. Works with any paths of the route. */
  public static path(path: string, options: RewriteOptions = {}): Rewrite {
    const to = requirePath('path', path);
    return new Rewrite(paths => replacedPath(to, paths), options);
  }

  /**
   * Replaces every part of the path that matches a regular expression.
   *
   * @param regex in RE2 syntax, at most 1024 bytes
   * @param substitution the replacement, with `\1` to `\9` for the groups, `\0` for the whole match, and `\\` for a backslash
   */
  public static regex(regex: string, substitution: string, options: RewriteOptions = {}): Rewrite {
    const { groups } = requireRegex('regex', regex);
    if (typeof substitution !== 'string' || !/^(?:[^\\\p{Cc}]|\\[0-9\\])+$/u.test(substitution)) {
      throw InvalidProps.value('substitution', substitution, 'must be a non-empty string in which a digit or a backslash follows every backslash');
    }
    for (const [group] of substitution.matchAll(/\\[0-9\\]/g)) {
      if (Number(group[1]) > groups) {
        throw InvalidProps.value('substitution', substitution, `must only refer to groups of the regular expression, up to \\${groups}`);
      }
    }
    return new Rewrite(() => ({ uriRegexRewrite: { match: regex, rewrite: substitution } }), options);
  }

  /** Replaces the host and keeps the path. */
  public static authority(authority: string): Rewrite {
    return new Rewrite(() => ({}), { authority: requireAuthority('authority', authority) });
  }

  /** Host that the workload sees. @internal */
  public readonly _authority?: string;

  private constructor(private readonly uri: Uri, options: RewriteOptions) {
    const { authority } = requireProps('RewriteOptions', options, '', 'options');
    this._authority = authority === undefined ? undefined : requireAuthority('authority', authority);
  }

  /** @internal */
  public _render(paths: readonly PathMatch[]): VirtualServiceSpecHttpRewrite {
    return { ...this.uri(paths), authority: this._authority };
  }
}

/**
 * Sets the host of requests to external services to the host of the service, unless a share sets one: in the rewrite if all shares need
 * the same host, otherwise in each share.
 *
 * @param receivers the workloads of the shares; a single one if all shares belong to one workload
 * @param hosts the hosts of the route
 */
export function addressReceivers(http: VirtualServiceSpecHttp, receivers: readonly IWorkload[], hosts: readonly string[]): VirtualServiceSpecHttp {
  const { rewrite } = http;
  const route = http.route!;
  const wanted = route.map((_, index) => {
    const authority = (receivers[index] ?? receivers[0])._routing?.authority;
    return hosts.length > 0 && hosts.every(host => host === authority) ? undefined : authority;
  });
  if (wanted.every(one => one === wanted[0]) && !route.some(isAddressed)) {
    return wanted[0] === undefined ? {} : { rewrite: { ...rewrite, authority: wanted[0] } };
  }
  return { route: route.map((share, index) => (wanted[index] === undefined || isAddressed(share) ? share : addressed(share, wanted[index]))) };
}

function isAddressed({ headers }: VirtualServiceSpecHttpRoute): boolean {
  return setsHost({ requestHeaders: headers?.request });
}

function addressed(share: VirtualServiceSpecHttpRoute, host: string): VirtualServiceSpecHttpRoute {
  const { headers } = share;
  return { ...share, headers: { ...headers, request: { ...headers?.request, set: { ...headers?.request?.set, host } } } };
}

/**
 * Envoy replaces exactly the string that a prefix condition matched and appends the rest, whatever the slashes. So both strings must end
 * with a slash, or neither. A pathPrefix is two conditions, so it needs a regular expression.
 */
function replacedPrefix(to: string, paths: readonly PathMatch[]): ReturnType<Uri> {
  const stem = to.replace(/\/+$/, '');
  if (paths.every(({ _kind, _text }) => _kind === 'pathPrefix' && _text === '')) {
    if (stem === '') {
      throw InvalidProps.value('rewrite', `Rewrite.prefix('${to}')`, 'must be a prefix other than /, which would not change any path of the route');
    }
    return { uri: `${stem}/` };
  }
  if (paths.every(({ _kind }) => _kind === 'pathPrefix')) {
    const alternatives = paths.map(({ _text, _ignoresCase }) => (_ignoresCase ? `(?i:${quoteRegex(_text)})` : quoteRegex(_text))).join('|');
    const from = paths.length === 1 ? alternatives : `(?:${alternatives})`;
    return replaced(stem === '' ? `^${from}(?:/|$)` : `^${from}(/|$)`, stem === '' ? '/' : `${quoteSubstitution(stem)}\\1`);
  }
  if (paths.every(({ _kind, _text }) => _kind === 'prefix' && _text.endsWith('/'))) {
    return { uri: `${stem}/` };
  }
  if (!to.endsWith('/') && paths.every(({ _kind, _text }) => _kind === 'prefix' && !_text.endsWith('/'))) {
    return { uri: to };
  }
  throw InvalidProps.conflict('rewrite', `Rewrite.prefix('${to}')`,
    'needs a route whose paths are all PathMatch.pathPrefix, or all PathMatch.prefix; these must all end with /, or neither they nor the new prefix may');
}

function replacedPath(to: string, paths: readonly PathMatch[]): ReturnType<Uri> {
  return paths.length > 0 && paths.every(({ _kind }) => _kind === 'exact' || _kind === 'regex') ? { uri: to } : replaced('^.*$', quoteSubstitution(to));
}

function replaced(match: string, rewrite: string): ReturnType<Uri> {
  requireRegex('rewrite', match);
  return { uriRegexRewrite: { match, rewrite } };
}

function quoteSubstitution(text: string): string {
  return text.replaceAll('\\', '\\\\');
}
