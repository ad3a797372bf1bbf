// The gate of a pull request in examples/fleet, and the workflow that runs it. Stand-ins take the place of npm, npx, kubectl and gh.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { type Ran, type Repository, testWithGit, type Variables } from '../git-repository';

const ROOT = join(__dirname, '..', '..');
const FLEET = join(ROOT, 'examples', 'fleet');
/** What the apps leave for the CLI. */
const WRITES = 'mkdir -p .cdk8s.out/dist/dev .cdk8s.out/clusters/dev && touch .cdk8s.out/dist/dev/Kustomization .cdk8s.out/clusters/dev/flux.yaml';
const MARK = '# Written by cdk8s-alb-istio for dist/dev, and removed when the program does not write it any more.\n';
const FILES = {
  'dist/dev/10-shop.k8s.yaml': 'kind: A\n',
  'dist/dev/Kustomization': 'kind: Kustomization\nresources:\n  - 10-shop.k8s.yaml\n',
  'clusters/dev/flux.yaml': `${MARK}kind: B\n`,
};
/** A project whose types can be checked. */
const TYPED = { 'tsconfig.json': '{}', 'node_modules/typescript/package.json': '{}' };

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
    repository.branch({ ...FILES, ...TYPED }, {});
    const variables = standIns(repository, { npm: '', npx: WRITES, kubectl: 'printf "kind: A\\n---\\nkind: B\\n"' });
    const { code, out } = gate(repository, [], variables);
    expect({ code, calls: calls(repository) }).toEqual({ code: 0, calls: [
      'npm ci',
      'npx --no -- tsc --noEmit',
      'npx --no -- cdk8s synth --check-upgrade=false --output .cdk8s.out',
      'npx --no -- alb-istio check dist',
      'kubectl kustomize dist/dev',
    ] });
    expect(out).toBe('\n== install\n\n== types\n\n== synth\n\n== check\n\n== committed\nthe committed YAML is up to date: dist clusters\n'
      + '\n== kustomize\nkubectl kustomize dist/dev: 2 objects\n');
  });

  testWithGit('stops at the step that fails, with exit code 1, whatever the program of the step ends with', repository => {
    repository.branch({ ...FILES, ...TYPED }, {});
    const steps = ['install', 'types', 'synth', 'check', 'committed', 'kustomize'];
    for (const [step, call] of [['install', 'npm'], ['types', 'tsc'], ['synth', 'cdk8s'], ['check', 'alb-istio'], ['kustomize', 'kubectl']]) {
      const programs = ['npm', 'npx', 'kubectl'].map(name => [name, `case "${name} $*" in *${call}*) exit 2 ;; esac; ${name === 'npx' ? WRITES : 'true'}`]);
      const { code, out } = gate(repository, [], standIns(repository, Object.fromEntries(programs)));
      expect({ code, steps: [...out.matchAll(/^== (.*)$/gm)].map(([, name]) => name) })
        .toEqual({ code: 1, steps: steps.slice(0, steps.indexOf(step) + 1) });
    }
  });

  testWithGit('refuses steps that it does not have, before it runs any', repository => {
    const variables = standIns(repository, { npm: '' });
    for (const wrong of ['deploy', 'install types', '']) {
      expect(gate(repository, ['install', wrong], variables)).toEqual({
        code: 2, out: '', err: `gate.sh: unknown step '${wrong}'; steps: install types synth check committed kustomize\n`,
      });
    }
    expect(calls(repository)).toEqual([]);
  });

  testWithGit('says so where types cannot be checked', repository => {
    const variables = standIns(repository, { npx: '' });
    const notRun = { code: 0, err: '', out: '\n== types\ntsc not run: no tsconfig.json here, or typescript is not installed\n' };
    repository.put({ 'tsconfig.json': '{}' });
    expect(gate(repository, ['types'], variables)).toEqual(notRun);
    repository.put({ ...TYPED, 'tsconfig.json': undefined });
    expect(gate(repository, ['types'], variables)).toEqual(notRun);
    expect(calls(repository)).toEqual([]);
  });

  describe('synth', () => {
    testWithGit('fails on what the program does not write any more, and leaves files of others alone', repository => {
      repository.put({ ...FILES, 'clusters/mine.yaml': '# mine, not\n# Written by cdk8s-alb-istio\n', 'clusters/dev/README.md': '', 'clusters/empty': '' });
      const variables = standIns(repository, { npx: WRITES });
      expect(gate(repository, ['synth'], variables)).toEqual({ code: 0, out: '\n== synth\n', err: '' });
      repository.put({
        'dist/old one/Kustomization': 'kind: Kustomization\n',
        'clusters/old=one/flux.yaml': MARK,
        'clusters/argocd.yaml': '# Written by cdk8s-alb-istio, and removed when the program does not write it any more.\r\n',
      });
      const { code, err } = gate(repository, ['synth'], variables);
      expect({ code, lines: err.split('\n').sort() }).toEqual({ code: 1, lines: [
        '', '',
        'Delete them, and their folder in install if there is one',
        'The program no longer writes these, but clusters would still apply them:',
        'clusters/argocd.yaml', 'clusters/old=one/flux.yaml', 'dist/old one/',
      ] });
    });

    testWithGit('needs only the folders that there are', repository => {
      repository.put(Object.fromEntries(Object.entries(FILES).filter(([name]) => name.startsWith('dist/'))));
      expect(gate(repository, ['synth'], standIns(repository, { npx: WRITES }))).toEqual({ code: 0, out: '\n== synth\n', err: '' });
    });

    testWithGit('fails where the program writes nothing into the folder, so that leftovers could not be told', repository => {
      repository.put(FILES);
      const { code, err } = gate(repository, ['synth'], standIns(repository, { npx: 'mkdir .cdk8s.out' }));
      expect({ code, err }).toEqual({ code: 1, err: '\nNo GitOpsApp of the program writes into dist:\n'
        + "use for example the folder 'dist/production', and `output: .cdk8s.out` in cdk8s.yaml; or set other folders at the top of gate.sh\n" });
    });

    testWithGit('fails on YAML and JSON that a Kustomization beside it or above it does not list', repository => {
      repository.put({ ...FILES, 'dist/dev/README.md': '', 'dist/by-hand/kustomization.yaml': '', 'dist/by-hand/x.yaml': '' });
      const variables = standIns(repository, { npx: WRITES });
      expect(gate(repository, ['synth'], variables).code).toBe(0);
      repository.put(Object.fromEntries(['shop.k8s.yaml', 'b c.yml', 'sub/10-shop.k8s.yaml', '.d.json', '../old/20-edge.k8s.yaml'].map(name => [`dist/dev/${name}`, ''])));
      const { code, err } = gate(repository, ['synth'], variables);
      expect({ code, lines: err.split('\n').sort() }).toEqual({ code: 1, lines: [
        '', '',
        'Move them out of dist, or add their objects to the program',
        'No Kustomization lists these, so `kubectl apply -f` would apply them, but kustomize, Flux and Argo CD would not:',
        'dist/dev/.d.json', 'dist/dev/b c.yml', 'dist/dev/shop.k8s.yaml', 'dist/dev/sub/10-shop.k8s.yaml', 'dist/old/20-edge.k8s.yaml',
      ] });
    });
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
      expect(gate(repository, ['committed'])).toEqual({ code: 0, err: '', out: '\n== committed\nthe committed YAML is up to date: dist clusters\n' });
    });

    const changes = [
      ['changed', { 'dist/dev/10-shop.k8s.yaml': 'kind: C\n' }, ' M dist/dev/10-shop.k8s.yaml'],
      ['new', { 'dist/prod/Kustomization': '' }, '?? dist/prod/Kustomization'],
      ['new beside the applied folders', { 'clusters/prod/flux.yaml': '' }, '?? clusters/prod/flux.yaml'],
      ['gone', { 'clusters/dev/flux.yaml': undefined }, ' D clusters/dev/flux.yaml'],
    ] as const;
    for (const [what, files, line] of changes) {
      testWithGit(`fails when a file is ${what}, and says how to fix it`, repository => {
        repository.branch(FILES, {});
        repository.git('config', 'status.showUntrackedFiles', 'no');
        repository.put(files);
        expect(gate(repository, ['committed'])).toMatchObject({
          code: 1,
          err: `\nThe committed YAML differs from what the program writes:\n${line}\nRun \`npx cdk8s synth\` and commit: dist clusters\n`,
        });
      });
    }

    testWithGit('shows what the program writes otherwise', repository => {
      repository.branch(FILES, {});
      repository.put({ 'dist/dev/10-shop.k8s.yaml': 'kind: C\n' });
      expect(gate(repository, ['committed']).out).toContain('-kind: A\n+kind: C\n');
    });

    testWithGit('shows no more than 60 lines of that, and none of files that are gone', repository => {
      repository.branch({ ...FILES, 'dist/old/x.yaml': 'old\n'.repeat(500) }, {});
      repository.put({ 'dist/old/x.yaml': undefined });
      expect(gate(repository, ['committed'])).toMatchObject({ out: '\n== committed\n', err: expect.stringContaining('\n D dist/old/x.yaml\n') });
      repository.put({ 'dist/dev/10-shop.k8s.yaml': 'kind: C\n'.repeat(500) });
      const { out } = gate(repository, ['committed']);
      expect(out.split('\n').slice(2 + 60)).toEqual(['... and 446 more lines. All of them: git diff HEAD -- dist clusters', '']);
    });

    testWithGit('fails when git ignores the YAML, or none is committed', repository => {
      repository.branch({ '.gitignore': 'dist/\n', 'src/main.ts': '1' }, {});
      repository.put(FILES);
      expect(gate(repository, ['committed'])).toMatchObject({ code: 1, err: expect.stringContaining('No file of dist is committed.') });
      repository.commit({ '.gitignore': '/clusters\n*.log\n' });
      repository.put({ 'dist/dev/x.log': '' });
      expect(gate(repository, ['committed'])).toMatchObject({
        code: 1, err: '\nGit ignores rendered YAML, so it never reaches a cluster:\nclusters/dev/flux.yaml\nChange .gitignore, and commit them\n',
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
