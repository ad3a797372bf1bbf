// Whether the conditions of a delegate's route fit those of the root's route, as Istio joins them.
import type { VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import type { TextMatch } from './text-match';

const TEXTS = ['uri', 'scheme', 'method', 'authority'] as const;
const MAPS = ['headers', 'withoutHeaders', 'queryParams'] as const;

/** A block of a delegate's route that does not go with the blocks of the root's, and what Istio would do. */
export interface Misfit {
  readonly root: readonly VirtualServiceSpecHttpMatch[];
  readonly own: VirtualServiceSpecHttpMatch;
  readonly effect: 'drops the route' | 'forgets what the header must not be';
}

/**
 * The first block of a delegate's route that fits no block of the root's route: Istio then drops the delegate's whole route. Or one that says
 * of a header something else than the root does what it must not be: Istio then asks for the delegate's condition alone, so that the route
 * takes requests which the root excludes (Istio 1.30, pilot/pkg/model/virtualservice.go mergeHTTPMatchRequests). Nothing where all is
 * well. Neither has conditions on sources, which gateways do not know.
 */
export function whyNotBelow(root: readonly VirtualServiceSpecHttpMatch[], own: readonly VirtualServiceSpecHttpMatch[]): Misfit | undefined {
  if (root.length === 0) {
    return undefined;
  }
  const alone = own.find(block => !root.some(outer => fits(outer, block)));
  if (alone) {
    return { root, own: alone, effect: 'drops the route' };
  }
  const loose = own.find(block => root.some(outer => fits(outer, block) && loosens(outer, block)));
  return loose && { root, own: loose, effect: 'forgets what the header must not be' };
}

/** A narrower condition that must not hold lets more requests in, not fewer. */
function loosens({ withoutHeaders: root = {} }: VirtualServiceSpecHttpMatch, { withoutHeaders: own = {} }: VirtualServiceSpecHttpMatch): boolean {
  return Object.keys(root).some(name => name in own && (root[name].exact !== own[name].exact || root[name].prefix !== own[name].prefix));
}

function fits(root: VirtualServiceSpecHttpMatch, own: VirtualServiceSpecHttpMatch): boolean {
  return TEXTS.every(field => textFits(root[field], own[field]))
    && MAPS.every(field => Object.entries(root[field] ?? {}).every(([name, condition]) => textFits(condition, own[field]?.[name])))
    && (root.ignoreUriCase ?? false) === (own.ignoreUriCase ?? false)
    && (root.port === undefined || own.port === undefined || root.port === own.port);
}

/** No text in a condition is empty. A condition without any, for what has to be there, fits nothing, not even its like. */
function textFits(root: TextMatch | undefined, own: TextMatch | undefined): boolean {
  if (root === undefined || own === undefined) {
    return true;
  }
  if (root.regex !== undefined || own.regex !== undefined) {
    return false;
  }
  if (root.exact !== undefined) {
    return own.exact === root.exact;
  }
  const text = own.prefix ?? own.exact;
  return root.prefix !== undefined && text !== undefined && text.startsWith(root.prefix);
}
