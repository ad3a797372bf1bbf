// What `alb-istio check` runs, what fails it, in which form it reports, and which paths it writes.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SHELF } from '../../src/checks/shelf';
import { run } from './command-line';

const targets = (weights: readonly number[]) => weights.map((weight, index) => `{ destination: { host: ${'ab'[index]} }, weight: ${weight} }`);
const vs = (name: string, weights: readonly number[], annotations = '{}') => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop, annotations: ${annotations} }
spec: { hosts: [a], http: [{ route: [${targets(weights).join(', ')}] }] }\n`;
const ERROR = vs('web', [0, 0]);
const WARNING = vs('api', [2, 1]);

let folder: string;
const home = process.cwd();
const { GITHUB_WORKSPACE, CI_PROJECT_DIR } = process.env;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'check-options-')));
  process.chdir(folder);
  delete process.env.GITHUB_WORKSPACE;
  delete process.env.CI_PROJECT_DIR;
});
afterEach(() => {
  jest.useRealTimers();
  process.chdir(home);
  rmSync(folder, { recursive: true });
  Object.assign(process.env, GITHUB_WORKSPACE === undefined ? {} : { GITHUB_WORKSPACE }, CI_PROJECT_DIR === undefined ? {} : { CI_PROJECT_DIR });
});

function write(files: Readonly<Record<string, string>>): void {
  Object.entries(files).forEach(([name, text]) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  });
}

const check = (...args: string[]) => run(['check', ...args], `${ERROR}---\n${WARNING}`);
const idsOf = (out: string): string[] => JSON.parse(out).findings.map(({ id }: { id: string }) => id);

describe('--fail-on', () => {
  test.each([
    [[], ERROR, 1], [[], WARNING, 0], [['--fail-on', 'error'], WARNING, 0], [['--fail-on', 'warning'], WARNING, 1], [['--fail-on=warning'], ERROR, 1],
    [['--fail-on', 'warning'], vs('a', [100]), 0],
    [['--fail-on', 'warning'], vs('a', [2, 1], '{ checks.cdk8s-alb-istio/weights-not-100: known }'), 0],
  ])('%j', (options, text, code) => {
    expect(run(['check', ...options, '-'], text).code).toBe(code);
  });

  test('fails tests of a JUnit report, too', () => {
    expect(check('--format', 'junit', '-').out).toMatch(/<testsuites name="alb-istio check" tests="\d+" failures="1"/);
    expect(check('--format', 'junit', '--fail-on', 'warning', '-').out).toContain('failures="2"');
  });
});

describe('--only and --skip', () => {
  test.each([
    [[], ['zero-weights', 'weights-not-100']],
    [['--only', 'zero-weights'], ['zero-weights']],
    [['--only', 'zero-weights,weights-not-100'], ['zero-weights', 'weights-not-100']],
    [['--only', 'zero-weights', '--only', 'weights-not-100'], ['zero-weights', 'weights-not-100']],
    [['--skip', 'zero-weights'], ['weights-not-100']],
    [['--skip', 'zero-weights', '--only', 'zero-weights, weights-not-100'], ['weights-not-100']],
  ])('%j', (options, ids) => {
    expect(idsOf(check('--format', 'json', ...options, '-').out)).toEqual(ids);
  });

  test('a check that is left out neither runs nor is reported as skipped, nor makes its acknowledgements useless', () => {
    const { out } = run(['check', '--format', 'json', '--skip', 'zero-weights', '-'], vs('a', [100], '{ checks.cdk8s-alb-istio/zero-weights: known }'));
    const { findings, ran, skipped } = JSON.parse(out);
    expect(findings).toEqual([]);
    expect([...ran, ...skipped.map(({ id }: { id: string }) => id)].sort()).toEqual(SHELF.map(({ id }) => id).filter(id => id !== 'zero-weights'));
  });

  test('rules of a SARIF report are the checks of the run', () => {
    expect(JSON.parse(check('--format', 'sarif', '--only', 'zero-weights', '-').out).runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['zero-weights']);
  });
});

test.each([
  [['--only', 'zero-weight'], 'there is no check "zero-weight"; did you mean zero-weights?'],
  [['--skip', 'something-else'], 'there is no check "something-else"; `alb-istio explain` lists the checks'],
  [['--skip', 'zero-weights,'], '--skip needs ids of checks, with commas in between; got "zero-weights,"'],
  [['--only', 'zero-weights', '--skip', 'zero-weights'], '--only and --skip leave no check to run'],
  [['--fail-on', 'info'], '--fail-on must be error or warning; got "info"'],
])('%j is refused', (options, message) => {
  expect(check(...options, '-')).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
});

test('other commands have none of the options', () => {
  expect(run(['plan', '--only', 'zero-weights', '-'], ERROR).err).toBe('alb-istio: plan has no --only\n');
  expect(run(['explain', '--complete']).err).toBe('alb-istio: explain has no --complete\n');
});

test('explain without a check lists all of them, with severity and title', () => {
  const { code, out } = run(['explain']);
  expect(code).toBe(0);
  expect(out.split('\n').slice(0, SHELF.length).map(line => line.split(/ {2,}/))).toEqual(SHELF.map(({ id, severity, title }) => [id, severity, title]));
});

describe('paths in reports', () => {
  const paths = (): Record<string, string> => ({
    sarif: JSON.parse(check('--format', 'sarif', 'a.yaml').out).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri,
    github: /file=([^,]*)/.exec(check('--format', 'github', 'a.yaml').out)![1],
    gitlab: JSON.parse(check('--format', 'gitlab', 'a.yaml').out)[0].location.path,
    junit: / file="([^"]*)"/.exec(check('--format', 'junit', 'a.yaml').out)![1],
  });
  const allAre = (path: string) => ({ sarif: path, github: path, gitlab: path, junit: path });

  beforeEach(() => {
    write({ 'deploy/a.yaml': ERROR });
    process.chdir(join(folder, 'deploy'));
  });

  test('are relative to the working directory', () => {
    expect(paths()).toEqual(allAre('a.yaml'));
  });

  test.each(['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'])('are relative to the repository that %s names', name => {
    process.env[name] = folder;
    expect(paths()).toEqual(allAre('deploy/a.yaml'));
    process.env[name] = join(folder, 'dep');
    expect(paths()).toEqual(allAre('a.yaml'));
    process.env[name] = '';
    expect(paths()).toEqual(allAre('a.yaml'));
  });

  test('are absolute for a file outside of it', () => {
    mkdirSync(join(folder, 'other'));
    process.chdir(join(folder, 'other'));
    expect(JSON.parse(check('--format', 'gitlab', '../deploy/a.yaml').out)[0].location.path).toBe(join(folder, 'deploy', 'a.yaml'));
  });

  test('do not exist for standard input', () => {
    expect(JSON.parse(check('--format', 'sarif', '-').out).runs[0].results[0].locations[0]).not.toHaveProperty('physicalLocation');
  });
});

describe('acknowledgements in alb-istio.yaml', () => {
  const SETTINGS = `acknowledgements:
  - id: zero-weights
    object: { kind: VirtualService, namespace: shop, name: "w*" }
    reason: the rollout controller sets them
    expires: 2027-01-31\n`;
  const on = (day: string) => jest.useFakeTimers({ now: new Date(`${day}T12:00:00Z`), doNotFake: ['nextTick'] });

  test('accept findings through their last day, and are warnings afterwards', () => {
    write({ 'a.yaml': ERROR, 'alb-istio.yaml': SETTINGS });
    on('2027-01-31');
    const { code, out } = check('.');
    expect(code).toBe(0);
    expect(out).toContain('a.yaml:4: acknowledged zero-weights: VirtualService shop/web');
    expect(out).toContain('  reason: the rollout controller sets them (alb-istio.yaml:2)\n');
    on('2027-02-01');
    expect(check('.')).toMatchObject({ code: 1, out: expect.stringContaining('alb-istio.yaml:2: warning useless-acknowledgement: Settings alb-istio.yaml\n') });
  });

  test('that name no object are reported only if everything below the file is read', () => {
    write({ 'a/a.yaml': ERROR.replace('name: web', 'name: other'), 'b.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\n', 'alb-istio.yaml': SETTINGS });
    on('2027-01-01');
    const useless = (...args: string[]) => idsOf(check('--format', 'json', ...args).out).filter(id => id === 'useless-acknowledgement').length;
    expect([useless('.'), useless(folder), useless('a'), useless('b.yaml'), useless('a', 'b.yaml'), useless('--ignore', 'b.yaml', '.')]).toEqual([1, 1, 0, 0, 0, 0]);
    expect([useless('--config', 'alb-istio.yaml', '.'), useless('--complete', 'a')]).toEqual([0, 1]);
    process.chdir(join(folder, 'a'));
    expect(useless('.')).toBe(0);
  });

  test('belong to all units together', () => {
    write({ 'a/Kustomization': '', 'a/a.yaml': ERROR, 'b/Kustomization': '', 'b/b.yaml': vs('web', [100]), 'alb-istio.yaml': SETTINGS });
    on('2027-01-01');
    expect(idsOf(check('--format', 'json', '.').out)).toEqual(['zero-weights']);
  });
});

test('--complete and complete in alb-istio.yaml reach the checks', () => {
  const acknowledgement = '- { id: zero-weights, object: { kind: VirtualService, name: none }, reason: known }';
  write({ 'a/a.yaml': ERROR, 'alb-istio.yaml': `complete: true\nacknowledgements:\n  ${acknowledgement}\n` });
  expect(idsOf(check('--format', 'json', 'a').out)).toEqual(['zero-weights', 'useless-acknowledgement']);
  write({ 'alb-istio.yaml': `complete: false\nacknowledgements:\n  ${acknowledgement}\n` });
  expect(idsOf(check('--format', 'json', 'a').out)).toEqual(['zero-weights']);
  expect(idsOf(check('--format', 'json', '--complete', 'a').out)).toEqual(['zero-weights', 'useless-acknowledgement']);
});
