// Which services the sidecars of a namespace or a workload can reach: one Sidecar object.
import { Construct } from 'constructs';
import { Sidecar, type SidecarSpec, type SidecarSpecEgress, type SidecarSpecOutboundTrafficPolicy } from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { isHostName } from '../../base/host';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { type ConnectionPool, renderConnectionPool } from '../traffic-policy/connection-pool';
import { ExternalService } from './external-service';
import type { Fields } from '../wire/istio-fields';
import { PlainObject } from '../wire/plain-object';
import { type PolicyScope } from '../security/policy-scope';
import { registerScopedObject } from '../security/security-policy';
import { requireSidecarHosts } from './sidecar-host';
import { renderEgressListener, renderIngressListener, type SidecarEgressListener, type SidecarIngressListener } from './sidecar-listener';
import { type IWorkload, requireSubset, requireWorkload, type Subset } from '../workload/workload';

/** What sidecars do with traffic to unknown hosts. */
export class OutboundTraffic {
  /** Blocks it: HTTP requests get a 502 response, other connections are closed. Hosts outside the cluster then need an `ExternalService`. */
  public static registryOnly(): OutboundTraffic {
    return new OutboundTraffic({ mode: 'REGISTRY_ONLY' });
  }

  /** Lets it pass. Routes and policies do not apply to it. */
  public static allowAny(): OutboundTraffic {
    return new OutboundTraffic({ mode: 'ALLOW_ANY' });
  }

  /** Sends it to a workload that forwards it, such as a forward proxy. */
  public static allowAnyThrough(workload: IWorkload): OutboundTraffic {
    return new OutboundTraffic({ mode: 'ALLOW_ANY', egressProxy: egressProxy('workload', requireWorkload('workload', workload)) });
  }

  /** Sends it to one version of a workload that forwards it. */
  public static allowAnyThroughSubset(subset: Subset): OutboundTraffic {
    const { version, workload } = requireSubset('subset', subset);
    return new OutboundTraffic({ mode: 'ALLOW_ANY', egressProxy: { ...egressProxy('subset', workload), subset: version } });
  }

  private constructor(private readonly fields: Fields<SidecarSpecOutboundTrafficPolicy>) {}

  /** @internal */
  public _render(): Fields<SidecarSpecOutboundTrafficPolicy> {
    return this.fields;
  }
}

function egressProxy(prop: string, { host, port }: IWorkload): NonNullable<Fields<SidecarSpecOutboundTrafficPolicy>['egressProxy']> {
  if (!isHostName(host)) {
    throw InvalidProps.value(prop, host, 'must not have a wildcard host');
  }
  return { host, port: { number: port } };
}

/** Props of a `MeshSidecar`. */
export interface MeshSidecarProps {
  /**
   * The sidecars that this applies to: of a workload, single pods, a namespace or the mesh. It does not apply to gateways, which know every
   * service that is exported to them.
   */
  readonly scope: PolicyScope;

  /**
   * Workloads that the pods call. The sidecars know these and everything in the root namespace, which receives telemetry, and no others.
   *
   * @default - only `hosts`
   */
  readonly reaches?: IWorkload[];

  /**
   * Services that the sidecars know: `namespace/host`, `./*` for the same namespace, `~/*` for none.
   *
   * @default - the services in `reaches`; without it, those of the wider scope, and finally all services
   */
  readonly hosts?: string[];

  /**
   * Listeners for single ports, with their own lists of services.
   *
   * @default - none
   */
  readonly egressListeners?: SidecarEgressListener[];

  /**
   * What happens to traffic to other hosts.
   *
   * @default - the setting of the mesh; allowed by Istio's default
   */
  readonly outbound?: OutboundTraffic;

  /**
   * Listeners for inbound traffic.
   *
   * @default - derived by Istio from the Services of the pods
   */
  readonly ingressListeners?: SidecarIngressListener[];

  /**
   * Limits on inbound connections and requests, on all ports.
   *
   * @default - none
   */
  readonly inboundConnectionPool?: ConnectionPool;

  /**
   * Name of the Sidecar.
   *
   * @default 'default' for a namespace or the mesh; otherwise the id of the construct, in lower case with hyphens
   */
  readonly sidecarName?: string;

