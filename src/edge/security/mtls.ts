// Mutual TLS inside the mesh: which workloads take plain connections, by mesh, namespace, workload and port.
// Facts: Istio 1.30, pilot/pkg/security/authn/policy_applier.go and pilot/pkg/model/authentication.go.
import { Construct } from 'constructs';
import type { PeerAuthenticationSpec, PeerAuthenticationSpecMtlsMode, PeerAuthenticationSpecPortLevelMtlsMode } from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { requirePort } from '../../base/number';
import { oncePerApp } from '../../base/once-per-app';
import { BOOLEAN, OBJECT, objectOf, requireProps, TEXT, TEXTS, wordOf } from '../../base/prop-types';
import { PEER_AUTHENTICATION } from '../wire/istio-kinds';
import { PlainObject } from '../wire/plain-object';
import { hasSidecar, type IWorkload, requireWorkload } from '../workload/workload';

/** What connections a workload takes from its peers. */
export enum MtlsMode {
  /** Mutual TLS only. */
  STRICT = 'STRICT',
  /** Mutual TLS and plain connections, for the time of a migration. */
  PERMISSIVE = 'PERMISSIVE',
  /** Plain connections only: for single ports or workloads, such as a port whose protocol is TLS of its own. Not in the ambient mesh. */
  DISABLE = 'DISABLE',
}

/** The choices about mutual TLS. */
export interface MeshTlsOptions {
  /**
   * What connections the workloads take: STRICT or PERMISSIVE.
   *
   * @default MtlsMode.STRICT
   */
  readonly mode?: MtlsMode;

  /**
   * Namespaces that still take plain connections too, whatever `mode` says. To end the migration of one, take it off the list.
   *
   * @default - none
   */
  readonly permissiveNamespaces?: string[];

  /**
   * Whether `mode` is set for the whole mesh too: for every namespace that has no mode of its own.
   *
   * @default false
   */
  readonly wholeMesh?: boolean;

  /**
   * Root namespace of the mesh. A policy for a whole namespace would apply to the whole mesh there, and one for single workloads to
   * nothing, so workloads in it follow the mesh.
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

/** What is different for one workload. */
export interface WorkloadTlsOptions {
  /**
   * What connections its pods take.
   *
   * @default - as for its namespace
   */
  readonly mode?: MtlsMode;

  /**
   * What connections single ports take, by the port that the pods listen on. That is the target port of the Service, which may be
   * another than the Service's own.
   *
   * @default - all ports alike
   */
  readonly ports?: { readonly [port: string]: MtlsMode };
}

const MODE = wordOf(MtlsMode);
const PROPS = objectOf<MeshTlsProps>({
  mode: MODE, permissiveNamespaces: TEXTS, wholeMesh: BOOLEAN, rootNamespace: TEXT, namespaces: TEXTS,
});
const WORKLOAD_OPTIONS = objectOf<WorkloadTlsOptions>({ mode: MODE, ports: value => OBJECT(value) as { [port: string]: MtlsMode } });

/** A policy of the app, and the pods that it is for. */
interface Declared {
  readonly mode: MtlsMode | undefined;
  readonly spec: string;
}

const DECLARED = oncePerApp<Declared>();
/** Names of policies by the pods that they select: of two for the same pods, Istio takes the older one alone. */
const SELECTED = oncePerApp<string>();

/**
 * Mutual TLS for the namespaces that requests are routed to. The mode of a port counts before that of its workload, that before the
 * namespace's, and that before the mesh's.
 *
 * To migrate, begin with `permissiveNamespaces` (or `mode: MtlsMode.PERMISSIVE`), wait until no plain connections are left
 * (`istio_requests_total{connection_security_policy="none"}`), and take the line away. Only pods with a sidecar are protected.
 */
export class MeshTls extends Construct {
  /** What connections the workloads take. */
  public readonly mode: MtlsMode;
  private readonly rootNamespace: string;
  private readonly permissive: readonly string[];

  /** @throws InvalidProps for a namespace that cannot be, or the root namespace */
  public constructor(scope: Construct, id: string, props: MeshTlsProps = {}) {
    super(scope, id);
    const { mode = MtlsMode.STRICT, permissiveNamespaces = [], wholeMesh = false, rootNamespace = 'istio-system', namespaces = [] } =
      requireProps(PROPS, props, this.node.path);
    if (mode === MtlsMode.DISABLE) {
      throw InvalidProps.value('mode', mode, 'must be STRICT or PERMISSIVE; DISABLE is for single workloads and ports, because callers of a '
        + 'namespace without mutual TLS speak plain to all of it', this.node.path);
    }
    this.mode = mode;
    this.rootNamespace = requireDnsLabel('rootNamespace', rootNamespace, this.node.path);
    this.permissive = permissiveNamespaces;
    if (wholeMesh) {
      this.protectMesh();
    }
    [...permissiveNamespaces, ...namespaces].forEach(namespace => this.protectNamespace(namespace));
  }

