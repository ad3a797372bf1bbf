// Workloads that get requests through load balancers: gateways, and what is behind them.
import { groupBy } from '../../base/multimap';
import type { Workload } from '../../mesh/objects/workloads';
import { attributeOf } from '../../plan/load-balancer';
import type { TraceModels } from '../../trace/models';
import { forwardsOf } from '../routes/forwards';
import { type Link, balancedLinks, targetsOf } from './links';

/** What an Application Load Balancer does with x-forwarded-for: `append`, the default, `preserve` or `remove`. */
export const FORWARDED_FOR = 'routing.http.xff_header_processing.mode';

/** A workload whose peer is a proxy that hides the address of the client. */
export interface Hidden {
  readonly workload: Workload;
  /** What connects to it, in words. */
  readonly peer: string;
  readonly isGateway: boolean;
  /** Whether a gateway takes the address of the client from the load balancer. */
  readonly trustsBalancer: boolean;
  /** Whether it would, if the load balancer did not remove the header with the address. */
  readonly losesHeader: boolean;
  /** Whether a load balancer in front of a gateway is for clients in the Internet. */
  readonly isPublic: boolean;
}

/** Gateways behind Application Load Balancers, and workloads with a sidecar behind these gateways that no load balancer sends requests to directly. */
export function hiddenWorkloads(links: readonly Link[], models: TraceModels): Hidden[] {
  const balanced = balancedLinks(links);
  const direct = new Set(targetsOf(models).flatMap(({ pods }) => pods).map(({ workload }) => workload));
  const gateways = new Map([...groupBy(balanced, own => own.gateway)].map(([workload, own]): [Workload, Hidden] => {
    const trusts = own.every(trustsAddresses);
    const losesHeader = trusts && own.some(({ loadBalancer }) => attributeOf(loadBalancer, FORWARDED_FOR) === 'remove');
    const isPublic = own.some(({ loadBalancer }) => loadBalancer.scheme === 'internet-facing');
    return [workload, { workload, peer: 'the load balancer', isGateway: true, trustsBalancer: trusts && !losesHeader, losesHeader, isPublic }];
  }));
  const proxies = new Set(balanced.map(({ proxy }) => proxy));
  const behind = new Map<Workload, Hidden>();
  for (const { cluster } of forwardsOf(models.mesh).filter(own => proxies.has(own.proxy))) {
    for (const { workload } of cluster.endpoints) {
      if (workload?.proxy === 'sidecar' && !direct.has(workload)) {
        behind.set(workload, { workload, peer: 'the gateway', isGateway: false, trustsBalancer: false, losesHeader: false, isPublic: false });
      }
    }
  }
  return [...gateways.values(), ...behind.values()];
}

/** Envoy takes no address with a port from X-Forwarded-For (source/common/http/utility.cc getLastAddressFromXFF), and uses that of its peer instead. */
function trustsAddresses({ loadBalancer, proxy: { numTrustedProxies } }: Link): boolean {
  return numTrustedProxies > 1 || (numTrustedProxies === 1 && attributeOf(loadBalancer, 'routing.http.xff_client_port.enabled') !== 'true');
}
