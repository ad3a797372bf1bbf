// Authentication at the load balancer: login or bearer tokens, on HTTPS listeners only.
import type { Duration } from 'cdk8s';
import { AuthType, UnauthenticatedRequest } from '../../base/alb-annotations/words';
import { AUTH_ANNOTATIONS, type AuthSettings } from '../../base/alb-annotations/auth';
import { InvalidProps } from '../../base/errors';
import { requireProps } from '../../base/prop-types';
import { boundedBy, requireUnique } from '../wire/bounds';
import { wholeSeconds } from '../wire/duration';

export { UnauthenticatedRequest } from '../../base/alb-annotations/words';

/** Options that Cognito and OpenID Connect share. */
export interface AlbLoginOptions {
  /**
   * What happens to a request without a session.
   *
   * @default - UnauthenticatedRequest.AUTHENTICATE, the default of the controller
   */
  readonly onUnauthenticatedRequest?: UnauthenticatedRequest;

  /**
   * Scopes to request from the provider.
   *
   * @default - openid, the default of the controller
   */
  readonly scopes?: string[];

  /**
   * Name of the session cookie.
   *
   * @default - AWSELBAuthSessionCookie, the default of the controller
   */
  readonly sessionCookie?: string;

  /**
   * Maximum session length, 1 to 604,800 s.
   *
   * @default - 604,800 s, the default of the controller
   */
  readonly sessionTimeout?: Duration;

  /**
   * Up to ten extra query parameters in the request to the provider.
   *
   * @default - none
   */
  readonly extraParams?: { readonly [name: string]: string };
}

/** Login with an Amazon Cognito user pool. */
export interface AlbCognitoOptions extends AlbLoginOptions {
  /** ARN of the user pool. */
  readonly userPoolArn: string;
  /** Id of the user pool client. It needs a client secret, and `https://<host>/oauth2/idpresponse` as callback URL. */
  readonly userPoolClientId: string;
  /** Domain prefix of the pool, or its custom domain. */
  readonly userPoolDomain: string;
}

/** Login with an OpenID Connect provider. */
export interface AlbOidcOptions extends AlbLoginOptions {
  /** Issuer URL. */
  readonly issuer: string;
  /** Authorization endpoint, where clients log in. */
  readonly authorizationEndpoint: string;
  /** Token endpoint. The load balancer must be able to reach it. */
  readonly tokenEndpoint: string;
  /** User info endpoint. The load balancer must be able to reach it. */
  readonly userInfoEndpoint: string;
  /** Secret in the namespace of the Ingress, with the keys clientID and clientSecret. */
  readonly secretName: string;
}

/** How a token encodes the values of a claim. */
export enum JwtClaimFormat {
  SINGLE_STRING = 'single-string',
  STRING_ARRAY = 'string-array',
  SPACE_SEPARATED_VALUES = 'space-separated-values',
}

/** A claim that a token must contain. */
export interface JwtClaim {
  /** Name of the claim; exp, iss, nbf and iat are always validated. */
  readonly name: string;
  /** How the token encodes its values. */
  readonly format: JwtClaimFormat;
  /** Accepted values: 1 to 10, each at most 256 characters, without spaces if the format is space-separated. */
  readonly values: string[];
}

/** Validation of bearer tokens. */
export interface AlbJwtOptions {
  /** JWKS URL, https:// and at most 256 characters. It must be reachable from AWS. */
  readonly jwksEndpoint: string;
  /** Issuer of the tokens, at most 256 characters. */
  readonly issuer: string;

  /**
   * Additional claims that tokens must contain, at most 10.
   *
   * @default - none
   */
  readonly claims?: JwtClaim[];
}

/**
 * Authentication at the load balancer (AWS Load Balancer Controller 3.5.0, pkg/ingress/auth_config_builder.go). It applies to every rule,
 * including redirects and fixed responses, and to HTTPS listeners only.
 *
 * The gateway can trust the X-Amzn-Oidc-… headers only if no request can bypass the load balancer.
 */
