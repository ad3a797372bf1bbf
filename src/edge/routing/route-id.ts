// Ids of routes: each once in a scope, although a route is no node of the tree.
import type { Construct } from 'constructs';
import { InvalidProps, refusedAt } from '../../base/errors';

/** A route to be. */
export interface RouteToBe<T> {
  /** Its id. */
  readonly id: string;

  /**
   * Checks everything that can be checked, changes nothing, and returns what makes the route.
   *
   * @throws InvalidProps for what would be refused
   */
  readonly prepare: () => () => T;
}

const ONE_LINE = /^[^\p{Cc}]+$/u;
const TAKEN = new WeakMap<Construct, Set<string>>();

/**
 * Makes routes that belong together, and takes their ids. All of them are prepared before the first is made, so that none is there when
 * one of them is refused.
 *
 * A route is made like a construct but is no node of the tree: cdk8s walks the whole tree several times in a synth, and an edge may have
 * thousands of routes.
 *
 * @throws InvalidProps for an id that is empty or taken; what `prepare` refuses gets the path of the route
 */
export function addRoutes<T>(scope: Construct, routes: readonly RouteToBe<T>[]): T[] {
  const taken = TAKEN.get(scope) ?? new Set();
  const ready = routes.map(({ id, prepare }) => {
    if (typeof id !== 'string' || !ONE_LINE.test(id) || taken.has(id) || scope.node.tryFindChild(id)) {
      throw InvalidProps.value('id', id, 'must be one line of text that nothing else in the scope has as its id', scope.node.path);
    }
    return inside(scope, id, prepare);
  });
  return ready.map((make, index) => {
    const { id } = routes[index];
    const made = inside(scope, id, make);
    TAKEN.set(scope, taken.add(id));
    return made;
  });
}

/** Makes one route. */
export function addRoute<T>(scope: Construct, id: string, prepare: () => () => T): T {
  return addRoutes(scope, [{ id, prepare }])[0];
}

function inside<T>(scope: Construct, id: string, call: () => T): T {
  return refusedAt(`${scope.node.path}/${id}`, call);
}
