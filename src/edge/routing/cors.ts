// CORS: which web pages of other origins may send requests. The proxy responds to preflight requests itself.
import type { Duration } from 'cdk8s';
import type {
  VirtualServiceSpecHttpCorsPolicy, VirtualServiceSpecHttpCorsPolicyUnmatchedPreflights as Unmatched,
} from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireRegex } from '../../base/re2';
import { requireHeaderName } from '../match/header-match';
import { regexString, type StringMatch } from '../match/string-match';
import { wholeSeconds } from '../wire/duration';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];
const ANY = '*';

/** Envoy accepts every origin if the matcher accepts `*` (Envoy 1.38, source/extensions/filters/http/cors/cors_filter.cc). */
const UNTRUSTED = [ANY, 'null', 'https://a.invalid', 'http://a.invalid'];
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/*]+$/;

/** Origins whose pages may send requests. */
export class CorsOrigin {
  /** Every origin. */
  public static any(): CorsOrigin {
    return new CorsOrigin({ exact: ANY });
  }

  /** This origin, as browsers send it: scheme, host, and the port if it is not the default port, such as `https://shop.example.com`. */
  public static exact(origin: string): CorsOrigin {
    if (typeof origin !== 'string' || !ORIGIN.test(origin) || origin !== origin.toLowerCase()) {
      throw InvalidProps.value('origin', origin, 'must be an origin in lower case without a trailing slash, such as https://shop.example.com');
    }
    return new CorsOrigin({ exact: origin });
  }

  /**
   * Origins that start with this string: `http://localhost:` for any port. This is a plain string prefix, so `https://shop.example` also
   * matches `https://shop.example.org`.
   */
  public static prefix(origin: string): CorsOrigin {
    if (typeof origin !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\/[^\s/*A-Z]*$/.test(origin)) {
      throw InvalidProps.value('origin', origin, 'must be the start of an origin in lower case, including the scheme, such as http://localhost:');
    }
    return new CorsOrigin({ prefix: origin });
  }

  /** Origins that match the whole regular expression: `https://[a-z]+\\.example\\.com`. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(regex: string): CorsOrigin {
    return new CorsOrigin(regexString(regex));
  }

  private constructor(private readonly match: StringMatch) {}

  /** The matcher as a string if it also accepts origins that an attacker can choose. @internal */
  public get _untrusted(): string | undefined {
    const { exact, prefix, regex } = this.match;
    if (exact === ANY || (regex !== undefined && UNTRUSTED.some(origin => requireRegex('regex', regex).matches(origin)))) {
      return exact ?? regex;
    }
    return /:\/\/[^:]+:/.test(prefix ?? '') ? undefined : prefix;
  }

  /** @internal */
  public _render(): StringMatch {
    return this.match;
  }
}

/** How the proxy handles preflight requests from origins that are not allowed. */
export enum UnmatchedPreflights {
  /** Forward them to the workload. */
  FORWARD = 'FORWARD',
  /** Respond without the headers that would allow the request. */
  IGNORE = 'IGNORE',
}

/**
 * Which web pages of other origins may send requests. The proxy responds to their preflight requests and adds headers to the responses of
 * the workload. It does not block requests: browsers do. Preflight requests have no principal, so authorization policies that require one
 * deny them.
 */
export interface CorsPolicy {
  /** Origins whose pages may send requests; at least one. */
  readonly allowOrigins: CorsOrigin[];

  /**
   * Methods that pages may use: GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS, TRACE, or `*` for any. Browsers always allow GET,
   * HEAD and POST.
   *
   * @default - only those that browsers always allow
   */
  readonly allowMethods?: string[];

  /**
   * Headers that pages may send, or `*` for any except Authorization.
   *
   * @default - only those that browsers always allow
   */
  readonly allowHeaders?: string[];

  /**
   * Response headers that pages may read, or `*` for any.
   *
   * @default - only those that browsers always expose
   */
  readonly exposeHeaders?: string[];

  /**
   * How long browsers may cache the response to a preflight request: whole seconds, at least 1.
   *
   * @default - the browser's default, 5 s
   */
  readonly maxAge?: Duration;

  /**
   * Whether pages may send cookies and other credentials. If they may, `allowOrigins` must not match untrusted origins, and `*` is not
   * allowed in the other lists, because browsers treat it as a literal name.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * How the proxy handles preflight requests from origins that are not allowed.
   *
   * @default UnmatchedPreflights.FORWARD
   */
  readonly unmatchedPreflights?: UnmatchedPreflights;
}

/** Renders the policy. */
export function renderCors(policy: CorsPolicy): VirtualServiceSpecHttpCorsPolicy {
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, maxAge, allowCredentials, unmatchedPreflights } = policy;
  if (allowOrigins.length === 0) {
    throw InvalidProps.value('cors.allowOrigins', allowOrigins, 'must have at least one origin');
  }
  if (allowCredentials) {
    requireTrusted(policy);
  }
  return {
    allowOrigins: allowOrigins.map(origin => origin._render()),
    allowMethods: allowMethods && renderList('cors.allowMethods', allowMethods, requireMethod),
    allowHeaders: allowHeaders && renderList('cors.allowHeaders', allowHeaders, requireHeaderName),
    exposeHeaders: exposeHeaders && renderList('cors.exposeHeaders', exposeHeaders, requireHeaderName),
    maxAge: maxAge && `${wholeSeconds('cors.maxAge', maxAge, 1, 2 ** 31)}s`,
    allowCredentials,
    unmatchedPreflights: unmatchedPreflights as unknown as Unmatched,
  };
}

/** With credentials, an origin that an attacker can choose could read the user's data. */
function requireTrusted({ allowOrigins, ...lists }: CorsPolicy): void {
  allowOrigins.forEach((origin, index) => {
    if (origin._untrusted !== undefined) {
      throw InvalidProps.value(`cors.allowOrigins[${index}]`, origin._untrusted,
        'must be an exact origin, or a prefix with the whole host and a colon, when allowCredentials is true: this one also matches untrusted origins');
    }
  });
  for (const name of ['allowMethods', 'allowHeaders', 'exposeHeaders'] as const) {
    if (lists[name]?.includes(ANY)) {
      throw InvalidProps.conflict(`cors.${name}`, ANY, 'cannot contain * when allowCredentials is true, because browsers then treat * as a literal name');
    }
  }
}

function renderList(prop: string, list: string[], check: (prop: string, entry: string) => string): string[] {
  if (list.length === 0) {
    throw InvalidProps.value(prop, list, 'must have at least one entry; leave it unset for the default');
  }
  list.forEach((entry, index) => {
    if (entry !== ANY) {
      check(`${prop}[${index}]`, entry);
    }
    if (list.indexOf(entry) !== index) {
      throw InvalidProps.duplicate(`${prop}[${index}]`, entry, `in ${prop}`);
    }
  });
  return list;
}

function requireMethod(prop: string, method: string): string {
  if (!METHODS.includes(method)) {
    throw InvalidProps.value(prop, method, `must be one of ${METHODS.join(', ')}, or *`);
  }
  return method;
}
