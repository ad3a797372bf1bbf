// The routes of VirtualServices as written: their destinations and weights, each with its pointer, whether or not Istio admits and uses them.
import { MESH, completeGateway, completeHost } from '../base/istio/names';
import { once } from '../base/once';
import { Manifest, namespaceOf } from './manifest';
import { PlainObject, asInteger, asList, asObject, asText, asTexts } from './plain-json';

/** A destination of a route, or a mirror. */
export interface Destination {
  /** Pointer to the `destination` or `mirror` object. */
  readonly pointer: string;
  /** Host as written. */
  readonly host: string;
  /** Fully qualified host. */
  readonly completeHost: string;
  readonly subset?: string;
  readonly port?: number;
  /** Receives no requests: one of several destinations with weight 0, or a mirror of 0 %. */
  readonly idle: boolean;
  /** Receives copies of requests. Nobody sees its responses. */
  readonly isMirror: boolean;
}

/** The weight of one destination. */
export interface Weight {
  readonly pointer: string;
  /** 0 if not set; absent if not an integer. */
  readonly value?: number;
  readonly isSet: boolean;
}

/** One entry of `http`, `tls` or `tcp`. */
export interface Route {
  readonly pointer: string;
  readonly name?: string;
  /** One for each destination that is not a mirror. */
  readonly weights: readonly Weight[];
  /** The destinations in order, then the mirrors. */
  readonly destinations: readonly Destination[];
  readonly protocol: Protocol;
  /**
   * The gateways that may use the route, `namespace/name` or `mesh`, as far as the VirtualService itself tells; empty for a delegate, which inherits
   * those of its parent.
   */
  readonly gateways: readonly string[];
  /** No proxy has it: an earlier route matches every request, or its matches name only gateways that the VirtualService does not name. */
  readonly isNeverBuilt: boolean;
  /** The ports of the proxies that have it; absent if a match specifies none. */
  readonly ports?: readonly number[];
  /** Client namespaces that its matches specify. */
  readonly sourceNamespaces: readonly string[];
}

/** The lists of routes in a VirtualService. */
export type Protocol = 'http' | 'tls' | 'tcp';

const PROTOCOLS: readonly Protocol[] = ['http', 'tls', 'tcp'];

/** A VirtualService, read tolerantly. */
export interface VirtualService {
  readonly manifest: Manifest;
  readonly namespace: string;
  /** Hosts, completed. */
  readonly hosts: readonly string[];
  /** That of the mesh where the object does not set it; empty means every namespace. */
  readonly exportTo: readonly string[];
  readonly routes: readonly Route[];
}

/** What the mesh adds to VirtualServices. */
export interface VirtualServiceDefaults {
  readonly clusterDomain?: string;
  /** @default - every namespace */
  readonly exportTo?: readonly string[];
}

/** Reads the VirtualServices of the input. */
export function readVirtualServices(
  manifests: readonly Manifest[], { clusterDomain, exportTo: everywhere = [] }: VirtualServiceDefaults = {},
): VirtualService[] {
  // Thousands of routes name hundreds of hosts: one text for each costs less to make, to keep and to look up.
  const known = new Map<string, Map<string, string>>();
  return manifests.map(manifest => {
    const spec = asObject(manifest.object.spec);
    const namespace = namespaceOf(manifest);
    const ofNamespace = once(known, namespace, () => new Map<string, string>());
    const complete = (host: string) => once(ofNamespace, host, () => completeHost(host, namespace, clusterDomain));
    const hosts = asTexts(spec.hosts).map(complete);
    const gateways = hosts.length === 0 ? [] : references(spec.gateways, namespace, [MESH]);
    const exportTo = asTexts(spec.exportTo);
    const routes = PROTOCOLS.flatMap(protocol => {
      const context: Context = { protocol, namespace, gateways, complete, behind: new Set() };
      return asList(spec[protocol]).map((route, index) => readRoute(asObject(route), `/spec/${protocol}/${index}`, context));
    });
    return { manifest, namespace, hosts, exportTo: exportTo.length === 0 ? everywhere : exportTo, routes };
  });
}

type Complete = (host: string) => string;

/** What the routes of one list have in common. */
interface Context {
  readonly protocol: Protocol;
  readonly namespace: string;
  /** Those of the VirtualService. */
  readonly gateways: readonly string[];
  readonly complete: Complete;
  /** The gateways for which an earlier route matches every request; {@link ALL} for all of them. */
  readonly behind: Set<string>;
}

const NONE: readonly string[] = [];

/** No gateway has this name. */
const ALL = '';

/**
 * Reads one of thousands of routes. Loops rather than chains of callbacks: V8 compiles each callback and, with all of them, every function
 * around them.
 */
