// The listener rule that refuses paths which the load balancer and the gateway understand differently.
import { ListenerAction } from './listener-action';
import { ListenerCondition } from './listener-condition';
import type { ListenerRuleOptions } from './listener-rule';

/** Name of the rule. */
export const ODD_PATHS = 'odd-paths';

/** Backslashes, double slashes and dot segments, with slashes that are encoded or not. */
const UNRESOLVED = String.raw`^.*(\\|(/|%2[Ff]){2}|(/|%2[Ff])\.\.?(/|;|%2[Ff]|$)).*$`;

/** Letters, digits, `-`, `.`, `_`, `~` and backslashes that are encoded, although nothing requires it. */
const ENCODED = '^.*%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaCcFf]|6[1-9A-Fa-f]|7[0-9AaEe]).*$';

/**
 * Responds with 400 to paths that Envoy or an application resolves to other paths: it decodes unreserved characters, turns backslashes into
 * slashes and removes dot segments (Envoy 1.40, source/common/http/path_utility.cc), while the load balancer compares the path as it came.
 * Browsers and HTTP libraries resolve such paths before they send a request.
 */
export function refusingOddPaths(hosts: readonly string[]): ListenerRuleOptions {
  return { hosts: [...hosts], conditions: [ListenerCondition.pathRegex([UNRESOLVED, ENCODED])], action: ListenerAction.respond(400) };
}
