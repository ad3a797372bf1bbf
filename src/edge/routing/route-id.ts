// Ids of routes, which are their names in the VirtualService, and for a `Route` also the id of the construct.
import type { Construct } from 'constructs';
import { InvalidProps, refusedAt, renamed } from '../../base/errors';
import { requireChartScope } from '../../base/scope';

const ONE_LINE = /^[^\p{Cc}]+$/u;

/** Ids of the routes that are not constructs, by scope. */
const IDS = new WeakMap<Construct, Set<string>>();

/** Returns the id. @throws InvalidProps if it is not one line of text, or if the scope already has a construct or a route with this id */
export function requireRouteId(scope: Construct, id: string): string {
  requireChartScope(scope);
  if (typeof id !== 'string' || !ONE_LINE.test(id)) {
    throw InvalidProps.value('id', id, 'must be one line of text', scope.node.path);
  }
  if (id in Object.prototype) {
    // constructs 10.8 keeps children in a plain object and takes these names for ids that exist.
    throw InvalidProps.value('id', id, 'must not be the name of a property that every JavaScript object has', scope.node.path);
  }
  if (scope.node.tryFindChild(id) || IDS.get(scope)?.has(id)) {
    throw InvalidProps.duplicate('id', id, `the id of a construct or a route in ${scope.node.path}`, scope.node.path);
  }
  return id;
}

/** Runs a call in the constructor of a route or a release. If the call throws, the construct leaves the tree, so that its id stays free. */
export function rejectable<T>({ node: { id, path, scope } }: Construct, call: () => T): T {
  try {
    return refusedAt(path, call);
  } catch (error) {
    scope!.node.tryRemoveChild(id);
    throw error;
  }
}

/**
 * Adds a route that is not a construct, because cdk8s visits every construct of an app seven times at synth, and an app can have thousands
 * of routes. The id of a rejected route stays free.
 *
 * @throws InvalidProps as `requireRouteId` does, and what `add` throws, with the path that a construct would have
 */
export function addNamedRoute(scope: Construct, id: string, add: () => void): void {
  requireRouteId(scope, id);
  try {
    add();
  } catch (error) {
    throw renamed(error, prop => prop, `${scope.node.path}/${id}`);
  }
  const ids = IDS.get(scope);
  if (ids) {
    ids.add(id);
  } else {
    IDS.set(scope, new Set([id]));
  }
}
