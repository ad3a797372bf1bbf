// Services and their ports, found by namespace and name, and by the labels they select.
import { serviceFqdn } from '../base/kubernetes-name';
import { Manifest, nameOf, namespaceOf, objectNameOf } from './manifest';
import { asInteger, asList, asObject, asText } from './plain-json';
import { ServiceName } from './service-host';

/** One port of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

/** A Service, read tolerantly. */
export interface Service extends ServiceName {
  readonly manifest: Manifest;
  /** Absent when they cannot be known: none listed, or one of them malformed. */
  readonly ports?: readonly ServicePort[];
  /** Stands for a name outside the cluster, so it has no pods and its ports need not be listed. */
  readonly external: boolean;
  readonly selector: readonly [key: string, value: string][];
}

/** All Services of the input. Two objects may share a name, for instance when two overlays are read at once. */
export class Services {
  private readonly byNamespace = new Map<string, Map<string, Service[]>>();
  private readonly byName = new Map<string, Service[]>();
  private readonly bySelectorLabel = new Map<string, Service[]>();

  public constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const service = readService(manifest);
      const names = this.byNamespace.get(service.namespace) ?? new Map<string, Service[]>();
      this.byNamespace.set(service.namespace, names);
      file(names, service.name, service);
      file(this.byName, service.name, service);
      service.selector.forEach(([key]) => file(this.bySelectorLabel, key, service));
    }
  }

  /** The Services of that name in that namespace: usually one or none. */
  public find(service: ServiceName): readonly Service[] {
    return this.byNamespace.get(service.namespace)?.get(service.name) ?? [];
  }

  /** Whether any Service is in the namespace. */
  public holdsOneIn(namespace: string): boolean {
    return this.byNamespace.has(namespace);
  }

  /**
   * The namespace of all Services of that name; nothing when there are none, when they are in several, or when one of them names no
   * namespace, because `kubectl apply -n` and kustomize may put that one anywhere.
   */
  public onlyNamespaceWith(name: string): string | undefined {
    const namespaces = new Set(this.byName.get(name)?.map(({ manifest }) => objectNameOf(manifest).namespace));
    return namespaces.size === 1 ? [...namespaces][0] : undefined;
  }

  /** The Services whose pods certainly carry these labels. */
  public selecting(labels: readonly [key: string, value: string][]): Service[] {
    if (labels.length === 0) {
      return [];
    }
    const candidates = this.bySelectorLabel.get(labels[0][0]) ?? [];
    return candidates.filter(({ selector }) => labels.every(([key, value]) => selector.some(own => own[0] === key && own[1] === value)));
  }
}

/** The ports of same-named Services together; absent when those of one of them cannot be known. */
export function knownPorts(services: readonly Service[]): readonly ServicePort[] | undefined {
  const ports = services.map(service => (service.external ? undefined : service.ports));
  return ports.includes(undefined) ? undefined : ports.flatMap(some => some!);
}

/** The ports for people: `80 (http), 443`, in order of number. */
export function showPorts(ports: readonly ServicePort[]): string {
  const texts = ports.map(({ port, name }) => (name ? `${port} (${name})` : String(port)));
  return [...new Set(texts)].sort((a, b) => parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1)).join(', ');
}

/** The Service's full host name. */
export function hostOf(service: ServiceName): string {
  return serviceFqdn(service.name, service.namespace);
}

function readService(manifest: Manifest): Service {
  const spec = asObject(manifest.object.spec);
  const ports = asList(spec.ports).map(readPort);
  return {
    manifest,
    name: nameOf(manifest),
    namespace: namespaceOf(manifest),
    ports: ports.length === 0 || ports.includes(undefined) ? undefined : (ports as ServicePort[]),
    external: spec.type === 'ExternalName',
    selector: Object.entries(asObject(spec.selector)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  };
}

function readPort(value: unknown): ServicePort | undefined {
  const { name, port, targetPort, nodePort } = asObject(value);
  const number = asInteger(port);
  return number === undefined ? undefined
    : { name: asText(name), port: number, targetPort: asInteger(targetPort) ?? asText(targetPort), nodePort: asInteger(nodePort) };
}

function file<T>(index: Map<string, T[]>, key: string, item: T): void {
  const filed = index.get(key);
  if (filed) {
    filed.push(item);
  } else {
    index.set(key, [item]);
  }
}
