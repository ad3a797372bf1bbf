// Whose tokens are valid: the keys of one issuer, and where requests carry its tokens.
// Facts: Istio 1.30, pkg/config/validation/validation.go, pilot/pkg/security/authn/policy_applier.go.
import type { Duration } from 'cdk8s';
import type { RequestAuthenticationSpecJwtRules } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { BOOLEAN, listOf, objectOf, requireProps, TEXT, TEXTS } from '../../base/prop-types';
import { DURATION, renderDuration } from '../wire/duration';
import { requireText, requireTexts } from './match-list';

/** A header that carries tokens. */
export interface JwtHeader {
  /** Its name. */
  readonly name: string;

  /**
   * What stands before the token in it, blank included, such as `Bearer `.
   *
   * @default - nothing
   */
  readonly prefix?: string;
}

/** A claim that is written to a header. */
export interface JwtClaimToHeader {
  /** Name of the header: letters, digits, - and _. What a client sent in it is taken away. */
  readonly header: string;
  /** Name of the claim; dots lead into claims that are objects. Its value has to be a text, a number or a truth value. */
  readonly claim: string;
}

/** An issuer of tokens. */
export interface JwtRule {
  /** The issuer, exactly as in the claim `iss`. */
  readonly issuer: string;

  /**
   * URL of the issuer's keys, at most 2,048 characters. istiod fetches them, so that it has to be reachable from the control plane.
   *
   * @default - found by OpenID discovery, where the issuer is a URL
   */
  readonly jwksUri?: string;

  /**
   * The keys themselves, as the JSON text of a key set, public keys only. Instead of `jwksUri`.
   *
   * @default - fetched
   */
  readonly jwks?: string;

  /**
   * Audiences, one of which a token has to name; others are refused with 403.
   *
   * @default - any audience
   */
  readonly audiences?: string[];

  /**
   * Headers that carry tokens. With this, or with parameters or cookies, the default places are not looked at.
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
   * Header that gets the payload of a valid token, in base64url.
   *
   * @default - none
   */
  readonly outputPayloadToHeader?: string;

  /**
   * Claims of a valid token that are written to headers.
   *
   * @default - none
   */
  readonly outputClaimToHeaders?: JwtClaimToHeader[];

  /**
   * Whether the token is sent on. Without it, nothing behind this proxy can validate the token again.
   *
   * @default false
   */
  readonly forwardOriginalToken?: boolean;

  /**
   * Claims that are lists separated by blanks, besides `scope` and `permission`; at most 64.
   *
   * @default - none
   */
  readonly spaceDelimitedClaims?: string[];

  /**
   * Longest time to fetch keys, at least 1 ms.
   *
   * @default - 5 s, the default of Istio
   */
  readonly timeout?: Duration;
}

const HEADER = objectOf<JwtHeader>({ name: TEXT, prefix: TEXT }, ['name']);
const CLAIM_TO_HEADER = objectOf<JwtClaimToHeader>({ header: TEXT, claim: TEXT }, ['header', 'claim']);

