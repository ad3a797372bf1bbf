// Conditions on the query of a request.
import { InvalidProps } from '../../base/errors';
import { ANY_STRING, exactString, prefixString, regexString, type StringMatch } from './string-match';

/**
 * A condition on one query parameter; if the request repeats the parameter, on the first one. Names and values are case-sensitive and are
 * compared without percent-decoding. Istio cannot match on the absence of a parameter.
 */
export class QueryMatch {
  /** The parameter has this value. */
  public static exact(name: string, value: string): QueryMatch {
    return new QueryMatch(name, exactString(value));
  }

  /** The parameter's value starts with this string. */
  public static prefix(name: string, value: string): QueryMatch {
    return new QueryMatch(name, prefixString(value));
  }

  /** The parameter's whole value matches a regular expression. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(name: string, regex: string): QueryMatch {
    return new QueryMatch(name, regexString(regex));
  }

  /** The parameter is present, with any value. */
  public static present(name: string): QueryMatch {
    return new QueryMatch(name, ANY_STRING);
  }

  /** @internal */
  public readonly _isNegative = false;

  private constructor(
    /** Name of the parameter. */
    public readonly name: string,
    private readonly match: StringMatch,
  ) {
    if (typeof name !== 'string' || !/^[^\s&=#\p{Cc}]+$/u.test(name)) {
      throw InvalidProps.value('name', name, 'must be the name of a query parameter, without whitespace, &, = or #');
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
