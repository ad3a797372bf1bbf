// VirtualServices, flattened to the routes and destinations that Istio makes of them, each with its place.
import { GatewayReference, gatewayReference } from './gateway';
import { Manifest, namespaceOf } from './manifest';
import { PlainObject, asInteger, asList, asObject, asText, asTexts } from './plain-json';
import { completeHost } from './service-host';

/** Where a route or a mirror sends requests. */
export interface Destination {
  /** Pointer to the `destination` or `mirror` object. */
  readonly pointer: string;
  /** Host as written. */
  readonly host: string;
  /** Host as Istio reads it. */
  readonly completeHost: string;
  readonly subset?: string;
  readonly port?: number;
  /** Gets no requests at all: a weight of 0 beside others, or a mirror of 0 %. */
  readonly idle: boolean;
}

/** The share of one destination. An absent weight is 0; one that is no whole number is unknown. */
export interface Weight {
  readonly pointer: string;
  readonly value: number | undefined;
}

/** One entry of `http`, `tls` or `tcp`. */
export interface Route {
  readonly pointer: string;
  readonly weights: readonly Weight[];
  /** Destinations of the route in the order written, then its mirrors. */
  readonly destinations: readonly Destination[];
  /** Who uses the route; empty for a delegate, which takes its parent's. */
  readonly gateways: readonly GatewayReference[];
  /** Client namespaces that its matches name. */
  readonly sourceNamespaces: readonly string[];
}

/** A VirtualService, read tolerantly. */
export interface VirtualService {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly exportTo: readonly string[];
  readonly routes: readonly Route[];
}

/** Reads the VirtualServices of the input. */
export function readVirtualServices(manifests: readonly Manifest[]): VirtualService[] {
  return manifests.map(manifest => {
    const spec = asObject(manifest.object.spec);
    const namespace = namespaceOf(manifest);
    const gateways = asTexts(spec.hosts).length === 0 ? [] : references(spec.gateways, namespace, ['mesh']);
    const routes = ['http', 'tls', 'tcp'].flatMap(protocol => asList(spec[protocol])
      .map((route, index) => readRoute(asObject(route), `/spec/${protocol}/${index}`, namespace, gateways)));
    return { manifest, namespace, exportTo: asTexts(spec.exportTo), routes };
  });
}

function readRoute(route: PlainObject, pointer: string, namespace: string, gateways: readonly GatewayReference[]): Route {
  const matches = asList(route.match).map(asObject);
  const weights = asList(route.route).map((item, index) => readWeight(asObject(item), `${pointer}/route/${index}/weight`));
  const narrowed = matches.length > 0 && matches.every(match => asTexts(match.gateways).length > 0);
  const destinations = readDestinations(route, pointer, namespace, weights);
  return {
    pointer,
    weights,
    destinations: route.mirror || route.mirrors ? [...destinations, ...readMirrors(route, pointer, namespace)] : destinations,
    gateways: narrowed && gateways.length > 0 ? matches.flatMap(match => references(match.gateways, namespace, [])) : gateways,
    sourceNamespaces: matches.flatMap(match => asText(match.sourceNamespace) ?? []),
  };
}

function references(value: unknown, namespace: string, otherwise: readonly GatewayReference[]): readonly GatewayReference[] {
  const texts = asTexts(value);
  return texts.length === 0 ? otherwise : texts.map(text => gatewayReference(text, namespace));
}

function readWeight(item: PlainObject, pointer: string): Weight {
  return { pointer, value: item.weight === undefined || item.weight === null ? 0 : asInteger(item.weight) };
}

/** A single destination receives everything, whatever its weight (Istio 1.30 pilot/pkg/networking/core/route/route.go). */
function readDestinations(route: PlainObject, pointer: string, namespace: string, weights: readonly Weight[]): Destination[] {
  return asList(route.route).map((item, index) => readDestination(asObject(item).destination,
    `${pointer}/route/${index}/destination`, namespace, weights.length > 1 && weights[index].value === 0));
}

function readMirrors(route: PlainObject, pointer: string, namespace: string): Destination[] {
  const single = route.mirror === undefined || route.mirror === null ? []
    : [readDestination(route.mirror, `${pointer}/mirror`, namespace, isZero(route.mirrorPercentage))];
  const several = asList(route.mirrors).map((mirror, index) => readDestination(asObject(mirror).destination,
    `${pointer}/mirrors/${index}/destination`, namespace, isZero(asObject(mirror).percentage)));
  return [...single, ...several];
}

function readDestination(value: unknown, pointer: string, namespace: string, idle: boolean): Destination {
  const destination = asObject(value);
  const host = asText(destination.host) ?? '';
  return {
    pointer,
    host,
    completeHost: completeHost(host, namespace),
    subset: asText(destination.subset) || undefined,
    port: asInteger(asObject(destination.port).number),
    idle,
  };
}

/** An absent percentage mirrors everything; `{}` means 0, as protobuf leaves zero values out. */
function isZero(percentage: unknown): boolean {
  return percentage !== undefined && percentage !== null && (asObject(percentage).value ?? 0) === 0;
}
