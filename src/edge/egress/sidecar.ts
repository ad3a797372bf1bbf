// What the sidecars of a namespace or a workload know and reach: one Sidecar object.
import { Construct } from 'constructs';
import { Sidecar, type SidecarSpec, type SidecarSpecEgress, type SidecarSpecOutboundTrafficPolicy } from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { isHostName } from '../../base/host';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { requireProps } from '../../base/prop-types';
import { type ConnectionPool, renderConnectionPool } from '../traffic-policy/connection-pool';
import { ExternalService } from './external-service';
import type { Fields } from '../wire/istio-fields';
import { PlainObject } from '../wire/plain-object';
import { type PolicyScope } from '../security/policy-scope';
import { registerScopedObject } from '../security/security-policy';
import { requireSidecarHosts } from './sidecar-host';
import { renderEgressListener, renderIngressListener, type SidecarEgressListener, type SidecarIngressListener } from './sidecar-listener';
import { type IWorkload, requireSubset, requireWorkload, type Subset } from '../workload/workload';

/** What sidecars do with requests to hosts that they do not know. */
export class OutboundTraffic {
  /** They are refused: HTTP with 502, other connections by closing them. Hosts outside the cluster need an `ExternalService` then. */
  public static registryOnly(): OutboundTraffic {
    return new OutboundTraffic({ mode: 'REGISTRY_ONLY' });
  }

  /** They go through, unseen by routes and policies. */
  public static allowAny(): OutboundTraffic {
    return new OutboundTraffic({ mode: 'ALLOW_ANY' });
  }

  /** They go to a workload that passes them on, such as a forward proxy. */
  public static allowAnyThrough(workload: IWorkload): OutboundTraffic {
    return new OutboundTraffic({ mode: 'ALLOW_ANY', egressProxy: egressProxy('workload', requireWorkload('workload', workload)) });
  }

  /** They go to one version of a workload that passes them on. */
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
    throw InvalidProps.value(prop, host, 'must be a workload with a host that is no wildcard');
  }
  return { host, port: { number: port } };
}

/** Props of a `MeshSidecar`. */
export interface MeshSidecarProps {
  /**
   * The sidecars that this is about: those of a workload, of some pods, of a namespace, or of the mesh. Gateways are no sidecars: they
   * know all services that are exported to them, whatever is said here.
   */
  readonly scope: PolicyScope;

  /**
   * Workloads that the pods call, beside everything in the root namespace, where telemetry goes to. Sidecars know no others.
   *
   * @default - as `hosts` says
   */
  readonly reaches?: IWorkload[];

  /**
   * Services that the sidecars know: `namespace/host`, `./*` for those of the own namespace, `~/*` for none.
   *
   * @default - those of `reaches`; without it, as in the wider scope, and all services in the end
   */
  readonly hosts?: string[];

  /**
   * Listeners for single ports, which know services of their own.
   *
   * @default - none
   */
  readonly egressListeners?: SidecarEgressListener[];

  /**
   * What happens to requests to other hosts.
   *
   * @default - as the mesh is set up; allowed in Istio's own defaults
   */
  readonly outbound?: OutboundTraffic;

  /**
   * Listeners for what comes in.
   *
   * @default - made by Istio from the Services of the pods
   */
  readonly ingressListeners?: SidecarIngressListener[];

  /**
   * Bounds on connections and requests that come in, on all ports.
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
   * Root namespace of the mesh, which is reached beside `reaches`.
   *
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;
}

/**
 * One Sidecar: which services the sidecars know, and what happens to requests to others.
 *
 * By default every sidecar gets the configuration of every service; a list makes it smaller and quicker, and says who calls whom. It is
 * no protection: an application can go past its sidecar.
 */
export class MeshSidecar extends Construct {
  /** Namespace of the Sidecar. */
  public readonly namespace: string;

  /** @throws InvalidProps for what Istio would refuse or warn of, and for a scope that another Sidecar of the app has */
  public constructor(scope: Construct, id: string, props: MeshSidecarProps) {
    super(scope, id);
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
      throw InvalidProps.value('scope', targetRefs, 'must be a workload, some pods, a namespace or the mesh; there are no sidecars elsewhere');
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
        'must be at least one of reaches, hosts, egressListeners, outbound, ingressListeners and inboundConnectionPool');
    }
    return spec;
  }

  private egress({ egressListeners = [], hosts, reaches, rootNamespace = 'istio-system' }: MeshSidecarProps): Fields<SidecarSpecEgress>[] | undefined {
    const listeners = egressListeners.map((listener, index) => renderEgressListener(`egressListeners[${index}]`, listener, this.namespace));
    egressListeners.forEach(({ bind, port }, index) => {
      const same = egressListeners.findIndex(other => (port === undefined ? other.port === undefined && other.bind === bind : other.port === port));
      if (same !== index) {
        throw InvalidProps.value(`egressListeners[${index}]`, port ?? bind, 'must be every port and every Unix socket once');
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
      if (listeners.findIndex(other => other.port === port) !== index) {
        throw InvalidProps.value(`ingressListeners[${index}].port`, port, 'must be every port once');
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
