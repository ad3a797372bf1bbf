// Ids of the constructs that routes add to the scope of the user without being told their names.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';

/**
 * Returns the id for a construct that routes of the scope need.
 *
 * @param content what the construct contains, such as "VirtualServices"
 * @throws InvalidProps if another construct of the scope has the id, with the path of that construct
 */
export function requireInternalId(scope: Construct, id: string, content: string): string {
  const other = scope.node.tryFindChild(id);
  if (other !== undefined) {
    throw InvalidProps.conflict('id', id, `cannot be ${JSON.stringify(id)}: routes in ${scope.node.path} need this id for their ${content}`, other.node.path);
  }
  return id;
}
