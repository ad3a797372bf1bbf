// The objects with which Flux applies the folder of an app and waits until everything is ready.
// Facts: Flux 2.9 with kustomize-controller 1.9, docs/spec/v1/kustomizations.md.
import { ApiObject, Chart, type Duration, Lazy } from 'cdk8s';
import { InvalidProps, refusedAt } from '../../base/errors';
import { isDnsLabel, isDnsSubdomain, MAX_LABEL_LENGTH, requireDnsLabel, requireDnsSubdomain, requireSecretName } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
import { requireScopeAndId } from '../../base/scope';
import type { GitOpsApp } from '../gitops-app';
import { APP, deliveryNameOf, pathInRepository } from './applied-folder';
import { FluxSource, fluxDuration } from './flux-source';
import { managedElsewhere } from './managed-elsewhere';

/** What Flux does with the objects it applied when the Kustomization is deleted. */
export enum FluxDeletionPolicy {
  /** Deletes them if `prune` is true, and keeps them otherwise. */
  MIRROR_PRUNE = 'MirrorPrune',
  /** Deletes them. */
  DELETE = 'Delete',
  /** Deletes them and waits until they are gone, so that the load balancer is deleted while its controller still runs. */
  WAIT_FOR_TERMINATION = 'WaitForTermination',
  /** Keeps them. */
  ORPHAN = 'Orphan',
}

/** Props of a `FluxDelivery`. */
export interface FluxDeliveryProps {
  /** The source from which Flux reads the files. */
  readonly source: FluxSource;

  /**
   * The path of the folder relative to the root of the source.
   *
   * @default - the path of the folder relative to the working directory
   */
  readonly path?: string;

  /**
   * The name of the Kustomization and of the GitRepository, with at most 63 characters.
   *
   * @default - the path of the folder below `dist`, with hyphens: `production` for `dist/production`, `shop-production` for
   * `dist/shop/production`
   */
  readonly deliveryName?: string;

  /**
   * The namespace of both.
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;

  /**
   * The Kustomizations that must be ready first, as `name` or `namespace/name`. List that of istiod: without its webhook the pods of a gateway
   * do not start.
   *
   * @default - no dependencies
   */
  readonly dependsOn?: string[];

  /**
   * How often Flux compares the cluster with the files, in whole seconds.
   *
   * @default Duration.minutes(10)
   */
  readonly interval?: Duration;

  /**
   * How long Flux waits after a failure before it retries, in whole seconds.
   *
   * @default Duration.minutes(1)
   */
  readonly retryInterval?: Duration;

  /**
   * How long Flux waits until all objects are ready, in whole seconds. A new load balancer takes a few minutes.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;

  /**
   * Whether Flux deletes objects that were removed from the folder.
   *
   * @default true
   */
  readonly prune?: boolean;

  /**
   * What Flux does with the objects it applied when the Kustomization is deleted.
   *
   * @default FluxDeletionPolicy.WAIT_FOR_TERMINATION; MIRROR_PRUNE, which keeps them, if `prune` is false
   */
  readonly deletionPolicy?: FluxDeletionPolicy;

  /**
   * The name of the Secret with the kubeconfig of the cluster to apply to.
   *
   * @default - the cluster in which Flux runs
   */
  readonly kubeConfigSecretName?: string;

  /**
   * The name of the ServiceAccount that Flux impersonates.
   *
   * @default - Flux uses the ServiceAccount of its controller
   */
  readonly serviceAccountName?: string;

  /**
   * Whether Flux stops applying the folder for now.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

/** Flux has no health check for an Ingress and considers it ready at once. This one waits until the load balancer has an address. */
const INGRESS_HEALTH = {
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', inProgress: '!has(status.loadBalancer.ingress)', current: 'has(status.loadBalancer.ingress)',
};

/**
 * A Flux Kustomization for the folder of an app and, unless the source exists already, the GitRepository.
 *
 * Flux uses server-side apply, waits for every object and for the address of the load balancer, and ignores weights that a controller in the
 * cluster manages. It needs Flux 2.6 or later, and 2.9 or later if weights are managed elsewhere: older versions reject the unknown field.
 */
export class FluxDelivery extends Chart {
  /** The GitRepository, if the delivery renders one. */
  public readonly gitRepository?: ApiObject;
  /** The Kustomization. */
  public readonly kustomization: ApiObject;

  /**
   * @param app the app whose folder is applied
   * @param id the name of the file: `flux` for `clusters/production/flux.yaml`
   * @throws InvalidProps for values that Flux would reject
   */
  public constructor(app: GitOpsApp, id: string, props: FluxDeliveryProps) {
    super(requireScopeAndId(requireProps(APP, app, id, 'app').delivery, id), id, { disableResourceNameHashes: true });
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

/** Flux labels every object with the name; with a longer one it applies nothing (https://github.com/fluxcd/flux2/issues/2004). */
function requireLabelled(name: string, path: string): string {
  if (name.length > MAX_LABEL_LENGTH) {
    throw InvalidProps.value('deliveryName', name, `must have at most ${MAX_LABEL_LENGTH} characters, because Flux labels every object with it`, path);
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
    throw InvalidProps.value(`dependsOn[${index}]`, text, 'must be another Kustomization: one that depends on itself never becomes ready');
  }
  return namespace === undefined ? { name } : { name, namespace };
}

function hasIngress(app: GitOpsApp): boolean {
  return app.node.findAll().some(each => ApiObject.isApiObject(each) && each.kind === 'Ingress');
}

/** Flux interprets the fields of a target as anchored regular expressions, in which a dot matches any character. */
function ignoreRules(app: GitOpsApp): object[] | undefined {
  const rules = managedElsewhere(app).filter(({ pointers }) => pointers.length > 0).map(({ kind, name, namespace, pointers }) => (
    { target: { group: 'networking.istio.io', kind, name: name.replaceAll('.', '\\.'), namespace: namespace ?? 'default' }, paths: pointers }));
  return rules.length > 0 ? rules : undefined;
}
