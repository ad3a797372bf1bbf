// Services and their ports, found by namespace and name, and by the labels that they select.
import { serviceFqdn } from '../base/kubernetes-name';
import { addTo } from '../base/multimap';
import { Manifest, nameOf, namespaceOf, objectNameOf } from '../manifests/manifest';
import { asInteger, asList, asObject, asText } from '../manifests/plain-json';
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
  /** Absent if unknown: none is listed, or one is malformed. */
  readonly ports?: readonly ServicePort[];
  /** An ExternalName Service, which has no pods and need not list ports. */
  readonly external: boolean;
  readonly selector: readonly [key: string, value: string][];
}

/** All Services of the input. Two objects may have the same name, for instance if the input contains two overlays. */
export class Services {
  private readonly byNamespace = new Map<string, Map<string, Service[]>>();
  private readonly byName = new Map<string, Service[]>();
  private readonly bySelectorLabel = new Map<string, Service[]>();

  public constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const service = readService(manifest);
      const names = this.byNamespace.get(service.namespace) ?? new Map<string, Service[]>();
      this.byNamespace.set(service.namespace, names);
      addTo(names, service.name, service);
      addTo(this.byName, service.name, service);
      service.selector.forEach(label => addTo(this.bySelectorLabel, keyOf(label), service));
    }
  }

  /** The Services with a namespace and name: usually one or none. */
  public find(service: ServiceName): readonly Service[] {
    return this.byNamespace.get(service.namespace)?.get(service.name) ?? [];
  }

  /** Whether any Service is in the namespace. */
  public holdsOneIn(namespace: string): boolean {
    return this.byNamespace.has(namespace);
  }

  /**
   * The only namespace with Services of that name. Absent if no namespace or several have one, or if one of the Services omits its
   * namespace, because `kubectl apply -n` and kustomize may put it into any namespace.
   */
  public onlyNamespaceWith(name: string): string | undefined {
    const namespaces = new Set(this.byName.get(name)?.map(({ manifest }) => objectNameOf(manifest).namespace));
    return namespaces.size === 1 ? [...namespaces][0] : undefined;
  }

  /** The Services whose pods are guaranteed to have these labels; none for no labels. */
  public selecting(labels: readonly [key: string, value: string][]): Service[] {
    const keys = labels.map(keyOf);
    // Every match has all labels, so the rarest label has the fewest candidates.
    const [rarest = []] = keys.map(key => this.bySelectorLabel.get(key) ?? []).sort((a, b) => a.length - b.length);
    return rarest.filter(({ selector }) => {
      const selected = new Set(selector.map(keyOf));
      return keys.every(key => selected.has(key));
    });
  }
}

/** The ports of Services with the same name together; absent if those of one are unknown. */
export function knownPorts(services: readonly Service[]): readonly ServicePort[] | undefined {
  const ports = services.map(service => (service.external ? undefined : service.ports));
  return ports.includes(undefined) ? undefined : ports.flatMap(some => some!);
}

/** The ports as a message shows them: `80 (http), 443`, in numeric order. */
export function showPorts(ports: readonly ServicePort[]): string {
  const shown = ports.map(({ port, name }) => (name ? `${port} (${name})` : String(port)));
  return [...new Set(shown)].sort((a, b) => parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1)).join(', ');
}

/** The Service's fully qualified host name. */
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

function keyOf([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}
