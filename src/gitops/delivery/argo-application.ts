// The Application with which Argo CD applies the folder of an app.
import { ApiObject, Chart, Lazy } from 'cdk8s';
import { refusedAt } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
import { requireScopeAndId } from '../../base/scope';
import type { GitOpsApp } from '../gitops-app';
import { APP, deliveryNameOf, pathInRepository } from './applied-folder';
import { ArgoDestination } from './argo-destination';
import { type ArgoOptions, ignoreDifferencesOf, RESPECT_IGNORED, SERVER_SIDE_DIFF, sourceOf, SYNC_OPTIONS, syncPolicyOf } from './argo-options';
import { managedElsewhere } from './managed-elsewhere';

/** Props of an `ArgoApplication`. */
export interface ArgoApplicationProps extends ArgoOptions {
  /**
   * The cluster to apply to.
   *
   * @default ArgoDestination.inCluster()
   */
  readonly destination?: ArgoDestination;

  /**
   * The path of the folder relative to the root of the repository.
   *
   * @default - the path of the folder relative to the working directory
   */
  readonly path?: string;

  /**
   * The name of the Application.
   *
   * @default - the path of the folder below `dist`, with hyphens: `production` for `dist/production`, `shop-production` for
   * `dist/shop/production`
   */
  readonly applicationName?: string;

  /**
   * Whether Argo CD deletes everything it applied when the Application is deleted.
   *
   * @default false
   */
  readonly deleteWithApplication?: boolean;
}

/** Makes Argo CD delete everything it applied before the Application is deleted. */
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/**
 * An Argo CD Application for the folder of an app.
 *
 * Argo CD uses server-side apply, and ignores weights that a controller in the cluster manages. It ignores the *whole list* that contains
 * such a weight (https://github.com/argoproj/argo-cd/issues/17694), so use a separate host for such a release.
 */
export class ArgoApplication extends Chart {
  /** The Application. */
  public readonly application: ApiObject;

  /**
   * @param app the app whose folder is applied
   * @param id the name of the file: `argocd` for `clusters/production/argocd.yaml`
   * @throws InvalidProps for values that Argo CD would reject
   */
  public constructor(app: GitOpsApp, id: string, props: ArgoApplicationProps) {
    super(requireScopeAndId(requireProps(APP, app, id, 'app').delivery, id), id, { disableResourceNameHashes: true });
    const options = requireProps('ArgoApplicationProps', props, this.node.path);
    const path = pathInRepository(app, options.path, this.node.path);
    const { _field, _value } = options.destination ?? ArgoDestination.inCluster();
    this.application = new ApiObject(this, 'Application', {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Application',
      metadata: {
        name: deliveryNameOf(path, options.applicationName, this.node.path, 'applicationName'),
        namespace: requireDnsLabel('namespace', options.namespace ?? 'argocd', this.node.path),
        annotations: SERVER_SIDE_DIFF,
        ...options.deleteWithApplication ? { finalizers: [FINALIZER] } : {},
      },
      spec: {
        project: requireDnsSubdomain('project', options.project ?? 'default', this.node.path),
        destination: { [_field]: _value },
        source: refusedAt(this.node.path, () => sourceOf(options, path)),
        syncPolicy: Lazy.any({ produce: () => syncPolicyOf(options, managedElsewhere(app).length > 0 ? [...SYNC_OPTIONS, RESPECT_IGNORED] : SYNC_OPTIONS) }),
        ignoreDifferences: Lazy.any({ produce: () => undefinedIfEmpty(ignoreDifferencesOf(managedElsewhere(app))) }),
      },
    });
  }
}

function undefinedIfEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
