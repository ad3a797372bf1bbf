// The objects by which Flux applies the folder of an app, and waits for what it applied.
// Facts: Flux 2.9 with kustomize-controller 1.9, docs/spec/v1/kustomizations.md.
import { ApiObject, Chart, type Duration, Lazy } from 'cdk8s';
import { InvalidProps, refusedAt } from '../../base/errors';
import { isDnsLabel, isDnsSubdomain, MAX_LABEL_LENGTH, requireDnsLabel, requireDnsSubdomain, requireSecretName } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
import type { GitOpsApp } from '../gitops-app';
import { APP, deliveryNameOf, pathInRepository } from './applied-folder';
import { fluxDuration } from './flux-duration';
import { FluxSource } from './flux-source';
import { managedElsewhere } from './managed-elsewhere';

/** What Flux does with the applied objects when the Kustomization itself is deleted. */
export enum FluxDeletionPolicy {
  /** Deletes them where `prune` is on, and leaves them where it is off. */
  MIRROR_PRUNE = 'MirrorPrune',
  /** Deletes them. */
  DELETE = 'Delete',
  /** Deletes them and waits until they are gone, so that the load balancer goes while its controller still runs. */
  WAIT_FOR_TERMINATION = 'WaitForTermination',
  /** Leaves them. */
  ORPHAN = 'Orphan',
}

/** Props of a `FluxDelivery`. */
export interface FluxDeliveryProps {
  /** Where Flux finds the files. */
  readonly source: FluxSource;

  /**
   * Path of the folder from the root of the source.
   *
   * @default - the folder of the app, seen from the working directory
   */
  readonly path?: string;

  /**
   * Name of the Kustomization, and of the GitRepository: 63 characters at most.
   *
   * @default - the path of the folder below `dist`, with hyphens: `production` for `dist/production`, `shop-production` for
   * `dist/shop/production`
   */
  readonly deliveryName?: string;

  /**
   * Namespace of both.
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;

  /**
   * Kustomizations that have to be ready before: that of istiod above all, without whose webhook the pods of a gateway do not start. A name,
   * or `namespace/name`.
   *
   * @default - none
   */
  readonly dependsOn?: string[];

  /**
   * How often Flux compares the cluster with the files, in whole seconds.
   *
   * @default Duration.minutes(10)
   */
  readonly interval?: Duration;

  /**
   * How long Flux waits after a failure before it tries again, in whole seconds.
   *
   * @default Duration.minutes(1)
   */
  readonly retryInterval?: Duration;

  /**
   * How long all objects may take to get ready, in whole seconds. A new load balancer takes some minutes.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;

  /**
   * Whether Flux deletes what has left the folder.
   *
   * @default true
   */
  readonly prune?: boolean;

  /**
   * What Flux does with the applied objects when the Kustomization is deleted.
   *
   * @default FluxDeletionPolicy.WAIT_FOR_TERMINATION, and MIRROR_PRUNE, which leaves them, where `prune` is off
   */
  readonly deletionPolicy?: FluxDeletionPolicy;

  /**
   * Name of the Secret with the kubeconfig of another cluster, where the objects are applied.
   *
   * @default - the cluster that Flux runs in
   */
  readonly kubeConfigSecretName?: string;

  /**
   * Name of the ServiceAccount that Flux acts as.
   *
   * @default - the one of the controller
   */
  readonly serviceAccountName?: string;

  /**
   * Whether Flux leaves everything as it is for now.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

/** An Ingress counts as ready at once for Flux, which knows no rule for it; this one waits until the load balancer has an address. */
const INGRESS_HEALTH = {
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', inProgress: '!has(status.loadBalancer.ingress)', current: 'has(status.loadBalancer.ingress)',
};

/**
 * A Flux Kustomization for the folder of an app and, unless Flux knows the source already, the GitRepository.
 *
 * Flux applies by server-side apply, waits for every object and for the address of the load balancer, and leaves alone the weights that a
 * controller in the cluster manages. It needs Flux 2.6 or later and, where weights are managed elsewhere, 2.9: an older one refuses a field
 * that it does not know.
 */
export class FluxDelivery extends Chart {
  /** The GitRepository, where one is written. */
  public readonly gitRepository?: ApiObject;
  /** The Kustomization. */
  public readonly kustomization: ApiObject;

