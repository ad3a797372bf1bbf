// The listener rule that refuses paths which the load balancer and the gateway understand differently.
import { ListenerAction } from '../listener/action';
import { ListenerCondition } from '../listener/condition';
import type { ListenerRuleOptions } from '../listener/rule';

/** Name of the rule. */
export const ODD_PATHS = 'odd-paths';

/** Backslashes, double slashes and dot segments, whether slashes are encoded or not. */
const UNRESOLVED = String.raw`^.*(\\|(/|%2[Ff]){2}|(/|%2[Ff])\.\.?(/|[;#]|%2[Ff]|$)).*$`;

/** Letters, digits, `-`, `.`, `_`, `~` and backslashes that are encoded, although nothing requires it. */
const ENCODED = '^.*%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaCcFf]|6[1-9A-Fa-f]|7[0-9AaEe]).*$';

/** What hides the end of a segment from the load balancer: encoded slashes, path parameters, which Java cuts off, and fragments, which Envoy cuts off. */
const HIDDEN_ENDS = '^.*(%2[Ff]|[;#]).*$';

/**
 * Responds with 400 to paths that Envoy or an application resolves to other paths: Envoy decodes unreserved characters, turns backslashes into
 * slashes and removes dot segments (Envoy 1.40, source/common/http/path_utility.cc), while the load balancer compares the path as it came.
 * Browsers and HTTP libraries resolve such paths before they send a request.
 *
 * @param isAnyDoubtful whether a path that is not recognized is worse than one that is refused: paths with a login where others have none
 */
export function refusingOddPaths(hosts: readonly string[], isAnyDoubtful: boolean): ListenerRuleOptions {
  const odd = [UNRESOLVED, ENCODED, ...isAnyDoubtful ? [HIDDEN_ENDS] : []];
  return { hosts: [...hosts], conditions: [ListenerCondition.pathRegex(odd)], action: ListenerAction.respond(400) };
}
