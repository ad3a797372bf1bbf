// Objects of the Gateway API, which are not modeled: what each may have a say in.
import { serviceFqdn } from '../base/kubernetes-name';
import { isSubsetHost } from '../base/host-index';
import { Manifest, namespaceOf } from '../manifests/manifest';
import { PlainObject, asList, asObject, asText, asTexts } from '../manifests/plain-json';

/** Where an object takes part. */
export interface GatewayApiRole {
  /** `gateways`: in gateways of Istio that the input may have. `clients`: in what sidecars send to a Service. `own`: in gateways that it makes, or in none. */
  readonly reach: 'gateways' | 'clients' | 'own';
  /** Of the gateways, or of the clients; absent for clients everywhere. */
  readonly namespace?: string;
  /** Of `clients`: the host of the Service. */
  readonly service?: string;
  /** Of an object for gateways: the hosts that it serves. */
  readonly hosts?: readonly string[];
}

/** The end of the names of its kinds. */
export const GATEWAY_API = '.gateway.networking.k8s.io';

/** Its Gateway, which is not that of Istio. */
export const GATEWAY_OF_THE_API = `Gateway${GATEWAY_API}`;

/** Kinds that refer to what they are attached to by `parentRefs`, or by `parentRef`. */
const ATTACHED: ReadonlySet<string> = new Set(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'ListenerSet'].map(kind => kind + GATEWAY_API));

/** The class of waypoints, which only ambient mode uses. */
const WAYPOINT = 'istio-waypoint';

/** Where an object of the Gateway API takes part; nothing for other kinds. @param makesPods whether a Gateway of the input makes pods of its own */
export function gatewayApiRoles(
  manifest: Manifest, kind: string, clusterDomain: string, makesPods: (namespace: string, name: string) => boolean,
): GatewayApiRole[] {
  const spec = asObject(manifest.object.spec);
  const namespace = namespaceOf(manifest);
  if (kind === GATEWAY_OF_THE_API) {
    return gatewayRoles(spec, namespace);
  }
  if (!ATTACHED.has(kind)) {
    return [];
  }
  const hosts = asTexts(spec.hostnames);
  const parents = [...asList(spec.parentRefs), ...spec.parentRef === undefined ? [] : [spec.parentRef]].map(asObject);
  return parents.length === 0 ? [{ reach: 'own' }] : parents.map((parent): GatewayApiRole => {
    const [name, of] = [asText(parent.name) ?? '', asText(parent.namespace) ?? namespace];
    if (parent.kind === 'Service' || parent.kind === 'ServiceEntry') {
      // A route of the namespace of the Service is for all clients, any other for those of its own namespace (https://gateway-api.sigs.k8s.io/mesh/).
      const service = parent.kind === 'Service' ? serviceFqdn(name, of, clusterDomain) : name;
      return { reach: 'clients', service, ...(of === namespace ? {} : { namespace }) };
    }
    return { reach: makesPods(of, name) ? 'own' : 'gateways', namespace: of, hosts: hosts.length === 0 ? ['*'] : hosts };
  });
}

/** Istio makes pods for a Gateway of its class, unless an address names the Service of a gateway that exists. */
function gatewayRoles(spec: PlainObject, namespace: string): GatewayApiRole[] {
  if (spec.gatewayClassName === WAYPOINT) {
    return [{ reach: 'own' }];
  }
  const hosts = asList(spec.listeners).map(listener => asText(asObject(listener).hostname) || '*');
  const services = servicesOf(spec);
  return services.length === 0 ? [{ reach: 'own', hosts }]
    : services.map((name): GatewayApiRole => ({ reach: 'gateways', namespace: name.split('.')[1] ?? namespace, hosts }));
}

function servicesOf({ addresses }: PlainObject): string[] {
  return asList(addresses).map(asObject).filter(({ type }) => type === 'Hostname').map(({ value }) => asText(value) ?? '');
}

/** Whether a Gateway makes pods of its own. */
export function makesOwnPods({ object: { spec } }: Manifest): boolean {
  return servicesOf(asObject(spec)).length === 0;
}

/** Whether one of the hosts of an object is that of a request. @param isNamed whether `*` does not count */
export function servesHost({ hosts = [] }: GatewayApiRole, host: string, isNamed: boolean): boolean {
  return hosts.some(own => (!isNamed || own !== '*') && isSubsetHost(host, own));
}
