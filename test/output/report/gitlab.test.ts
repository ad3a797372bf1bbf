import { renderGitlab } from '../../../src/output/report/gitlab';
import { EMPTY, ERROR, REPORT } from './findings';

test('each finding that is not acknowledged is an issue with the fields that GitLab reads', () => {
  expect(JSON.parse(renderGitlab(REPORT))).toEqual([
    {
      description: 'VirtualService prod/shop /spec/http/0: subset "v9" is declared nowhere: 100%, <none>. Fix: Declare it.',
      check_name: 'unknown-subset',
      fingerprint: expect.stringMatching(/^[\da-f]{40}$/),
      severity: 'critical',
      location: { path: 'dist/a, b: c/shop #1.yaml', lines: { begin: 17 } },
    },
    expect.objectContaining({ check_name: 'weights-not-100', severity: 'minor', location: { path: '-', lines: { begin: 1 } } }),
  ]);
});

test('without findings the list is empty', () => {
  expect(JSON.parse(renderGitlab(EMPTY))).toEqual([]);
});

test('an acknowledgement of one of two equal findings does not change the fingerprint of the other', () => {
  const [first, second] = JSON.parse(renderGitlab({ ...REPORT, findings: [ERROR, ERROR] })) as { fingerprint: string }[];
  expect(first.fingerprint).not.toBe(second.fingerprint);
  expect(JSON.parse(renderGitlab({ ...REPORT, findings: [ERROR, { ...ERROR, acknowledged: 'known' }] }))[0].fingerprint).toBe(first.fingerprint);
});
