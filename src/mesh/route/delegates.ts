// Delegates: routes of one VirtualService that another one contains (Istio 1.30, pilot/pkg/model/virtualservice.go:215-458).
import { namespacedName } from '../../base/kubernetes-name';
import { asList, asObject, asTexts } from '../../manifests/plain-json';
import { Config } from '../objects/config';
import { HttpMatch, HttpRoute, NamedMatch, readHttpRoute } from './http-routes';
import { isVisibleTo } from '../objects/service-index';
import { MeshSettings } from '../objects/settings';
import { StringMatch } from './string-match';

/**
 * The route, or in its place the routes of the delegate that it names. A delegate that does not exist, or is not exported to the namespace,
 * leaves no route; a delegate's own delegates are not followed.
 */
export function expandDelegates(root: HttpRoute, config: Config, delegates: ReadonlyMap<string, Config>, settings: MeshSettings): HttpRoute[] {
  if (root.delegate === undefined) {
    return [root];
  }
  const delegate = delegates.get(namespacedName(root.delegate));
  const exportTo = asTexts(delegate?.spec.exportTo);
  if (!delegate || !isVisibleTo(config.namespace, exportTo, settings.defaultVirtualServiceExportTo, delegate.namespace)) {
    return [];
  }
  return asList(delegate.spec.http).flatMap((route, index) => {
    const merged = merge(root, readHttpRoute(delegate, asObject(route), `/spec/http/${index}`, settings));
    return merged === undefined ? [] : [merged];
  });
}

function merge(root: HttpRoute, leaf: HttpRoute): HttpRoute | undefined {
  const matches = mergeMatches(root.matches, leaf.matches);
  if (matches === undefined) {
    return undefined;
  }
  return {
    ...leaf,
    ...inherited(root, leaf),
    matches,
    name: root.name === '' ? leaf.name : leaf.name === '' ? root.name : `${root.name}-${leaf.name}`,
  };
}

/** Whole blocks that the delegate leaves to its root. */
function inherited(root: HttpRoute, leaf: HttpRoute): Partial<HttpRoute> {
  const keys = ['rewrite', 'directResponse', 'timeout', 'retries', 'fault', 'mirrors', 'cors', 'headers'] as const;
  return Object.fromEntries(keys.filter(key => leaf[key] === undefined && root[key] !== undefined).map(key => [key, root[key]]));
}

/** Every match of the delegate with every root match that it fits; nothing if one of them fits none. */
function mergeMatches(root: readonly HttpMatch[], leaf: readonly HttpMatch[]): readonly HttpMatch[] | undefined {
  if (root.length === 0 || leaf.length === 0) {
    return root.length === 0 ? leaf : root;
  }
  const merged = leaf.map(own => root.filter(outer => !conflicts(outer, own)).map(outer => mergeMatch(outer, own)));
  return merged.some(({ length }) => length === 0) ? undefined : merged.flat();
}

function mergeMatch(root: HttpMatch, leaf: HttpMatch): HttpMatch {
  const union = (outer: readonly NamedMatch[], own: readonly NamedMatch[]) => [...new Map([...outer, ...own])];
  return {
    ...root,
    ...leaf,
    name: root.name === '' ? leaf.name : leaf.name === '' ? root.name : `${root.name}-${leaf.name}`,
    headers: union(root.headers, leaf.headers),
    withoutHeaders: union(root.withoutHeaders, leaf.withoutHeaders),
    queryParams: union(root.queryParams, leaf.queryParams),
    gateways: leaf.gateways.length > 0 ? leaf.gateways : root.gateways,
    sourceLabels: new Map([...root.sourceLabels, ...leaf.sourceLabels]),
  };
}

function conflicts(root: HttpMatch, leaf: HttpMatch): boolean {
  const named = (outer: readonly NamedMatch[], own: readonly NamedMatch[]) => {
    const known = new Map(outer);
    return own.some(([name, match]) => stringsConflict(known.get(name), match));
  };
  return stringsConflict(root.uri, leaf.uri) || stringsConflict(root.scheme, leaf.scheme) || stringsConflict(root.method, leaf.method)
    || stringsConflict(root.authority, leaf.authority) || root.ignoreUriCase !== leaf.ignoreUriCase
    || (root.port !== undefined && leaf.port !== undefined && root.port !== leaf.port)
    || (root.sourceNamespace !== undefined && root.sourceNamespace !== leaf.sourceNamespace)
    || [...leaf.sourceLabels].some(([key, value]) => root.sourceLabels.has(key) && root.sourceLabels.get(key) !== value)
    || (root.gateways.length > 0 && leaf.gateways.some(gateway => !root.gateways.includes(gateway)))
    || named(root.headers, leaf.headers) || named(root.withoutHeaders, leaf.withoutHeaders) || named(root.queryParams, leaf.queryParams);
}

/** A root exact needs the same exact, a root prefix what begins with it. Any other pair conflicts. */
function stringsConflict(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (root === undefined || leaf === undefined) {
    return false;
  }
  if (root.is === 'exact') {
    return leaf.is !== 'exact' || leaf.value !== root.value;
  }
  return root.is !== 'prefix' || (leaf.is !== 'prefix' && leaf.is !== 'exact') || !leaf.value.startsWith(root.value);
}
