// Istio Gateways: the ports of their servers, and the namespaces of their pods.
import { groupBy } from '../base/multimap';
import { Manifest, nameOf, namespaceOf } from '../manifests/manifest';
import { asInteger, asList, asObject } from '../manifests/plain-json';
import { Services } from './service';

/** A Gateway by namespace and name, or `mesh` for the sidecars. */
export type GatewayReference = 'mesh' | { readonly namespace: string; readonly name: string };

/** A Gateway, read tolerantly. */
export interface Gateway {
  readonly name: string;
  readonly namespace: string;
  /** Port numbers of the servers that route; servers that only redirect to HTTPS are omitted. */
  readonly ports: readonly number[];
  readonly selector: readonly [key: string, value: string][];
}

/** All Istio Gateways of the input. */
export class Gateways {
  private readonly byName: ReadonlyMap<string, readonly Gateway[]>;

  public constructor(manifests: readonly Manifest[]) {
    this.byName = groupBy(manifests.map(readGateway), keyOf);
  }

  /** The Gateways that a reference names: usually one, none for `mesh`. */
  public find(reference: GatewayReference): readonly Gateway[] {
    return reference === 'mesh' ? [] : this.byName.get(keyOf(reference)) ?? [];
  }
}

function keyOf({ namespace, name }: Exclude<GatewayReference, 'mesh'>): string {
  return `${namespace}/${name}`;
}

/**
 * Reads an entry of `gateways`: `name` in the VirtualService's own namespace, `namespace/name`, the old `name.namespace.svc…`, or `mesh`
 * (Istio 1.30 pilot/pkg/model/config.go resolveGatewayName).
 */
export function gatewayReference(text: string, namespace: string): GatewayReference {
  if (text === 'mesh') {
    return 'mesh';
  }
  const slash = text.indexOf('/');
  if (slash !== -1) {
    const prefix = text.slice(0, slash);
    return { namespace: prefix === '.' ? namespace : prefix, name: text.slice(slash + 1) };
  }
  const [name, other] = text.split('.');
  return { namespace: other ?? namespace, name };
}

/**
 * The namespaces in which the Gateway's pods are guaranteed to run: those of Services whose selector includes the Gateway's. A Gateway
 * may be in another namespace than its pods, and Istio uses the namespace of the pods (Istio 1.30 pilot/pkg/model/push_context.go).
 */
export function podNamespaces(gateway: Gateway, services: Services): string[] {
  return [...new Set(services.selecting(gateway.selector).map(service => service.namespace))].sort();
}

function readGateway(manifest: Manifest): Gateway {
  const spec = asObject(manifest.object.spec);
  const servers = asList(spec.servers).map(asObject).filter(server => asObject(server.tls).httpsRedirect !== true);
  return {
    name: nameOf(manifest),
    namespace: namespaceOf(manifest),
    ports: servers.flatMap(server => asInteger(asObject(server.port).number) ?? []),
    selector: Object.entries(asObject(spec.selector)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  };
}
