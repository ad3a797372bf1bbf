// Conditions on the headers of a request.
import { InvalidProps } from '../../base/errors';
import { requireRegex } from '../../base/re2';
import { ANY_TEXT, exactText, prefixText, regexText, type TextMatch } from './text-match';

/**
 * A condition on one header of a request. A header that comes several times is compared as one text, joined by commas.
 *
 * The makers that start with `not` also hold where the header is missing: put `present` beside them to ask for another value.
 */
export class HeaderMatch {
  /** The header has this value. */
  public static exact(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, exactText(value));
  }

  /** The header's value starts with this text. */
  public static prefix(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, prefixText(value));
  }

  /** The header's whole value matches a regular expression. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(name: string, regex: string): HeaderMatch {
    return new HeaderMatch(name, regexText(regex));
  }

  /** The header is there, whatever its value. */
  public static present(name: string): HeaderMatch {
    return new HeaderMatch(name, ANY_TEXT);
  }

  /** The header is not there. */
  public static absent(name: string): HeaderMatch {
    return new HeaderMatch(name, ANY_TEXT, true);
  }

  /** The header has another value, or is missing. */
  public static notExact(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, exactText(value), true);
  }

  /** The header's value starts otherwise, or the header is missing. */
  public static notPrefix(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, prefixText(value), true);
  }

  /**
   * The header's value does not match the regular expression, or the header is missing.
   *
   * @param regex in RE2 syntax, at most 1024 bytes; one that an empty text does not match, because Envoy takes a missing header for one
   */
  public static notRegex(name: string, regex: string): HeaderMatch {
    if (requireRegex('regex', regex).matches('')) {
      throw InvalidProps.value('regex', regex, 'must be a regular expression that an empty text does not match: Envoy takes a missing header for one');
    }
    return new HeaderMatch(name, { regex }, true);
  }

  /** Name of the header, in lower case. */
  public readonly name: string;

  private constructor(
    name: string,
    private readonly text: TextMatch,
    /** @internal */
    public readonly _isNegative = false,
  ) {
    this.name = requireHeaderName('name', name);
    if (name !== name.toLowerCase()) {
      throw InvalidProps.value('name', name, 'must be the name of a header in lower case');
    }
  }

  /** @internal */
  public get _key(): string {
    return this.name;
  }

  /** @internal */
  public _render(): TextMatch {
    return this.text;
  }
}

/** Returns the name, or throws when no header can have it (RFC 9110, token). */
export function requireHeaderName(prop: string, name: string): string {
  if (typeof name !== 'string' || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
    throw InvalidProps.value(prop, name, 'must be the name of a header: letters, digits and !#$%&\'*+-.^_`|~');
  }
  return name;
}
