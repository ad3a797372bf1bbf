// Headers as a proxy sees them: pseudo headers are headers, too.

/** What a proxy sees of a request. */
export interface Seen {
  readonly method: string;
  readonly authority: string;
  /** Normalized, without query. */
  readonly path: string;
  /** With `?`; empty for none. */
  readonly query: string;
  /** By name in lowercase. */
  readonly headers: ReadonlyMap<string, string>;
  /** Absent if unknown. */
  readonly scheme?: string;
}

/** A header, or one of the pseudo headers under its own name or as `host` (Envoy 1.40, source/common/http/header_map_impl.cc). */
export function seenHeader(request: Seen, name: string): string | undefined {
  switch (name.toLowerCase()) {
    case ':method':
      return request.method;
    case ':authority':
    case 'host':
      return request.authority;
    case ':scheme':
      return request.scheme;
    case ':path':
      return request.path + request.query;
    default:
      return request.headers.get(name.toLowerCase());
  }
}

/** No headers. */
export const NO_HEADERS: ReadonlyMap<string, string> = new Map();
