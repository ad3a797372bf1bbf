// Guards for the objects that take more with them than they are, so that no tool deletes them because a file lost them.
import { ApiObject, type App } from 'cdk8s';
import { annotationOf } from './annotation';
import { hasLoadBalancer } from './sync-waves';

/** Argo CD's options for one object, separated by commas (Argo CD 3.5 docs/user-guide/sync-options.md). */
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** Argo CD deletes the object only when a person confirms it. */
const CONFIRM = ['Prune=confirm', 'Delete=confirm'];

/** Flux never deletes an object with this annotation (kustomize-controller 1.9 docs/spec/v1/kustomizations.md). */
const FLUX_PRUNE = 'kustomize.toolkit.fluxcd.io/prune';

/** Guards Namespaces, with which everything in them would go, and what a load balancer and its DNS name hang on. */
export function addPruneGuards(app: App): void {
  for (const object of app.node.findAll().filter(each => ApiObject.isApiObject(each)).filter(isGuarded)) {
    const options = (annotationOf(object, SYNC_OPTIONS) ?? '').split(',').map(option => option.trim()).filter(option => option !== '');
    const asked = new Set(options.map(option => option.split('=')[0]));
    object.metadata.addAnnotation(SYNC_OPTIONS, [...options, ...CONFIRM.filter(option => !asked.has(option.split('=')[0]))].join());
    object.metadata.addAnnotation(FLUX_PRUNE, annotationOf(object, FLUX_PRUNE) ?? 'disabled');
  }
}

function isGuarded(object: ApiObject): boolean {
  return object.kind === 'Namespace' || hasLoadBalancer(object);
}
