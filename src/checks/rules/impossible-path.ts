// A condition on the path that no request meets.
import { pathStart } from '../../base/match-cover';
import { findRegex } from '../../base/re2';
import { Kind } from '../../manifests/kind';
import { hasPlaceholder } from '../../manifests/placeholder';
import type { Check } from '../check';
import { type WrittenPath, writtenPaths } from '../routes/written-paths';

/** RFC 9112, 3.2.1; Envoy compares the path without query and fragment (Envoy 1.40, RouteEntryImplBase::sanitizePathBeforePathMatching). */
export const impossiblePath: Check = {
  id: 'impossible-path',
  severity: 'error',
  title: 'No request meets a condition on the path',
  why: 'Every path starts with a slash, and Istio compares it without the query. The route never matches, so its requests get another route or 404; the rule '
    + 'of a policy never holds.',
  fix: 'Start the path with a slash, and match the query with queryParams.',
  related: [],
  about: [Kind.AUTHORIZATION_POLICY, Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ manifests }) {
    for (const path of writtenPaths(manifests)) {
      const { manifest, pointer, value } = path;
      const isUsual = value.startsWith('/') && !value.includes('?') && !value.includes('#');
      const why = isUsual || hasPlaceholder(value) ? undefined : whyNever(path);
      if (why !== undefined) {
        yield { manifest, pointer, message: `"${value}" ${why}` };
      }
    }
  },
};

function whyNever({ is, value }: WrittenPath): string | undefined {
  const regex = is === 'regex' ? findRegex(value) : undefined;
  const start = regex === undefined ? value : pathStart({ path: { is: 'regex', value, regex } });
  // A star is an asterisk-form request of OPTIONS, a glob, or what a policy allows at its start; templates start with a slash.
  if ((is !== 'regex' || regex !== undefined) && start !== '' && !/^[/*]/.test(start)) {
    return 'starts without a slash, and every path has one';
  }
  const query = is === 'regex' ? /^[^|[(]*\\\?(?![?*{])/.test(value) : value.includes('?');
  return query ? 'has a question mark, and the path is compared without the query'
    : is !== 'regex' && value.includes('#') ? 'has a fragment, which clients do not send' : undefined;
}
