// PeerAuthentication, AuthorizationPolicy and RequestAuthentication: who may connect, and ask for what.
import { scopeRows } from './policy-scope';
import type { Coverage } from './row';

export const PEER_AUTHENTICATION: Coverage = {
  kind: 'security.istio.io/v1 PeerAuthentication',
  words: 'Made by `MeshTls`, which is `mtls` of an `AlbIstioEdge`.',
  rows: [
    ['selector.matchLabels{}', '`MeshTls.protectWorkload(workload)`, by its labels'],
    ['mtls.mode', '`MeshTlsOptions.mode`, `MeshTlsOptions.permissiveNamespaces`, `WorkloadTlsOptions.mode`; for UNSET leave them out'],
    ['portLevelMtls{}.mode', '`WorkloadTlsOptions.ports`; for UNSET leave the port out'],
  ],
};

export const AUTHORIZATION_POLICY: Coverage = {
  kind: 'security.istio.io/v1 AuthorizationPolicy',
  words: 'Made by `AuthorizationPolicy`, `ZeroTrust`, which is `zeroTrust` of an `AlbIstioEdge`, and by `RequestAuthentication` for requests '
    + 'without a token.',
  rows: [
    ...scopeRows('AuthorizationPolicyProps.scope'),
    ['action', '`AuthorizationPolicyProps.action`'],
    ['provider.name', '`AuthorizationPolicyProps.provider`'],
    ['rules[].from[].source.*', '`CallerOptions.*`'],
    ['rules[].to[].operation.*', '`OperationOptions.*`'],
    ['rules[].when[].key', '`AuthorizationRuleOptions.when`: the makers of `Attribute`, such as `Attribute.claim` and `Attribute.requestHeader`'],
    ['rules[].when[].values[]', '`Attribute.oneOf(values)`'],
    ['rules[].when[].notValues[]', '`Attribute.noneOf(values)`, `Condition.butNot(values)`'],
  ],
};

export const REQUEST_AUTHENTICATION: Coverage = {
  kind: 'security.istio.io/v1 RequestAuthentication',
  words: 'Made by `RequestAuthentication`, whose `jwtRules` are `JwtRule`s.',
  rows: [
    ...scopeRows('RequestAuthenticationProps.scope'),
    ['jwtRules[].*', '`JwtRule.*`'],
    ['jwtRules[].jwks_uri', 'none: another spelling of `jwksUri`'],
  ],
};
