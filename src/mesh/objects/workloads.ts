// Workloads: what runs pods, with the pods' labels, service account, ports and proxy.
import { namespacedName } from '../../base/kubernetes-name';
import { addTo } from '../../base/multimap';
import { Kind } from '../../manifests/kind';
import { PlainObject, asInteger, asList, asObject, asText } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import { Config, Configs, Labels, Place, labelKey, labelsOf, readLabels, selects } from './config';

/** The label by which the injector marks pods whose sidecar accepts the mesh's mTLS. */
export const TLS_MODE_LABEL = 'security.istio.io/tlsMode';

/** The proxy in the pods: none, a sidecar, or a gateway. */
export type ProxyKind = 'none' | 'sidecar' | 'router';

/** The pods of one Deployment, StatefulSet, Pod and so on: they are alike. */
export interface Workload extends Place {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  /** How many pods; those of a DaemonSet, a Job and a CronJob count as one. */
  readonly replicas: number;
  readonly proxy: ProxyKind;
  /** Whether they have no proxy only because the input lacks their Namespace, a label of which may give them one. */
  readonly isProxyAssumed?: true;
  /** Whether the injector changes the pods. */
  readonly isInjected?: true;
  /** Ports of the containers, by name. */
  readonly portsByName: ReadonlyMap<string, number>;
  /** Whether the pods are not in the input, and only what refers to them is. */
  readonly isAssumed?: true;
}

/** Where each kind keeps the template of its pods. */
const TEMPLATES: readonly (readonly [kind: Kind, path: readonly string[]])[] = [
  [Kind.DEPLOYMENT, ['template']], [Kind.STATEFUL_SET, ['template']], [Kind.DAEMON_SET, ['template']], [Kind.REPLICA_SET, ['template']],
  [Kind.ROLLOUT, ['template']], [Kind.JOB, ['template']], [Kind.CRON_JOB, ['jobTemplate', 'spec', 'template']], [Kind.POD, []],
];

const COUNTED: readonly Kind[] = [Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.REPLICA_SET, Kind.ROLLOUT];

/** Whether pods with the labels are gateways, though no template of the injector says so. */
type IsGateway = (labels: Labels) => boolean;

/** All workloads of the input, found by namespace and label. */
export class Workloads {
  public readonly all: readonly Workload[];
  private readonly byNamespace = new Map<string, Workload[]>();
  private readonly byLabel = new Map<string, Workload[]>();
  private readonly byName = new Map<string, Workload>();

  /** @param mayLackNamespaces whether the cluster may have Namespaces that the input lacks */
  public constructor(configs: Configs, isGateway: IsGateway, mayLackNamespaces: boolean) {
    const written = new Map(configs.of(Kind.NAMESPACE).map(({ name, manifest }) => [name, labelsOf(manifest)]));
    const namespaces = mayLackNamespaces ? written : { get: (name: string) => written.get(name) ?? NONE };
    this.all = TEMPLATES.flatMap(([kind, path]) => configs.of(kind).map(config => readWorkload(config, path, namespaces.get(config.namespace), isGateway)));
    for (const workload of this.all) {
      const name = namespacedName(workload);
      this.byName.set(name, this.byName.get(name) ?? workload);
      addTo(this.byNamespace, workload.namespace, workload);
      for (const label of workload.labels) {
        addTo(this.byLabel, labelKey(workload.namespace, label), workload);
      }
    }
  }

  /** The workload with the name; the Deployment if others share it. */
  public find(namespace: string, name: string): Workload | undefined {
    return this.byName.get(`${namespace}/${name}`);
  }

  /** The workloads of the namespace that have all labels of the selector. An empty selector selects all. */
  public selectedBy(namespace: string, selector: Labels): readonly Workload[] {
    if (selector.size === 0) {
      return this.byNamespace.get(namespace) ?? [];
    }
    let rarest: readonly Workload[] | undefined;
    for (const label of selector) {
      const candidates = this.byLabel.get(labelKey(namespace, label)) ?? [];
      rarest = rarest === undefined || candidates.length < rarest.length ? candidates : rarest;
    }
    return rarest!.filter(({ labels }) => selects(selector, labels));
  }
}

const NONE: Labels = new Map();

