// The jobs of docs/gitlab.md: their scripts run in a shell as GitLab runs them, with npm replaced.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { StubCommands, VERSION, routes, yamlBlocksOf } from './stub-commands';

interface Job {
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly reports: Readonly<Record<string, string>> };
}

const JOBS = yamlBlocksOf('docs/gitlab.md').map(text => (load(text) as Record<'alb-istio', Job>)['alb-istio']);

let stub: StubCommands;
beforeEach(() => {
  stub = new StubCommands();
});
afterEach(() => stub.remove());

function runJob({ script }: Job) {
  return stub.run(['sh', '-e', '-c'], script.join('\n'), { CI_PROJECT_DIR: stub.folder });
}

test.each(JOBS.map((job): [string, Job] => [Object.keys(job.artifacts.reports)[0], job]))('the job with a report for %s writes it and fails on an error', (kind, job) => {
  const [report] = Object.values(job.artifacts.reports);
  stub.write({ 'deploy/a.yaml': routes([0, 0]) });
  expect(runJob(job).code).toBe(1);
  expect(job.artifacts.when).toBe('always');
  expect(existsSync(join(stub.folder, report))).toBe(true);
  expect(stub.read(report)).toContain(kind === 'codequality' ? '"check_name": "zero-weights"' : '<testsuite name="zero-weights" tests="1" failures="1"');
  expect(stub.read(report)).toContain('deploy/a.yaml');
  stub.write({ 'deploy/a.yaml': routes() });
  expect(runJob(job).code).toBe(0);
});

test('the jobs install this version, without cdk8s', () => {
  JOBS.forEach(runJob);
  expect(stub.calls).toEqual(JOBS.map(() => `npm install --global --legacy-peer-deps cdk8s-alb-istio@${VERSION}`));
  expect(JOBS).toHaveLength(2);
});
