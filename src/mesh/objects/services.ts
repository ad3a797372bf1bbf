// Services: hosts with ports, and how Kubernetes' own Services become such.
import { serviceFqdn } from '../../base/kubernetes-name';
import { asInteger, asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import { annotationOf } from '../../manifests/manifest';
import { Config, Labels, Place, labelsOf, readLabels } from './config';
import { ProtocolClass, classOfServicePort } from '../../base/istio/protocol';
import { MeshSettings } from './settings';

/** An endpoint that a ServiceEntry lists, or a WorkloadEntry. */
export interface ExternalEndpoint {
  readonly address: string;
  readonly labels: Labels;
  readonly serviceAccount?: string;
  /** Ports by the names of the ServiceEntry's ports. */
  readonly ports: ReadonlyMap<string, number>;
}

/** How a proxy finds the endpoints (Istio 1.30, pilot/pkg/model/service.go Resolution). */
export type Resolution = 'endpoints' | 'passthrough' | 'dns' | 'alias';

/** One port of a Service. */
export interface ServicePort {
  readonly pointer: string;
  readonly name: string;
  readonly port: number;
  /** Number or name of the pods' port. */
  readonly target: number | string;
  readonly protocol: ProtocolClass;
}

/** A host with ports. */
export interface Service extends Place {
  readonly config: Config;
  readonly registry: 'kubernetes' | 'external';
  readonly hostname: string;
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly ServicePort[];
  /** Labels of its pods; absent when it selects none. */
  readonly selector?: Labels;
  readonly exportTo: readonly string[];
  readonly resolution: Resolution;
  /** Addresses that clients dial; those that Kubernetes assigns are not in the input. */
  readonly addresses: readonly string[];
  readonly external: boolean;
  /** What an ExternalName Service stands for. */
  readonly externalName?: string;
  readonly labels: Labels;
  /** Whether only the first endpoint of each port counts, which is so with the resolution `DNS_ROUND_ROBIN`. */
  readonly hasOneEndpoint?: true;
  /** The endpoints that a ServiceEntry lists. */
  readonly listed: readonly ExternalEndpoint[];
}

/** The port with the number. UDP does not count: proxies do not forward it. */
export function portAt({ ports }: Service, number: number): ServicePort | undefined {
  return ports.find(({ port, protocol }) => port === number && protocol !== 'udp');
}

/** Reads a Kubernetes Service. */
export function readService(config: Config, settings: MeshSettings): Service {
  const { manifest, spec, namespace, name } = config;
  const isExternalName = spec.type === 'ExternalName';
  const selector = readLabels(spec.selector);
  const clusterIps = [asText(spec.clusterIP), ...asTexts(spec.clusterIPs)].filter((address): address is string => address !== undefined && address !== '');
  return {
    config,
    manifest,
    pointer: '/spec',
    registry: 'kubernetes',
    hostname: serviceFqdn(name, namespace, settings.clusterDomain),
    namespace,
    name,
    ports: asList(spec.ports).flatMap((value, index) => {
      const port = asObject(value);
      const number = asInteger(port.port);
      return number === undefined ? [] : [{
        pointer: `/spec/ports/${index}`, name: asText(port.name) ?? '', port: number, target: asInteger(port.targetPort) ?? asText(port.targetPort) ?? number,
        protocol: classOfServicePort({ port: number, name: port.name, protocol: port.protocol, appProtocol: port.appProtocol }),
      }];
    }),
    ...(selector.size > 0 && !isExternalName ? { selector } : {}),
    exportTo: (annotationOf(manifest, 'networking.istio.io/exportTo') ?? '').split(',').map(entry => entry.trim()).filter(entry => entry !== ''),
    resolution: isExternalName ? 'alias' : clusterIps.includes('None') ? 'passthrough' : 'endpoints',
    addresses: [...new Set(clusterIps)].filter(address => address !== 'None'),
    external: isExternalName,
    ...(isExternalName ? { externalName: asText(spec.externalName) ?? '' } : {}),
    labels: labelsOf(manifest),
    listed: [],
  };
}