  /**
   * @param app the app whose folder is applied
   * @param id name of the file: `flux` for `clusters/production/flux.yaml`
   * @throws InvalidProps for values that Flux would refuse
   */
  public constructor(app: GitOpsApp, id: string, props: FluxDeliveryProps) {
    super(requireProps(APP, app, id, 'app').delivery, id, { disableResourceNameHashes: true });
    const { source, namespace = 'flux-system', ...options } = requireProps('FluxDeliveryProps', props, this.node.path);
    const path = pathInRepository(app, options.path, this.node.path);
    const name = requireLabelled(deliveryNameOf(path, options.deliveryName, this.node.path, 'deliveryName'), this.node.path);
    const metadata = { name, namespace: requireDnsLabel('namespace', namespace, this.node.path) };
    const spec = source._spec();
    this.gitRepository = spec && new ApiObject(this, 'GitRepository', { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata, spec });
    this.kustomization = new ApiObject(this, 'Kustomization', {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata,
      spec: {
        ...refusedAt(this.node.path, () => settingsOf(options, metadata)),
        sourceRef: source._reference(name),
        path: `./${path}`,
        wait: true,
        healthCheckExprs: Lazy.any({ produce: () => (hasIngress(app) ? [INGRESS_HEALTH] : undefined) }),
        ignore: Lazy.any({ produce: () => ignoreRules(app) }),
      },
    });
  }
}

/** Flux labels every object with the name, and with a longer one it applies none (https://github.com/fluxcd/flux2/issues/2004). */
function requireLabelled(name: string, path: string): string {
  if (name.length > MAX_LABEL_LENGTH) {
    throw InvalidProps.value('deliveryName', name, `must be at most ${MAX_LABEL_LENGTH} characters, for Flux labels every object with it`, path);
  }
  return name;
}

function settingsOf(options: Omit<FluxDeliveryProps, 'source'>, own: Named): object {
  const { prune = true, kubeConfigSecretName, serviceAccountName, suspend } = options;
  return {
    interval: fluxDuration('interval', options.interval, '10m'),
    retryInterval: fluxDuration('retryInterval', options.retryInterval, '1m'),
    timeout: fluxDuration('timeout', options.timeout, '10m'),
    prune,
    deletionPolicy: options.deletionPolicy ?? (prune ? FluxDeletionPolicy.WAIT_FOR_TERMINATION : FluxDeletionPolicy.MIRROR_PRUNE),
    dependsOn: options.dependsOn?.map((text, index) => dependency(text, index, own)),
    kubeConfig: kubeConfigSecretName === undefined ? undefined : { secretRef: { name: requireSecretName('kubeConfigSecretName', kubeConfigSecretName) } },
    serviceAccountName: serviceAccountName === undefined ? undefined : requireDnsSubdomain('serviceAccountName', serviceAccountName),
    suspend: suspend || undefined,
  };
}

interface Named {
  readonly name: string;
  readonly namespace: string;
}

function dependency(text: string, index: number, own: Named): object {
  const [, namespace, name] = /^(?:([^/]*)\/)?([^/]*)$/.exec(text) ?? [];
  if (!isDnsSubdomain(name ?? '') || (namespace !== undefined && !isDnsLabel(namespace))) {
    throw InvalidProps.value(`dependsOn[${index}]`, text, 'must be the name of a Kustomization, or namespace/name');
  }
  if (name === own.name && (namespace ?? own.namespace) === own.namespace) {
    throw InvalidProps.value(`dependsOn[${index}]`, text, 'must be another Kustomization: one that waits for itself is never ready');
  }
  return namespace === undefined ? { name } : { name, namespace };
}

function hasIngress(app: GitOpsApp): boolean {
  return app.node.findAll().some(each => ApiObject.isApiObject(each) && each.kind === 'Ingress');
}

/** Flux takes the fields of a target for anchored regular expressions, in which a dot is any character. */
function ignoreRules(app: GitOpsApp): object[] | undefined {
  const rules = managedElsewhere(app).filter(({ pointers }) => pointers.length > 0).map(({ kind, name, namespace, pointers }) => (
    { target: { group: 'networking.istio.io', kind, name: name.replaceAll('.', '\\.'), namespace: namespace ?? 'default' }, paths: pointers }));
  return rules.length > 0 ? rules : undefined;
}
