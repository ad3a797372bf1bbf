// Conditions on the headers of a request.
import { InvalidProps } from '../../base/errors';
import { requireRegex } from '../../base/re2';
import { ANY_STRING, exactString, prefixString, regexString, type StringMatch } from './string-match';

/**
 * A condition on one header of a request. If the request repeats the header, its values are joined with commas before they are compared.
 *
 * Behind a load balancer `x-forwarded-for` is a list of addresses, so `exact` never matches one of them.
 *
 * The `not…` conditions also match if the header is missing. Add `present` to require the header with another value.
 */
export class HeaderMatch {
  /** The header has this value. */
  public static exact(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, exactString(value));
  }

  /** The header's value starts with this string. */
  public static prefix(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, prefixString(value));
  }

  /** The header's whole value matches a regular expression. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(name: string, regex: string): HeaderMatch {
    return new HeaderMatch(name, regexString(regex));
  }

  /** The header is present, with any value. */
  public static present(name: string): HeaderMatch {
    return new HeaderMatch(name, ANY_STRING);
  }

  /** The header is missing. */
  public static absent(name: string): HeaderMatch {
    return new HeaderMatch(name, ANY_STRING, true);
  }

  /** The header has another value or is missing. */
  public static notExact(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, exactString(value), true);
  }

  /** The header's value does not start with this string, or the header is missing. */
  public static notPrefix(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, prefixString(value), true);
  }

  /**
   * The header's value does not match the regular expression, or the header is missing.
   *
   * @param regex in RE2 syntax, at most 1024 bytes. It must not match the empty string, because Envoy treats a missing header as empty
   */
  public static notRegex(name: string, regex: string): HeaderMatch {
    if (requireRegex('regex', regex).matches('')) {
      throw InvalidProps.value('regex', regex, 'must not match the empty string, because Envoy treats a missing header as empty');
    }
    return new HeaderMatch(name, { regex }, true);
  }

  /** Name of the header, in lower case. */
  public readonly name: string;

  private constructor(
    name: string,
    private readonly match: StringMatch,
    /** @internal */
    public readonly _isNegative = false,
  ) {
    this.name = requireHeaderName('name', name);
    if (name !== name.toLowerCase()) {
      throw InvalidProps.value('name', name, 'must be in lower case');
    }
  }

  /** @internal */
  public get _key(): string {
    return this.name;
  }

  /** @internal */
  public _render(): StringMatch {
    return this.match;
  }
}

/** Returns the name. @throws InvalidProps if it is not a token (RFC 9110) */
export function requireHeaderName(prop: string, name: string): string {
  if (typeof name !== 'string' || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
    throw InvalidProps.value(prop, name, 'must be a header name: letters, digits and !#$%&\'*+-.^_`|~');
  }
  return name;
}
