// The gate of a pull request in examples/fleet, and the workflow that runs it, with stand-ins for npm, npx, kubectl and gh.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { type Ran, type Repository, testWithGit, type Variables } from '../git-repository';

const ROOT = join(__dirname, '..', '..');
const FLEET = join(ROOT, 'examples', 'fleet');
/** Writes what the apps leave for the CLI. */
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

/** Programs that log how they are called, and then run the script. */
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

test.each(['/bin/sh', 'bash'])('%s can parse gate.sh', shell => {
  const { status, stderr, error } = spawnSync(shell, ['-n', join(FLEET, 'gate.sh')], { encoding: 'utf8' });
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
    expect(out).toBe('\n== install\n\n== types\n\n== synth\n\n== check\n\n== committed\nthe committed files are those that the program writes: dist clusters\n'
      + '\n== kustomize\nkubectl kustomize dist/dev: 2 objects\n');
  });

  testWithGit('stops at the step that fails, always with exit code 1', repository => {
    repository.branch({ ...FILES, ...TYPED }, {});
    const steps = ['install', 'types', 'synth', 'check', 'committed', 'kustomize'];
    for (const [step, call] of [['install', 'npm'], ['types', 'tsc'], ['synth', 'cdk8s'], ['check', 'alb-istio'], ['kustomize', 'kubectl']]) {
      const programs = ['npm', 'npx', 'kubectl'].map(name => [name, `case "${name} $*" in *${call}*) exit 2 ;; esac; ${name === 'npx' ? WRITES : 'true'}`]);
      const { code, out } = gate(repository, [], standIns(repository, Object.fromEntries(programs)));
      expect({ code, steps: [...out.matchAll(/^== (.*)$/gm)].map(([, name]) => name) })
        .toEqual({ code: 1, steps: steps.slice(0, steps.indexOf(step) + 1) });
    }
  });

  testWithGit('rejects unknown steps before it runs any', repository => {
    const variables = standIns(repository, { npm: '' });
    for (const wrong of ['deploy', 'install types', '']) {
      expect(gate(repository, ['install', wrong], variables)).toEqual({
        code: 2, out: '', err: `gate.sh: unknown step '${wrong}'; steps: install types synth check committed kustomize diff\n`,
      });
    }
    expect(calls(repository)).toEqual([]);
  });

  testWithGit('reports that types were not checked', repository => {
    const variables = standIns(repository, { npx: '' });
    const notRun = { code: 0, err: '', out: '\n== types\ntsc skipped: there is no tsconfig.json, or typescript is not installed\n' };
    repository.put({ 'tsconfig.json': '{}' });
    expect(gate(repository, ['types'], variables)).toEqual(notRun);
    repository.put({ ...TYPED, 'tsconfig.json': undefined });
    expect(gate(repository, ['types'], variables)).toEqual(notRun);
    expect(calls(repository)).toEqual([]);
  });

  describe('synth', () => {
    testWithGit('fails on files that the program no longer writes, and ignores others', repository => {
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

    testWithGit('does not need a clusters folder', repository => {
      repository.put(Object.fromEntries(Object.entries(FILES).filter(([name]) => name.startsWith('dist/'))));
      expect(gate(repository, ['synth'], standIns(repository, { npx: WRITES }))).toEqual({ code: 0, out: '\n== synth\n', err: '' });
    });

    testWithGit('fails if the program writes nothing into the applied folder', repository => {
      repository.put(FILES);
      const { code, err } = gate(repository, ['synth'], standIns(repository, { npx: 'mkdir .cdk8s.out' }));
      expect({ code, err }).toEqual({ code: 1, err: '\nNo GitOpsApp of the program writes into dist.\n'
        + "Give one the folder 'dist/production', for example, and set `output: .cdk8s.out` in cdk8s.yaml; or change the folders at the top of gate.sh\n" });
    });

    testWithGit('fails on YAML and JSON that is not listed in a Kustomization', repository => {
      repository.put({ ...FILES, 'dist/dev/README.md': '', 'dist/by-hand/kustomization.yaml': '', 'dist/by-hand/x.yaml': '' });
      const variables = standIns(repository, { npx: WRITES });
      expect(gate(repository, ['synth'], variables).code).toBe(0);
      repository.put(Object.fromEntries(['shop.k8s.yaml', 'b c.yml', 'sub/10-shop.k8s.yaml', '.d.json', '../old/20-edge.k8s.yaml'].map(name => [`dist/dev/${name}`, ''])));
      const { code, err } = gate(repository, ['synth'], variables);
      expect({ code, lines: err.split('\n').sort() }).toEqual({ code: 1, lines: [
        '', '',
        'Move them out of dist, or add their objects to the program',
        'These are not listed in a Kustomization, so `kubectl apply -f` would apply them, but kustomize, Flux and Argo CD would not:',
        'dist/dev/.d.json', 'dist/dev/b c.yml', 'dist/dev/shop.k8s.yaml', 'dist/dev/sub/10-shop.k8s.yaml', 'dist/old/20-edge.k8s.yaml',
      ] });
    });
  });

  testWithGit('fails if kubectl rejects a folder, and reports that kubectl is not installed', repository => {
    repository.branch(FILES, {});
    const { code, out } = gate(repository, ['kustomize'], standIns(repository, { kubectl: 'exit 3' }));
    expect({ failed: code !== 0, out }).toEqual({ failed: true, out: '\n== kustomize\n' });
    expect(gate(repository, ['kustomize'], { PATH: join(repository.folder, 'nowhere') }))
      .toEqual({ code: 0, err: '', out: '\n== kustomize\nkubectl kustomize skipped: kubectl is not installed\n' });
  });

  describe('committed', () => {
    testWithGit('passes when the YAML is committed, even if other files are not', repository => {
      repository.branch(FILES, {});
      repository.put({ 'src/main.ts': '1', '.cdk8s.out/x.yaml': '' });
      expect(gate(repository, ['committed'])).toEqual({ code: 0, err: '', out: '\n== committed\nthe committed files are those that the program writes: dist clusters\n' });
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
          err: `\nThe committed files are not those that the program writes:\n${line}\nRun \`npx cdk8s synth\` and commit: dist clusters\n`,
        });
      });
    }

    testWithGit('shows the difference', repository => {
      repository.branch(FILES, {});
      repository.put({ 'dist/dev/10-shop.k8s.yaml': 'kind: C\n' });
      expect(gate(repository, ['committed']).out).toContain('-kind: A\n+kind: C\n');
    });

    testWithGit('shows at most 60 lines of it, and none of deleted files', repository => {
      repository.branch({ ...FILES, 'dist/old/x.yaml': 'old\n'.repeat(500) }, {});
      repository.put({ 'dist/old/x.yaml': undefined });
      expect(gate(repository, ['committed'])).toMatchObject({ out: '\n== committed\n', err: expect.stringContaining('\n D dist/old/x.yaml\n') });
      repository.put({ 'dist/dev/10-shop.k8s.yaml': 'kind: C\n'.repeat(500) });
      const { out } = gate(repository, ['committed']);
      expect(out.split('\n').slice(2 + 60)).toEqual(['... and 446 more lines. To see all of them: git diff HEAD -- dist clusters', '']);
    });

    testWithGit('fails when Git ignores the YAML, or none is committed', repository => {
      repository.branch({ '.gitignore': 'dist/\n', 'src/main.ts': '1' }, {});
      repository.put(FILES);
      expect(gate(repository, ['committed'])).toMatchObject({ code: 1, err: expect.stringContaining('No file of dist is committed.') });
      repository.commit({ '.gitignore': '/clusters\n*.log\n' });
      repository.put({ 'dist/dev/x.log': '' });
      expect(gate(repository, ['committed'])).toMatchObject({
        code: 1, err: '\nGit ignores these files, so no cluster would apply them:\nclusters/dev/flux.yaml\nChange .gitignore, and commit them\n',
      });
    });
  });

  describe('diff', () => {
    /** Lists the files of both sides, prints them, and exits with the code. */
    const npx = (code: number) => `[ "$3" = alb-istio ] && shift 6 && for side; do (cd "$side" && find . -type f | sort | xargs cat); echo =; done; exit ${code}`;
    const CHANGED = { 'dist/dev/10-shop.k8s.yaml': 'kind: C\n', 'clusters/prod/flux.yaml': 'kind: D\n' };

    testWithGit('compares the rendered folders with those of the commit on which the branch is based', repository => {
      repository.branch({ ...FILES, 'src/main.ts': '1' }, CHANGED);
      repository.git('checkout', '--quiet', 'main');
      repository.commit({ 'dist/dev/10-shop.k8s.yaml': 'kind: LATER\n' });
      repository.git('checkout', '--quiet', 'change');
      const variables = { ...standIns(repository, { npx: npx(1) }), BASE: 'main' };
      const [flux, kustomization] = [FILES['clusters/dev/flux.yaml'], FILES['dist/dev/Kustomization']];
      const out = `${flux}kind: A\n${kustomization}=\n${flux}kind: D\nkind: C\n${kustomization}=\n`;
      expect(gate(repository, ['diff'], variables)).toEqual({ code: 0, out, err: '' });
      expect(calls(repository)[0]).toMatch(/^npx --no -- alb-istio diff --format markdown \S+\/old\/ \S+\/new$/);
      expect(gate(repository, ['diff'], { ...variables, DIFF: 'diff.md' })).toEqual({ code: 0, out: '', err: '' });
      expect(readFileSync(join(repository.folder, 'diff.md'), 'utf8')).toBe(out);
    });

    testWithGit('works in a subfolder, and without folders on either side', repository => {
      repository.branch({ 'shop/package.json': '{}', 'dist/other.yaml': 'kind: X\n' }, { 'shop/dist/a.yaml': 'kind: A\n' });
      const variables = { ...standIns(repository, { npx: npx(1) }), BASE: 'main' };
      const run = () => repository.run('/bin/sh', ['-c', 'cd shop && exec /bin/sh "$1" diff', 'sh', join(FLEET, 'gate.sh')], variables);
      expect(run()).toEqual({ code: 0, out: '=\nkind: A\n=\n', err: '' });
      repository.commit({ 'shop/dist/a.yaml': undefined });
      expect(run()).toMatchObject({ code: 0, out: '=\n=\n' });
    });

    testWithGit('passes when nothing differs, and fails when the command fails', repository => {
      repository.branch(FILES, {});
      expect(gate(repository, ['diff'], { ...standIns(repository, { npx: npx(0) }), BASE: 'main' }).code).toBe(0);
      expect(gate(repository, ['diff'], { ...standIns(repository, { npx: npx(2) }), BASE: 'main' })).toMatchObject({ code: 1, out: '' });
    });

    testWithGit('needs a commit to compare with', repository => {
      repository.branch(FILES, {});
      expect(gate(repository, ['diff'])).toEqual({ code: 1, out: '', err: '\nSet BASE to the commit to compare with, such as BASE=origin/main\n' });
      expect(gate(repository, ['diff'], { BASE: 'origin/main' })).toMatchObject({ code: 1, err: expect.stringContaining("'origin/main' and HEAD have no common commit.") });
    });
  });
});

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, {
    readonly permissions?: unknown;
    readonly if?: string;
    readonly outputs?: unknown;
    readonly steps: readonly { readonly id?: string; readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[];
  }>>;
}

