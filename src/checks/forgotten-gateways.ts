// VirtualServices without gateways for public hosts, which only a Gateway with a wildcard would serve.
import { compareSpecificity, isSubsetHost, isWildcard } from '../base/host-index';
import { serviceOfHost } from '../base/istio/names';
import { serviceFqdn } from '../base/kubernetes-name';
import { compareText } from '../base/order';
import { Kind } from '../manifests/kind';
import { namespaceOf, specOf } from '../manifests/manifest';
import { asList, asObject, asText } from '../manifests/plain-json';
import { type Server, splitServerHost } from '../mesh/objects/gateways';
import type { VirtualService } from '../mesh/virtual-services';
import type { Subject } from './subject';

/** A Gateway, and the host of its server. */
export interface WildcardGateway {
  readonly gateway: string;
  readonly pattern: string;
}

/** At least three labels, because two may be a Service and its namespace; two with an ending that no namespace has. */
const PUBLIC = /^([^.]+\.){2,}[a-z]{2,}$|^[^.]+\.(com|net|org)$/i;

/** Endings of names that are no public ones (RFC 6761, RFC 6762, RFC 8375, ICANN's internal) or that meshes and networks have. */
const PRIVATE = /\.(local|localhost|svc|internal|cluster|global|mesh|lan|corp|home|intranet|private|consul|arpa|test|invalid)$/i;

/** The Gateway that would serve the host, if the VirtualService is for clients from outside for all that the input tells. */
export function forgottenGateway(virtualService: VirtualService, host: string, subject: Subject): WildcardGateway | undefined {
  const { models: { mesh }, gateways, settings: { clusterDomain } } = subject;
  if (!PUBLIC.test(host) || PRIVATE.test(host) || host.endsWith(`.${clusterDomain}`)) {
    return undefined;
  }
  const ofGateways = new Set(mesh.gatewayWorkloads().flatMap(own => mesh.services.selecting(own)).map(({ hostname }) => hostname));
  if (!isForClients(virtualService, subject, ofGateways) || mesh.unmodelled.serving(host, true) !== undefined || isServedOtherwise(host, subject, ofGateways)) {
    return undefined;
  }
  const admits = ({ config }: Server, written: string) => (
    written === '*' || (written === '.' ? config.namespace : written) === virtualService.config.namespace);
  const found = gateways.all.flatMap(({ servers }) => servers).filter(isForHttp).flatMap(server => server.hosts.map(splitServerHost)
    .filter(([namespace, pattern]) => isWildcard(pattern) && isSubsetHost(host, pattern) && admits(server, namespace))
    .map(([, pattern]) => ({ gateway: server.gateway, pattern })));
  return found.sort((a, b) => compareSpecificity(a.pattern, b.pattern) || compareText(a.gateway, b.gateway))[0];
}

/**
 * Whether it leads to Services of the cluster only, by conditions that hold at a gateway, and nothing may bring another one for the gateway. One for sidecars
 * leads to what is outside, or to an egress gateway.
 */
function isForClients({ config, hosts, http, exportTo }: VirtualService, subject: Subject, ofGateways: ReadonlySet<string>): boolean {
  const { services, namespaces, settings: { clusterDomain } } = subject;
  const isOfCluster = (host: string) => {
    const found = services.at(host);
    const isService = found.length > 0 ? found.some(({ selector }) => selector !== undefined)
      : serviceOfHost(host, clusterDomain) !== undefined && !host.includes('gateway');
    return isService && !ofGateways.has(host) && !host.includes('egress');
  };
  const destinations = http.flatMap(own => own.destinations.map(({ destination }) => destination.host));
  return exportTo.length === 0 && !namespaces.mayHaveMore(config.namespace) && destinations.length > 0 && destinations.every(isOfCluster)
    && !hosts.some(host => services.all.some(({ hostname, externalName }) => externalName === host || isSubsetHost(host, hostname)))
    && http.flatMap(({ matches }) => matches)
      .every(match => match.gateways.length === 0 && match.sourceLabels.size === 0 && match.sourceNamespace === undefined);
}

/** The gateways at the exit of a mesh accept the mTLS of the mesh, or say it by their names. */
function isForHttp({ protocol, tls, config: { manifest, name } }: Server): boolean {
  return (protocol === 'http' || (protocol === 'https' && (tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL' || tls?.mode === 'OPTIONAL_MUTUAL')))
    && !`${name} ${JSON.stringify(specOf(manifest).selector)}`.includes('egress');
}

/** Whether an Ingress sends requests for the host to a Service that is none of a gateway. */
function isServedOtherwise(host: string, subject: Subject, ofGateways: ReadonlySet<string>): boolean {
  return subject.of(Kind.INGRESS).some(ingress => asList(specOf(ingress).rules).map(asObject).some(rule => (
    isSubsetHost(host, asText(rule.host) ?? '*') && asList(asObject(rule.http).paths).some(path => {
      const name = asText(asObject(asObject(asObject(path).backend).service).name) ?? '';
      const hostname = serviceFqdn(name, namespaceOf(ingress), subject.settings.clusterDomain);
      return !ofGateways.has(hostname) && subject.services.at(hostname).length > 0;
    }))));
}
