// Annotation table rows for authentication: login and bearer tokens.
import type { Rows } from './annotation';
import { integer, text, word } from './codecs';
import { aList, aMap, anObject, aText, aWord, json } from './shapes';
import { AuthType, UnauthenticatedRequest } from './words';

/** An Amazon Cognito user pool. */
export interface CognitoSettings {
  readonly userPoolARN: string;
  readonly userPoolClientID: string;
  readonly userPoolDomain: string;
  readonly authenticationRequestExtraParams?: { readonly [key: string]: string };
}

/** An OpenID Connect provider. Client id and secret are in a Secret in the namespace of the Ingress. */
export interface OidcSettings {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly secretName: string;
  readonly authenticationRequestExtraParams?: { readonly [key: string]: string };
}

/** A claim that a token must contain. */
export interface ClaimSettings {
  readonly format: 'single-string' | 'string-array' | 'space-separated-values';
  readonly name: string;
  readonly values: readonly string[];
}

/** Which bearer tokens are accepted. */
export interface JwtSettings {
  readonly jwksEndpoint: string;
  readonly issuer: string;
  readonly additionalClaims?: readonly ClaimSettings[];
}

/** Settings for authentication. */
export interface AuthSettings {
  readonly authType?: AuthType;
  readonly authIdpCognito?: CognitoSettings;
  readonly authIdpOidc?: OidcSettings;
  readonly authOnUnauthenticatedRequest?: UnauthenticatedRequest;
  readonly authScope?: string;
  readonly authSessionCookie?: string;
  readonly authSessionTimeout?: number;
  readonly jwtValidation?: JwtSettings;
}

const url = aText('an https:// URL without spaces', /^https:\/\/[^\s/]+\S*$/);
/** AWS allows at most ten extra parameters. */
const extraParams = aMap(10);
const BOTH = ['Ingress', 'Service'] as const;

/** Rows for authentication. A Service's values apply only to rules that forward to that Service alone. */
export const AUTH_ANNOTATIONS: Rows<AuthSettings> = {
  authType: {
    key: 'auth-type',
    codec: word(AuthType),
    default: '`none`',
    on: BOTH,
    merge: 'none',
    ignoredByAutoMode: { why: 'it has no login with OIDC, so that requests come in without one', value: AuthType.OIDC },
    doc: 'How clients log in, on HTTPS listeners only.',
  },
  authIdpCognito: {
    key: 'auth-idp-cognito',
    codec: json('a JSON object with userPoolARN, userPoolClientID and userPoolDomain', anObject<CognitoSettings>({
      userPoolARN: aText('the ARN of a Cognito user pool', /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/),
      userPoolClientID: aText('the id of a user pool client'),
      userPoolDomain: aText('the domain prefix of the user pool or its custom domain', /^[a-z0-9][a-z0-9.-]*$/),
      authenticationRequestExtraParams: extraParams,
    }, ['userPoolARN', 'userPoolClientID', 'userPoolDomain'])),
    default: 'none',
    on: BOTH,
    merge: 'none',
    doc: 'Amazon Cognito user pool of `auth-type: cognito`.',
  },
  authIdpOidc: {
    key: 'auth-idp-oidc',
    codec: json('a JSON object with issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint and secretName', anObject<OidcSettings>({
      issuer: url,
      authorizationEndpoint: url,
      tokenEndpoint: url,
      userInfoEndpoint: url,
      secretName: aText('the name of a Secret', /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/),
      authenticationRequestExtraParams: extraParams,
    }, ['issuer', 'authorizationEndpoint', 'tokenEndpoint', 'userInfoEndpoint', 'secretName'])),
    default: 'none',
    on: BOTH,
    merge: 'none',
    ignoredByAutoMode: { why: 'it has no login with OIDC' },
    doc: 'OpenID Connect provider of `auth-type: oidc`; the Secret has the keys clientID and clientSecret.',
  },
  authOnUnauthenticatedRequest: {
    key: 'auth-on-unauthenticated-request',
    codec: word(UnauthenticatedRequest, true),
    default: '`authenticate`',
    on: BOTH,
    merge: 'none',
    doc: 'What happens to a request without a session.',
  },
  authScope: {
    key: 'auth-scope',
    codec: text('scopes separated by single spaces', /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/),
    default: '`openid`',
    on: BOTH,
    merge: 'none',
    doc: 'Scopes to request from the provider.',
  },
  authSessionCookie: {
    key: 'auth-session-cookie',
    codec: text('the name of a cookie', /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/),
    default: '`AWSELBAuthSessionCookie`',
    on: BOTH,
    merge: 'none',
    doc: 'Name of the session cookie.',
  },
  authSessionTimeout: {
    key: 'auth-session-timeout',
    codec: integer(1, 604800, [-(2 ** 63), 2 ** 63]),
    default: '`604800`',
    on: BOTH,
    merge: 'none',
    doc: 'Maximum session length, in seconds.',
  },
  jwtValidation: {
    key: 'jwt-validation',
    codec: json('a JSON object with jwksEndpoint and issuer', anObject<JwtSettings>({
      jwksEndpoint: aText('an https:// URL of at most 256 characters', /^(?=.{1,256}$)https:\/\/[^\s/]+\S*$/),
      issuer: aText('1 to 256 characters', /^[\s\S]{1,256}$/),
      additionalClaims: aList(anObject<ClaimSettings>({
        format: aWord('single-string', 'string-array', 'space-separated-values'),
        name: aText('the name of a claim other than exp, iss, nbf and iat', /^(?!(exp|iss|nbf|iat)$)[\s\S]+$/),
        values: aList(aText('1 to 256 characters', /^[\s\S]{1,256}$/), 1, 10),
      }, ['format', 'name', 'values']), 1, 10),
    }, ['jwksEndpoint', 'issuer'])),
    default: 'no validation',
    on: ['Ingress'],
    merge: 'none',
    // kubernetes-sigs/aws-load-balancer-controller#4473
    ignoredByAutoMode: { why: 'it does not validate tokens, so that requests come in without one' },
    doc: 'Bearer tokens to accept, on HTTPS listeners only; cannot be combined with `auth-type`.',
  },
};
