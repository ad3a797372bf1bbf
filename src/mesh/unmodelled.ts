// What the model does not know: objects and fields that may change what a proxy does. A trace names those that touch its way.
import { kept } from '../base/once';
import { Kind, kindNameOf } from '../manifests/kind';
import { Manifest, namespaceOf, nameOf, qualifiedNameOf } from '../manifests/manifest';
import { PlainObject, asList, asObject } from '../manifests/plain-json';
import { Labels, Place, labelsOf, readLabels, selects } from './objects/config';
import { GATEWAY_API, GATEWAY_OF_THE_API, GatewayApiRole, gatewayApiRoles, makesOwnPods, servesHost } from './gateway-api';
import { readLocalRateLimit, type LocalRateLimit } from './local-rate-limit';
import { isClaim } from './route/http-routes';
import { type StringMatch, readStringMatch } from './route/string-match';
import type { RouteConfig } from './route/virtual-hosts';
import { MeshSettings } from './objects/settings';
import { Workload } from './objects/workloads';

/** Something that may change what it touches. */
export interface Unmodelled extends Place {
  /** `Kind.group`, without a dot for the core group. */
  readonly kind: string;
  /** Absent for the whole mesh. */
  readonly namespace?: string;
  /** Labels of the pods that it touches; absent for all. */
  readonly selector?: Labels;
  /** Whether it puts pods into ambient mode, or waypoints in front of them. */
  readonly isAmbient?: true;
  /** What it does, if all that it does is to limit the rate of requests. */
  readonly limit?: LocalRateLimit;
  /** Of the Gateway API: where the object takes part. */
  readonly role?: GatewayApiRole;
}

/** Kinds that change listeners, routes or policies in ways that are not modelled. */
const KINDS: ReadonlySet<string> = new Set(['ProxyConfig.networking.istio.io', 'WasmPlugin.extensions.istio.io',
  'TrafficExtension.extensions.istio.io', 'Telemetry.telemetry.istio.io', 'BackendTLSPolicy.gateway.networking.k8s.io']);

/** Fields of modelled kinds that are not: the pointers of those that an object has. */
const FIELDS: Readonly<Record<string, (object: PlainObject, manifest: Manifest) => string[]>> = {
  [Kind.ENVOY_FILTER]: ({ spec }) => (asList(asObject(spec).configPatches).length > 0 ? ['/spec'] : []),
  [Kind.SIDECAR]: ({ spec }) => (asList(asObject(spec).ingress).length > 0 ? ['/spec/ingress'] : []),
  [Kind.NAMESPACE]: (_, manifest) => (isAmbient(labelsOf(manifest)) ? ['/metadata/labels'] : []),
  [Kind.SERVICE]: ({ spec }, manifest) => (asObject(spec).selector !== undefined && hasWaypoint(labelsOf(manifest)) ? ['/metadata/labels'] : []),
};

/** The label of namespaces and pods whose traffic goes through ztunnel; `none` excepts pods. */
const AMBIENT = 'istio.io/dataplane-mode';

function isAmbient(labels: Labels): boolean {
  return labels.get(AMBIENT) === 'ambient' || hasWaypoint(labels);
}

/** Whether the traffic to what has the labels goes through a waypoint. */
function hasWaypoint(labels: Labels): boolean {
  return (labels.get('istio.io/use-waypoint') ?? 'none') !== 'none';
}

/** Everything in the input that is not modelled. */
export class UnmodelledObjects {
  public readonly all: readonly Unmodelled[];
  private readonly gatewayApi: readonly Unmodelled[];
  private readonly known = new Map<Workload, readonly Unmodelled[]>();
  /** Whether a condition on a claim says nothing: nearly no input has one, and then no route needs to be made to find it. */
  private readonly hasEmptyClaims: boolean;

  public constructor(manifests: readonly Manifest[], { rootNamespace, clusterDomain }: Pick<MeshSettings, 'rootNamespace' | 'clusterDomain'>) {
    // Few inputs have routes of the Gateway API.
    let ownGateways: ReadonlySet<string> | undefined;
    const makesPods = (namespace: string, name: string) => {
      ownGateways ??= new Set(manifests.filter(own => kindNameOf(own) === GATEWAY_OF_THE_API && makesOwnPods(own)).map(qualifiedNameOf));
      return ownGateways.has(`${namespace}/${name}`);
    };
    this.all = manifests.flatMap(manifest => {
      const kind = kindNameOf(manifest);
      if (kind.endsWith(GATEWAY_API) && !KINDS.has(kind)) {
        const roles = gatewayApiRoles(manifest, kind, clusterDomain, makesPods);
        return roles.map((role): Unmodelled => (
          { manifest, pointer: '/spec', kind, role, ...(role.namespace === undefined ? {} : { namespace: role.namespace }) }));
      }
      const pointers = KINDS.has(kind) ? ['/spec'] : Object.hasOwn(FIELDS, kind) ? FIELDS[kind](manifest.object, manifest) : [];
      return pointers.map(pointer => readUnmodelled(manifest, kind, pointer, rootNamespace));
    });
    this.gatewayApi = this.all.filter(({ role }) => role !== undefined);
    this.hasEmptyClaims = manifests.some(manifest => kindNameOf(manifest) === Kind.VIRTUAL_SERVICE && hasEmptyClaim(manifest));
  }

