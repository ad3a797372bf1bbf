// Entries of http that istiod builds at no gateway, because their matches hold for other proxies only, or because of their delegates.
import { type Manifest, namespaceOf, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { type PlainObject, asList, asObject, asText, isObject } from '../../manifests/plain-json';
import type { Gateway } from '../../mesh/objects/gateways';

/** The entries of http, each with its matches. */
function httpOf(manifest: Manifest): { readonly delegate?: PlainObject; readonly matches: readonly PlainObject[] }[] {
  return asList(specOf(manifest).http).map(asObject).map(({ delegate, match }) => (
    { ...(isObject(delegate) ? { delegate } : {}), matches: asList(match).map(asObject) }));
}

const RESTRICTIONS = ['port', 'gateways', 'sourceLabels', 'sourceNamespace'] as const;

/** Whether each entry of http is for some of the proxies only, or has its routes in a delegate. */
export function isRestricted(manifest: Manifest): boolean {
  const entries = asList(specOf(manifest).http);
  return entries.length > 0 && entries.every(entry => {
    const { delegate, match } = asObject(entry);
    const matches = asList(match);
    return isObject(delegate) || (matches.length > 0 && matches.every(own => RESTRICTIONS.some(field => asObject(own)[field] !== undefined)));
  });
}

/** Why a Gateway that has the host builds no entry of http: what their matches ask for. Nothing where a delegate that the input lacks may have routes. */
export function whyDropped(manifest: Manifest, { servers }: Gateway, virtualServices: readonly Manifest[]): string | undefined {
  const [entries, namespace] = [httpOf(manifest), namespaceOf(manifest)];
  const delegates = entries.flatMap(({ delegate }) => (delegate ? [`${asText(delegate.namespace) ?? namespace}/${asText(delegate.name) ?? ''}`] : []));
  const known = new Set(virtualServices.map(qualifiedNameOf));
  if (!delegates.every(name => known.has(name))) {
    return undefined;
  }
  const fields = new Set(entries.flatMap(({ matches }) => matches.flatMap(match => RESTRICTIONS.filter(field => match[field] !== undefined))));
  const ports = [...new Set(servers.map(({ port }) => port))].sort((a, b) => a - b);
  const reasons = [
    ...fields.has('port') ? [`match.port is the port of a server (${ports.join(', ')})`] : [],
    ...fields.has('gateways') ? ['match.gateways are among spec.gateways'] : [],
    ...fields.has('sourceLabels') || fields.has('sourceNamespace') ? ['sourceLabels and sourceNamespace are those of the gateway\'s pods'] : [],
    ...delegates.length > 0 ? [`the delegate (${delegates.join(', ')}) has no hosts, matches that fit, and an exportTo with namespace ${namespace}`] : [],
  ];
  return reasons.length === 0 ? undefined : reasons.join(', and ');
}
