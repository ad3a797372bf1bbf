// Which tokens are valid: the keys of one issuer, and where requests carry its tokens.
// Facts: Istio 1.30, pkg/config/validation/validation.go, pilot/pkg/security/authn/policy_applier.go.
import type { Duration } from 'cdk8s';
import type { RequestAuthenticationSpecJwtRules } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps } from '../../base/prop-types';
import { renderDuration } from '../wire/duration';
import { requireString, requireStrings } from './match-list';

/** A header that carries tokens. */
export interface JwtHeader {
  /** Name of the header. */
  readonly name: string;

  /**
   * Prefix in front of the token, including the space, such as `Bearer `.
   *
   * @default - none
   */
  readonly prefix?: string;
}

/** A claim that is copied to a request header. */
export interface JwtClaimToHeader {
  /** Name of the header: letters, digits, - and _. A value that the client sent is removed. */
  readonly header: string;
  /** Name of the claim, with dots for nested claims. Its value has to be a string, a number or a boolean. */
  readonly claim: string;
}

/** An issuer of tokens. */
export interface JwtRule {
  /** The issuer, exactly as in the `iss` claim. */
  readonly issuer: string;

  /**
   * URL of the issuer's keys, at most 2,048 characters. istiod fetches it, so it has to be reachable from the control plane.
   *
   * @default - found by OpenID discovery, if the issuer is a URL
   */
  readonly jwksUri?: string;

  /**
   * The keys themselves, as a JSON Web Key Set with public keys only. An alternative to `jwksUri`.
   *
   * @default - fetched from `jwksUri`
   */
  readonly jwks?: string;

  /**
   * Accepted audiences. A token has to name one of them, otherwise the request gets a 403 response.
   *
   * @default - any audience
   */
  readonly audiences?: string[];

  /**
   * Headers that carry tokens. If you set this, `fromParams` or `fromCookies`, the default places are not searched.
   *
   * @default - `Authorization: Bearer …`, and the query parameter `access_token`
   */
  readonly fromHeaders?: JwtHeader[];

  /**
   * Query parameters that carry tokens.
   *
   * @default - see `fromHeaders`
   */
  readonly fromParams?: string[];

  /**
   * Cookies that carry tokens.
   *
   * @default - see `fromHeaders`
   */
  readonly fromCookies?: string[];

  /**
   * Header that receives the base64url-encoded payload of a valid token.
   *
   * @default - none
   */
  readonly outputPayloadToHeader?: string;

  /**
   * Claims of a valid token to copy to headers.
   *
   * @default - none
   */
  readonly outputClaimToHeaders?: JwtClaimToHeader[];

  /**
   * Whether the token is forwarded. If not, nothing behind this proxy can validate the token again.
   *
   * @default false
   */
  readonly forwardOriginalToken?: boolean;

  /**
   * Claims that are space-delimited lists, in addition to `scope` and `permission`; at most 64.
   *
   * @default - none
   */
  readonly spaceDelimitedClaims?: string[];

