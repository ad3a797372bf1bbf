// What the proxy of a workload demands of the requests and connections that arrive: mTLS by port, tokens, and authorization.
import { Mesh } from '../mesh/mesh';
import { ServicePort, Service } from '../mesh/objects/services';
import { targetPortOf } from '../mesh/objects/service-index';
import { Workload } from '../mesh/objects/workloads';
import { AuthorizationStages } from '../mesh/security/authorization';
import { MtlsDemand } from '../mesh/security/mtls';
import { JwtRule } from '../mesh/security/request-authentication';

/** A port of the pods. */
export interface InboundPort {
  readonly port: number;
  /** The ports of Services that forward to it. */
  readonly services: readonly { readonly service: Service; readonly port: ServicePort }[];
  readonly mtls: MtlsDemand;
}

/** What a workload demands. */
export interface InboundDemands {
  /** Ports of the pods behind Services, and those for which a PeerAuthentication has a mode. A gateway has none: its servers decide. */
  readonly ports: readonly InboundPort[];
  /** What all other ports demand; absent for a gateway. */
  readonly otherPorts?: MtlsDemand;
  /** The tokens that are accepted. */
  readonly tokens: readonly JwtRule[];
  readonly authorization: AuthorizationStages;
}

/** No pod listens on it, and no policy may name it. */
const NO_PORT = 0;

const NO_DEMANDS: InboundDemands = { ports: [], tokens: [], authorization: { custom: [], deny: [], allow: [] } };

/** What the workload demands; nothing without a proxy, because the application gets whatever is sent. */
export function inboundDemandsOf(mesh: Mesh, workload: Workload): InboundDemands {
  if (workload.proxy === 'none') {
    return NO_DEMANDS;
  }
  const policies = { tokens: mesh.requestAuthentications.rulesOf(workload), authorization: mesh.authorizationPolicies.stagesOf(workload) };
  if (workload.proxy === 'router') {
    return { ...policies, ports: [] };
  }
  const behind = mesh.services.selecting(workload).flatMap(service => service.ports.map(port => ({ service, port, target: targetPortOf(port, workload) })));
  const numbers = new Set([...behind.map(({ target }) => target).filter(target => target !== undefined), ...mesh.peerAuthentications.portsOf(workload)]);
  return {
    ...policies,
    ports: [...numbers].sort((a, b) => a - b).map(number => ({
      port: number,
      services: behind.filter(({ target }) => target === number).map(({ service, port }) => ({ service, port })),
      mtls: mesh.peerAuthentications.demandOf(workload, number),
    })),
    otherPorts: mesh.peerAuthentications.demandOf(workload, NO_PORT),
  };
}
