// Checks the conditions of a delegate's route against those of the root's route, as Istio merges them.
import type { VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import type { StringMatch } from './string-match';

const STRINGS = ['uri', 'scheme', 'method', 'authority'] as const;
const MAPS = ['headers', 'withoutHeaders', 'queryParams'] as const;

/** A match block of a delegate's route that does not fit the blocks of the root's route, and what Istio would do. */
export interface Mismatch {
  readonly root: readonly VirtualServiceSpecHttpMatch[];
  readonly own: VirtualServiceSpecHttpMatch;
  readonly effect: 'drops the route' | 'ignores the withoutHeaders condition of the root';
}

/**
 * The first mismatch between a delegate's route and the root's route (Istio 1.30, pilot/pkg/model/virtualservice.go mergeHTTPMatchRequests):
 * - a block that fits no block of the root: Istio drops the delegate's whole route;
 * - a block whose `withoutHeaders` has another condition for a header than the root: Istio keeps only the delegate's condition, so the
 *   route matches requests that the root excludes.
 *
 * Conditions on sources are not compared, because gateways ignore them.
 */
export function mismatchOf(root: readonly VirtualServiceSpecHttpMatch[], own: readonly VirtualServiceSpecHttpMatch[]): Mismatch | undefined {
  if (root.length === 0) {
    return undefined;
  }
  const unfit = own.find(block => !root.some(outer => fits(outer, block)));
  if (unfit) {
    return { root, own: unfit, effect: 'drops the route' };
  }
  const loose = own.find(block => root.some(outer => fits(outer, block) && loosens(outer, block)));
  return loose && { root, own: loose, effect: 'ignores the withoutHeaders condition of the root' };
}

/** Whether the delegate changes a negative condition of the root. Even a narrower one matches more requests. */
function loosens({ withoutHeaders: root = {} }: VirtualServiceSpecHttpMatch, { withoutHeaders: own = {} }: VirtualServiceSpecHttpMatch): boolean {
  return Object.keys(root).some(name => name in own && (root[name].exact !== own[name].exact || root[name].prefix !== own[name].prefix));
}

function fits(root: VirtualServiceSpecHttpMatch, own: VirtualServiceSpecHttpMatch): boolean {
  return STRINGS.every(field => stringFits(root[field], own[field]))
    && MAPS.every(field => Object.entries(root[field] ?? {}).every(([name, condition]) => stringFits(condition, own[field]?.[name])))
    && (root.ignoreUriCase ?? false) === (own.ignoreUriCase ?? false)
    && (root.port === undefined || own.port === undefined || root.port === own.port);
}

/** Strings in conditions are never empty. A presence condition has no string and fits no other condition, not even an identical one. */
function stringFits(root: StringMatch | undefined, own: StringMatch | undefined): boolean {
  if (root === undefined || own === undefined) {
    return true;
  }
  if (root.regex !== undefined || own.regex !== undefined) {
    return false;
  }
  if (root.exact !== undefined) {
    return own.exact === root.exact;
  }
  const value = own.prefix ?? own.exact;
  return root.prefix !== undefined && value !== undefined && value.startsWith(root.prefix);
}