  /**
   * Root namespace of the mesh, which is reachable in addition to `reaches`.
   *
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;
}

/**
 * One Sidecar object: which services the sidecars know, and what happens to traffic to others.
 *
 * By default every sidecar receives the configuration of every service. A list makes the configuration smaller and faster to load, and
 * documents who calls whom. It is not a security boundary: an application can bypass its sidecar.
 */
export class MeshSidecar extends Construct {
  /** Namespace of the Sidecar. */
  public readonly namespace: string;

  /** @throws InvalidProps for values that Istio would reject or warn about, and for a scope that another Sidecar of the app already has */
  public constructor(scope: Construct, id: string, props: MeshSidecarProps) {
    super(requireChartScopeAndId(scope, id), id);
    const path = this.node.path;
    const { scope: where, sidecarName } = requireProps('MeshSidecarProps', props, path);
    this.namespace = where.policyNamespace;
    const name = registerScopedObject(this, { kind: 'Sidecar', nameProp: 'sidecarName', name: sidecarName, scope: where });
    const metadata = { name, namespace: this.namespace, labels: recommendedLabels(name, 'routing') };
    const spec = refusedAt(path, () => this.spec(props));
    new PlainObject(this, 'Resource', { ...Sidecar.GVK, metadata, spec });
  }

  private spec(props: MeshSidecarProps): Fields<SidecarSpec> {
    const { scope, inboundConnectionPool, outbound } = props;
    const { selector, targetRefs } = scope._render();
    if (targetRefs) {
      throw InvalidProps.value('scope', targetRefs, 'must be a workload, pods, a namespace or the mesh, because a waypoint or Gateway has no sidecars');
    }
    const spec: Fields<SidecarSpec> = {
      workloadSelector: selector && { labels: { ...selector.matchLabels } },
      egress: this.egress(props),
      ingress: this.ingress(props.ingressListeners),
      outboundTrafficPolicy: outbound?._render(),
      inboundConnectionPool: inboundConnectionPool && renderConnectionPool('inboundConnectionPool', inboundConnectionPool),
    };
    if (!spec.egress && !spec.ingress && !spec.outboundTrafficPolicy && !spec.inboundConnectionPool) {
      throw InvalidProps.value('props', undefined,
        'must set at least one of reaches, hosts, egressListeners, outbound, ingressListeners and inboundConnectionPool');
    }
    return spec;
  }

  private egress({ egressListeners = [], hosts, reaches, rootNamespace = 'istio-system' }: MeshSidecarProps): Fields<SidecarSpecEgress>[] | undefined {
    const listeners = egressListeners.map((listener, index) => renderEgressListener(`egressListeners[${index}]`, listener, this.namespace));
    egressListeners.forEach(({ bind, port }, index) => {
      const same = egressListeners.findIndex(other => (port === undefined ? other.port === undefined && other.bind === bind : other.port === port));
      if (same !== index) {
        throw InvalidProps.duplicate(`egressListeners[${index}]`, port ?? bind, `the ${port === undefined ? 'socket' : 'port'} of egressListeners[${same}]`);
      }
    });
    if (reaches) {
      const root = requireDnsLabel('rootNamespace', rootNamespace);
      const reached = new Set(reaches.filter(({ namespace }) => namespace !== root).flatMap(namesOf));
      listeners.push({ hosts: requireSidecarHosts('hosts', [...reached, `${root}/*`, ...hosts ?? []], this.namespace) });
    } else if (hosts) {
      listeners.push({ hosts: requireSidecarHosts('hosts', hosts, this.namespace) });
    }
    return listeners.length > 0 ? listeners : undefined;
  }

  private ingress(listeners: readonly SidecarIngressListener[] = []): Fields<SidecarSpec>['ingress'] {
    listeners.forEach(({ port }, index) => {
      const same = listeners.findIndex(other => other.port === port);
      if (same !== index) {
        throw InvalidProps.duplicate(`ingressListeners[${index}].port`, port, `the port of ingressListeners[${same}]`);
      }
    });
    const rendered = listeners.map((listener, index) => renderIngressListener(`ingressListeners[${index}]`, listener));
    return rendered.length > 0 ? rendered : undefined;
  }
}

function namesOf(workload: IWorkload): string[] {
  const hosts = workload instanceof ExternalService ? workload.hosts : [workload.host];
  return hosts.map(host => `${workload.namespace}/${host}`);
}
