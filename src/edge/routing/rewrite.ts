// What a request looks like when the workload gets it: another path, another host.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpRewrite, VirtualServiceSpecHttpRoute } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps } from '../../base/prop-types';
import { quoteRegex, requireRegex } from '../../base/re2';
import { requireAuthority } from '../match/authority';
import { setsHost } from './header-operations';
import { type PathMatch, requirePath } from '../match/path-match';
import type { IWorkload } from '../workload/workload';

/** What a rewrite of the path changes besides. */
export interface RewriteOptions {
  /**
   * Host that the workload gets to see, perhaps with a port.
   *
   * @default - the host of the request
   */
  readonly authority?: string;
}

/** Writes the path, for the paths that the route takes. */
type Uri = (paths: readonly PathMatch[]) => Pick<VirtualServiceSpecHttpRewrite, 'uri' | 'uriRegexRewrite'>;

/** What a request looks like when the workload gets it. The query stays. Logins, authorization and other routes see the original. */
export class Rewrite {
  /**
   * Replaces what the route's paths have in common with the request, and keeps the rest: with `PathMatch.pathPrefix('/shop')` and the
   * prefix `/v2`, `/shop/cart` becomes `/v2/cart` and `/shop` becomes `/v2`. A route without paths gets the prefix in front.
   *
   * It needs paths that are all made by `PathMatch.pathPrefix`, or all by `PathMatch.prefix`, which replaces texts: `/shop` to `/v2` makes
   * `/v2pper` of `/shopper`.
   */
  public static prefix(prefix: string, options: RewriteOptions = {}): Rewrite {
    const to = requirePath('prefix', prefix);
    return new Rewrite(paths => replacedPrefix(to, paths), options);
  }

  /** Replaces the whole path, whatever the paths of the route are. */
  public static path(path: string, options: RewriteOptions = {}): Rewrite {
    const to = requirePath('path', path);
    return new Rewrite(paths => replacedPath(to, paths), options);
  }

  /**
   * Replaces every part of the path that matches a regular expression.
   *
   * @param regex in RE2 syntax, at most 1024 bytes
   * @param substitution what stands there instead, with `\1` to `\9` for the groups, `\0` for all of it, and `\\` for a backslash
   */
  public static regex(regex: string, substitution: string, options: RewriteOptions = {}): Rewrite {
    const { groups } = requireRegex('regex', regex);
    if (typeof substitution !== 'string' || !/^(?:[^\\\p{Cc}]|\\[0-9\\])+$/u.test(substitution)) {
      throw InvalidProps.value('substitution', substitution, 'must be a text that is not empty, with a digit or a backslash after every backslash');
    }
    for (const [group] of substitution.matchAll(/\\[0-9\\]/g)) {
      if (Number(group[1]) > groups) {
        throw InvalidProps.value('substitution', substitution, `must be groups that the regular expression has: up to \\${groups}`);
      }
    }
    return new Rewrite(() => ({ uriRegexRewrite: { match: regex, rewrite: substitution } }), options);
  }

  /** Replaces the host, and leaves the path. */
  public static authority(authority: string): Rewrite {
    return new Rewrite(() => ({}), { authority: requireAuthority('authority', authority) });
  }

  /** Host that the workload gets to see. @internal */
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
 * Has requests carry the hosts of the services outside that they are sent to, where nobody has said which: by the rewrite where all go
 * to one, otherwise by their share.
 *
 * @param receivers of the shares; one for all where all shares are of one workload
 * @param hosts that clients ask for
 */
export function addressReceivers(http: VirtualServiceSpecHttp, receivers: readonly IWorkload[], hosts: readonly string[]): VirtualServiceSpecHttp {
  const { rewrite, route = [] } = http;
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
 * Envoy replaces the very text that a prefix condition matched, and joins the rest without a look at slashes. So the text has to end with
 * a slash on both sides or on neither; and of a path with everything below it, which is two conditions, a regular expression takes care.
 */
function replacedPrefix(to: string, paths: readonly PathMatch[]): ReturnType<Uri> {
  const stem = to.replace(/\/+$/, '');
  if (paths.every(({ _kind, _text }) => _kind === 'pathPrefix' && _text === '')) {
    if (stem === '') {
      throw InvalidProps.value('rewrite', `Rewrite.prefix('${to}')`, 'must be another prefix than the one that the route takes');
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
  throw InvalidProps.value('rewrite', `Rewrite.prefix('${to}')`,
    'must be paths that are all made by PathMatch.pathPrefix, or all by PathMatch.prefix and, like the prefix that replaces them, without a slash at the end');
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
