// PeerAuthentication, AuthorizationPolicy and RequestAuthentication: who may connect, and which requests are allowed.
import { scopeRows } from './policy-scope';
import type { Coverage } from './row';

export const PEER_AUTHENTICATION: Coverage = {
  kind: 'security.istio.io/v1 PeerAuthentication',
  words: 'Rendered by `MeshTls`, the field `mtls` of an `AlbIstioEdge`.',
  rows: [
    ['selector.matchLabels{}', '`MeshTls.protectWorkload(workload)`: its labels'],
    ['mtls.mode', '`MeshTlsOptions.mode`, `MeshTlsOptions.permissiveNamespaces`, `WorkloadTlsOptions.mode`; leave them unset for UNSET'],
    ['portLevelMtls{}.mode', '`WorkloadTlsOptions.ports`; omit the port for UNSET'],
  ],
};

export const AUTHORIZATION_POLICY: Coverage = {
  kind: 'security.istio.io/v1 AuthorizationPolicy',
  words: 'Rendered by `AuthorizationPolicy`, `ZeroTrust`, the field `zeroTrust` of an `AlbIstioEdge`, and by `RequestAuthentication` for requests '
    + 'without a token.',
  rows: [
    ...scopeRows('AuthorizationPolicyProps.scope'),
    ['action', '`AuthorizationPolicyProps.action`'],
    ['provider.name', '`AuthorizationPolicyProps.provider`'],
    ['rules[].from[].source.*', '`CallerOptions.*`'],
    ['rules[].to[].operation.*', '`OperationOptions.*`'],
    ['rules[].when[].key', '`AuthorizationRuleOptions.when`: the methods of `Attribute`, such as `Attribute.claim` and `Attribute.requestHeader`'],
    ['rules[].when[].values[]', '`Attribute.oneOf(values)`'],
    ['rules[].when[].notValues[]', '`Attribute.noneOf(values)`, `Condition.butNot(values)`'],
  ],
};

export const REQUEST_AUTHENTICATION: Coverage = {
  kind: 'security.istio.io/v1 RequestAuthentication',
  words: 'Rendered by `RequestAuthentication`, whose `jwtRules` are `JwtRule`s.',
  rows: [
    ...scopeRows('RequestAuthenticationProps.scope'),
    ['jwtRules[].*', '`JwtRule.*`'],
    ['jwtRules[].jwks_uri', 'none: another spelling of `jwksUri`'],
  ],
};
