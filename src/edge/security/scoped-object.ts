// Objects of which Istio takes one for a pod: a Sidecar, a Telemetry. Each has its scope for itself, in all charts of an app.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { requireServiceName } from '../../base/kubernetes-name';
import { oncePerApp } from '../../base/once-per-app';
import type { PolicyScope } from './policy-scope';
import { nameFromId } from './security-policy';

/** Constructs by the names and scopes that they have. */
const OWNERS = oncePerApp<string>();

/** An object to be. */
export interface ScopedObject {
  /** Its kind. */
  readonly kind: string;
  /** The prop that names it. */
  readonly nameProp: string;
  /** Its name, where one is given. */
  readonly name?: string;
  /** The pods that it is about. */
  readonly scope: PolicyScope;
}

/**
 * Returns the name of the object: `default` for a namespace or the mesh, otherwise that of its construct.
 *
 * @throws InvalidProps for a name that cannot be or is taken, for a scope that another object of the app has, and for one without pods
 */
export function claimScope(construct: Construct, { kind, name, nameProp, scope }: ScopedObject): string {
  const { id, path } = construct.node;
  const { selector, targetRefs } = scope._render();
  const labels = selector && Object.entries(selector.matchLabels);
  if (labels?.length === 0) {
    throw InvalidProps.value('scope', selector, 'must be a workload with pods in the cluster: without labels, all pods would be meant', path);
  }
  const settled = requireServiceName(nameProp, name ?? (selector || targetRefs ? nameFromId(id) : 'default'), path);
  const owners = OWNERS(construct);
  const claims: [prop: string, value: string, key: string, allowed: string][] = [
    [nameProp, settled, `${kind} ${scope.policyNamespace}/${settled}`, `a name that no other ${kind} of ${scope.policyNamespace} has`],
    ['scope', scope.policyNamespace, `${kind} ${scope.policyNamespace} ${JSON.stringify([labels?.sort(), targetRefs])}`, `pods that no other ${kind} is about`],
  ];
  for (const [prop, value, key, allowed] of claims.reverse()) {
    const owner = owners.get(key);
    if (owner !== undefined) {
      throw InvalidProps.value(prop, value, `must be ${allowed}; ${owner} has it`, path);
    }
  }
  claims.forEach(([,, key]) => owners.set(key, path));
  return settled;
}