  /** What may change the proxy of the workload. */
  public touching(workload: Workload): readonly Unmodelled[] {
    return this.known.get(workload) ?? kept(this.known, workload, [...touchingIn(this.all, workload), ...ownLabels(workload)]);
  }

  /** Routes of the Gateway API for what the sidecars of a namespace send to a Service. */
  public routesTo(service: string, namespace: string): readonly Unmodelled[] {
    // Few inputs have any.
    return this.gatewayApi.length === 0 ? this.gatewayApi
      : this.gatewayApi.filter(({ role }) => role?.reach === 'clients' && role.service === service && (role.namespace ?? namespace) === namespace);
  }

  /** A Gateway or a route of the Gateway API that may serve a host. @param isNamed whether it must name the host */
  public serving(host: string, isNamed: boolean): Unmodelled | undefined {
    return this.gatewayApi.find(({ role }) => role !== undefined && servesHost(role, host, isNamed));
  }

  /**
   * The routes because of which Envoy refuses a whole table and keeps the one that it had, which the input does not have: those with a condition on a
   * claim that says nothing (Envoy 1.40, StringMatcher.match_pattern is required).
   */
  public inTables(tables: () => readonly RouteConfig[]): readonly Unmodelled[] {
    return this.hasEmptyClaims ? tables().flatMap(emptyClaimsIn) : NOTHING;
  }

  /** The same for one table. */
  public inTable(table: RouteConfig | undefined): readonly Unmodelled[] {
    return this.hasEmptyClaims && table !== undefined ? emptyClaimsIn(table) : NOTHING;
  }
}

const NOTHING: readonly Unmodelled[] = [];

function touchingIn(all: readonly Unmodelled[], workload: Workload): Unmodelled[] {
  return all.filter(own => isTouched(workload, own));
}

function isTouched({ namespace: own, labels, proxy }: Workload, { namespace, selector, isAmbient: isOfAmbient, role }: Unmodelled): boolean {
  const isExcepted = (isOfAmbient === true && labels.get(AMBIENT) === 'none') || (role !== undefined && (role.reach !== 'gateways' || proxy !== 'router'));
  return !isExcepted && (namespace === undefined || namespace === own) && (selector === undefined || selects(selector, labels));
}

/** The labels of pods that put them into ambient mode. */
function ownLabels({ manifest, pointer, labels, kind }: Workload): Unmodelled[] {
  return isAmbient(labels) ? [{ manifest, pointer: `${pointer}/metadata/labels`, kind, isAmbient: true }] : [];
}

function emptyClaimsIn({ virtualHosts }: RouteConfig): Unmodelled[] {
  const refused = virtualHosts.flatMap(({ routes }) => routes).filter(({ match }) => match.claims.some(([, own]) => isRefusedByEnvoy(own)));
  const places = refused.map(({ manifest, pointer }): Unmodelled => ({ manifest, pointer, kind: Kind.VIRTUAL_SERVICE }));
  return places.filter(({ manifest, pointer }, index) => places.findIndex(own => own.manifest === manifest && own.pointer === pointer) === index);
}

function hasEmptyClaim({ object: { spec } }: Manifest): boolean {
  return asList(asObject(spec).http).some(route => asList(asObject(route).match).some(match => {
    const { headers, withoutHeaders } = asObject(match);
    return (headers !== undefined && isEmptyClaim(headers)) || (withoutHeaders !== undefined && isEmptyClaim(withoutHeaders));
  }));
}

function isEmptyClaim(named: unknown): boolean {
  return Object.entries(asObject(named)).some(([name, condition]) => isClaim(name) && isRefusedByEnvoy(readStringMatch(condition, false)));
}

/** A condition on a claim that says nothing, or is the regular expression `*`, which RE2 does not compile. */
function isRefusedByEnvoy(condition: StringMatch): boolean {
  return condition.is === 'present' || (condition.is === 'regex' && condition.value === '*');
}

function readUnmodelled(manifest: Manifest, kind: string, pointer: string, rootNamespace: string): Unmodelled {
  const spec = asObject(manifest.object.spec);
  const labels = readLabels(kind === Kind.SERVICE ? spec.selector : asObject(spec.workloadSelector).labels ?? asObject(spec.selector).matchLabels);
  const namespace = kind === Kind.NAMESPACE ? nameOf(manifest) : namespaceOf(manifest);
  const limit = kind === Kind.ENVOY_FILTER ? readLocalRateLimit(spec) : undefined;
  return {
    manifest, pointer, kind, ...(namespace === rootNamespace ? {} : { namespace }),
    ...(kind === Kind.NAMESPACE || kind === Kind.SERVICE ? { isAmbient: true } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(labels.size > 0 && asList(spec.targetRefs).length === 0 ? { selector: labels } : {}),
  };
}
