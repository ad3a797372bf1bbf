// The routes of VirtualServices as written: their destinations and weights, each with its pointer, whether or not Istio admits and uses them.
import { MESH, completeGateway, completeHost } from '../base/istio-names';
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
  /** The gateways that use the route, `namespace/name` or `mesh`; empty for a delegate, which inherits those of its parent. */
  readonly gateways: readonly string[];
  /** Client namespaces that its matches specify. */
  readonly sourceNamespaces: readonly string[];
}

/** A VirtualService, read tolerantly. */
export interface VirtualService {
  readonly manifest: Manifest;
  readonly namespace: string;
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
  const complete = (host: string, namespace: string) => completeHost(host, namespace, clusterDomain);
  return manifests.map(manifest => {
    const spec = asObject(manifest.object.spec);
    const namespace = namespaceOf(manifest);
    const gateways = asTexts(spec.hosts).length === 0 ? [] : references(spec.gateways, namespace, [MESH]);
    const exportTo = asTexts(spec.exportTo);
    const routes = ['http', 'tls', 'tcp'].flatMap(protocol => asList(spec[protocol])
      .map((route, index) => readRoute(asObject(route), `/spec/${protocol}/${index}`, namespace, gateways, complete)));
    return { manifest, namespace, exportTo: exportTo.length === 0 ? everywhere : exportTo, routes };
  });
}

type Complete = (host: string, namespace: string) => string;

/**
 * Reads one of thousands of routes. Loops rather than chains of callbacks: V8 compiles each callback and, with all of them, every function
 * around them.
 */
function readRoute(route: PlainObject, pointer: string, namespace: string, gateways: readonly string[], complete: Complete): Route {
  const weights: Weight[] = [];
  const destinations: Destination[] = [];
  const items = asList(route.route);
  for (let index = 0; index < items.length; index++) {
    const item = asObject(items[index]);
    const weight = readWeight(item, `${pointer}/route/${index}/weight`);
    weights.push(weight);
    // A single destination receives everything, whatever its weight (Istio 1.30 pilot/pkg/networking/core/route/route.go).
    const idle = items.length > 1 && weight.value === 0;
    destinations.push(readDestination(item.destination, `${pointer}/route/${index}/destination`, namespace, idle, complete));
  }
  if (route.mirror || route.mirrors) {
    destinations.push(...readMirrors(route, pointer, namespace, complete));
  }
  const named: string[] = [];
  const sourceNamespaces: string[] = [];
  let narrowed = gateways.length > 0 && asList(route.match).length > 0;
  for (const match of asList(route.match)) {
    const { gateways: own, sourceNamespace } = asObject(match);
    const texts = own === undefined ? [] : asTexts(own);
    narrowed = narrowed && texts.length > 0;
    texts.forEach(text => named.push(completeGateway(text, namespace)));
    if (typeof sourceNamespace === 'string') {
      sourceNamespaces.push(sourceNamespace);
    }
  }
  return { pointer, name: asText(route.name), weights, destinations, gateways: narrowed ? named : gateways, sourceNamespaces };
}

function references(value: unknown, namespace: string, fallback: readonly string[]): readonly string[] {
  const names = asTexts(value);
  return names.length === 0 ? fallback : names.map(name => completeGateway(name, namespace));
}

function readWeight(item: PlainObject, pointer: string): Weight {
  const isSet = item.weight !== undefined && item.weight !== null;
  return { pointer, value: isSet ? asInteger(item.weight) : 0, isSet };
}

function readMirrors(route: PlainObject, pointer: string, namespace: string, complete: Complete): Destination[] {
  const single = route.mirror === undefined || route.mirror === null ? []
    : [readDestination(route.mirror, `${pointer}/mirror`, namespace, isZero(route.mirrorPercentage), complete)];
  const several = asList(route.mirrors).map((mirror, index) => readDestination(asObject(mirror).destination,
    `${pointer}/mirrors/${index}/destination`, namespace, isZero(asObject(mirror).percentage), complete));
  return [...single, ...several];
}

function readDestination(value: unknown, pointer: string, namespace: string, idle: boolean, complete: Complete): Destination {
  const destination = asObject(value);
  const host = asText(destination.host) ?? '';
  return {
    pointer,
    host,
    completeHost: complete(host, namespace),
    subset: asText(destination.subset) || undefined,
    port: asInteger(asObject(destination.port).number),
    idle,
  };
}

/** An absent percentage mirrors all requests; `{}` means 0, because protobuf omits zero values. */
function isZero(percentage: unknown): boolean {
  return percentage !== undefined && percentage !== null && (asObject(percentage).value ?? 0) === 0;
}
