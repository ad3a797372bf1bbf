// Where a new construct goes: its scope and id, checked before the tree changes.
import { InvalidProps } from './errors';

/** The part of a construct that this file needs. */
interface InTree {
  readonly node: { readonly path: string };
}

/**
 * Returns the scope. Without this check, a construct without a scope becomes the root of a tree of its own, which no synth writes.
 *
 * @throws InvalidProps if the scope is not a construct
 */
export function requireScope<T extends InTree>(scope: T): T {
  if (typeof (scope as Partial<InTree> | null | undefined)?.node?.path !== 'string') {
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
