// Istio accepts a setting and ignores it.
import { Kind } from '../../manifests/kind';
import { type Manifest, specOf } from '../../manifests/manifest';
import { asList, asObject } from '../../manifests/plain-json';
import { type Ignored, ignoredOfPolicy, ignoredOfServer, policiesOf } from '../../mesh/validation/ignored-settings';
import type { Check } from '../check';
import type { Spot } from '../finding';

/** Istio 1.30: pkg/config/validation/validation.go. */
export const ignoredByIstio: Check = {
  id: 'ignored-by-istio',
  severity: 'warning',
  title: 'Istio ignores a setting',
  why: 'Istio accepts the object, and only kubectl prints a warning. The proxy does not get the setting: a server without '
    + 'tls.mode passes TLS through to the pods, whatever its certificate is, and a failover between zones never happens.',
  fix: 'Change the settings as the message says, or remove what has no effect.',
  related: ['IST0133'],
  about: [Kind.DESTINATION_RULE, Kind.GATEWAY],
  reads: [],
  reach: 'object',

  *run(subject) {
    for (const manifest of subject.of(Kind.GATEWAY)) {
      yield* located(manifest, asList(specOf(manifest).servers).flatMap((server, index) => ignoredOfServer(asObject(server), `/spec/servers/${index}`)));
    }
    for (const manifest of subject.of(Kind.DESTINATION_RULE)) {
      yield* located(manifest, policiesOf(specOf(manifest)).flatMap(([policy, place]) => ignoredOfPolicy(policy, place)));
    }
  },
};

function located(manifest: Manifest, ignored: readonly Ignored[]): Spot[] {
  return ignored.map(own => ({ manifest, ...own }));
}
