// CORS: which web pages of other origins may call, answered by the proxy itself.
import type { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttpCorsPolicy, VirtualServiceSpecHttpCorsPolicyUnmatchedPreflights as Unmatched } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireRegex } from '../../base/re2';
import { requireHeaderName } from '../match/header-match';
import { regexText, type TextMatch } from '../match/text-match';
import { wholeSeconds } from '../wire/duration';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];
const ANY = '*';

/** Envoy accepts every origin where the text * fits (Envoy 1.38, source/extensions/filters/http/cors/cors_filter.cc); the others are strangers. */
const STRANGERS = [ANY, 'null', 'https://a.invalid', 'http://a.invalid'];
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/*]+$/;

/** Origins whose pages may call. */
export class CorsOrigin {
  /** Every origin. */
  public static any(): CorsOrigin {
    return new CorsOrigin({ exact: ANY });
  }

  /** This origin, as browsers write it: scheme, host and a port that is not the default one, such as `https://shop.example.com`. */
  public static exact(origin: string): CorsOrigin {
    if (typeof origin !== 'string' || !ORIGIN.test(origin) || origin !== origin.toLowerCase()) {
      throw InvalidProps.value('origin', origin, 'must be an origin in lower case such as https://shop.example.com, without a slash at its end');
    }
    return new CorsOrigin({ exact: origin });
  }

  /**
   * Origins that start with this text: `http://localhost:` for any port. Mind that `https://shop.example` is the beginning of
   * `https://shop.example.org` too.
   */
  public static prefix(origin: string): CorsOrigin {
    if (typeof origin !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\/[^\s/*A-Z]*$/.test(origin)) {
      throw InvalidProps.value('origin', origin, 'must be the beginning of an origin in lower case, with its scheme: http://localhost:');
    }
    return new CorsOrigin({ prefix: origin });
  }

  /** Origins that match as a whole: `https://[a-z]+\\.example\\.com`. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(regex: string): CorsOrigin {
    return new CorsOrigin(regexText(regex));
  }

  private constructor(private readonly text: TextMatch) {}

  /** The text, where any page could get itself accepted by it. @internal */
  public get _opening(): string | undefined {
    const { exact, prefix, regex } = this.text;
    if (exact === ANY || (regex !== undefined && STRANGERS.some(origin => requireRegex('regex', regex).matches(origin)))) {
      return exact ?? regex;
    }
    return prefix === undefined || /^[^:]+:\/\/[^:]+:/.test(prefix) ? undefined : prefix;
  }

  /** @internal */
  public _render(): TextMatch {
    return this.text;
  }
}

/** What becomes of a preflight request of an origin that may not call. */
export enum UnmatchedPreflights {
  /** The workload answers it. */
  FORWARD = 'FORWARD',
  /** The proxy answers it, without the headers that would allow the call. */
  IGNORE = 'IGNORE',
}

/**
 * Which web pages of other origins may call. The proxy answers their preflight requests, and adds headers to the answers of the workload.
 * It stops no request: browsers do. Where an authorization policy asks for a principal, it refuses preflights, which have none.
 */
export interface CorsPolicy {
  /** Origins whose pages may call; at least one. */
  readonly allowOrigins: CorsOrigin[];

  /**
   * Methods that pages may use: GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS, TRACE, or `*` for any. Browsers allow GET, HEAD and
   * POST anyway.
   *
   * @default - none besides
   */
  readonly allowMethods?: string[];

  /**
   * Headers that pages may send, or `*` for any besides Authorization.
   *
   * @default - none besides those that browsers always allow
   */
  readonly allowHeaders?: string[];

  /**
   * Headers of the answer that pages may read, or `*` for any.
   *
   * @default - none besides those that browsers always show
   */
  readonly exposeHeaders?: string[];

  /**
   * How long browsers may remember the answer: whole seconds, at least 1.
   *
   * @default - the browser's own, 5 s
   */
  readonly maxAge?: Duration;

  /**
   * Whether pages may send cookies and other credentials. Then origins have to be told apart, and browsers take `*` elsewhere for a word.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * What becomes of a preflight request of an origin that may not call.
   *
   * @default UnmatchedPreflights.FORWARD
   */
  readonly unmatchedPreflights?: UnmatchedPreflights;
}

/** Writes the policy. */
export function renderCors(policy: CorsPolicy): VirtualServiceSpecHttpCorsPolicy {
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, maxAge, allowCredentials, unmatchedPreflights } = policy;
  if (allowOrigins.length === 0) {
    throw InvalidProps.value('cors.allowOrigins', allowOrigins, 'must be at least one origin');
  }
  if (allowCredentials) {
    requireClosed(policy);
  }
  return {
    allowOrigins: allowOrigins.map(origin => origin._render()),
    allowMethods: allowMethods && words('cors.allowMethods', allowMethods, requireMethod),
    allowHeaders: allowHeaders && words('cors.allowHeaders', allowHeaders, requireHeaderName),
    exposeHeaders: exposeHeaders && words('cors.exposeHeaders', exposeHeaders, requireHeaderName),
    maxAge: maxAge && `${wholeSeconds('cors.maxAge', maxAge, 1, 2 ** 31)}s`,
    allowCredentials,
    unmatchedPreflights: unmatchedPreflights as unknown as Unmatched,
  };
}

/** With credentials, an origin that an attacker can choose gives away what the user may see. */
function requireClosed({ allowOrigins, ...lists }: CorsPolicy): void {
  allowOrigins.forEach((origin, index) => {
    if (origin._opening !== undefined) {
      throw InvalidProps.value(`cors.allowOrigins[${index}]`, origin._opening,
        'must be an origin that no stranger can have, because allowCredentials is set: an exact one, or a prefix with the whole host and a colon');
    }
  });
  for (const name of ['allowMethods', 'allowHeaders', 'exposeHeaders'] as const) {
    if (lists[name]?.includes(ANY)) {
      throw InvalidProps.value(`cors.${name}`, ANY, 'must be names, because allowCredentials is set: browsers then take * for a name');
    }
  }
}

function words(prop: string, list: string[], check: (prop: string, word: string) => string): string[] {
  if (list.length === 0) {
    throw InvalidProps.value(prop, list, 'must be at least one, or nothing');
  }
  list.forEach((word, index) => {
    if (word !== ANY) {
      check(`${prop}[${index}]`, word);
    }
    if (list.indexOf(word) !== index) {
      throw InvalidProps.value(`${prop}[${index}]`, word, 'must be every one once');
    }
  });
  return list;
}

function requireMethod(prop: string, method: string): string {
  if (!METHODS.includes(method)) {
    throw InvalidProps.value(prop, method, `must be ${METHODS.join(', ')}, or *`);
  }
  return method;
}
