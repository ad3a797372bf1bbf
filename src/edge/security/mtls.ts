// Mutual TLS inside the mesh: which workloads accept plaintext connections, by mesh, namespace, workload and port.
// Facts: Istio 1.30, pilot/pkg/security/authn/policy_applier.go and pilot/pkg/model/authentication.go.
import { Construct } from 'constructs';
import {
  PeerAuthentication, type PeerAuthenticationSpec, type PeerAuthenticationSpecMtlsMode, type PeerAuthenticationSpecPortLevelMtlsMode,
} from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { requirePort } from '../../base/number';
import { oncePerApp } from '../../base/once-per-app';
import { enumOf, requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { PlainObject } from '../wire/plain-object';
import { hasSidecar, type IWorkload, requireWorkload } from '../workload/workload';

/** Which connections a workload accepts from its peers. */
export enum MtlsMode {
  /** Mutual TLS only. */
  STRICT = 'STRICT',
  /** Mutual TLS and plaintext, for the duration of a migration. */
  PERMISSIVE = 'PERMISSIVE',
  /** Plaintext only: for single ports or workloads, such as a port whose application does its own TLS. Not available in ambient mode. */
  DISABLE = 'DISABLE',
}

/** Options for mutual TLS. */
export interface MeshTlsOptions {
  /**
   * Which connections the workloads accept: STRICT or PERMISSIVE.
   *
   * @default MtlsMode.STRICT
   */
  readonly mode?: MtlsMode;

  /**
   * Namespaces that still accept plaintext, regardless of `mode`. To finish the migration of a namespace, remove it from this list.
   *
   * @default - none
   */
  readonly permissiveNamespaces?: string[];

  /**
   * Whether `mode` also applies to the whole mesh: to every namespace without a mode of its own.
   *
   * @default false
   */
  readonly wholeMesh?: boolean;

  /**
   * Root namespace of the mesh. There, a policy for the namespace would apply to the whole mesh and Istio ignores policies for single
   * workloads, so workloads in it use the mode of the mesh.
   *
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;
}

/** Props of `MeshTls`. */
export interface MeshTlsProps extends MeshTlsOptions {
  /**
   * Namespaces to protect from the start.
   *
   * @default - none; add them with `protectNamespace` and `protect`
   */
  readonly namespaces?: string[];
}

/** The exceptions for one workload. */
export interface WorkloadTlsOptions {
  /**
   * Which connections its pods accept.
   *
   * @default - the mode of its namespace
   */
  readonly mode?: MtlsMode;

  /**
   * Which connections single ports accept, by the port that the pods listen on. That is the target port of the Service, which can differ
   * from the Service port.
   *
   * @default - the same for all ports
   */
  readonly ports?: { readonly [port: string]: MtlsMode };
}

const MODE = enumOf<MtlsMode>('MtlsMode');

/** What a policy of the app says. */
interface Declared {
  readonly mode: MtlsMode | undefined;
  readonly spec: string;
}

/** Policies of the app, by namespace and name. */
const DECLARED = oncePerApp<Declared>();
/** Names of policies by the pods that they select. Of two policies for the same pods, Istio only applies the older one. */
const SELECTED = oncePerApp<string>();

/**
 * Mutual TLS for every namespace that receives traffic. The mode of a port overrides the mode of its workload, which overrides the mode of
 * the namespace, which overrides the mode of the mesh.
 *
 * To migrate, start with `permissiveNamespaces` (or `mode: MtlsMode.PERMISSIVE`), wait until there are no more plaintext connections
 * (`istio_requests_total{connection_security_policy="none"}`), and then remove the line. Only pods with a sidecar are protected.
 */
export class MeshTls extends Construct {
  /** Which connections the workloads accept. */
  public readonly mode: MtlsMode;
  private readonly rootNamespace: string;
  private readonly permissive: readonly string[];
  /** The namespaces whose mode it has set. */
  private readonly protected = new Set<string>();

  /** @throws InvalidProps for an invalid namespace and for the root namespace */
  public constructor(scope: Construct, id: string, props: MeshTlsProps = {}) {
    super(requireChartScopeAndId(scope, id), id);
    const { mode = MtlsMode.STRICT, permissiveNamespaces = [], wholeMesh = false, rootNamespace = 'istio-system', namespaces = [] } =
      requireProps('MeshTlsProps', props, this.node.path);
    if (mode === MtlsMode.DISABLE) {
      throw InvalidProps.value('mode', mode, 'must be STRICT or PERMISSIVE; DISABLE is for single workloads and ports, because it makes clients send '
        + 'plaintext to the whole namespace', this.node.path);
    }
    this.mode = mode;
    this.rootNamespace = requireDnsLabel('rootNamespace', rootNamespace, this.node.path);
    this.permissive = permissiveNamespaces;
    if (wholeMesh) {
      this.protectMesh();
    }
    [...permissiveNamespaces, ...namespaces].forEach(namespace => this.protectNamespace(namespace));
  }

  /** Sets the mode for every workload of the mesh whose namespace has no mode of its own. */
  public protectMesh(): void {
    this.addOnce('default', this.rootNamespace, { mtls: modeOf(this.mode) }, this.mode);
  }

  /**
   * Sets the mode for every workload of a namespace. Repeated calls for the same namespace have no effect.
   *
   * @throws InvalidProps for the root namespace of the mesh, and if another part of the app sets a different mode
   */
  public protectNamespace(namespace: string): void {
    requireDnsLabel('namespace', namespace, this.node.path);
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('namespace', namespace,
        'must not be the root namespace of the mesh, where a policy applies to the whole mesh; if you want that, use protectMesh()', this.node.path);
    }
    const mode = this.modeIn(namespace);
    this.addOnce('default', namespace, { mtls: modeOf(mode) }, mode);
    this.protected.add(namespace);
  }

  /**
   * Sets the mode for the namespace of a workload. Has no effect for a workload without a sidecar, such as an external service, and for one
   * in the root namespace of the mesh, where Istio ignores policies for single workloads. Use `wholeMesh` to protect the root namespace.
   */
  public protect(workload: IWorkload): void {
    const namespace = this.namespaceOf(workload);
    if (namespace !== undefined && !this.protected.has(namespace)) {
      this.protectNamespace(namespace);
    }
  }

  /** @internal */
  public _accept(workloads: readonly IWorkload[]): void {
    for (const workload of workloads) {
      const namespace = this.namespaceOf(workload);
      if (namespace !== undefined && !this.protected.has(namespace)) {
        const mode = this.modeIn(namespace);
        this.isDeclared(`${namespace}/default`, { mode, spec: JSON.stringify({ mtls: modeOf(mode) }) });
      }
    }
  }

  /** @internal */
  public _reach(workload: IWorkload): void {
    this.protect(workload);
  }

  /**
   * Sets a different mode for one workload, or for single ports of it.
   *
   * @throws InvalidProps for a workload in the root namespace, where Istio ignores such a policy, for a workload without pods, for one that
   * already has a policy, and if neither mode nor ports are set
   */
  public protectWorkload(workload: IWorkload, options: WorkloadTlsOptions): void {
    const { path } = this.node;
    const { namespace, serviceName, selector } = this.required(workload);
    const { mode, ports } = requireProps('WorkloadTlsOptions', options, path, 'options');
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must not be in the root namespace of the mesh, where Istio ignores policies for single workloads', path);
    }
    if (Object.keys(selector).length === 0) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must have pods in the cluster, because an empty selector selects all pods of the namespace', path);
    }
    if (mode === undefined && ports === undefined) {
      throw InvalidProps.value('options', options, 'must set mode or ports; use protect() to set the mode of the namespace', path);
    }
    const portLevelMtls = ports && this.portModes(ports);
    // The policy of the namespace is called "default".
    const name = serviceName === 'default' ? 'default-workload' : serviceName;
    this.requireOnlyPolicy(`${namespace}/${name}`, selector, namespace);
    this.addOnce(name, namespace, { selector: { matchLabels: { ...selector } }, mtls: mode && modeOf(mode), portLevelMtls }, mode);
  }

  /** The namespace of the workload, if this construct sets its mode. */
  private namespaceOf(workload: IWorkload): string | undefined {
    const { namespace } = this.required(workload);
    return namespace === this.rootNamespace || !hasSidecar(workload) ? undefined : requireDnsLabel('namespace', namespace, this.node.path);
  }

  private modeIn(namespace: string): MtlsMode {
    return this.permissive.includes(namespace) ? MtlsMode.PERMISSIVE : this.mode;
  }

  private required(workload: IWorkload): IWorkload {
    return refusedAt(this.node.path, () => requireWorkload('workload', workload));
  }

  private portModes(ports: { readonly [port: string]: MtlsMode }): PeerAuthenticationSpec['portLevelMtls'] {
    const entries = Object.entries(ports);
    if (entries.length === 0) {
      throw InvalidProps.value('ports', ports, 'must contain at least one port', this.node.path);
    }
    return Object.fromEntries(entries.map(([port, mode]) => {
      if (!/^\d+$/.test(port)) {
        throw InvalidProps.value(`ports.${port}`, port, 'must be a port number from 1 to 65535', this.node.path);
      }
      requirePort(`ports.${port}`, Number(port), this.node.path);
      return [port, { mode: requireProps(MODE, mode, this.node.path, `ports.${port}`) as unknown as PeerAuthenticationSpecPortLevelMtlsMode }];
    }));
  }

  private requireOnlyPolicy(key: string, selector: IWorkload['selector'], namespace: string): void {
    const selected = SELECTED(this);
    const pods = `${namespace} ${JSON.stringify(Object.entries(selector).sort())}`;
    const other = selected.get(pods);
    if (other !== undefined && other !== key) {
      throw InvalidProps.conflict('workload', key,
        `has the same pods as ${other}, which already has a policy; Istio would only apply the older of the two`, this.node.path);
    }
    selected.set(pods, key);
  }

  private addOnce(name: string, namespace: string, spec: PeerAuthenticationSpec, mode: MtlsMode | undefined): void {
    const key = `${namespace}/${name}`;
    const wanted: Declared = { mode, spec: JSON.stringify(spec) };
    if (this.isDeclared(key, wanted)) {
      return;
    }
    DECLARED(this).set(key, wanted);
    const metadata = { name, namespace, labels: recommendedLabels(name, 'security') };
    new PlainObject(this, key.replace('/', '.'), { ...PeerAuthentication.GVK, metadata }, () => spec);
  }

  /** Whether the app has the policy. @throws InvalidProps if it says something else */
  private isDeclared(key: string, { mode, spec }: Declared): boolean {
    const other = DECLARED(this).get(key);
    if (other !== undefined && other.spec !== spec) {
      throw InvalidProps.conflict('mode', mode, other.mode === undefined || other.mode === mode
        ? `conflicts with another part of the app, which declares different ports for ${key}`
        : `must be ${other.mode}, as another part of the app declares for ${key}`, this.node.path);
    }
    return other !== undefined;
  }
}

function modeOf(mode: MtlsMode): { readonly mode: PeerAuthenticationSpecMtlsMode } {
  return { mode: mode as unknown as PeerAuthenticationSpecMtlsMode };
}
