// The options of Argo CD as they are rendered.
import { ignoreDifferencesOf, sourceOf, syncPolicyOf } from '../../../src/gitops/delivery/argo-options';
import { refusal } from '../../refusal';

const repoUrl = 'git@git.example.com:acme/platform.git';
const retry = { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } };

test('the source is a path at a revision', () => {
  expect(sourceOf({ repoUrl }, 'dist/a')).toEqual({ repoURL: repoUrl, targetRevision: 'main', path: 'dist/a' });
  expect(sourceOf({ repoUrl, targetRevision: 'v1' }, 'dist/a')).toEqual({ repoURL: repoUrl, targetRevision: 'v1', path: 'dist/a' });
});

test.each([['repoUrl', 'the URL of a Git repository'], ['targetRevision', 'a branch, a tag or a commit']])('an empty %s is rejected', (prop, allowed) => {
  ['', ' '].forEach(value => {
    expect(refusal(() => sourceOf({ repoUrl, [prop]: value }, 'dist/a'))).toEqual({ prop, value, reason: `must be ${allowed}`, path: '' });
  });
});

test.each([' a', 'a ', 'a b'])('%p is no repository', value => {
  expect(refusal(() => sourceOf({ repoUrl: value }, 'dist/a'))).toMatchObject({ prop: 'repoUrl', value });
});

test('it syncs, prunes and self-heals automatically, and each can be turned off', () => {
  expect(syncPolicyOf({ repoUrl }, ['A=b'])).toEqual({ automated: { prune: true, selfHeal: true }, syncOptions: ['A=b'], retry });
  expect(syncPolicyOf({ repoUrl, prune: false }, [])).toEqual({ automated: { prune: false, selfHeal: true }, syncOptions: [], retry });
  expect(syncPolicyOf({ repoUrl, selfHeal: false }, [])).toEqual({ automated: { prune: true, selfHeal: false }, syncOptions: [], retry });
  expect(syncPolicyOf({ repoUrl, automated: false, prune: true }, [])).toEqual({ syncOptions: [], retry });
});

test('ignored fields are expressions, which do not depend on the position of a route', () => {
  const fields = { kind: 'VirtualService', name: 'a', namespace: 'b', pointers: ['/spec/http/0/route/0/weight'], expressions: ['.spec.http[].route[].weight'] };
  expect(ignoreDifferencesOf([])).toEqual([]);
  expect(ignoreDifferencesOf([fields])).toEqual([
    { group: 'networking.istio.io', kind: 'VirtualService', name: 'a', namespace: 'b', jqPathExpressions: ['.spec.http[].route[].weight'] },
  ]);
});
