// Mutual TLS inside the mesh: which workloads take plain connections, one PeerAuthentication per namespace.
import { Construct } from 'constructs';
import type { PeerAuthenticationSpec, PeerAuthenticationSpecMtlsMode } from '../../imports/istio/security.istio.io';
import { InvalidProps } from '../base/errors';
import { requireDnsLabel } from '../base/kubernetes-name';
import { recommendedLabels } from '../base/labels';
import { oncePerApp } from '../base/once-per-app';
import { PEER_AUTHENTICATION } from './istio-kinds';
import { PlainObject } from './plain-object';
import type { IWorkload } from './workload';

const DECLARED = oncePerApp<MtlsMode>();

/** What connections a workload takes from its peers. */
export enum MtlsMode {
  /** Mutual TLS only. */
  STRICT = 'STRICT',
  /** Mutual TLS and plain connections, for the time of a migration. */
  PERMISSIVE = 'PERMISSIVE',
}

/** The choices about mutual TLS. */
export interface MeshTlsOptions {
  /**
   * What connections the workloads take.
   *
   * @default MtlsMode.STRICT
   */
  readonly mode?: MtlsMode;

  /**
   * Root namespace of the mesh. A policy for a whole namespace would apply to the whole mesh there, so workloads in it get policies
   * of their own.
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

/** Mutual TLS for the namespaces that requests are routed to. */
export class MeshTls extends Construct {
  /** What connections the workloads take. */
  public readonly mode: MtlsMode;
  private readonly rootNamespace: string;

  /** @throws InvalidProps for a namespace that cannot be, or the root namespace */
  public constructor(scope: Construct, id: string, props: MeshTlsProps = {}) {
    super(scope, id);
    this.mode = props.mode ?? MtlsMode.STRICT;
    this.rootNamespace = requireDnsLabel('rootNamespace', props.rootNamespace ?? 'istio-system', this.node.path);
    props.namespaces?.forEach(namespace => this.protectNamespace(namespace));
  }

  /**
   * Sets the mode for every workload of a namespace. Once for each namespace of an app: further calls change nothing.
   *
   * @throws InvalidProps for the root namespace of the mesh, or where another part of the app has set another mode
   */
  public protectNamespace(namespace: string): void {
    requireDnsLabel('namespace', namespace, this.node.path);
    if (namespace === this.rootNamespace) {
      throw new InvalidProps('namespace', namespace, 'a namespace other than the root namespace of the mesh; protect its workloads one by one', this.node.path);
    }
    this.ensure('default', namespace);
  }

  /** Sets the mode for a workload: for its whole namespace, or for its pods alone where the namespace is the root namespace of the mesh. */
  public protect(workload: IWorkload): void {
    if (workload.namespace === this.rootNamespace) {
      this.ensure(workload.serviceName, workload.namespace, workload.selector);
    } else {
      this.protectNamespace(workload.namespace);
    }
  }

  private ensure(name: string, namespace: string, matchLabels?: { readonly [key: string]: string }): void {
    const known = DECLARED(this);
    const key = `${namespace}/${name}`;
    const mode = known.get(key);
    if (mode !== undefined) {
      if (mode !== this.mode) {
        throw new InvalidProps('mode', this.mode, `${mode}, as another part of the app has set for ${key}`, this.node.path);
      }
      return;
    }
    known.set(key, this.mode);
    const metadata = { name, namespace, labels: recommendedLabels(name, 'security') };
    new PlainObject(this, key.replace('/', '.'), { ...PEER_AUTHENTICATION, metadata }, (): PeerAuthenticationSpec => ({
      selector: matchLabels && { matchLabels: { ...matchLabels } },
      mtls: { mode: this.mode as unknown as PeerAuthenticationSpecMtlsMode },
    }));
  }
}
