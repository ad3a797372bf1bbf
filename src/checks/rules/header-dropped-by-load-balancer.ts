// A route asks for a header that the load balancer drops.
import { Kind } from '../../manifests/kind';
import { pointer, valueAt } from '../../manifests/pointer';
import { attributeOf } from '../../plan/load-balancer';
import type { Check } from '../check';
import type { Link } from '../load-balancers/links';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html: names must conform to [-A-Za-z0-9]+. */
const KEY = 'routing.http.drop_invalid_header_fields.enabled';
const VALID = /^:?[-A-Za-z0-9]+$/;

export const headerDroppedByLoadBalancer: Check = {
  id: 'header-dropped-by-load-balancer',
  severity: 'warning',
  title: 'A route asks for a header that the load balancer drops',
  why: `With ${KEY}=true the load balancer removes headers whose names have other characters than letters, digits and hyphens, such as underscores. The route `
    + 'matches none of its requests, so they take another route or get 404.',
  fix: 'Use a name with hyphens, or set the attribute to false in the annotation load-balancer-attributes.',
  related: ['E131'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const { loadBalancer, listener, proxy } of links.filter(drops)) {
      const tables = new Set(listener?.filterChains.all.map(({ routeConfig }) => routeConfig));
      // Requests that come another way keep the header.
      const hasOthers = links.some(own => own.proxy === proxy && !drops(own));
      for (const { routes } of hasOthers ? [] : [...tables].flatMap(name => (name === undefined ? [] : proxy.routeConfig(name)?.virtualHosts ?? []))) {
        for (const { manifest, pointer: place, match: { headers } } of routes) {
          for (const [name] of headers.filter(([own]) => !VALID.test(own))) {
            const field = place + pointer('headers', name);
            const message = `load balancer ${loadBalancer.group} drops header ${name}, so it sends no request that the route matches`;
            yield { manifest, pointer: valueAt(manifest.object, field) === undefined ? place : field, message };
          }
        }
      }
    }
  },
};

function drops({ loadBalancer }: Link): boolean {
  return loadBalancer.type === 'application' && attributeOf(loadBalancer, KEY) === 'true';
}
