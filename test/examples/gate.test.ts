// The gate of a pull request in examples/fleet, and the workflow that runs it. Stand-ins take the place of npm, npx, kubectl and gh.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { type Ran, type Repository, testWithGit, type Variables } from '../git-repository';

const ROOT = join(__dirname, '..', '..');
const FLEET = join(ROOT, 'examples', 'fleet');
/** What a GitOpsApp leaves for the CLI. */
const WRITES = 'mkdir -p .cdk8s.out/dist/dev && touch .cdk8s.out/dist/dev/Kustomization';
const FILES = {
  'cdk8s.yaml': 'language: typescript\noutput: .cdk8s.out\n',
  'dist/dev/10-shop.k8s.yaml': 'kind: A\n',
  'dist/dev/Kustomization': 'kind: Kustomization\n',
  'clusters/dev/flux.yaml': 'kind: B\n',
};

function gate(repository: Repository, steps: readonly string[], variables?: Variables): Ran {
  return repository.run('/bin/sh', [join(FLEET, 'gate.sh'), ...steps], variables);
}

/** Programs that write down how they are called, and then do what the script says. */
function standIns(repository: Repository, scripts: Readonly<Record<string, string>>): Variables {
  const { folder } = repository;
  for (const [name, script] of Object.entries(scripts)) {
    repository.put({ [`bin/${name}`]: `#!/bin/sh\necho "${name} $*" >> '${join(folder, 'calls')}'\n${script}\n` });
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  return { PATH: join(folder, 'bin') + delimiter + process.env.PATH };
}

function calls({ folder }: Repository): string[] {
  return existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n') : [];
}

test.each(['rendered-diff.sh', 'gate.sh'].flatMap(script => ['/bin/sh', 'bash'].map(shell => [script, shell])))('%s is a script that %s reads', (script, shell) => {
  const { status, stderr, error } = spawnSync(shell, ['-n', join(FLEET, script)], { encoding: 'utf8' });
  expect(error ? [0, ''] : [status, stderr]).toEqual([0, '']);
});

describe('gate.sh', () => {
  testWithGit('runs all steps in order', repository => {
    repository.branch(FILES, {});
    const variables = standIns(repository, { npm: '', npx: WRITES, kubectl: 'printf "kind: A\\n---\\nkind: B\\n"' });
    const { code, out } = gate(repository, [], variables);
    expect({ code, calls: calls(repository) }).toEqual({ code: 0, calls: [
      'npm ci',
      'npx --no -- cdk8s synth --check-upgrade=false',
      'npx --no -- alb-istio check dist',
      'kubectl kustomize dist/dev',
    ] });
    expect(out).toBe('\n== install\n\n== synth\n\n== check\n\n== committed\ncommitted is what the program writes: dist clusters\n'
      + '\n== kustomize\nkubectl kustomize dist/dev: 2 objects\n');
  });

  testWithGit('stops at the step that fails', repository => {
    repository.branch(FILES, {});
    const variables = standIns(repository, { npm: '', npx: 'case $* in *istio*) exit 1 ;; esac', kubectl: '' });
    const { code, out } = gate(repository, [], variables);
    expect({ code, out }).toEqual({ code: 1, out: '\n== install\n\n== synth\n\n== check\n' });
  });

  testWithGit('refuses steps that it does not have, before it runs any', repository => {
    const variables = standIns(repository, { npm: '' });
    expect(gate(repository, ['install', 'deploy'], variables)).toEqual({
      code: 2, out: '', err: "gate.sh: there is no step 'deploy'; steps: install synth check committed kustomize\n",
    });
    expect(calls(repository)).toEqual([]);
  });

  testWithGit('fails on a folder that the program does not write any more', repository => {
    repository.branch({ ...FILES, 'dist/old/Kustomization': 'kind: Kustomization\n' }, {});
    const variables = standIns(repository, { npx: WRITES });
    expect(gate(repository, ['synth'], variables)).toMatchObject({
      code: 1, err: expect.stringContaining('clusters would still apply their folders:\ndist/old/Kustomization\nRemove the folders'),
    });
    repository.put({ 'cdk8s.yaml': 'output: dist\n' }); // which the CLI empties itself
    expect(gate(repository, ['synth'], variables).code).toBe(0);
  });

  testWithGit('fails where kubectl does not take a folder, and says so where there is no kubectl', repository => {
    repository.branch(FILES, {});
    const { code, out } = gate(repository, ['kustomize'], standIns(repository, { kubectl: 'exit 3' }));
    expect({ failed: code !== 0, out }).toEqual({ failed: true, out: '\n== kustomize\n' });
    expect(gate(repository, ['kustomize'], { PATH: join(repository.folder, 'nowhere') }))
      .toEqual({ code: 0, err: '', out: '\n== kustomize\nkubectl kustomize not run: no kubectl on this machine\n' });
  });

  describe('committed', () => {
    testWithGit('passes when the YAML is what is committed, whatever else is not', repository => {
      repository.branch(FILES, {});
      repository.put({ 'src/main.ts': '1', '.cdk8s.out/x.yaml': '' });
      expect(gate(repository, ['committed'])).toEqual({ code: 0, err: '', out: '\n== committed\ncommitted is what the program writes: dist clusters\n' });
    });

    const changes = [
      ['changed', { 'dist/dev/10-shop.k8s.yaml': 'kind: C\n' }, ' M dist/dev/10-shop.k8s.yaml'],
      ['new', { 'dist/prod/Kustomization': '' }, '?? dist/prod/Kustomization'],
      ['new beside the applied folders', { 'clusters/prod/flux.yaml': '' }, '?? clusters/prod/flux.yaml'],
      ['gone', { 'clusters/dev/flux.yaml': undefined }, ' D clusters/dev/flux.yaml'],
    ] as const;
    for (const [what, files, line] of changes) {
      testWithGit(`fails when a file is ${what}, and says how to mend it`, repository => {
        repository.branch(FILES, {});
        repository.git('config', 'status.showUntrackedFiles', 'no');
        repository.put(files);
        expect(gate(repository, ['committed'])).toMatchObject({
          code: 1,
          err: `\nThe committed YAML is not what the program writes:\n${line}\nRun \`npx cdk8s synth\` and commit: dist clusters\n`,
        });
      });
    }

    testWithGit('shows what the program writes otherwise', repository => {
      repository.branch(FILES, {});
      repository.put({ 'dist/dev/10-shop.k8s.yaml': 'kind: C\n' });
      expect(gate(repository, ['committed']).out).toContain('-kind: A\n+kind: C\n');
    });

    testWithGit('fails when git ignores the YAML, or none is committed', repository => {
      repository.branch({ '.gitignore': 'dist/\n', 'src/main.ts': '1' }, {});
      repository.put(FILES);
      expect(gate(repository, ['committed'])).toMatchObject({ code: 1, err: expect.stringContaining('No file of dist is committed.') });
      repository.commit({ '.gitignore': '/clusters\n*.log\n' });
      repository.put({ 'dist/dev/x.log': '' });
      expect(gate(repository, ['committed'])).toMatchObject({
        code: 1, err: '\nGit ignores rendered YAML, so no cluster will see it:\nclusters/dev/flux.yaml\nChange .gitignore, and commit them\n',
      });
    });
  });
});

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, {
    readonly permissions?: unknown;
    readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly if?: string; readonly with?: Readonly<Record<string, unknown>> }[];
  }>>;
}

