// Sidecars: which Services and VirtualServices a client workload imports (Istio 1.30, pilot/pkg/model/sidecar.go).
import { Kind } from '../manifests/kind';
import { asInteger, asList, asObject, asText, asTexts, isObject } from '../manifests/plain-json';
import { Config, Configs, Labels, Place, readLabels, selects } from './objects/config';
import { hostsOverlap, isSubsetHost, isWildcard } from '../base/host-index';
import { Service } from './objects/services';
import { MeshSettings, OutboundPolicy } from './objects/settings';
import { VirtualService } from './virtual-services';
import { Workload } from './objects/workloads';

interface ImportedHosts {
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly string[];
}

/** Imported hosts by namespace, with `*` for any. */
type Imports = ReadonlyMap<string, ImportedHosts>;

/** One entry of `egress`. */
export interface EgressListener {
  /** Only this port; absent for all ports. */
  readonly port?: number;
  readonly imports: Imports;
}

/** What a Sidecar object, or its absence, means for a workload. */
export interface SidecarScope {
  /** The Sidecar that applies; absent for the default, which imports all. */
  readonly place?: Place;
  readonly egress: readonly EgressListener[];
  readonly outboundPolicy: OutboundPolicy;
  /** Whether it lists ingress listeners, which replace those that follow from Services. */
  readonly hasIngress: boolean;
}

/** All Sidecars. */
export class Sidecars {
  private readonly byNamespace = new Map<string, { selective: { labels: Labels; scope: SidecarScope }[]; general?: SidecarScope; config?: Config }>();
  private readonly ofRoot = new Map<string, SidecarScope>();
  private readonly fallback: SidecarScope;

  public constructor(configs: Configs, private readonly settings: MeshSettings) {
    this.fallback = { egress: [{ imports: readImports(['*/*'], '') }], outboundPolicy: settings.outboundPolicy, hasIngress: false };
    for (const config of configs.of(Kind.SIDECAR)) {
      const known = this.byNamespace.get(config.namespace) ?? { selective: [] };
      this.byNamespace.set(config.namespace, known);
      const selector = asObject(config.spec.workloadSelector).labels;
      if (isObject(selector)) {
        known.selective.push({ labels: readLabels(selector), scope: readScope(config, config.namespace, settings) });
      } else {
        known.general ??= readScope(config, config.namespace, settings);
        known.config ??= config;
      }
    }
  }

  /** The scope of a workload: a Sidecar that selects it, else one of its namespace, else one of the root namespace. */
  public scopeOf(workload: Workload): SidecarScope {
    const own = this.byNamespace.get(workload.namespace);
    return own?.selective.find(({ labels }) => selects(labels, workload.labels))?.scope ?? own?.general
      ?? this.rootScope(workload.namespace) ?? this.fallback;
  }

  /** In the Sidecar of the root namespace `.` is the namespace of each workload (Istio 1.30, pilot/pkg/model/push_context.go initSidecarScopes). */
  private rootScope(namespace: string): SidecarScope | undefined {
    const config = this.byNamespace.get(this.settings.rootNamespace)?.config;
    const scope = this.ofRoot.get(namespace) ?? (config && readScope(config, namespace, this.settings));
    if (scope !== undefined) {
      this.ofRoot.set(namespace, scope);
    }
    return scope;
  }
}

/** The entry of `egress` for a port: the one that names it, else the one without port. */
export function egressFor(scope: SidecarScope, port: number): EgressListener | undefined {
  return scope.egress.find(listener => listener.port === undefined || listener.port === port);
}

/** Whether the listener imports the Service. */
export function importsService({ imports }: EgressListener, service: Service): boolean {
  return importing(imports, service) !== undefined;
}

/** Whether the listener imports an alias of the Service: the hosts by which it imports the Service decide (Istio 1.30, sidecar.go:728-741). */
export function importsAlias({ imports }: EgressListener, service: Service, alias: Service): boolean {
  const set = importing(imports, service);
  return set !== undefined && includes(set, alias.hostname);
}

function importing(imports: Imports, { namespace, hostname }: Service): ImportedHosts | undefined {
  return [namespace, '*'].map(key => imports.get(key)).find(set => set !== undefined && includes(set, hostname));
}

function includes({ names, patterns }: ImportedHosts, hostname: string): boolean {
  return names.has(hostname) || patterns.some(pattern => isSubsetHost(hostname, pattern));
}

/** Whether the listener imports the VirtualService: one of its hosts is enough. */
export function importsVirtualService({ imports }: EgressListener, { config, hosts }: VirtualService): boolean {
  return [config.namespace, '*'].some(namespace => {
    const set = imports.get(namespace);
    return set !== undefined && hosts.some(host => set.names.has(host) || set.patterns.some(pattern => hostsOverlap(host, pattern))
      || (isWildcard(host) && [...set.names].some(name => isSubsetHost(name, host))));
  });
}

function readScope({ spec, manifest }: Config, namespace: string, settings: MeshSettings): SidecarScope {
  const egress = asList(spec.egress).map(asObject).map(listener => {
    const port = asInteger(asObject(listener.port).number);
    return { imports: readImports(asTexts(listener.hosts), namespace), ...(port === undefined ? {} : { port }) };
  });
  const mode = asText(asObject(spec.outboundTrafficPolicy).mode);
  return {
    place: { manifest, pointer: '/spec' },
    egress: egress.length === 0 ? [{ imports: readImports(['*/*'], namespace) }] : egress,
    // The mode of an object that sets the policy defaults to REGISTRY_ONLY, the enum's zero.
    outboundPolicy: isObject(spec.outboundTrafficPolicy) ? (mode === 'ALLOW_ANY' ? 'ALLOW_ANY' : 'REGISTRY_ONLY') : settings.outboundPolicy,
    hasIngress: asList(spec.ingress).length > 0,
  };
}

/** `namespace/host`; `.` means the Sidecar's own namespace, and `~` none. */
function readImports(hosts: readonly string[], namespace: string): Imports {
  const imports = new Map<string, { names: Set<string>; patterns: string[] }>();
  for (const entry of hosts) {
    const slash = entry.indexOf('/');
    const [written, host] = [entry.slice(0, Math.max(slash, 0)), entry.slice(slash + 1)];
    const key = written === '.' ? namespace : written;
    const set = imports.get(key) ?? { names: new Set(), patterns: [] };
    imports.set(key, set);
    if (host.startsWith('*')) {
      set.patterns.push(host);
    } else {
      set.names.add(host);
    }
  }
  imports.delete('~');
  return imports;
}
