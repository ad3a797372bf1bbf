// Endpoints: the pods and addresses behind a port of a Service.
import { isIpAddress } from '../../base/ip';
import { addTo } from '../../base/multimap';
import { compareText } from '../../base/order';
import { Kind } from '../../manifests/kind';
import { Configs, Labels, labelsOf, selects } from './config';
import { readEndpoint } from './service-entries';
import { targetPortOf } from './service-index';
import { ExternalEndpoint, Service, ServicePort } from './services';
import { TLS_MODE_LABEL, Workload, Workloads } from './workloads';

/** Pods or addresses that are alike. */
export interface Endpoint {
  /** The pods' workload; absent for an address of a ServiceEntry or WorkloadEntry. */
  readonly workload?: Workload;
  readonly address?: string;
  readonly port: number;
  /** How many there are. */
  readonly count: number;
  readonly labels: Labels;
  readonly serviceAccount?: string;
  /** Whether the endpoint accepts the mesh's mTLS: it has a sidecar, or says so by a label. */
  readonly acceptsMtls: boolean;
}

/** Finds endpoints. */
export class Endpoints {
  private readonly entries = new Map<string, ExternalEndpoint[]>();

  public constructor(configs: Configs, private readonly workloads: Workloads) {
    // By name, because the first counts for a ServiceEntry with one endpoint.
    for (const config of [...configs.of(Kind.WORKLOAD_ENTRY)].sort((a, b) => compareText(a.name, b.name))) {
      addTo(this.entries, config.namespace, readEndpoint(config.spec, labelsOf(config.manifest)));
    }
  }

  /** The endpoints of a port whose labels include those of the subset. */
  public of(service: Service, port: ServicePort, subset: Labels): Endpoint[] {
    // istiod ignores the EndpointSlices of a Service that is exported to nobody, unless the Service changes after them (Istio 1.30,
    // pilot/pkg/serviceregistry/kube/controller/endpointslice.go:114).
    const isIgnored = service.registry === 'kubernetes' && service.exportTo.includes('~');
    const pods = service.selector === undefined || isIgnored ? []
      : this.workloads.selectedBy(service.namespace, service.selector).flatMap(workload => podsAt(workload, port));
    // Both kinds of Services select WorkloadEntries (Istio 1.30, pilot/pkg/serviceregistry/kube/controller/controller.go WorkloadInstanceHandler).
    const { selector } = service;
    const selectsEntries = service.registry === 'external' || service.resolution === 'endpoints';
    const entries = selector === undefined || !selectsEntries ? [] : (this.entries.get(service.namespace) ?? [])
      .filter(({ labels, address }) => selects(selector, labels) && (service.resolution === 'dns' || isIpAddress(address)));
    // A WorkloadEntry must have the named port that a Kubernetes Service asks for.
    const { target } = port;
    const fitting = typeof target === 'number' ? entries : entries.filter(({ ports }) => ports.has(target));
    const listed = [...service.listed, ...fitting].map(endpoint => addressAt(endpoint, port));
    const isName = service.resolution === 'dns' && service.selector === undefined && service.listed.length === 0;
    const itself = isName ? [addressAt({ address: service.hostname, labels: new Map(), ports: new Map() }, port)] : [];
    const all = [...pods, ...listed, ...itself];
    return (service.hasOneEndpoint ? firstOf(all) : all).filter(({ labels }) => selects(subset, labels));
  }
}

/** The first pod by name, else the first WorkloadEntry or address (Istio 1.30, pilot/pkg/serviceregistry/serviceentry/conversion.go:561, 610). */
function firstOf(endpoints: readonly Endpoint[]): Endpoint[] {
  const pods = endpoints.filter(({ workload }) => workload !== undefined).sort((a, b) => compareText(a.workload!.name, b.workload!.name));
  return [...pods, ...endpoints].slice(0, 1).map(first => ({ ...first, count: 1 }));
}

function podsAt(workload: Workload, port: ServicePort): Endpoint[] {
  const number = targetPortOf(port, workload);
  return number === undefined || workload.replicas === 0 ? [] : [{
    workload, port: number, count: workload.replicas, labels: workload.labels, serviceAccount: workload.serviceAccount,
    acceptsMtls: workload.labels.get(TLS_MODE_LABEL) === 'istio',
  }];
}

function addressAt(endpoint: ExternalEndpoint, port: ServicePort): Endpoint {
  return {
    address: endpoint.address, count: 1,
    port: (typeof port.target === 'number' ? endpoint.ports.get(port.name) ?? port.target : endpoint.ports.get(port.target)) ?? port.port,
    labels: endpoint.labels, ...(endpoint.serviceAccount === undefined ? {} : { serviceAccount: endpoint.serviceAccount }),
    acceptsMtls: endpoint.labels.get(TLS_MODE_LABEL) === 'istio',
  };
}
