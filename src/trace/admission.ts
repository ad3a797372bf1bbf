// Admission: the policies of a gateway, which come before its routes: CUSTOM, tokens, DENY, ALLOW.
import { isIpAddress } from '../base/ip';
import { FilterChain } from '../mesh/filter-chains';
import { Mesh } from '../mesh/mesh';
import { GatewayProxy } from '../mesh/proxies';
import { AuthorizationPolicy } from '../mesh/security/authorization';
import { Decision, Facts, asksProvider, decide } from './policies/authorization';
import { Doubt, askingDoubt, undecidedDoubts, unknownAtGateway, unreadDoubts } from './doubts';
import { End } from './ends';
import { MeshRequest, SeenRequest, UNKNOWN_ADDRESS, headerOf } from './request';
import { headersBehind, replacesHeaders } from './policies/token-headers';
import { TokenOutcome, isPreflight, tokenOutcome } from './policies/tokens';

/** The request with its claims, or the end that a policy makes. */
export interface Admission {
  /** As routes see it. */
  readonly seen: SeenRequest;
  /** As it is sent on, if that differs: routes are chosen before headers of clients are removed, and again only for an accepted token. */
  readonly sent?: SeenRequest;
  readonly refusal?: End;
  readonly uncertain?: readonly Doubt[];
  /** What became of the token, and what was decided; absent without policies. */
  readonly token?: TokenOutcome;
  readonly decision?: Decision;
}

/** A denial comes before redirects and 404, because the router is the last filter (Istio 1.30, pilot/pkg/networking/core/listener_builder.go:546). */
export function admit(mesh: Mesh, proxy: GatewayProxy, port: number, chain: FilterChain, request: MeshRequest, seen: SeenRequest): Admission {
  const { workload } = proxy;
  const stages = mesh.authorizationPolicies.stagesOf(workload);
  const rules = mesh.requestAuthentications.rulesOf(workload);
  if (rules.length + stages.custom.length + stages.deny.length + stages.allow.length === 0) {
    return { seen };
  }
  const facts = factsAt(mesh, proxy, port, chain, request, seen);
  const asked = asksProvider(stages, facts);
  const own = isPreflight(seen) ? [] : rules;
  const token = tokenOutcome(own, seen);
  if (token.is === 'refused') {
    const reason = token.status === 401 ? 'invalid-token' : 'wrong-audience';
    const refusal: End = { is: 'refused', reason, status: token.status, probability: 1, place: token.place };
    // The provider is asked before tokens are read, and may answer the request.
    return { seen, token, refusal, ...(asked ? { uncertain: [askingDoubt(asked)] } : {}) };
  }
  const claims = token.is === 'accepted' ? token.claims : null;
  const read = { get headers() { return headersBehind(own, token, seen.headers); } };
  const known = token.is === 'accepted' ? seen.authenticated(token.claims, token.forwardsToken, token.removedFrom.params, read) : seen;
  const sent = token.is === 'none' && replacesHeaders(own) ? known.withHeaders(read) : known;
  const decision = decide(stages, { ...facts, headers: sent.headers, claims });
  const uncertain = [...doubtsOf(proxy, request, asked, decision), ...unreadDoubts(token)];
  const made = { seen: known, ...(sent === known ? {} : { sent }), token, decision, ...(uncertain.length > 0 ? { uncertain } : {}) };
  switch (decision.is) {
    case 'denied':
      return { ...made, refusal: { is: 'refused', reason: 'denied', status: 403, probability: 1, place: decision.by } };
    case 'not-allowed':
      return { ...made, refusal: { is: 'refused', reason: 'not-allowed', status: 403, probability: 1, place: decision.policies[0] } };
    default:
      return made;
  }
}

/** The policies of a gateway for a connection whose bytes it does not read as HTTP; a denial closes it (Istio 1.30, core/networkfilter.go:228). */
export function admitConnection(
  mesh: Mesh, proxy: GatewayProxy, port: number, chain: FilterChain, request: MeshRequest,
): Omit<Admission, 'seen'> {
  const stages = mesh.authorizationPolicies.stagesOf(proxy.workload);
  if (stages.custom.length + stages.deny.length + stages.allow.length === 0) {
    return {};
  }
  const facts: Facts = {
    isHttp: false,
    ...identityOf(chain, request),
    ...(request.from === undefined ? {} : { sourceIp: request.from, remoteIp: request.from }),
    port, serverName: request.serverName,
    authority: '', method: '', path: '', query: '', headers: new Map(), claims: null, trustDomains: mesh.settings.trustDomains,
  };
  const asked = asksProvider(stages, facts);
  const decision = decide(stages, facts);
  const uncertain = doubtsOf(proxy, request, asked, decision);
  const refusal: End | undefined = decision.is === 'denied' ? { is: 'refused', reason: 'denied', probability: 1, place: decision.by }
    : decision.is === 'not-allowed' ? { is: 'refused', reason: 'not-allowed', probability: 1, place: decision.policies[0] } : undefined;
  return { decision, ...(refusal === undefined ? {} : { refusal }), ...(uncertain.length > 0 ? { uncertain } : {}) };
}

function doubtsOf(proxy: GatewayProxy, request: MeshRequest, asked: AuthorizationPolicy | undefined, decision: Decision): Doubt[] {
  return [...asked ? [askingDoubt(asked)] : [], ...undecidedDoubts(decision, unknownAtGateway(proxy, request))];
}

function factsAt(mesh: Mesh, proxy: GatewayProxy, port: number, chain: FilterChain, request: MeshRequest, seen: SeenRequest): Facts {
  const remoteIp = trustedAddress(proxy.numTrustedProxies, headerOf(request, 'x-forwarded-for'), request.from);
  return {
    isHttp: true,
    ...identityOf(chain, request),
    ...(request.from === undefined ? {} : { sourceIp: request.from }),
    ...(remoteIp === undefined ? {} : { remoteIp }),
    port,
    serverName: request.serverName,
    scheme: seen.scheme,
    authority: seen.authority,
    method: seen.method,
    path: seen.path,
    query: seen.query,
    headers: seen.headers,
    claims: null,
    trustDomains: mesh.settings.trustDomains,
  };
}

/** Without a certificate a client has no identity, nor where the gateway asks for none or does not decrypt; what a certificate says is not in the input. */
function identityOf({ clientCertificate }: FilterChain, { hasCertificate, peer }: MeshRequest): Pick<Facts, 'peer'> {
  return clientCertificate === 'none' || hasCertificate !== true ? { peer: null } : peer === undefined ? {} : { peer };
}

/**
 * With n trusted proxies the n-th address from the right; with too few, none trusted, or something else than an address, such as one with a port, the peer
 * (Envoy 1.40, source/common/http/utility.cc getLastAddressFromXFF).
 */
function trustedAddress(proxies: number, forwardedFor: string | undefined, peer: string | undefined): string | undefined {
  const entries = (forwardedFor ?? '').split(',').map(entry => entry.trim()).filter(entry => entry !== '');
  const entry = proxies > 0 ? entries.at(-proxies) : undefined;
  return entry === UNKNOWN_ADDRESS ? undefined : entry !== undefined && isIpAddress(entry) ? entry : peer;
}
