// A star in a path that is compared literally.
import { Kind } from '../../manifests/kind';
import { hasPlaceholder } from '../../manifests/placeholder';
import type { Check } from '../check';
import { writtenPaths } from '../routes/written-paths';

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch; Istio 1.30, pilot/pkg/security/authz/matcher/string.go */
export const globInPath: Check = {
  id: 'glob-in-path',
  severity: 'warning',
  title: 'A star in a path is compared literally',
  why: 'In exact and prefix a star is no wildcard: /api/* matches only paths with a star in them, so no usual request gets the route. In a policy a star '
    + 'counts at the start or at the end alone.',
  fix: 'Write prefix: /api/ instead of /api/*, a regular expression for a star in the middle, and {*} or {**} in a policy.',
  related: [],
  about: [Kind.AUTHORIZATION_POLICY, Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ manifests }) {
    for (const { manifest, pointer, is, value } of writtenPaths(manifests)) {
      // `*` alone is the target of OPTIONS requests about the server itself.
      const isGlob = is === 'policy' ? !value.includes('{') && value.slice(1, -1).includes('*') : is === 'prefix' ? value.includes('*') : is === 'exact' && /.\*|\*./.test(value);
      if (isGlob && !hasPlaceholder(value)) {
        yield { manifest, pointer, message: `the star in "${value}" is compared literally` };
      }
    }
  },
};