function readWorkload(config: Config, path: readonly string[], namespaceLabels: Labels | undefined, isGateway: IsGateway): Workload {
  const template = config.kind === Kind.POD ? config.manifest.object : path.reduce<PlainObject>((value, key) => asObject(value[key]), config.spec);
  const metadata = asObject(template.metadata);
  const [written, annotations, spec] = [readLabels(metadata.labels), readLabels(metadata.annotations), asObject(template.spec)];
  const containers = [...asList(spec.containers), ...asList(spec.initContainers)].map(asObject);
  const injected = spec.hostNetwork !== true && isInjected(written, annotations, namespaceLabels ?? NONE);
  const hasProxy = injected || containers.some(({ name }) => name === 'istio-proxy');
  const templates = annotations.get('inject.istio.io/templates')?.split(',').map(name => name.trim());
  const isUndecided = namespaceLabels === undefined && spec.hostNetwork !== true && writtenInjection({ labels: written, annotations }) === undefined;
  const router = templates?.some(name => name.includes('gateway')) === true || isGateway(written);
  // The template of a gateway does not set the label (Istio 1.30, manifests/charts/istio-control/istio-discovery/files).
  const isMarked = injected && templates?.includes('sidecar') !== false && !written.has(TLS_MODE_LABEL);
  return {
    manifest: config.manifest,
    pointer: config.kind === Kind.POD ? '' : `/spec/${path.join('/')}`,
    kind: config.kind,
    namespace: config.namespace,
    name: config.name,
    labels: isMarked ? new Map([...written, [TLS_MODE_LABEL, 'istio']]) : written,
    annotations,
    serviceAccount: asText(spec.serviceAccountName) || 'default',
    replicas: COUNTED.includes(config.kind) ? asInteger(config.spec.replicas) ?? 1 : 1,
    proxy: router ? 'router' : hasProxy ? 'sidecar' : 'none',
    ...(isUndecided && !router && !hasProxy ? { isProxyAssumed: true } : {}),
    ...(injected ? { isInjected: true } : {}),
    portsByName: new Map(containers.flatMap(({ ports }) => asList(ports).map(asObject)).flatMap(port => {
      const [name, number] = [asText(port.name), asInteger(port.containerPort)];
      return name === undefined || number === undefined ? [] : [[name, number] as const];
    })),
  };
}

/** The proxy that gets what is sent to a port of the pods: none for a port that annotations exclude (Istio 1.30, tools/istio-iptables). */
export function proxyAt({ proxy, annotations }: Pick<Workload, 'proxy' | 'annotations'>, port: number): ProxyKind {
  const lists = (key: string) => annotations.get(`traffic.sidecar.istio.io/${key}`)?.split(',').map(entry => entry.trim());
  const isExcluded = lists('excludeInboundPorts')?.includes(String(port)) === true;
  const included = lists('includeInboundPorts') ?? ['*'];
  return proxy === 'sidecar' && (isExcluded || !(included.includes('*') || included.includes(String(port)))) ? 'none' : proxy;
}

/** What text adds where pods have no sidecar as far as the input knows. */
export function proxyAssumption({ isProxyAssumed, namespace }: Pick<Workload, 'isProxyAssumed' | 'namespace'>): string {
  return isProxyAssumed === true ? ` (assumed: the input has no Namespace ${namespace})` : '';
}

/** What pods themselves say of injection. */
export function writtenInjection({ labels, annotations }: Pick<Workload, 'labels' | 'annotations'>): string | undefined {
  return labels.get('sidecar.istio.io/inject') ?? annotations.get('sidecar.istio.io/inject');
}

/** Whether pods use the network of the node, where the injector adds no proxy. */
export function isOnHostNetwork({ manifest, pointer }: Pick<Workload, 'manifest' | 'pointer'>): boolean {
  return asObject(valueAt(manifest.object, `${pointer}/spec`)).hostNetwork === true;
}

/** Whether the injector adds a proxy: the pod's own label decides before the namespace's (Istio 1.30, pkg/kube/inject/inject.go injectRequired). */
function isInjected(labels: Labels, annotations: Labels, namespace: Labels): boolean {
  const own = writtenInjection({ labels, annotations });
  if (namespace.get('istio-injection') === 'disabled') {
    return false;
  }
  if (own !== undefined) {
    return own === 'true';
  }
  return namespace.get('istio-injection') === 'enabled' || namespace.has('istio.io/rev') || labels.has('istio.io/rev');
}