/** The types of its props. */
export const JWT_RULE = objectOf<JwtRule>({
  issuer: TEXT, jwksUri: TEXT, jwks: TEXT, audiences: TEXTS, fromHeaders: listOf(HEADER), fromParams: TEXTS, fromCookies: TEXTS,
  outputPayloadToHeader: TEXT, outputClaimToHeaders: listOf(CLAIM_TO_HEADER), forwardOriginalToken: BOOLEAN, spaceDelimitedClaims: TEXTS, timeout: DURATION,
}, ['issuer']);

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const HTTP_URL = /^(?=.{1,2048}$)https?:\/\/[^\s/?#:]+(:\d{1,5})?([/?#]\S*)?$/;

/** Writes a rule. @throws InvalidProps for values that Istio would refuse, named below `prop` */
export function renderJwtRule(prop: string, rule: JwtRule): RequestAuthenticationSpecJwtRules {
  const { issuer, jwksUri, jwks, outputPayloadToHeader } = requireProps(JWT_RULE, rule, '', prop);
  requireText(`${prop}.issuer`, issuer, 'the issuer, as it stands in the claim iss', /^\S+$/);
  requireKeySource(prop, rule);
  if (outputPayloadToHeader !== undefined) {
    requireText(`${prop}.outputPayloadToHeader`, outputPayloadToHeader, 'the name of a header', HEADER_NAME);
  }
  const texts = (name: 'audiences' | 'fromParams' | 'fromCookies' | 'spaceDelimitedClaims') => rule[name] && requireTexts(`${prop}.${name}`, rule[name]);
  const spaceDelimitedClaims = texts('spaceDelimitedClaims');
  if (spaceDelimitedClaims && spaceDelimitedClaims.length > 64) {
    throw InvalidProps.value(`${prop}.spaceDelimitedClaims`, spaceDelimitedClaims.length, 'must be at most 64 claims');
  }
  return {
    issuer,
    jwksUri,
    jwks,
    audiences: texts('audiences'),
    fromHeaders: rule.fromHeaders && tokenHeaders(`${prop}.fromHeaders`, rule.fromHeaders),
    fromParams: texts('fromParams'),
    fromCookies: texts('fromCookies'),
    outputPayloadToHeader,
    outputClaimToHeaders: rule.outputClaimToHeaders && claimHeaders(`${prop}.outputClaimToHeaders`, rule.outputClaimToHeaders),
    forwardOriginalToken: rule.forwardOriginalToken,
    spaceDelimitedClaims,
    timeout: rule.timeout && renderDuration(`${prop}.timeout`, rule.timeout),
  };
}

function requireKeySource(prop: string, { issuer, jwksUri, jwks }: JwtRule): void {
  if (jwksUri !== undefined && jwks !== undefined) {
    throw InvalidProps.conflict(`${prop}.jwks`, jwks, 'cannot be set beside jwksUri');
  }
  if (jwksUri === undefined && jwks === undefined && !HTTP_URL.test(issuer)) {
    throw InvalidProps.value(`${prop}.jwksUri`, jwksUri, 'must be the URL of the keys, or jwks: the issuer is no URL at which they could be discovered');
  }
  if (jwksUri !== undefined) {
    requireText(`${prop}.jwksUri`, jwksUri, 'an http or https URL of at most 2048 characters', HTTP_URL);
    if (/%(?![0-9A-Fa-f]{2})/.test(jwksUri)) {
      throw InvalidProps.value(`${prop}.jwksUri`, jwksUri, 'must be a URL in which two hexadecimal digits follow every %');
    }
  }
  if (jwks !== undefined) {
    requirePublicKeys(`${prop}.jwks`, jwks);
  }
}

/** Anyone who may read the policy could sign tokens with a private or symmetric key. Istio only warns. */
function requirePublicKeys(prop: string, jwks: string): void {
  const allowed = 'the JSON text of a key set, {"keys":[…]}, with public keys only';
  let parsed: { readonly keys?: unknown } | null;
  try {
    parsed = JSON.parse(jwks) as typeof parsed;
  } catch {
    throw InvalidProps.value(prop, jwks, `must be ${allowed}`);
  }
  const keys: unknown = parsed?.keys;
  const isPublic = (key: { readonly kty?: unknown; readonly d?: unknown } | null) => typeof key?.kty === 'string' && key.kty !== 'oct' && key.d === undefined;
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isPublic)) {
    // The value stays out of the message, because it may be the secret.
    throw InvalidProps.value(prop, 'another text', `must be ${allowed}`);
  }
}

function tokenHeaders(prop: string, headers: readonly JwtHeader[]): JwtHeader[] {
  requireSome(prop, headers);
  return headers.map(({ name, prefix }, index) => {
    requireText(`${prop}[${index}].name`, name, 'the name of a header', HEADER_NAME);
    if (name.toLowerCase() === 'x-amzn-oidc-data') {
      throw InvalidProps.value(`${prop}[${index}].name`, name,
        'must be x-amzn-oidc-accesstoken: the keys of x-amzn-oidc-data are no key set and its encoding is padded, so Envoy answers 401 (istio/istio#36067)');
    }
    return { name, ...(prefix === undefined ? {} : { prefix }) };
  });
}

function claimHeaders(prop: string, outputs: readonly JwtClaimToHeader[]): JwtClaimToHeader[] {
  requireSome(prop, outputs);
  return outputs.map(({ header, claim }, index) => {
    requireText(`${prop}[${index}].header`, header, 'the name of a header: letters, digits, - and _', /^[-_A-Za-z0-9]+$/);
    requireText(`${prop}[${index}].claim`, claim, 'the name of a claim', /^\S+$/);
    return { header, claim };
  });
}

function requireSome(prop: string, values: readonly unknown[]): void {
  if (values.length === 0) {
    throw InvalidProps.value(prop, values, 'must be at least one, or nothing at all');
  }
}