describe('pull-request.yml', () => {
  const workflow = load(readFileSync(join(FLEET, 'pull-request.yml'), 'utf8')) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap(job => job.steps);
  const commented = steps.find(step => step.if !== undefined)!;

  test('runs for pull requests with the rights of a reader, and one job may write comments', () => {
    expect({ on: workflow.on, permissions: workflow.permissions, jobs: Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]) }).toEqual({
      on: 'pull_request',
      permissions: { contents: 'read' },
      jobs: [['gate', undefined], ['diff', { contents: 'read', 'pull-requests': 'write' }]],
    });
  });

  test('runs nothing of npm in the job that may write, and leaves no token in a checkout', () => {
    expect(workflow.jobs.diff.steps.map(({ uses, run }) => uses ?? run).join('\n')).not.toMatch(/setup-node|npm|npx|gate\.sh|node /);
    expect(steps.filter(({ uses }) => uses?.startsWith('actions/checkout')).map(step => step.with?.['persist-credentials'])).toEqual([false, false]);
  });

  test('names scripts that exist, and nothing of the pull request in a script', () => {
    const scripts = steps.flatMap(({ run }) => run ?? []);
    const named = scripts.flatMap(script => [...script.matchAll(/\bsh (\S+)/g)].map(([, file]) => file));
    expect([...new Set(named)].sort()).toEqual(['./gate.sh', './rendered-diff.sh']);
    expect(named.filter(file => !existsSync(join(FLEET, file)))).toEqual([]);
    expect(scripts.filter(script => script.includes('${{'))).toEqual([]);
  });

  test('takes the versions of actions that this repository runs itself', () => {
    const actionsOf = (text: string) => [...new Set([...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action))].sort();
    expect(actionsOf(readFileSync(join(FLEET, 'pull-request.yml'), 'utf8'))).toEqual(actionsOf(readFileSync(join(ROOT, '.github', 'workflows', 'ci.yml'), 'utf8')));
  });

  test('leaves the comment out for forks, whose token may not write', () => {
    expect(commented.if).toBe('github.event.pull_request.head.repo.full_name == github.repository');
  });

  testWithGit('posts one comment, and updates that one later', repository => {
    for (const [known, call] of [['', '--method POST repos/a/b/issues/7/comments'], ['31\n52\n', '--method PATCH repos/a/b/issues/comments/31']]) {
      const variables = { ...standIns(repository, { gh: `case $* in *--paginate*) printf '${known}' ;; esac` }), GITHUB_REPOSITORY: 'a/b', NUMBER: '7', RUNNER_TEMP: '/t' };
      expect(repository.run('bash', ['-e', '-c', commented.run!], variables)).toEqual({ code: 0, out: '', err: '' });
      expect(calls(repository).slice(-1)).toEqual([`gh api --silent ${call} --field body=@/t/comment.md`]);
    }
    const broken = { ...standIns(repository, { gh: 'exit 1' }), GITHUB_REPOSITORY: 'a/b', NUMBER: '7', RUNNER_TEMP: '/t' };
    expect(repository.run('bash', ['-e', '-c', commented.run!], broken).code).toBe(1);
  });
});
