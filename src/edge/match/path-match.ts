// Conditions on the path of a request, and the match blocks rendered from them.
import type { VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps } from '../../base/prop-types';
import { requireRegex } from '../../base/re2';

/** How paths are compared. */
export interface PathMatchOptions {
  /**
   * Whether to ignore case.
   *
   * @default false
   */
  readonly ignoreCase?: boolean;
}

/** How a path is compared. */
type Kind = 'exact' | 'prefix' | 'pathPrefix' | 'regex';

/**
 * A condition on the path of a request, without the query. Envoy resolves `.` and `..` first, but compares `//` and percent-encoded
 * characters as they are (Istio 1.30, path normalization BASE).
 */
export class PathMatch {
  /** The path is this value. */
  public static exact(path: string, options: PathMatchOptions = {}): PathMatch {
    return new PathMatch('exact', requirePlainPath('exact', path), options, [{ uri: { exact: path } }]);
  }

  /** The path starts with this plain string: `/foo` also matches `/foobar`. */
  public static prefix(path: string, options: PathMatchOptions = {}): PathMatch {
    return new PathMatch('prefix', requirePlainPath('prefix', path), options, [{ uri: { prefix: path } }]);
  }

  /**
   * The path itself and everything below it: `/foo` matches `/foo`, `/foo/` and `/foo/bar`, but not `/foobar`. A trailing slash is
   * ignored. Equivalent to PathPrefix of the Gateway API.
   */
  public static pathPrefix(path: string, options: PathMatchOptions = {}): PathMatch {
    const stem = requirePlainPath('pathPrefix', path).replace(/\/+$/, '');
    const below = { uri: { prefix: `${stem}/` } };
    return new PathMatch('pathPrefix', stem, options, stem === '' ? [below] : [{ uri: { exact: stem } }, below]);
  }

  /**
   * The whole path matches a regular expression, such as `/v[12]/.*`. Start it with `(?i)` to ignore case.
   *
   * @param regex in RE2 syntax, at most 1024 bytes
   */
  public static regex(regex: string): PathMatch {
    requireRegex('regex', regex);
    return new PathMatch('regex', regex, {}, [{ uri: { regex } }]);
  }

  /** @internal */
  public readonly _ignoresCase: boolean;
  private readonly blocks: readonly VirtualServiceSpecHttpMatch[];

  private constructor(
    /** @internal */
    public readonly _kind: Kind,
    /** The path; for a pathPrefix, without the trailing slash. @internal */
    public readonly _text: string,
    options: PathMatchOptions, blocks: readonly VirtualServiceSpecHttpMatch[],
  ) {
    this._ignoresCase = requireProps('PathMatchOptions', options, '', 'options').ignoreCase ?? false;
    this.blocks = this._ignoresCase ? blocks.map(block => ({ ...block, ignoreUriCase: true })) : blocks;
  }

  /** Match blocks, of which at least one must match. @internal */
  public _render(): readonly VirtualServiceSpecHttpMatch[] {
    return this.blocks;
  }
}

/** Renders the match blocks of paths, in declaration order. @throws InvalidProps for a duplicate */
export function renderPaths(paths: readonly PathMatch[]): readonly VirtualServiceSpecHttpMatch[] {
  if (paths.length === 1) {
    return paths[0]._render();
  }
  const seen = new Set<string>();
  return paths.flatMap((path, index) => {
    const blocks = path._render();
    for (const block of blocks) {
      if (seen.size === seen.add(JSON.stringify(block)).size) {
        throw InvalidProps.duplicate(`paths[${index}]`, path._text, 'matched by another path of the route');
      }
    }
    return blocks;
  });
}

/** Returns the path. @throws InvalidProps for a glob or a template, which is compared as it is written and so matches no usual request */
function requirePlainPath(prop: string, path: string): string {
  if (/[*{}]/.test(requirePath(prop, path))) {
    throw InvalidProps.value(prop, path, `must be a path as requests have it, because it is compared literally: use ${meant(path)} instead`);
  }
  return path;
}

/** Globs and groups at the end that stand for everything below a path or behind it. */
const REST = /(?:\*{1,2}|\(?\.\*\)?)$/;

/** The condition that the author of a glob or a template meant. */
function meant(path: string): string {
  const stem = path.replace(REST, '');
  if (!/[*{}]/.test(stem)) {
    return stem.endsWith('/') ? `PathMatch.pathPrefix('${stem.length > 1 ? stem.slice(0, -1) : stem}')` : `PathMatch.prefix('${stem}')`;
  }
  const parts = path.split(/(\{[^{}/]*\}|\(\.\*\)|\*{1,2})/);
  const regex = parts.map((part, index) => (index % 2 === 0 ? part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : part === '(.*)' || part === '**' ? '.*' : '[^/]+')).join('');
  return `PathMatch.regex('${regex}')`;
}

/** Returns the path. @throws InvalidProps if no request can have it */
export function requirePath(prop: string, path: string): string {
  if (typeof path !== 'string' || !/^\/[^\s?#\p{Cc}]*$/u.test(path)) {
    throw InvalidProps.value(prop, path, 'must be a path that starts with /, without a query, a fragment or whitespace');
  }
  return path;
}
