// The login or JWT validation in front of an action on HTTPS listeners (AWS Load Balancer Controller 3.5.0 pkg/ingress/auth_config_builder.go).
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import type { ClaimSettings } from '../../base/alb-annotations/auth';
import { asObject, asText } from '../../manifests/plain-json';
import type { Build } from './build';
import type { Member } from './groups';
import type { RuleAction } from '../load-balancer';
import { type Cause, PREVENTABLE } from '../refusal';
import type { Settings } from '../settings';

/** Stands for what a Secret holds. A plan never shows it. */
const REDACTED = '[REDACTED]';

/**
 * The actions before the action of a backend, for an HTTPS listener. Annotations of the Service count if the action forwards to this
 * Service alone. The settings are read at once, because the controller reads them for HTTP listeners too; the result is a function, because
 * it builds the actions only for HTTPS listeners, and refuses then a login together with JWT validation and a provider or Secret that is missing.
 *
 * @throws Refusal for a setting that cannot be read
 */
export function authActions(build: Build, member: Member, service: Settings | undefined): () => RuleAction[] {
  const get = <P extends keyof AlbSettings>(prop: P): AlbSettings[P] => (service?.has(prop) ? service.get(prop) : member.settings.get(prop));
  const type = get('authType') ?? 'none';
  const session = {
    onUnauthenticatedRequest: get('authOnUnauthenticatedRequest') ?? 'authenticate',
    scope: get('authScope') ?? 'openid',
    sessionCookieName: get('authSessionCookie') ?? 'AWSELBAuthSessionCookie',
    sessionTimeout: get('authSessionTimeout') ?? 604800,
  };
  const [cognito, oidc, jwt] = [get('authIdpCognito'), get('authIdpOidc'), member.settings.get('jwtValidation')];
  if (jwt !== undefined) {
    requireJwt(member, jwt);
  }
  return () => [
    ...type === 'none' ? [] : [type === 'cognito' ? cognitoAction(member, cognito, session) : oidcAction(build, member, oidc, session)],
    ...jwt === undefined ? [] : [jwtAction(member, jwt, type)],
  ];
}

function cognitoAction({ settings }: Member, cognito: AlbSettings['authIdpCognito'], session: object): RuleAction {
  if (!cognito) {
    throw settings.refusal('authIdpCognito', 'is required for auth-type cognito');
  }
  const { userPoolARN = '', userPoolClientID = '', userPoolDomain = '', authenticationRequestExtraParams } = cognito;
  const authenticateCognitoConfig = { ...session, userPoolARN, userPoolClientID, userPoolDomain, ...extra(authenticationRequestExtraParams) };
  return { type: 'authenticate-cognito', authenticateCognitoConfig };
}

function oidcAction(build: Build, member: Member, oidc: AlbSettings['authIdpOidc'], session: object): RuleAction {
  const refuse = (reason: string, cause?: Cause) => member.settings.refusal('authIdpOidc', reason, undefined, cause);
  if (!oidc) {
    throw refuse('is required for auth-type oidc');
  }
  const { issuer = '', authorizationEndpoint = '', tokenEndpoint = '', userInfoEndpoint = '', secretName = '', authenticationRequestExtraParams } = oidc;
  const secret = build.references.secret(member.namespace, secretName);
  if (!secret && !build.references.elsewhere.mayHaveSecret(secretName, member.namespace)) {
    throw refuse(`refers to Secret ${member.namespace}/${secretName}, which does not exist`);
  }
  const { data, stringData } = secret?.object ?? {};
  const has = (key: string) => [data, stringData].some(map => asText(asObject(map)[key]) !== undefined);
  const missing = !has('clientID') && !has('clientId') ? 'clientID' : !has('clientSecret') ? 'clientSecret' : undefined;
  if (secret && missing) {
    // An empty Secret is often filled by an operator.
    const cause = data === undefined && stringData === undefined ? PREVENTABLE : undefined;
    throw refuse(`refers to Secret ${member.namespace}/${secretName}, which has no ${missing}`, cause);
  }
  const endpoints = { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientID: REDACTED, clientSecret: REDACTED };
  return { type: 'authenticate-oidc', authenticateOIDCConfig: { ...session, ...endpoints, ...extra(authenticationRequestExtraParams) } };
}

function extra(params: object | undefined): object {
  return params && Object.keys(params).length > 0 ? { authenticationRequestExtraParams: params } : {};
}

/** What JWT validation must have; the format of a claim is not checked (pkg/ingress/enhanced_backend_builder.go:329). */
function requireJwt({ settings }: Member, { jwksEndpoint, issuer, additionalClaims = [] }: NonNullable<AlbSettings['jwtValidation']>): void {
  const missing = !jwksEndpoint ? 'jwksEndpoint' : !issuer ? 'issuer' : undefined;
  const [incomplete] = additionalClaims.flatMap(({ format, name, values }: Partial<ClaimSettings>, index) => (
    !format || !name || !values || values.length === 0 ? [`additionalClaims[${index}].${!format ? 'format' : !name ? 'name' : 'values'}`] : []));
  if (missing !== undefined || incomplete !== undefined) {
    throw settings.refusal('jwtValidation', `needs ${missing ?? incomplete}`);
  }
}

function jwtAction({ settings }: Member, jwt: NonNullable<AlbSettings['jwtValidation']>, type: string): RuleAction {
  const refuse = (reason: string) => settings.refusal('jwtValidation', reason);
  if (type !== 'none') {
    throw refuse(`cannot be combined with auth-type ${type}`);
  }
  const { jwksEndpoint, issuer, additionalClaims = [] } = jwt;
  return { type: 'jwt-validation', jwtValidationConfig: { jwksEndpoint, issuer, ...additionalClaims.length > 0 ? { additionalClaims } : {} } };
}
