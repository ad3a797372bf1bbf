// Conditions on the claims of a validated token.
import { InvalidProps } from '../../base/errors';
import { listOf, requireProps, STRING } from '../../base/prop-types';
import { exactString, prefixString, regexString, type StringMatch } from './string-match';

const PATH = listOf(STRING);

/**
 * A condition on one claim of a JSON Web Token, at a gateway whose pods a RequestAuthentication validates tokens for. A claim is a string,
 * or a list of strings of which at least one must match. Numbers and booleans never match (Istio 1.30, pkg/jwt/routing.go).
 *
 * Without a valid token, conditions do not match, but their `not…` variants do.
 */
export class ClaimMatch {
  /** The claim has this value. @param claim path to the claim, outermost name first: `['realm_access', 'roles']` */
  public static exact(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, exactString(value));
  }

  /** The claim starts with this string. @param claim path to the claim, outermost name first */
  public static prefix(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, prefixString(value));
  }

  /**
   * The whole claim matches a regular expression.
   *
   * @param claim path to the claim, outermost name first
   * @param regex in RE2 syntax, at most 1024 bytes
   */
  public static regex(claim: string[], regex: string): ClaimMatch {
    return new ClaimMatch(claim, regexString(regex));
  }

  /** The claim has another value or is missing, or there is no valid token. @param claim path to the claim, outermost name first */
  public static notExact(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, exactString(value), true);
  }

  /** The claim does not start with this string or is missing, or there is no valid token. @param claim path to the claim, outermost name first */
  public static notPrefix(claim: string[], value: string): ClaimMatch {
    return new ClaimMatch(claim, prefixString(value), true);
  }

  /**
   * The claim does not match the regular expression or is missing, or there is no valid token.
   *
   * @param claim path to the claim, outermost name first
   * @param regex in RE2 syntax, at most 1024 bytes
   */
  public static notRegex(claim: string[], regex: string): ClaimMatch {
    return new ClaimMatch(claim, regexString(regex), true);
  }

  /** @internal */
  public readonly _key: string;

  private constructor(
    claim: string[],
    private readonly match: StringMatch,
    /** @internal */
    public readonly _isNegative = false,
  ) {
    if (requireProps(PATH, claim, '', 'claim').length === 0) {
      throw InvalidProps.value('claim', claim, 'must have at least one name');
    }
    claim.forEach((name, index) => {
      if (!/^[^[\]\p{Cc}]+$/u.test(name)) {
        throw InvalidProps.value(`claim[${index}]`, name, 'must be the name of a claim without square brackets, which Istio cannot express');
      }
    });
    this._key = `@request.auth.claims[${claim.join('][')}]`;
  }

  /** @internal */
  public _render(): StringMatch {
    return this.match;
  }
}
