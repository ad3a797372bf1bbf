// Where a security policy applies: a workload, a gateway, a namespace, the mesh.
// Facts: Istio 1.30, pilot/pkg/model/policyattachment.go and authorization.go.
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { requireInteger } from '../../base/number';
import { marked, NUMBER, objectOf, requireProps } from '../../base/prop-types';
import { Evidence } from './evidence';
import { GATEWAY_WORKLOAD, GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { type IWorkload, requireWorkload } from '../workload/workload';

/** What a policy has to be told about a gateway that does not tell it itself. */
export interface GatewayScopeOptions {
  /**
   * Proxies in front of the gateway whose X-Forwarded-For it believes: `numTrustedProxies` of its proxy configuration.
   *
   * @default - as the gateway says; without it, rules on the client's address are refused behind an ALB
   */
  readonly trustedProxies?: number;
}

/** The fields of a policy that say where it applies. */
interface ScopeFields {
  readonly selector?: { readonly matchLabels: { readonly [key: string]: string } };
  readonly targetRefs?: { readonly group: string; readonly kind: string; readonly name: string }[];
}

/** What a gateway tells of its clients besides, where it does. */
interface WithClientAddress {
  readonly seesClientAddress?: boolean;
}

type WhyNot = (evidence: Evidence) => string | undefined;

const GATEWAY_OPTIONS = objectOf<GatewayScopeOptions>({ trustedProxies: NUMBER });

/** A scope, made by one of its makers. */
export const POLICY_SCOPE = marked<PolicyScope>('PolicyScope', 'workload(bookinfo.reviews)');

/** Where a policy applies. In the root namespace of the mesh, a policy reaches the pods of every namespace. */
export class PolicyScope {
  /** The pods of a workload. @throws InvalidProps for one without sidecar, where nothing would follow a policy */
  public static workload(workload: IWorkload): PolicyScope {
    const { namespace, serviceName, selector, withoutSidecar } = requireWorkload('workload', workload);
    if (withoutSidecar) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`, 'must be a workload whose pods have a sidecar: nothing else would follow a policy');
    }
    return new PolicyScope(namespace, { selector: { matchLabels: { ...selector } } }, whyNotAtWorkload);
  }

  /**
   * The pods of a gateway. Rules on the client's address, on tokens and for routing by claims belong here.
   *
   * Behind an ALB, rules that could not work are refused: on identities of the mesh, because the load balancer shows none; on the
   * address of the peer, because that is the load balancer's; on the client's address where the gateway trusts no proxy.
   *
   * @throws InvalidProps for a number that contradicts the gateway's own
   */
  public static gateway(gateway: IGatewayWorkload, options: GatewayScopeOptions = {}): PolicyScope {
    const { workloadNamespace, serviceName, selector, trustedProxies, entry } = requireProps(GATEWAY_WORKLOAD, gateway, '', 'gateway');
    const said = requireProps(GATEWAY_OPTIONS, options, '', 'options').trustedProxies;
    if (said !== undefined && requireInteger('trustedProxies', said, 0, 100) !== (trustedProxies ?? said)) {
      throw InvalidProps.value('trustedProxies', said, `must be ${trustedProxies}, as the gateway has it`);
    }
    const { seesClientAddress } = gateway as WithClientAddress;
    const whyNot = entry === GatewayEntry.ALB ? whyNotBehindAlb(said ?? trustedProxies) : whyNotBehindNlb(seesClientAddress ?? true);
    const pods = entry === GatewayEntry.NETWORK_LOAD_BALANCER ? `${workloadNamespace}/${serviceName}` : undefined;
    return new PolicyScope(workloadNamespace, { selector: { matchLabels: { ...selector } } }, whyNot, pods);
  }

  /** All pods of a namespace. @throws InvalidProps for the root namespace of the mesh, where all namespaces would be meant */
  public static namespace(namespace: string, rootNamespace: string = 'istio-system'): PolicyScope {
    if (requireDnsLabel('namespace', namespace) === requireDnsLabel('rootNamespace', rootNamespace)) {
      throw InvalidProps.value('namespace', namespace,
        'must be a namespace other than the root namespace of the mesh; PolicyScope.mesh() is what a policy there means');
    }
    return new PolicyScope(namespace, {});
  }

  /** All pods of the mesh, gateways included. */
  public static mesh(rootNamespace: string = 'istio-system'): PolicyScope {
    return new PolicyScope(requireDnsLabel('rootNamespace', rootNamespace), {});
  }

  /** Pods with these labels: for what is neither a workload nor a gateway here. Nothing is known of them, so nothing is refused. */
  public static pods(namespace: string, labels: { readonly [key: string]: string }): PolicyScope {
    return new PolicyScope(requireDnsLabel('namespace', namespace), { selector: { matchLabels: requireLabels('labels', labels) } });
  }

  /** A Gateway of the Gateway API, in its namespace: an ingress gateway or a waypoint. Istio ignores such a policy elsewhere. */
  public static gatewayApi(namespace: string, gatewayName: string): PolicyScope {
    return attached(namespace, 'gateway.networking.k8s.io', 'Gateway', 'gatewayName', gatewayName);
  }

  /** All Gateways of a class of the Gateway API. In the root namespace of the mesh only. */
  public static gatewayClass(className: string, rootNamespace: string = 'istio-system'): PolicyScope {
    return attached(rootNamespace, 'gateway.networking.k8s.io', 'GatewayClass', 'className', className);
  }

  /** A Service behind a waypoint of the ambient mesh. Sidecars ignore such a policy. */
  public static waypointService(namespace: string, serviceName: string): PolicyScope {
    return attached(namespace, '', 'Service', 'serviceName', serviceName);
  }

  /** A ServiceEntry behind a waypoint of the ambient mesh. Sidecars ignore such a policy. */
  public static waypointServiceEntry(namespace: string, serviceEntryName: string): PolicyScope {
    return attached(namespace, 'networking.istio.io', 'ServiceEntry', 'serviceEntryName', serviceEntryName);
  }

  /** @internal */
  public static _of(namespace: string, fields: ScopeFields): PolicyScope {
    return new PolicyScope(namespace, fields);
  }

  /** @internal */
  public readonly _class = 'PolicyScope';
  /** Namespace of the policies that apply there. */
  public readonly policyNamespace: string;
  /** What would work instead of a rule on this; nothing where it works. @internal */
  public readonly _whyNot: WhyNot;
  /** Namespace and Service of a gateway that may have TCP and TLS routes. @internal */
  public readonly _layer4Gateway: string | undefined;
  private readonly fields: ScopeFields;

  private constructor(namespace: string, fields: ScopeFields, whyNot: WhyNot = () => undefined, layer4Gateway?: string) {
    this.policyNamespace = namespace;
    this.fields = fields;
    this._whyNot = whyNot;
    this._layer4Gateway = layer4Gateway;
  }

  /** @internal */
  public _render(): ScopeFields {
    return this.fields;
  }
}

/** Throws for a scope without pods: the labels of an external service are none, and without labels all pods would be meant. */
export function requirePods(scope: PolicyScope, path: string): void {
  const { selector } = scope._render();
  if (selector && Object.keys(selector.matchLabels).length === 0) {
    throw InvalidProps.value('scope', selector, 'must be a workload with pods in the cluster: without labels, all pods would be meant', path);
  }
}

function attached(namespace: string, group: string, kind: string, prop: string, name: string): PolicyScope {
  const targetRefs = [{ group, kind, name: requireDnsSubdomain(prop, name) }];
  return PolicyScope._of(requireDnsLabel('namespace', namespace), { targetRefs });
}

function whyNotAtWorkload(evidence: Evidence): string | undefined {
  return evidence === Evidence.CLIENT_ADDRESS
    ? 'another condition: a sidecar sees the address that the gateway saw, the load balancer\'s; take PolicyScope.gateway()'
    : undefined;
}

function whyNotBehindAlb(trustedProxies: number | undefined): WhyNot {
  return evidence => {
    if (evidence === Evidence.IDENTITY) {
      return 'another condition: an ALB shows no certificate of the mesh, so that no identity ever matches at its gateway';
    }
    if (evidence === Evidence.PEER_ADDRESS) {
      return 'the client\'s address (remoteIpBlocks) or Caller.loadBalancer(): the peer of a gateway behind an ALB is the load balancer';
    }
    if (evidence !== Evidence.CLIENT_ADDRESS || (trustedProxies ?? 0) > 0) {
      return undefined;
    }
    return trustedProxies === undefined
      ? 'a gateway whose trusted proxies are known: PolicyScope.gateway(gateway, { trustedProxies: 1 })'
      : 'a gateway that trusts the ALB (trustedProxies of 1 or more): without, the client\'s address is the load balancer\'s';
  };
}

function whyNotBehindNlb(seesClientAddress: boolean): WhyNot {
  return evidence => evidence === Evidence.CLIENT_ADDRESS && !seesClientAddress
    ? 'a Network Load Balancer with preserveClientIp or proxyProtocol: without, the client\'s address is the load balancer\'s'
    : undefined;
}
