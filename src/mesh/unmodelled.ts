// What the model does not know: objects and fields that may change what a proxy does. A trace names those that touch its way.
import { once } from '../base/once';
import { Kind, kindNameOf } from '../manifests/kind';
import { Manifest, namespaceOf, nameOf } from '../manifests/manifest';
import { PlainObject, asList, asObject, asText } from '../manifests/plain-json';
import { Labels, Place, labelsOf, readLabels, selects } from './config';
import { isClaim } from './route/routes';
import type { RouteConfig } from './route/virtual-hosts';
import { Workload } from './workloads';

/** Something that may change what it touches. */
export interface Unmodelled extends Place {
  /** `Kind.group`, without a dot for the core group. */
  readonly kind: string;
  /** Absent for the whole mesh. */
  readonly namespace?: string;
  /** Labels of the pods that it touches; absent for all. */
  readonly selector?: Labels;
}

/** Kinds that change listeners, routes or policies in ways that are not modelled. */
const KINDS: ReadonlySet<string> = new Set(['EnvoyFilter.networking.istio.io', 'ProxyConfig.networking.istio.io', 'WasmPlugin.extensions.istio.io',
  'TrafficExtension.extensions.istio.io', 'Telemetry.telemetry.istio.io', 'HTTPRoute.gateway.networking.k8s.io', 'GRPCRoute.gateway.networking.k8s.io',
  'TLSRoute.gateway.networking.k8s.io', 'TCPRoute.gateway.networking.k8s.io', 'Gateway.gateway.networking.k8s.io', 'BackendTLSPolicy.gateway.networking.k8s.io',
  'ListenerSet.gateway.networking.k8s.io']);

/** Fields of modelled kinds that are not: the pointers of those that an object has. */
const FIELDS: Readonly<Record<string, (object: PlainObject, manifest: Manifest) => string[]>> = {
  [Kind.SIDECAR]: ({ spec }) => (asList(asObject(spec).ingress).length > 0 ? ['/spec/ingress'] : []),
  [Kind.NAMESPACE]: (_, manifest) => (labelsOf(manifest).get(AMBIENT) === 'ambient' ? ['/metadata/labels'] : []),
};

/** The label of a namespace whose traffic goes through ztunnel and waypoints. */
const AMBIENT = 'istio.io/dataplane-mode';

/** Everything in the input that is not modelled. */
export class UnmodelledObjects {
  public readonly all: readonly Unmodelled[];
  private readonly known = new Map<Workload, readonly Unmodelled[]>();
  /** Whether a condition on a claim says nothing: nearly no input has one, and then no route needs to be made to find it. */
  private readonly hasEmptyClaims: boolean;

  public constructor(manifests: readonly Manifest[], rootNamespace: string) {
    this.all = manifests.flatMap(manifest => {
      const kind = kindNameOf(manifest);
      const pointers = KINDS.has(kind) ? ['/spec'] : Object.hasOwn(FIELDS, kind) ? FIELDS[kind](manifest.object, manifest) : [];
      return pointers.map(pointer => readUnmodelled(manifest, kind, pointer, rootNamespace));
    });
    this.hasEmptyClaims = manifests.some(manifest => kindNameOf(manifest) === Kind.VIRTUAL_SERVICE && hasEmptyClaim(manifest));
  }

  /** What may change the proxy of the workload. */
  public touching(workload: Workload): readonly Unmodelled[] {
    return once(this.known, workload, () => this.all.filter(({ namespace, selector }) => (
      (namespace === undefined || namespace === workload.namespace) && (selector === undefined || selects(selector, workload.labels)))));
  }

  /**
   * The routes because of which Envoy refuses a whole table and keeps the one that it had, which the input does not have: those with a condition on a
   * claim that says nothing (Envoy 1.40, StringMatcher.match_pattern is required).
   */
  public inTable({ virtualHosts }: RouteConfig): readonly Unmodelled[] {
    if (!this.hasEmptyClaims) {
      return [];
    }
    const refused = virtualHosts.flatMap(({ routes }) => routes).filter(({ match }) => match.claims.some(([, { is }]) => is === 'present'));
    const places = refused.map(({ manifest, pointer }): Unmodelled => ({ manifest, pointer, kind: Kind.VIRTUAL_SERVICE }));
    return places.filter(({ manifest, pointer }, index) => places.findIndex(own => own.manifest === manifest && own.pointer === pointer) === index);
  }
}

function hasEmptyClaim({ object: { spec } }: Manifest): boolean {
  return asList(asObject(spec).http).flatMap(route => asList(asObject(route).match)).map(asObject)
    .flatMap(({ headers, withoutHeaders }) => [headers, withoutHeaders].flatMap(named => Object.entries(asObject(named))))
    .some(([name, condition]) => isClaim(name) && ['exact', 'prefix', 'regex'].every(key => asText(asObject(condition)[key]) === undefined));
}

function readUnmodelled(manifest: Manifest, kind: string, pointer: string, rootNamespace: string): Unmodelled {
  const spec = asObject(manifest.object.spec);
  const labels = readLabels(asObject(spec.workloadSelector).labels ?? asObject(spec.selector).matchLabels);
  const namespace = kind === Kind.NAMESPACE ? nameOf(manifest) : namespaceOf(manifest);
  return {
    manifest, pointer, kind, ...(namespace === rootNamespace ? {} : { namespace }),
    ...(labels.size > 0 && asList(spec.targetRefs).length === 0 ? { selector: labels } : {}),
  };
}