function readRoute(route: PlainObject, pointer: string, context: Context): Route {
  const { protocol, namespace, gateways, behind } = context;
  const weights: Weight[] = [];
  const destinations: Destination[] = [];
  const items = asList(route.route);
  for (let index = 0; index < items.length; index++) {
    const item = asObject(items[index]);
    const weight = readWeight(item, `${pointer}/route/${index}/weight`);
    weights.push(weight);
    // A single destination receives everything, whatever its weight (Istio 1.30 pilot/pkg/networking/core/route/route.go).
    const idle = items.length > 1 && weight.value === 0;
    destinations.push(readDestination(item.destination, `${pointer}/route/${index}/destination`, context, idle));
  }
  if (route.mirror || route.mirrors) {
    destinations.push(...readMirrors(route, pointer, context));
  }
  let named = NONE;
  let sourceNamespaces = NONE;
  let ports: readonly number[] | undefined;
  let caught = NONE;
  const matches = asList(route.match);
  let narrowed = gateways.length > 0 && matches.length > 0;
  for (const item of matches) {
    const match = asObject(item);
    const { gateways: own, sourceNamespace, port } = match;
    const names = own === undefined ? NONE : asTexts(own).map(text => completeGateway(text, namespace));
    narrowed = narrowed && names.length > 0;
    if (names.length > 0) {
      named = [...named, ...names];
    }
    if (typeof sourceNamespace === 'string') {
      sourceNamespaces = [...sourceNamespaces, sourceNamespace];
    }
    if (typeof port === 'number' && port !== 0) {
      ports = [...ports ?? [], port];
    }
    if (catchesAll(match, protocol)) {
      caught = [...caught, ...names.length === 0 ? [ALL] : names];
    }
  }
  const bound = narrowed ? named.filter(name => gateways.includes(name)) : gateways;
  const open = behind.size === 0 ? bound : bound.filter(name => !behind.has(name));
  const isNeverBuilt = behind.has(ALL) || (gateways.length > 0 && open.length === 0);
  (matches.length === 0 ? [ALL] : caught).forEach(name => behind.add(name));
  return {
    pointer, name: asText(route.name), protocol, weights, destinations, gateways: open.length === bound.length ? bound : open, isNeverBuilt, sourceNamespaces,
    ports: ports?.length === matches.length ? ports : undefined,
  };
}

/** Conditions of an HTTP match on the request, other than its path. */
const CONDITIONS = ['scheme', 'method', 'authority', 'headers', 'withoutHeaders', 'queryParams'];

/**
 * Whether a match holds for every request or connection of the gateways that it names: behind it istiod builds no route for them (Istio 1.30
 * pilot/pkg/networking/core/route/route.go:414-437, gateway.go buildGatewayNetworkFiltersFromTCPRoutes). One with a port or a source holds for some only.
 */
function catchesAll(match: PlainObject, protocol: Protocol): boolean {
  if (protocol === 'tls' || (protocol === 'http' && !isAnyPath(match))) {
    return false;
  }
  const isSet = (key: string) => match[key] !== undefined && match[key] !== null;
  if (['port', 'sourceLabels', 'sourceNamespace'].some(isSet)) {
    return false;
  }
  return protocol === 'tcp' ? !isSet('destinationSubnets') : !CONDITIONS.some(key => Object.keys(asObject(match[key])).length > 0);
}

function isAnyPath({ uri }: PlainObject): boolean {
  const { exact, prefix, regex } = asObject(uri);
  return exact === undefined && (prefix === undefined ? regex === undefined || regex === '*' || regex === '.*' : prefix === '/');
}

function references(value: unknown, namespace: string, fallback: readonly string[]): readonly string[] {
  const names = asTexts(value);
  return names.length === 0 ? fallback : names.map(name => completeGateway(name, namespace));
}

function readWeight(item: PlainObject, pointer: string): Weight {
  const isSet = item.weight !== undefined && item.weight !== null;
  return { pointer, value: isSet ? asInteger(item.weight) : 0, isSet };
}

function readMirrors(route: PlainObject, pointer: string, context: Context): Destination[] {
  const single = route.mirror === undefined || route.mirror === null ? []
    : [readDestination(route.mirror, `${pointer}/mirror`, context, isZero(route.mirrorPercentage), true)];
  const several = asList(route.mirrors).map((mirror, index) => readDestination(asObject(mirror).destination,
    `${pointer}/mirrors/${index}/destination`, context, isZero(asObject(mirror).percentage), true));
  return [...single, ...several];
}

function readDestination(value: unknown, pointer: string, { complete }: Context, idle: boolean, isMirror = false): Destination {
  const destination = asObject(value);
  const host = asText(destination.host) ?? '';
  return {
    pointer,
    host,
    completeHost: complete(host),
    subset: asText(destination.subset) || undefined,
    port: asInteger(asObject(destination.port).number),
    idle,
    isMirror,
  };
}

/** An absent percentage mirrors all requests; `{}` means 0, because protobuf omits zero values. */
function isZero(percentage: unknown): boolean {
  return percentage !== undefined && percentage !== null && (asObject(percentage).value ?? 0) === 0;
}
