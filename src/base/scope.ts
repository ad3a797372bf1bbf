// Where a new construct goes: its scope and id, checked before the tree changes.
import { InvalidProps } from './errors';

/** The part of a construct that this file needs. */
interface InTree {
  readonly node: { readonly path: string; readonly scopes: readonly object[] };
}

/** Marks charts (cdk8s 2.70, src/chart.ts). Registered, so that it holds for every copy of cdk8s. */
const CHART = Symbol.for('cdk8s.Chart');

/**
 * Returns the scope. Without this check, a construct without a scope becomes the root of a tree of its own, which no synth writes.
 *
 * @throws InvalidProps if the scope is not a construct
 */
export function requireScope<T extends InTree>(scope: T): T {
  const { path, scopes } = ((scope as Partial<InTree> | null | undefined)?.node ?? {}) as Partial<InTree['node']>;
  if (typeof path !== 'string' || !Array.isArray(scopes)) {
    throw InvalidProps.value('scope', scope, 'must be a construct, such as an App, a Chart, or this');
  }
  return scope;
}

/** Returns the scope. @throws InvalidProps if it is not a construct, or if the id is not a string or empty */
export function requireScopeAndId<T extends InTree>(scope: T, id: string): T {
  const { path } = requireScope(scope).node;
  if (typeof id !== 'string' || id === '') {
    throw InvalidProps.value('id', id, 'must be a string that is not empty', path);
  }
  return scope;
}

/** Returns the scope. @throws InvalidProps if it is not a construct in a chart: cdk8s writes objects of charts only */
export function requireChartScope<T extends InTree>(scope: T): T {
  const { node } = requireScope(scope);
  if (!(CHART in scope) && !node.scopes.some(each => CHART in each)) {
    throw InvalidProps.value('scope', scope,
      'must be a Chart or a construct in one, such as new Chart(app, \'edge\'): cdk8s writes the objects of charts only', node.path);
  }
  return scope;
}

/** Returns the scope. @throws InvalidProps if it is not a construct in a chart, or if the id is not a string or empty */
export function requireChartScopeAndId<T extends InTree>(scope: T, id: string): T {
  return requireScopeAndId(requireChartScope(scope), id);
}