export class AlbAuth {
  /** Clients log in with Amazon Cognito. @throws InvalidProps for a value that AWS would refuse */
  public static cognito(options: AlbCognitoOptions): AlbAuth {
    requireProps('AlbCognitoOptions', options, '', 'options');
    return new AlbAuth({
      authType: AuthType.COGNITO,
      authIdpCognito: boundedBy(AUTH_ANNOTATIONS.authIdpCognito.codec, {
        userPoolARN: options.userPoolArn,
        userPoolClientID: options.userPoolClientId,
        userPoolDomain: options.userPoolDomain,
        authenticationRequestExtraParams: options.extraParams,
      }, { userPoolARN: 'userPoolArn', userPoolClientID: 'userPoolClientId', authenticationRequestExtraParams: 'extraParams' }),
      ...login(options),
    });
  }

  /** Clients log in with an OpenID Connect provider. @throws InvalidProps for a value that AWS would refuse */
  public static oidc(options: AlbOidcOptions): AlbAuth {
    const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, secretName, extraParams } = requireProps('AlbOidcOptions', options, '', 'options');
    return new AlbAuth({
      authType: AuthType.OIDC,
      authIdpOidc: boundedBy(AUTH_ANNOTATIONS.authIdpOidc.codec, {
        issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, secretName, authenticationRequestExtraParams: extraParams,
      }, { authenticationRequestExtraParams: 'extraParams' }),
      ...login(options),
    });
  }

  /** Clients send a bearer token; nobody is redirected to log in. @throws InvalidProps for a value that AWS would refuse */
  public static jwt(options: AlbJwtOptions): AlbAuth {
    const { jwksEndpoint, issuer, claims } = requireProps('AlbJwtOptions', options, '', 'options');
    claims?.forEach(({ format, values }, index) => {
      const blank = format === JwtClaimFormat.SPACE_SEPARATED_VALUES ? values.findIndex(value => /\s/.test(value)) : -1;
      if (blank >= 0) {
        throw InvalidProps.value(`claims[${index}].values[${blank}]`, values[blank],
          'must not contain spaces, which separate the values in this format');
      }
    });
    requireUnique('claims', claims?.map(({ name }) => name) ?? []);
    return new AlbAuth({
      jwtValidation: boundedBy(AUTH_ANNOTATIONS.jwtValidation.codec, {
        jwksEndpoint, issuer, additionalClaims: claims?.map(({ format, name, values }) => ({ format, name, values })),
      }, { additionalClaims: 'claims' }),
    });
  }

  /** No authentication: for a host or for paths that are exempt from that of the load balancer. */
  public static none(): AlbAuth {
    return new AlbAuth({ authType: AuthType.NONE });
  }

  private constructor(private readonly settings: AuthSettings) {}

  /** @internal */
  public _render(): AuthSettings {
    return this.settings;
  }
}

function login({ onUnauthenticatedRequest, scopes, sessionCookie, sessionTimeout }: AlbLoginOptions): AuthSettings {
  const rows = AUTH_ANNOTATIONS;
  if (scopes !== undefined) {
    requireUnique('scopes', scopes);
  }
  return {
    authOnUnauthenticatedRequest: onUnauthenticatedRequest
      && boundedBy(rows.authOnUnauthenticatedRequest.codec, onUnauthenticatedRequest, { '': 'onUnauthenticatedRequest' }),
    authScope: scopes && boundedBy(rows.authScope.codec, scopes.join(' '), { '': 'scopes' }),
    authSessionCookie: sessionCookie === undefined ? undefined : boundedBy(rows.authSessionCookie.codec, sessionCookie, { '': 'sessionCookie' }),
    authSessionTimeout: sessionTimeout && wholeSeconds('sessionTimeout', sessionTimeout, 1, 604_800),
  };
}
