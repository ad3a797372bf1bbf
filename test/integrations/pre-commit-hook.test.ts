// The hook for pre-commit: its entry runs as pre-commit runs it, with npx replaced.
import { load } from 'js-yaml';
import { StubCommands, VERSION, fileOf, routes, yamlBlocksOf } from './stub-commands';

interface Hook {
  readonly id: string;
  readonly name: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly pass_filenames: boolean;
  readonly args: readonly string[];
}

const HOOKS = load(fileOf('.pre-commit-hooks.yaml')) as Hook[];
const [HOOK] = HOOKS;

let stub: StubCommands;
beforeEach(() => {
  stub = new StubCommands();
});
afterEach(() => stub.remove());

/** pre-commit splits the entry as a shell does, and appends the arguments. */
function commit(args = HOOK.args) {
  return stub.run(['sh', '-c'], `${HOOK.entry} ${args.map(own => `'${own}'`).join(' ')}`);
}

test('installs this version without cdk8s, and checks the repository', () => {
  stub.write({ 'deploy/a.yaml': routes([0, 0]) });
  expect(commit()).toMatchObject({ code: 1, out: expect.stringContaining('deploy/a.yaml:4: error zero-weights') });
  expect(stub.calls).toEqual([`npx --yes --legacy-peer-deps --package=cdk8s-alb-istio@${VERSION} -- alb-istio check .`]);
  stub.write({ 'deploy/a.yaml': routes() });
  expect(commit().code).toBe(0);
});

test('takes options and folders as arguments', () => {
  stub.write({ 'deploy/a.yaml': routes([2, 1]), 'other/b.yaml': routes([0, 0]) });
  expect(commit(['deploy']).code).toBe(0);
  expect(commit(['--fail-on', 'warning', 'deploy']).code).toBe(1);
});

test.each([['deploy/a.yaml', true], ['a.yml', true], ['cdk8s.json', true], ['src/main.ts', false], ['yaml/readme', false]])('runs for a change of %s: %s', (file, runs) => {
  expect(new RegExp(HOOK.files).test(file)).toBe(runs);
});

test('checks all files together, whichever of them changed', () => {
  expect(HOOK).toMatchObject({ language: 'system', pass_filenames: false });
});

test('the page uses the hook at this version', () => {
  const [config] = yamlBlocksOf('docs/pre-commit.md').map(text => load(text) as { repos: { rev: string; hooks: { id: string }[] }[] });
  expect(config.repos.map(({ rev, hooks }) => [rev, hooks.map(({ id }) => id)])).toEqual([[`v${VERSION}`, HOOKS.map(({ id }) => id)]]);
});

test('the Git hook of the page does the same with the package of the project', () => {
  const [, script] = /```sh\n([^]*?)```/.exec(fileOf('docs/pre-commit.md'))!;
  stub.write({ 'deploy/a.yaml': routes([0, 0]) });
  expect(stub.run(['sh', '-c'], script)).toMatchObject({ code: 1, out: expect.stringContaining('deploy/a.yaml:4: error zero-weights') });
  expect(stub.calls).toEqual(['npx --no -- alb-istio check deploy']);
});
