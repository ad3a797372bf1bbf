// Mutual TLS, authorization policies and JWT authentication.
export { type AuthorizationPolicyProps, type DenyAllProps } from '../edge/security/authorization-policy';
export { type AuthorizationRuleOptions } from '../edge/security/authorization-rule';
export { type CallerOptions } from '../edge/security/caller';
export { Attribute, Condition } from '../edge/security/condition';
export { type JwtClaimToHeader, type JwtHeader, type JwtRule } from '../edge/security/jwt-rule';
export { MeshTls, type MeshTlsOptions, type MeshTlsProps, type WorkloadTlsOptions } from '../edge/security/mtls';
export { type OperationOptions } from '../edge/security/operation';
export { type GatewayScopeOptions } from '../edge/security/policy-scope';
export { type RequestAuthenticationProps } from '../edge/security/request-authentication';
export { ZeroTrust, type ZeroTrustOptions, type ZeroTrustProps } from '../edge/security/zero-trust';
