// ServiceEntries: hosts outside of Kubernetes' own Services, with the endpoints that they list.
import { asInteger, asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import { Config, Labels, labelsOf, readLabels } from './config';
import { classOf, classOfServicePort } from '../../base/istio/protocol';
import { ExternalEndpoint, Resolution, Service } from './services';
import { TLS_MODE_LABEL } from './workloads';

const RESOLUTIONS: Record<string, Resolution | undefined> = {
  NONE: 'passthrough', STATIC: 'endpoints', DNS: 'dns', DNS_ROUND_ROBIN: 'dns', DYNAMIC_DNS: 'dns',
};

/** One Service for each host. */
export function readServiceEntry(config: Config): Service[] {
  const { manifest, spec, namespace, name } = config;
  const written = asText(spec.resolution) ?? 'NONE';
  const selector = asObject(spec.workloadSelector).labels;
  const ports = asList(spec.ports).flatMap((value, index) => {
    const port = asObject(value);
    const number = asInteger(port.number);
    const protocol = asText(port.protocol);
    return number === undefined ? [] : [{
      pointer: `/spec/ports/${index}`, name: asText(port.name) ?? '', port: number, target: asInteger(port.targetPort) ?? number,
      protocol: protocol === undefined ? classOfServicePort({ port: number, name: port.name }) : classOf(protocol),
    }];
  });
  const listed = asList(spec.endpoints).map(endpoint => readEndpoint(asObject(endpoint)));
  return asTexts(spec.hosts).map((hostname, index) => ({
    config,
    manifest,
    pointer: `/spec/hosts/${index}`,
    registry: 'external',
    hostname,
    namespace,
    name,
    ports,
    ...(selector === undefined ? {} : { selector: readLabels(selector) }),
    exportTo: asTexts(spec.exportTo),
    resolution: (Object.hasOwn(RESOLUTIONS, written) ? RESOLUTIONS[written] : undefined) ?? 'passthrough',
    addresses: asTexts(spec.addresses),
    external: spec.location !== 'MESH_INTERNAL',
    labels: labelsOf(manifest),
    ...(written === 'DNS_ROUND_ROBIN' ? { hasOneEndpoint: true } : {}),
    listed,
  }));
}

/** A WorkloadEntry, or an entry of `endpoints`, which has the same fields. */
export function readEndpoint(spec: Readonly<Record<string, unknown>>, metadata: Labels = new Map()): ExternalEndpoint {
  const serviceAccount = asText(spec.serviceAccount) || undefined;
  const labels = new Map([...readLabels(spec.labels), ...metadata]);
  // With a service account the endpoint accepts the mesh's mTLS (Istio 1.30, pilot/pkg/serviceregistry/serviceentry/conversion.go:395).
  if (!labels.has(TLS_MODE_LABEL) && serviceAccount !== undefined) {
    labels.set(TLS_MODE_LABEL, 'istio');
  }
  return {
    address: asText(spec.address) ?? '',
    labels,
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    ports: new Map(Object.entries(asObject(spec.ports)).flatMap(([key, value]) => {
      const number = asInteger(value);
      return number === undefined ? [] : [[key, number] as const];
    })),
  };
}