  /**
   * Timeout for fetching keys, at least 1 ms.
   *
   * @default - 5 s, Istio's default
   */
  readonly timeout?: Duration;
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const HTTP_URL = /^(?=.{1,2048}$)https?:\/\/[^\s/?#:]+(:\d{1,5})?([/?#]\S*)?$/;

/** Renders a rule. @throws InvalidProps for values that Istio would reject, with names below `prop` */
export function renderJwtRule(prop: string, rule: JwtRule): RequestAuthenticationSpecJwtRules {
  const { issuer, jwksUri, jwks, outputPayloadToHeader } = requireProps('JwtRule', rule, '', prop);
  requireString(`${prop}.issuer`, issuer, 'the issuer as in the iss claim, without spaces', /^\S+$/);
  requireKeySource(prop, rule);
  if (outputPayloadToHeader !== undefined) {
    requireString(`${prop}.outputPayloadToHeader`, outputPayloadToHeader, 'a header name', HEADER_NAME);
  }
  const strings = (name: 'audiences' | 'fromParams' | 'fromCookies' | 'spaceDelimitedClaims') => rule[name] && requireStrings(`${prop}.${name}`, rule[name]);
  const spaceDelimitedClaims = strings('spaceDelimitedClaims');
  if (spaceDelimitedClaims && spaceDelimitedClaims.length > 64) {
    throw InvalidProps.value(`${prop}.spaceDelimitedClaims`, spaceDelimitedClaims.length, 'must contain at most 64 claims');
  }
  return {
    issuer,
    jwksUri,
    jwks,
    audiences: strings('audiences'),
    fromHeaders: rule.fromHeaders && tokenHeaders(`${prop}.fromHeaders`, rule.fromHeaders),
    fromParams: strings('fromParams'),
    fromCookies: strings('fromCookies'),
    outputPayloadToHeader,
    outputClaimToHeaders: rule.outputClaimToHeaders && claimHeaders(`${prop}.outputClaimToHeaders`, rule.outputClaimToHeaders),
    forwardOriginalToken: rule.forwardOriginalToken,
    spaceDelimitedClaims,
    timeout: rule.timeout && renderDuration(`${prop}.timeout`, rule.timeout),
  };
}

function requireKeySource(prop: string, { issuer, jwksUri, jwks }: JwtRule): void {
  if (jwksUri !== undefined && jwks !== undefined) {
    throw InvalidProps.conflict(`${prop}.jwks`, jwks, 'cannot be set when jwksUri is set');
  }
  if (jwksUri === undefined && jwks === undefined && !HTTP_URL.test(issuer)) {
    throw InvalidProps.missing(`${prop}.jwksUri`, 'when issuer is not a URL, which OpenID discovery needs; or set jwks');
  }
  if (jwksUri !== undefined) {
    requireString(`${prop}.jwksUri`, jwksUri, 'an http or https URL of at most 2048 characters', HTTP_URL);
    if (/%(?![0-9A-Fa-f]{2})/.test(jwksUri)) {
      throw InvalidProps.value(`${prop}.jwksUri`, jwksUri, 'must have two hexadecimal digits after every %');
    }
  }
  if (jwks !== undefined) {
    requirePublicKeys(`${prop}.jwks`, jwks);
  }
}

/** Rejects private and symmetric keys, with which anyone who may read the policy could sign tokens. Istio only warns. */
function requirePublicKeys(prop: string, jwks: string): void {
  const requirement = 'must be a JSON Web Key Set, {"keys":[…]}, with public keys only';
  let parsed: { readonly keys?: unknown } | null;
  try {
    parsed = JSON.parse(jwks) as typeof parsed;
  } catch {
    throw InvalidProps.value(prop, jwks, requirement);
  }
  const keys: unknown = parsed?.keys;
  const isPublic = (key: { readonly kty?: unknown; readonly d?: unknown } | null) => typeof key?.kty === 'string' && key.kty !== 'oct' && key.d === undefined;
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isPublic)) {
    // The message must not contain the value, which can be a secret key.
    throw InvalidProps.value(prop, '[redacted]', requirement);
  }
}

function tokenHeaders(prop: string, headers: readonly JwtHeader[]): JwtHeader[] {
  requireSome(prop, headers);
  return headers.map(({ name, prefix }, index) => {
    requireString(`${prop}[${index}].name`, name, 'a header name', HEADER_NAME);
    if (name.toLowerCase() === 'x-amzn-oidc-data') {
      throw InvalidProps.value(`${prop}[${index}].name`, name, 'must not be x-amzn-oidc-data, whose keys are not published as a key set and whose padded '
        + 'encoding makes Envoy respond with 401 (istio/istio#36067); use x-amzn-oidc-accesstoken');
    }
    return { name, prefix };
  });
}

function claimHeaders(prop: string, outputs: readonly JwtClaimToHeader[]): JwtClaimToHeader[] {
  requireSome(prop, outputs);
  return outputs.map(({ header, claim }, index) => {
    requireString(`${prop}[${index}].header`, header, 'a header name of letters, digits, - and _', /^[-_A-Za-z0-9]+$/);
    requireString(`${prop}[${index}].claim`, claim, 'a claim name, without spaces', /^\S+$/);
    return { header, claim };
  });
}

function requireSome(prop: string, values: readonly unknown[]): void {
  if (values.length === 0) {
    throw InvalidProps.value(prop, values, 'must not be empty; leave it out to use the default');
  }
}