  /** Sets the mode for every workload of the mesh whose namespace has none of its own. */
  public protectMesh(): void {
    this.ensure('default', this.rootNamespace, { mtls: modeOf(this.mode) }, this.mode);
  }

  /**
   * Sets the mode for every workload of a namespace. Once for each namespace of an app: further calls change nothing.
   *
   * @throws InvalidProps for the root namespace of the mesh, or where another part of the app has set another mode
   */
  public protectNamespace(namespace: string): void {
    requireDnsLabel('namespace', namespace, this.node.path);
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('namespace', namespace,
        'must be a namespace other than the root namespace of the mesh; protectMesh() is what a policy there means', this.node.path);
    }
    const mode = this.permissive.includes(namespace) ? MtlsMode.PERMISSIVE : this.mode;
    this.ensure('default', namespace, { mtls: modeOf(mode) }, mode);
  }

  /**
   * Sets the mode for the namespace of a workload. Nothing for one without a sidecar, such as an external service, and for one in the root
   * namespace of the mesh, where Istio ignores policies for single workloads: `wholeMesh` protects it, together with all others.
   */
  public protect(workload: IWorkload): void {
    const { namespace } = this.known(workload);
    if (namespace !== this.rootNamespace && hasSidecar(workload)) {
      this.protectNamespace(namespace);
    }
  }

  /**
   * Sets what is different for one workload, or for single ports of it.
   *
   * @throws InvalidProps for a workload in the root namespace, where Istio ignores such a policy, for one without pods, for one that has
   * a policy already, and where neither mode nor ports are given
   */
  public protectWorkload(workload: IWorkload, options: WorkloadTlsOptions): void {
    const { path } = this.node;
    const { namespace, serviceName, selector } = this.known(workload);
    const { mode, ports } = requireProps(WORKLOAD_OPTIONS, options, path, 'options');
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must be a workload outside the root namespace of the mesh: Istio ignores policies for single workloads there', path);
    }
    if (Object.keys(selector).length === 0) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must be a workload with pods in the cluster: without labels, all pods would be meant', path);
    }
    if (mode === undefined && ports === undefined) {
      throw InvalidProps.value('options', options, 'must be mode or ports; protect() sets the mode of the namespace', path);
    }
    const portLevelMtls = ports && this.portModes(ports);
    // The policy of the namespace has this name.
    const name = serviceName === 'default' ? 'default-workload' : serviceName;
    this.requireAlone(`${namespace}/${name}`, selector, namespace);
    this.ensure(name, namespace, { selector: { matchLabels: { ...selector } }, mtls: mode && modeOf(mode), portLevelMtls }, mode);
  }

  private known(workload: IWorkload): IWorkload {
    return refusedAt(this.node.path, () => requireWorkload('workload', workload));
  }

  private portModes(ports: { readonly [port: string]: MtlsMode }): PeerAuthenticationSpec['portLevelMtls'] {
    const entries = Object.entries(ports);
    if (entries.length === 0) {
      throw InvalidProps.value('ports', ports, 'must be at least one port', this.node.path);
    }
    return Object.fromEntries(entries.map(([port, mode]) => {
      if (!/^\d+$/.test(port)) {
        throw InvalidProps.value(`ports.${port}`, port, 'must be the number of a port, 1 to 65535', this.node.path);
      }
      requirePort(`ports.${port}`, Number(port), this.node.path);
      return [port, { mode: requireProps(MODE, mode, this.node.path, `ports.${port}`) as unknown as PeerAuthenticationSpecPortLevelMtlsMode }];
    }));
  }

  private requireAlone(key: string, selector: IWorkload['selector'], namespace: string): void {
    const selected = SELECTED(this);
    const pods = `${namespace} ${JSON.stringify(Object.entries(selector).sort())}`;
    const other = selected.get(pods);
    if (other !== undefined && other !== key) {
      throw InvalidProps.value('workload', key,
        `must be pods without a policy: ${other} has one for them, and Istio would take the older alone`, this.node.path);
    }
    selected.set(pods, key);
  }

  private ensure(name: string, namespace: string, spec: PeerAuthenticationSpec, mode: MtlsMode | undefined): void {
    const known = DECLARED(this);
    const key = `${namespace}/${name}`;
    const made: Declared = { mode, spec: JSON.stringify(spec) };
    const other = known.get(key);
    if (other !== undefined) {
      if (other.spec !== made.spec) {
        throw InvalidProps.value('mode', mode, `must be ${other.mode ?? 'other ports'}, as another part of the app has set for ${key}`, this.node.path);
      }
      return;
    }
    known.set(key, made);
    const metadata = { name, namespace, labels: recommendedLabels(name, 'security') };
    new PlainObject(this, key.replace('/', '.'), { ...PEER_AUTHENTICATION, metadata }, () => spec);
  }
}

function modeOf(mode: MtlsMode): { readonly mode: PeerAuthenticationSpecMtlsMode } {
  return { mode: mode as unknown as PeerAuthenticationSpecMtlsMode };
}
