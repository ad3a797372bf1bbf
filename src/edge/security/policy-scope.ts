// What a security policy applies to: a workload, a gateway, a namespace or the mesh.
// Facts: Istio 1.30, pilot/pkg/model/policyattachment.go and authorization.go.
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { requireInteger } from '../../base/number';
import { instanceOf, requireProps } from '../../base/prop-types';
import { AttributeSource } from './condition';
import { GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { type IWorkload, requireWorkload } from '../workload/workload';

/** What a policy needs to know about a gateway that does not declare it. */
export interface GatewayScopeOptions {
  /**
   * Number of proxies in front of the gateway whose X-Forwarded-For it trusts: `numTrustedProxies` in its proxy configuration.
   *
   * @default - as the gateway declares; if it does not, rules on the client's address are rejected behind an ALB
   */
  readonly trustedProxies?: number;
}

/** The fields of a policy that select what it applies to. */
interface ScopeFields {
  readonly selector?: { readonly matchLabels: { readonly [key: string]: string } };
  readonly targetRefs?: { readonly group: string; readonly kind: string; readonly name: string }[];
}

type Limitation = (source: AttributeSource) => string | undefined;

/** Where a kind of proxy sees the requests that its pods receive, in the words of an EnvoyFilter. */
type ProxyContext = 'GATEWAY' | 'SIDECAR_INBOUND';

/** A value that one of the makers of `PolicyScope` returns. */
export const POLICY_SCOPE = instanceOf<PolicyScope>('PolicyScope');

/** What a policy applies to. A policy in the root namespace of the mesh applies to the pods of every namespace. */
export class PolicyScope {
  /** The pods of a workload. @throws InvalidProps for a workload without a sidecar, where nothing enforces policies */
  public static workload(workload: IWorkload): PolicyScope {
    const { namespace, serviceName, selector, withoutSidecar } = requireWorkload('workload', workload);
    if (withoutSidecar) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`, 'must have a sidecar, because nothing else enforces the policy');
    }
    return new PolicyScope(namespace, { selector: { matchLabels: { ...selector } } }, 'SIDECAR_INBOUND', limitationOfSidecar);
  }

  /**
   * The pods of a gateway. Use it for rules on the client's address, for tokens, and for routing by claims.
   *
   * Behind an ALB, rules that cannot work are rejected: rules on mesh identities, because the load balancer presents none; on the peer
   * address, because that is the load balancer's; and on the client's address if the gateway trusts no proxy.
   *
   * @throws InvalidProps for a number of trusted proxies that differs from the gateway's own
   */
  public static gateway(gateway: IGatewayWorkload, options: GatewayScopeOptions = {}): PolicyScope {
    const known = requireProps('IGatewayWorkload', gateway, '', 'gateway');
    const { workloadNamespace, serviceName, selector, trustedProxies, entry, seesClientAddress = true } = known;
    const given = requireProps('GatewayScopeOptions', options, '', 'options').trustedProxies;
    if (given !== undefined && requireInteger('trustedProxies', given, 0, 100) !== (trustedProxies ?? given)) {
      throw InvalidProps.value('trustedProxies', given, `must be ${trustedProxies}, the number that the gateway is configured with`);
    }
    const limitation = entry === GatewayEntry.ALB ? limitationBehindAlb(given ?? trustedProxies) : limitationBehindNlb(seesClientAddress);
    const pods = `${workloadNamespace}/${serviceName}`;
    const layer4Gateway = entry === GatewayEntry.NETWORK_LOAD_BALANCER ? pods : undefined;
    return new PolicyScope(workloadNamespace, { selector: { matchLabels: { ...selector } } }, 'GATEWAY', limitation, layer4Gateway, pods);
  }

  /** All pods of a namespace. @throws InvalidProps for the root namespace of the mesh, where the policy would apply to all namespaces */
  public static namespace(namespace: string, rootNamespace: string = 'istio-system'): PolicyScope {
    if (requireDnsLabel('namespace', namespace) === requireDnsLabel('rootNamespace', rootNamespace)) {
      throw InvalidProps.value('namespace', namespace,
        'must not be the root namespace of the mesh, where a policy applies to all namespaces; if you want that, use PolicyScope.mesh()');
    }
    return new PolicyScope(namespace, {});
  }

  /** All pods of the mesh, including gateways. */
  public static mesh(rootNamespace: string = 'istio-system'): PolicyScope {
    return new PolicyScope(requireDnsLabel('rootNamespace', rootNamespace), {});
  }

  /** Pods with these labels, for anything that is not declared as a workload or gateway. Rules are not checked against what these pods can see. */
  public static pods(namespace: string, labels: { readonly [key: string]: string }): PolicyScope {
    return new PolicyScope(requireDnsLabel('namespace', namespace), { selector: { matchLabels: requireLabels('labels', labels) } });
  }

  /** A Gateway of the Gateway API, in its own namespace: an ingress gateway or a waypoint. Istio ignores such a policy in other namespaces. */
  public static gatewayApi(namespace: string, gatewayName: string): PolicyScope {
    return attached(namespace, 'gateway.networking.k8s.io', 'Gateway', 'gatewayName', gatewayName);
  }

  /** All Gateways of a GatewayClass of the Gateway API. Only valid in the root namespace of the mesh. */
  public static gatewayClass(className: string, rootNamespace: string = 'istio-system'): PolicyScope {
    return attached(rootNamespace, 'gateway.networking.k8s.io', 'GatewayClass', 'className', className);
  }

  /** A Service behind a waypoint in ambient mode. Sidecars ignore such a policy. */
  public static waypointService(namespace: string, serviceName: string): PolicyScope {
    return attached(namespace, '', 'Service', 'serviceName', serviceName);
  }

  /** A ServiceEntry behind a waypoint in ambient mode. Sidecars ignore such a policy. */
  public static waypointServiceEntry(namespace: string, serviceEntryName: string): PolicyScope {
    return attached(namespace, 'networking.istio.io', 'ServiceEntry', 'serviceEntryName', serviceEntryName);
  }

  /** @internal */
  public static _of(namespace: string, fields: ScopeFields): PolicyScope {
    return new PolicyScope(namespace, fields);
  }

  /** Namespace of policies with this scope. */
  public readonly policyNamespace: string;
  /** What the pods are; undefined if they can be sidecars and gateways. @internal */
  public readonly _context: ProxyContext | undefined;
  /** Why the proxies cannot evaluate rules on this source, as the predicate of a sentence about the rule; undefined if they can. @internal */
  public readonly _limitation: Limitation;
  /** Namespace and Service of a gateway that may have TCP and TLS routes. @internal */
  public readonly _layer4Gateway: string | undefined;
  /** Namespace and Service of the gateway. @internal */
  public readonly _gateway: string | undefined;
  private readonly fields: ScopeFields;

  private constructor(
    namespace: string, fields: ScopeFields, context?: ProxyContext, limitation: Limitation = () => undefined, layer4Gateway?: string, gateway?: string,
  ) {
    this.policyNamespace = namespace;
    this.fields = fields;
    this._context = context;
    this._limitation = limitation;
    this._layer4Gateway = layer4Gateway;
    this._gateway = gateway;
  }

  /** @internal */
  public _render(): ScopeFields {
    return this.fields;
  }
}

/** Throws for a workload without pods, such as an external service: it has no labels, and an empty selector selects all pods. */
export function requirePods(scope: PolicyScope, path: string): void {
  const { selector } = scope._render();
  if (selector && Object.keys(selector.matchLabels).length === 0) {
    throw InvalidProps.value('scope', selector, 'must have pods in the cluster, because an empty selector selects all pods of the namespace', path);
  }
}

function attached(namespace: string, group: string, kind: string, prop: string, name: string): PolicyScope {
  const targetRefs = [{ group, kind, name: requireDnsSubdomain(prop, name) }];
  return PolicyScope._of(requireDnsLabel('namespace', namespace), { targetRefs });
}

function limitationOfSidecar(source: AttributeSource): string | undefined {
  return source === AttributeSource.CLIENT_ADDRESS
    ? 'cannot match on the client\'s address at a workload, whose sidecar only sees the address of the load balancer; use PolicyScope.gateway()'
    : undefined;
}

function limitationBehindAlb(trustedProxies: number | undefined): Limitation {
  return source => {
    if (source === AttributeSource.IDENTITY) {
      return 'cannot match on a mesh identity at a gateway behind an ALB, which does not present a mesh certificate';
    }
    if (source === AttributeSource.PEER_ADDRESS) {
      return 'cannot match on the peer address at a gateway behind an ALB, which is always the load balancer\'s; '
        + 'use the client\'s address (remoteIpBlocks), or Caller.loadBalancer()';
    }
    if (source !== AttributeSource.CLIENT_ADDRESS || (trustedProxies ?? 0) > 0) {
      return undefined;
    }
    return trustedProxies === undefined
      ? 'cannot match on the client\'s address, because the number of proxies that the gateway trusts is not known; '
        + 'use PolicyScope.gateway(gateway, { trustedProxies: 1 })'
      : 'cannot match on the client\'s address, because the gateway does not trust the ALB; set trustedProxies of the gateway to 1 or more';
  };
}

function limitationBehindNlb(seesClientAddress: boolean): Limitation {
  return source => source === AttributeSource.CLIENT_ADDRESS && !seesClientAddress
    ? 'cannot match on the client\'s address, which the Network Load Balancer hides; set its preserveClientIp or proxyProtocol'
    : undefined;
}