describe('pull-request.yml', () => {
  const workflow = load(readFileSync(join(FLEET, 'pull-request.yml'), 'utf8')) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap(job => job.steps);
  const [commented] = workflow.jobs.comment.steps;

  test('runs for pull requests with read access, and one job can write comments', () => {
    expect({ on: workflow.on, permissions: workflow.permissions, jobs: Object.entries(workflow.jobs).map(([name, { permissions }]) => [name, permissions]) }).toEqual({
      on: 'pull_request',
      permissions: { contents: 'read' },
      jobs: [['gate', undefined], ['comment', { 'pull-requests': 'write' }]],
    });
  });

  test('runs no code of the repository or of npm in the job that can write, and leaves no token in a checkout', () => {
    expect(workflow.jobs.comment.steps.map(({ uses, run }) => uses ?? run).join('\n')).not.toMatch(/checkout|setup-node|npm|npx|gate\.sh|node /);
    expect(steps.filter(({ uses }) => uses?.startsWith('actions/checkout')).map(step => step.with?.['persist-credentials'])).toEqual([false]);
  });

  test('runs scripts that exist, and interpolates nothing into a script', () => {
    const scripts = steps.flatMap(({ run }) => run ?? []);
    const named = scripts.flatMap(script => [...script.matchAll(/\bsh (\S+)/g)].map(([, file]) => file));
    expect([...new Set(named)].sort()).toEqual(['./gate.sh']);
    expect(named.filter(file => !existsSync(join(FLEET, file)))).toEqual([]);
    expect(scripts.filter(script => script.includes('${{'))).toEqual([]);
  });

  test('uses the versions of actions that this repository uses', () => {
    const actionsOf = (text: string) => [...new Set([...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action))].sort();
    expect(actionsOf(readFileSync(join(FLEET, 'pull-request.yml'), 'utf8'))).toEqual(actionsOf(readFileSync(join(ROOT, '.github', 'workflows', 'ci.yml'), 'utf8')));
  });

  test('does not comment for forks, whose token cannot write', () => {
    expect(workflow.jobs.comment.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  });

  testWithGit('creates one comment, and later updates it', repository => {
    for (const [known, call] of [['', '--method POST repos/a/b/issues/7/comments'], ['31\n52\n', '--method PATCH repos/a/b/issues/comments/31']]) {
      const variables = { ...standIns(repository, { gh: `case $* in *--paginate*) printf '${known}' ;; esac` }), GITHUB_REPOSITORY: 'a/b', NUMBER: '7', RUNNER_TEMP: repository.folder, GITHUB_WORKFLOW: 'pull request', COMMENT: Buffer.from('### ä|`$x').toString('base64') };
      expect(repository.run('bash', ['-e', '-c', commented.run!], variables)).toEqual({ code: 0, out: '', err: '' });
      expect(calls(repository).slice(-1)).toEqual([`gh api --silent ${call} --field body=@${join(repository.folder, 'comment.md')}`]);
      expect(readFileSync(join(repository.folder, 'comment.md'), 'utf8')).toBe('<!-- pull request -->\n### ä|`$x');
    }
    const broken = { ...standIns(repository, { gh: 'exit 1' }), GITHUB_REPOSITORY: 'a/b', NUMBER: '7', RUNNER_TEMP: repository.folder, GITHUB_WORKFLOW: 'pull request', COMMENT: Buffer.from('### ä|`$x').toString('base64') };
    expect(repository.run('bash', ['-e', '-c', commented.run!], broken).code).toBe(1);
  });

  testWithGit('passes the diff to the other job unchanged', repository => {
    repository.put({ 'gate.sh': 'printf "%s" "$BASE: \\`|ä" > "$DIFF"\n', summary: 'before\n', output: '' });
    const { run } = workflow.jobs.gate.steps.find(({ id }) => id === 'diff')!;
    const variables = { GITHUB_BASE_REF: 'main', RUNNER_TEMP: repository.folder, GITHUB_STEP_SUMMARY: 'summary', GITHUB_OUTPUT: 'output' };
    expect(repository.run('bash', ['-e', '-c', run!], variables)).toEqual({ code: 0, out: '', err: '' });
    const [summary, output] = ['summary', 'output'].map(name => readFileSync(join(repository.folder, name), 'utf8'));
    expect(summary).toBe('before\norigin/main: `|ä');
    expect(Buffer.from(/^comment=(.*)\n$/.exec(output)![1], 'base64').toString()).toBe('origin/main: `|ä');
    expect(workflow.jobs.gate.outputs).toEqual({ comment: '${{ steps.diff.outputs.comment }}' });
  });
});
