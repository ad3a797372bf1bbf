// A workload of the mesh: a Service, the port that takes requests, and the versions of the pods behind it.
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain, requireServiceName, serviceFqdn } from '../../base/kubernetes-name';
import { requireLabelKey, requireLabels } from '../../base/labels';
import { requirePort } from '../../base/number';
import { requireProps, typeOf } from '../../base/prop-types';

/** A Service of the mesh that a route can send requests to. */
export interface IWorkload {
  /** Name of the Service. */
  readonly serviceName: string;
  /** Namespace of the Service. */
  readonly namespace: string;
  /** Service port that takes the requests. */
  readonly port: number;
  /** Full name of the Service in the cluster's DNS. */
  readonly host: string;
  /** Labels of the pods behind the Service. */
  readonly selector: { readonly [key: string]: string };
  /** Names of the versions that run behind the Service; empty where versions do not matter. */
  readonly versions: string[];
  /** Pod label that tells the versions apart. */
  readonly versionLabel: string;

  /**
   * ServiceAccount that the pods run as: their identity in the mesh.
   *
   * @default - not known here; the workload cannot be named as a caller
   */
  readonly serviceAccount?: string;

  /**
   * Whether the pods have no sidecar: nothing there could ask for mutual TLS, or say who may call.
   *
   * @default false
   */
  readonly withoutSidecar?: boolean;

  /**
   * One version of the workload.
   *
   * @throws InvalidProps for a version that the workload does not have
   */
  subset(version: string): Subset;

  /** What a route has to know; nothing for Services of Kubernetes. @internal */
  readonly _routing?: Routing;
}

/** What an HTTP route needs to know about a service that is not a Kubernetes Service. */
export interface Routing {
  /** Host header that the service requires. */
  readonly authority?: string;
  /** Why this port cannot receive HTTP requests, if it cannot. */
  readonly needed?: string;
  /** Why the service cannot receive requests from a gateway, if it cannot. */
  readonly neededAtGateway?: string;
}

/** One version of a workload, as `IWorkload.subset` makes it. */
export class Subset {
  /**
   * Use `subset()` of the workload.
   *
   * @throws InvalidProps for a version that the workload does not have
   */
  public constructor(
    /** The workload. */
    public readonly workload: IWorkload,
    /** Name of the version, and of the subset. */
    public readonly version: string,
  ) {
    const { namespace, serviceName, versions } = requireWorkload('workload', workload);
    if (!versions.includes(requireVersion('version', version, workload))) {
      const name = `${namespace}/${serviceName}`;
      throw versions.length > 0
        ? InvalidProps.value('version', version, `must be a version of ${name}: ${versions.join(', ')}`)
        : InvalidProps.conflict('version', version, `cannot be set: ${name} was declared without versions`);
    }
  }
}

const SUBSET = typeOf<Subset>('what subset() of a workload returns', value => value instanceof Subset);

/** Returns the workload. @throws InvalidProps if the value is not an IWorkload */
export function requireWorkload(prop: string, workload: IWorkload): IWorkload {
  // A workload of this package has checked its own fields, and every route names one.
  return workload instanceof Workload ? workload : requireProps('IWorkload', workload, '', prop);
}

/** Whether the workload has pods with a sidecar, which enforce policies. External services and workloads with `withoutSidecar` have none. */
export function hasSidecar({ selector, withoutSidecar }: IWorkload): boolean {
  return !withoutSidecar && Object.keys(selector).length > 0;
}

/** Returns the subset. @throws InvalidProps if the value is not a Subset */
export function requireSubset(prop: string, subset: Subset): Subset {
  return requireProps(SUBSET, subset, '', prop);
}

/** Returns the version, which need not exist. @throws InvalidProps if it is undefined, with the versions of the workload */
export function requireVersion(prop: string, version: string | undefined, { namespace, serviceName, versions }: IWorkload): string {
  if (version === undefined) {
    const name = `${namespace}/${serviceName}`;
    throw InvalidProps.missing(prop, versions.length > 0 ? `and must be a version of ${name}: ${versions.join(', ')}` : `but ${name} has no versions`);
  }
  return version;
}

/** Props of a `Workload`. */
export interface WorkloadProps {
  /** Name of the Service. */
  readonly serviceName: string;

  /** Namespace of the Service. */
  readonly namespace: string;

  /** Service port that takes the requests, 1 to 65535. */
  readonly port: number;

  /**
   * Labels that the Service selects its pods with.
   *
   * @default { app: serviceName }
   */
  readonly selector?: { readonly [key: string]: string };

  /**
   * Names of the versions that run behind the Service: the values of the version label on their pods.
   *
   * @default - none; the workload has no subsets
   */
  readonly versions?: string[];

  /**
   * Pod label that tells the versions apart.
   *
   * @default 'version'
   */
  readonly versionLabel?: string;

  /**
   * ServiceAccount that the pods run as: their identity in the mesh, for rules about who may call whom.
   *
   * @default - not known; the workload cannot be named as a caller
   */
  readonly serviceAccount?: string;

  /**
   * Whether the pods have no sidecar. Nothing protects them then: no mutual TLS, and no rules about who may call.
   *
   * @default false
   */
  readonly withoutSidecar?: boolean;

  /**
   * Domain of the cluster's DNS.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

/** A Service of the mesh, whoever renders it. */
export class Workload implements IWorkload {
  public readonly serviceName: string;
  public readonly namespace: string;
  public readonly port: number;
  public readonly host: string;
  public readonly selector: { readonly [key: string]: string };
  public readonly versions: string[];
  public readonly versionLabel: string;
  public readonly serviceAccount?: string;
  public readonly withoutSidecar?: boolean;

  /** @throws InvalidProps for a name, port or label that Kubernetes would refuse, or a version given twice */
  public constructor(props: WorkloadProps) {
    requireProps('WorkloadProps', props);
    const { clusterDomain = 'cluster.local', selector = { app: props.serviceName }, versions = [], versionLabel = 'version' } = props;
    this.serviceName = requireServiceName('serviceName', props.serviceName);
    this.namespace = requireDnsLabel('namespace', props.namespace);
    this.port = requirePort('port', props.port);
    this.host = serviceFqdn(this.serviceName, this.namespace, requireDnsSubdomain('clusterDomain', clusterDomain));
    this.selector = requireLabels('selector', selector);
    this.versions = versions.map((version, index, all) => {
      if (all.indexOf(version) !== index) {
        throw InvalidProps.value(`versions[${index}]`, version, 'must be every version once');
      }
      return requireDnsLabel(`versions[${index}]`, version);
    });
    this.versionLabel = requireLabelKey('versionLabel', versionLabel);
    this.withoutSidecar = props.withoutSidecar;
    this.serviceAccount = props.serviceAccount === undefined ? undefined : requireDnsSubdomain('serviceAccount', props.serviceAccount);
  }

  public subset(version: string): Subset {
    return new Subset(this, version);
  }
}
