// Paths: how Envoy normalizes them before anything is compared.

/** Levels of `pathNormalization`. */
export type PathNormalization = 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';

/** Splits a request target into path and query. A fragment is dropped, as Istio configures Envoy (Istio 1.30, tools/packaging/common/envoy_bootstrap.json). */
export function splitTarget(target: string): [path: string, query: string] {
  const hash = target.indexOf('#');
  const whole = hash === -1 ? target : target.slice(0, hash);
  const mark = whole.indexOf('?');
  return mark === -1 ? [whole, ''] : [whole.slice(0, mark), whole.slice(mark)];
}

/** Characters that stay as they are. */
const PLAIN = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;

/**
 * The path that routes and policies see and that is forwarded: backslashes are slashes, unreserved characters are decoded, dot segments are
 * resolved (Envoy 1.40, source/common/http/path_utility.cc; Istio 1.30, pilot/pkg/networking/core/listener_builder.go:408).
 */
export function normalizePath(path: string, level: PathNormalization): string {
  if (level === 'NONE' || (PLAIN.test(path) && !path.includes('/.') && !path.includes('//'))) {
    return path;
  }
  const slashes = level === 'DECODE_AND_MERGE_SLASHES' ? path.replace(/%2f/gi, '/').replace(/%5c/gi, '\\') : path;
  const base = resolveDots(encodeUnsafe(decodeUnreserved(slashes.replace(/\\/g, '/'))));
  return level === 'BASE' ? base : base.replace(/\/{2,}/g, '/');
}

/** The same for a path with a query, which stays. */
export function normalizeTarget(target: string, level: PathNormalization): string {
  const [path, query] = splitTarget(target);
  return normalizePath(path, level) + query;
}

function decodeUnreserved(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (written, hex: string) => {
    const character = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : written;
  });
}

function encodeUnsafe(path: string): string {
  return path.replace(/[ "<>`{}^|]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function resolveDots(path: string): string {
  if (!path.includes('/.')) {
    return path;
  }
  const resolved: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment === '..') {
      resolved.pop();
    }
    if (segment !== '.' && segment !== '..') {
      resolved.push(segment);
    } else if (isLast) {
      resolved.push('');
    }
  });
  return `/${resolved.join('/')}`;
}
