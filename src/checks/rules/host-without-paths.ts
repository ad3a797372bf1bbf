// The host and the paths of a rule are two items of the list.
import { Kind } from '../../manifests/kind';
import { specOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_listener_rules.go makes a rule for each path; a host without paths has none. */
export const hostWithoutPaths: Check = {
  id: 'host-without-paths',
  severity: 'error',
  title: 'The host and the paths of an Ingress rule are two items of the list',
  why: 'A hyphen before http starts a rule of its own. Its paths are served for all hosts, those of other members of the IngressGroup included, and the host '
    + 'above it has no paths.',
  fix: 'Remove the hyphen before http, so that host and http are fields of one rule.',
  related: ['E063'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest } of members) {
      const rules = asList(specOf(manifest).rules).map(asObject);
      for (const [index, { host, http }] of rules.entries()) {
        const next = asObject(rules[index + 1]);
        if (asText(host) && !hasPaths(http) && !asText(next.host) && hasPaths(next.http)) {
          const message = `host ${asText(host)} has no paths, and the paths of the next rule are for all hosts`;
          yield { manifest, pointer: `/spec/rules/${index}/host`, message };
        }
      }
    }
  },
};

function hasPaths(http: unknown): boolean {
  return asList(asObject(http).paths).length > 0;
}
