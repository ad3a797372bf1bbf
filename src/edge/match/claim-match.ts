// Conditions on the claims of a validated token.
import { InvalidProps } from '../../base/errors';
import { listOf, requireProps, STRING } from '../../base/prop-types';
import { exactText, prefixText, regexText, type TextMatch } from './text-match';

const PATH = listOf(STRING);

/**
 * A condition on one claim of a JSON Web Token, at a gateway whose pods a RequestAuthentication validates tokens for. A claim is a text,
 * or a list of texts of which one has to fit; numbers and `true` fit nothing (Istio 1.30, pkg/jwt/routing.go).
 *
 * Without a valid token none of them holds, but those that start with `not` do.
 */
export class ClaimMatch {
  /** The claim is this text. @param claim names from the outside in: `['realm_access', 'roles']` */
  public static exact(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, exactText(value));
  }

  /** The claim starts with this text. @param claim names from the outside in */
  public static prefix(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, prefixText(value));
  }

  /** The whole claim matches a regular expression. @param claim names from the outside in @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(claim: string[], regex: string): ClaimMatch {
    return new ClaimMatch(claim, regexText(regex));
  }

  /** The claim is something else, or missing, or there is no valid token. @param claim names from the outside in */
  public static notExact(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, exactText(value), true);
  }

  /** The claim starts otherwise, or is missing, or there is no valid token. @param claim names from the outside in */
  public static notPrefix(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, prefixText(value), true);
  }

  /**
   * The claim does not match the regular expression, or is missing, or there is no valid token.
   *
   * @param claim names from the outside in
   * @param regex in RE2 syntax, at most 1024 bytes
   */
  public static notRegex(claim: string[], regex: string): ClaimMatch {
    return new ClaimMatch(claim, regexText(regex), true);
  }

  /** @internal */
  public readonly _key: string;

  private constructor(
    claim: string[],
    private readonly text: TextMatch,
    /** @internal */
    public readonly _isNegative = false,
  ) {
    if (requireProps(PATH, claim, '', 'claim').length === 0) {
      throw InvalidProps.value('claim', claim, 'must be at least one name');
    }
    claim.forEach((name, index) => {
      if (!/^[^[\]\p{Cc}]+$/u.test(name)) {
        throw InvalidProps.value(`claim[${index}]`, name, 'must be the name of a claim, without square brackets: Istio has no way to write them');
      }
    });
    this._key = `@request.auth.claims[${claim.join('][')}]`;
  }

  /** @internal */
  public _render(): TextMatch {
    return this.text;
  }
}
