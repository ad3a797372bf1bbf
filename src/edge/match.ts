// What a route looks at: the path and the headers of a request.
import type { VirtualServiceSpecHttpMatch, VirtualServiceSpecHttpMatchHeaders, VirtualServiceSpecHttpMatchUri } from '../../imports/istio/networking.istio.io';
import { InvalidProps } from '../base/errors';

/** A condition on the path of a request. Paths are compared with their case. */
export class PathMatch {
  /** The whole path, without the query. */
  public static exact(path: string): PathMatch {
    return new PathMatch({ exact: requirePath('exact', path) });
  }

  /**
   * The beginning of the path, compared as text: `/foo` also matches `/foobar`. Write `/foo/` to respect segments, with an
   * `exact('/foo')` beside it.
   */
  public static prefix(path: string): PathMatch {
    return new PathMatch({ prefix: requirePath('prefix', path) });
  }

  private constructor(private readonly uri: VirtualServiceSpecHttpMatchUri) {}

  /** @internal */
  public _render(): VirtualServiceSpecHttpMatchUri {
    return this.uri;
  }
}

/** A condition on one header of a request. */
export class HeaderMatch {
  /** The header has this value. */
  public static exact(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, { exact: requireText('value', value) });
  }

  /** The header's value starts with this text. */
  public static prefix(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, { prefix: requireText('value', value) });
  }

  /** The header is there, whatever its value. */
  public static present(name: string): HeaderMatch {
    return new HeaderMatch(name, {});
  }

  /** Name of the header, in lower case. */
  public readonly name: string;

  private constructor(name: string, private readonly value: VirtualServiceSpecHttpMatchHeaders) {
    // HTTP/2 sends names in lower case, and Istio refuses upper case here.
    if (typeof name !== 'string' || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw new InvalidProps('name', name, 'the name of a header in lower case');
    }
    this.name = name;
  }

  /** @internal */
  public _render(): VirtualServiceSpecHttpMatchHeaders {
    return this.value;
  }
}

/**
 * The match blocks of one route: any of the paths, and all of the headers.
 *
 * @returns nothing for a route that takes every request
 */
export function renderMatches(paths: readonly PathMatch[], headers: readonly HeaderMatch[]): VirtualServiceSpecHttpMatch[] | undefined {
  headers.forEach((header, index) => {
    if (headers.findIndex(other => other.name === header.name) !== index) {
      throw new InvalidProps(`headers[${index}]`, header.name, 'every header once: conditions on one header cannot be joined');
    }
  });
  const byName = headers.length === 0 ? undefined : Object.fromEntries(headers.map(header => [header.name, header._render()]));
  if (paths.length === 0) {
    return byName && [{ headers: byName }];
  }
  return paths.map(path => ({ uri: path._render(), headers: byName }));
}

function requirePath(prop: string, path: string): string {
  if (typeof path !== 'string' || !/^\/[^\s?#]*$/.test(path)) {
    throw new InvalidProps(prop, path, 'a path that starts with /, without query and blanks');
  }
  return path;
}

function requireText(prop: string, value: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new InvalidProps(prop, value, 'a text that is not empty');
  }
  return value;
}
