// What the model does not know: objects and features that may change anything that a proxy does.
import { Manifest, namespaceOf } from '../manifests/manifest';
import { asList, asObject, asText } from '../manifests/plain-json';
import { Labels, Place, readLabels, selects } from './config';
import { Workload } from './workloads';

/** An object that may change what it touches. */
export interface Unmodelled extends Place {
  /** `Kind.group`. */
  readonly kind: string;
  readonly namespace: string;
  /** Labels of the pods that it touches; absent for all of its namespace, or of the mesh if it is in the root namespace. */
  readonly selector?: Labels;
}

/** Kinds that change listeners, routes or policies in ways that are not modelled. */
const KINDS: ReadonlySet<string> = new Set(['EnvoyFilter.networking.istio.io', 'ProxyConfig.networking.istio.io', 'WasmPlugin.extensions.istio.io',
  'TrafficExtension.extensions.istio.io', 'Telemetry.telemetry.istio.io', 'HTTPRoute.gateway.networking.k8s.io', 'GRPCRoute.gateway.networking.k8s.io',
  'TLSRoute.gateway.networking.k8s.io', 'TCPRoute.gateway.networking.k8s.io', 'Gateway.gateway.networking.k8s.io', 'BackendTLSPolicy.gateway.networking.k8s.io',
  'ListenerSet.gateway.networking.k8s.io']);

/** Everything in the input that is not modelled. */
export class UnmodelledObjects {
  public readonly all: readonly Unmodelled[];

  public constructor(manifests: readonly Manifest[], private readonly rootNamespace: string) {
    this.all = manifests.flatMap(manifest => {
      const [group] = (asText(manifest.object.apiVersion) ?? '').split('/');
      const kind = `${asText(manifest.object.kind) ?? ''}.${group}`;
      return KINDS.has(kind) ? [readUnmodelled(manifest, kind)] : [];
    });
  }

  /** What may change the proxy of the workload. */
  public touching(workload: Workload): Unmodelled[] {
    return this.all.filter(({ namespace, selector }) => (namespace === workload.namespace || namespace === this.rootNamespace)
      && (selector === undefined || selects(selector, workload.labels)));
  }
}

function readUnmodelled(manifest: Manifest, kind: string): Unmodelled {
  const spec = asObject(manifest.object.spec);
  const labels = readLabels(asObject(spec.workloadSelector).labels ?? asObject(spec.selector).matchLabels);
  const isSelective = labels.size > 0 && asList(spec.targetRefs).length === 0;
  return { manifest, pointer: '/spec', kind, namespace: namespaceOf(manifest), ...(isSelective ? { selector: labels } : {}) };
}
