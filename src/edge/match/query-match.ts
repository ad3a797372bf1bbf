// Conditions on the query of a request.
import { InvalidProps } from '../../base/errors';
import { ANY_TEXT, exactText, prefixText, regexText, type TextMatch } from './text-match';

/**
 * A condition on one parameter of the query; where it comes several times, on the first. Names and values are compared as they stand in
 * the request, with their case and percent signs. Istio has no way to ask that a parameter is missing.
 */
export class QueryMatch {
  /** The parameter has this value. */
  public static exact(name: string, value: string): QueryMatch {
    return new QueryMatch(name, exactText(value));
  }

  /** The parameter's value starts with this text. */
  public static prefix(name: string, value: string): QueryMatch {
    return new QueryMatch(name, prefixText(value));
  }

  /** The parameter's whole value matches a regular expression. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(name: string, regex: string): QueryMatch {
    return new QueryMatch(name, regexText(regex));
  }

  /** The parameter is there, whatever its value. */
  public static present(name: string): QueryMatch {
    return new QueryMatch(name, ANY_TEXT);
  }

  /** @internal */
  public readonly _isNegative = false;

  private constructor(
    /** Name of the parameter. */
    public readonly name: string,
    private readonly text: TextMatch,
  ) {
    if (typeof name !== 'string' || !/^[^\s&=#\p{Cc}]+$/u.test(name)) {
      throw InvalidProps.value('name', name, 'must be the name of a query parameter, without blanks, &, = and #');
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
