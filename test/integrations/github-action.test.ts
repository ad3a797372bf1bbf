// The composite action: its steps run in a shell as GitHub runs them, with npm replaced.
import { join } from 'node:path';
import { load } from 'js-yaml';
import { CHECK } from '../../src/cli/check';
import { type Done, ROOT, StubCommands, VERSION, fileOf, routes, yamlBlocksOf } from './stub-commands';

interface Step {
  readonly name: string;
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
  readonly 'working-directory'?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const ACTION = load(fileOf('action.yml')) as Action;
const ERRORS = routes([0, 0]);

let stub: StubCommands;
beforeEach(() => {
  stub = new StubCommands();
});
afterEach(() => stub.remove());

/** Runs the steps with some inputs; stops at the first that fails. */
function act(inputs: Readonly<Record<string, string>> = {}): Done {
  const values: Record<string, string> = {
    'github.action_path': ROOT, 'runner.temp': join(stub.folder, 'temp'),
    ...Object.fromEntries(Object.entries(ACTION.inputs).map(([name, input]) => [`inputs.${name}`, inputs[name] ?? input.default])),
  };
  const evaluated = (text: string) => text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => {
    expect(Object.keys(values)).toContain(name);
    return values[name];
  });
  let done: Done = { code: 0, out: '', err: '' };
  for (const { shell, env, run, 'working-directory': folder = '.' } of ACTION.runs.steps) {
    expect({ shell, hasExpression: run.includes('${{') }).toEqual({ shell: 'bash', hasExpression: false });
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, evaluated(value)]));
    done = stub.run(['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c'], run, { ...own, GITHUB_WORKSPACE: stub.folder }, join(stub.folder, evaluated(folder)));
    if (done.code !== 0) {
      break;
    }
  }
  return done;
}

test('installs its version without cdk8s, and annotates the lines at fault', () => {
  stub.write({ 'deploy/a.yaml': ERRORS });
  const { code, out } = act({ paths: 'deploy' });
  expect(code).toBe(1);
  expect(out).toContain('::error file=deploy/a.yaml,line=4,title=zero-weights::');
  expect(stub.calls).toEqual([`npm install --prefix ${stub.folder}/temp/alb-istio --legacy-peer-deps --ignore-scripts --no-audit --no-fund cdk8s-alb-istio@${VERSION}`]);
});

test('passes without errors, and installs another version on request', () => {
  stub.write({ 'deploy/a.yaml': routes() });
  expect(act({ version: '9.8.7' })).toMatchObject({ code: 0, out: expect.stringMatching(/^0 errors, 0 warnings, /) });
  expect(stub.calls[0]).toMatch(/ cdk8s-alb-istio@9\.8\.7$/);
});

test('passes every input to the command, with several paths and globs, blanks and odd characters', () => {
  stub.write({
    'in/a b/$(touch x).yaml': ERRORS, 'in/-c.yaml': ERRORS.replace('web', 'api'), 'in/d/e.yaml': 'a: [', 'in/own.yaml': 'complete: false\n',
  });
  const { code, err } = act({
    'paths': '  a b\n\n-c.yaml\nd\n', 'ignore': 'e.y*ml\n', 'only': 'zero-weights,weights-not-100', 'skip': 'weights-not-100', 'config': 'own.yaml', 'complete': 'true',
    'fail-on': 'warning', 'format': 'json', 'output': 'report.json', 'working-directory': 'in',
  });
  expect({ code, err }).toEqual({ code: 1, err: 'alb-istio: skipped d/e.yaml: --ignore e.y*ml matches it\nalb-istio: no manifests in d\n' });
  const { findings, ran } = JSON.parse(stub.read('in/report.json'));
  expect(findings.map((own: any) => own.origin.file)).toEqual(['a b/$(touch x).yaml', '-c.yaml']);
  expect(ran).toEqual(['zero-weights']);
});

test('writes a report for an upload also if it fails', () => {
  stub.write({ 'deploy/a.yaml': ERRORS });
  expect(act({ format: 'sarif', output: 'alb-istio.sarif' })).toMatchObject({ code: 1, out: '' });
  expect(JSON.parse(stub.read('alb-istio.sarif')).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('deploy/a.yaml');
});

test('wrong inputs fail it', () => {
  stub.write({ 'a.yaml': routes() });
  expect(act({ paths: '' })).toMatchObject({ code: 2, err: expect.stringContaining('check needs a PATH') });
  expect(act({ only: 'zero-weight' })).toMatchObject({ code: 2, err: expect.stringContaining('did you mean zero-weights?') });
});

test('has an input for each option of the command, and reads each of them', () => {
  expect(ACTION.runs.using).toBe('composite');
  expect(Object.keys(ACTION.inputs)).toEqual(expect.arrayContaining(['format', ...CHECK.options.filter((name: string) => name !== 'fix')]));
  const used = Object.keys(ACTION.inputs).filter(name => fileOf('action.yml').includes(`\${{ inputs.${name} }}`));
  expect(used).toEqual(Object.keys(ACTION.inputs));
});

describe('its page', () => {
  const page = fileOf('docs/github.md');

  test('lists its inputs with their defaults', () => {
    const rows = [...page.matchAll(/^\| (`[^|]+`) \| .* \| (.*) \|$/gm)].flatMap(([, names, value]) => [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => [name, value]));
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(ACTION.inputs).sort());
    const literal = rows.filter(([, value]) => /^`[\w.]+`$/.test(value)).map(([name, value]) => [name, value.slice(1, -1)]);
    expect(literal.length).toBeGreaterThan(3);
    expect(literal).toEqual(literal.map(([name]) => [name, ACTION.inputs[name].default]));
  });

  test('shows workflows that use the action at this version, with inputs that it has', () => {
    const steps = yamlBlocksOf('docs/github.md').flatMap(text => {
      const read = load(text) as { jobs: Record<string, { steps: StepOfPage[] }> } | StepOfPage[];
      return Array.isArray(read) ? read : Object.values(read.jobs).flatMap(job => job.steps);
    });
    const own = steps.filter(({ uses }) => uses?.startsWith('cdk8s-alb-istio/'));
    expect(own).toHaveLength(3);
    for (const { uses, with: inputs } of own) {
      expect(uses).toBe(`cdk8s-alb-istio/cdk8s-alb-istio@v${VERSION}`);
      expect(Object.keys(inputs!).filter(name => !(name in ACTION.inputs))).toEqual([]);
    }
  });
});

interface StepOfPage {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}
