// Ids of routes, which are the ids of their constructs and also their names in the VirtualService.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';

const ONE_LINE = /^[^\p{Cc}]+$/u;

/** Returns the id. @throws InvalidProps if it is not one line of text, or if the scope already has a construct with this id */
export function requireRouteId(scope: Construct, id: string): string {
  if (typeof id !== 'string' || !ONE_LINE.test(id)) {
    throw InvalidProps.value('id', id, 'must be one line of text', scope.node.path);
  }
  if (id in Object.prototype) {
    // constructs 10.8 keeps children in a plain object and takes these names for ids that exist.
    throw InvalidProps.value('id', id, 'must not be the name of a property that every JavaScript object has', scope.node.path);
  }
  if (scope.node.tryFindChild(id)) {
    throw InvalidProps.duplicate('id', id, `the id of a construct in ${scope.node.path}`, scope.node.path);
  }
  return id;
}
