// The rewrite of a prefix makes a double slash, or joins two segments of the path.
import { Kind } from '../../manifests/kind';
import type { HttpRoute } from '../../mesh/route/http-routes';
import type { Check } from '../check';

/** Envoy 1.40, prefix_rewrite: the text of the prefix is replaced, and what follows it stays. */
export const rewriteBreaksSlashes: Check = {
  id: 'rewrite-breaks-slashes',
  severity: 'warning',
  title: 'The rewrite of a prefix breaks the slashes of paths',
  why: 'The proxy replaces the text of the prefix and appends the rest of the path. If only one of prefix and rewrite ends with a slash, the application gets '
    + 'paths such as //api or /v2api, and mostly responds with 404.',
  fix: 'End both with a slash or none, and put a match for the prefix with a slash in front: prefix /common/ with rewrite /, then /common with rewrite /.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ models: { mesh } }) {
    for (const { http } of mesh.virtualServices.all) {
      const before = new Set<string>();
      for (const route of http) {
        // All matches of an entry share the rewrite, so one of them that ends with a slash serves the paths below the other.
        prefixesOf(route).filter(prefix => prefix.endsWith('/')).forEach(prefix => before.add(prefix));
        const rewrite = route.rewrite?.uri ?? '';
        const broken = rewrite === '' ? undefined : prefixesOf(route).find(prefix => (
          prefix.endsWith('/') ? !rewrite.endsWith('/') : rewrite.endsWith('/') && !before.has(`${prefix}/`)));
        if (broken !== undefined && route.redirect === undefined) {
          const path = broken.endsWith('/') ? `${broken}api` : `${broken}/api`;
          const message = `prefix "${broken}" with rewrite "${rewrite}" turns ${path} into ${rewrite}${path.slice(broken.length)}`;
          yield { manifest: route.manifest, pointer: `${route.pointer}/rewrite/uri`, message };
        }
      }
    }
  },
};

/** The prefixes that are rewritten; a route without a match has the prefix `/`. */
function prefixesOf({ matches }: HttpRoute): string[] {
  return matches.length === 0 ? ['/'] : matches.flatMap(({ uri }) => (uri === undefined ? ['/'] : uri.is === 'prefix' ? [uri.value] : []));
}
