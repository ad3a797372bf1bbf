// The places of TLS settings in the DestinationRules that istiod merges for one host.
import { asList } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import type { Config } from '../../mesh/objects/config';

/** Where a rule has the settings of TLS. */
export function tlsPlaces(tls: unknown, from: readonly Config[]): [Config, string][] {
  const text = JSON.stringify(tls);
  return from.flatMap(config => {
    const policies = ['/spec/trafficPolicy', ...asList(config.spec.subsets).map((_, index) => `/spec/subsets/${index}/trafficPolicy`)];
    const at = (place: string) => valueAt(config.manifest.object, place);
    const ports = policies.flatMap(policy => asList(at(`${policy}/portLevelSettings`)).map((_, index) => `${policy}/portLevelSettings/${index}`));
    return [...policies, ...ports].map(policy => `${policy}/tls`).filter(place => JSON.stringify(at(place)) === text)
      .map((place): [Config, string] => [config, at(`${place}/mode`) === undefined ? place : `${place}/mode`]);
  });
}
