// The app that writes a folder: all of it or nothing, and no file that is not its own.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ApiObject, Chart, Lazy } from 'cdk8s';
import { EdgeError } from '../../src/base/errors';
import { GitOpsApp } from '../../src/gitops/gitops-app';

let scratch: string;
let folder: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'gitops-app-test-')));
  folder = join(scratch, 'dist', 'shop');
});
afterEach(() => {
  delete process.env.CDK8S_OUTDIR;
  rmSync(scratch, { recursive: true, force: true });
});

/** An app with a chart per entry, each with config maps of these names. */
function app(charts: Record<string, string[]>): GitOpsApp {
  const made = new GitOpsApp({ folder });
  Object.entries(charts).forEach(([id, names]) => {
    const chart = new Chart(made, id, { disableResourceNameHashes: true });
    names.forEach(name => configMap(chart, name));
  });
  return made;
}

function configMap(chart: Chart, name: string, namespace?: string): ApiObject {
  return new ApiObject(chart, `ConfigMap-${namespace}-${name}`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { name } });
}

/** All files below a folder with their bytes. */
function contents(of: string): Record<string, string> {
  const names = (readdirSync(of, { recursive: true }) as string[]).filter(name => statSync(join(of, name)).isFile()).sort();
  return Object.fromEntries(names.map(name => [name, readFileSync(join(of, name), 'utf8')]));
}

const YAML_A = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  name: a\n';
const KUSTOMIZATION = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - 10-a.k8s.yaml\n  - 20-b.k8s.yaml\n';

test('a second app with the folder of another one is refused before it deletes the files of the first', () => {
  const [first, second] = [app({ '10-a': ['a'] }), app({ '10-b': ['b'] })];
  first.synth();
  expect(() => second.synth()).toThrow(`${folder} was written by another GitOpsApp of this program, whose files this one would delete. Give each app its own folder`);
  expect(readdirSync(folder).sort()).toEqual(['10-a.k8s.yaml', 'Kustomization']);
  expect(() => first.synth()).not.toThrow();
  expect(() => app({ '10-b': ['b'] }).synth()).not.toThrow();
});

test('an app that fails has written nothing, so that another one may write the folder', () => {
  const [first, second] = [app({}), app({ '10-b': ['b'] })];
  expect(() => first.synth()).toThrow('nothing to write');
  expect(() => second.synth()).not.toThrow();
});

test('objects of others in the folder are reported, and other files are not', () => {
  app({ '10-a': ['a'] }).synth();
  writeFileSync(join(folder, 'stray.yaml'), YAML_A);
  writeFileSync(join(folder, 'stray.json'), '{"apiVersion":"v1","kind":"ConfigMap"}');
  writeFileSync(join(folder, 'alb-istio.yaml'), 'checks:\n  ignore: []\n');
  writeFileSync(join(folder, 'README.md'), YAML_A);
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  app({ '10-a': ['a'] }).synth();
  const lines = stderr.mock.calls.map(([text]) => text);
  stderr.mockRestore();
  const rest = 'was not written by this app. kubectl apply -f applies it, but kubectl apply -k, Flux and Argo CD do not: move it to a chart or out of the folder\n';
  expect(lines).toEqual(['stray.json', 'stray.yaml'].map(name => `${relative(process.cwd(), join(folder, name))} ${rest}`));
});

test('an unknown prop is named before a missing folder', () => {
  expect(() => new GitOpsApp({ foldr: folder } as never)).toThrow('foldr is not a prop of GitOpsAppProps; did you mean folder?');
});

describe('a forgotten synth', () => {
  const run = (end: string): { readonly stderr: string; readonly status: number | null } => spawnSync(process.execPath, [
    '--import', 'tsx', '-e', `const { appOf } = require(${JSON.stringify(join(__dirname, 'synth-program.ts'))});
    const app = appOf('dist/shop', ${end.startsWith('empty') ? '{}' : '{ "10-a": ["a"] }'}); ${end.replace('empty', '')}`,
  ], { encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' }, cwd: process.cwd() });
  const message = 'dist/shop was not written: call synth() of its GitOpsApp at the end of the program\n';

  it('is reported at exit', () => {
    expect(run('')).toMatchObject({ stderr: message, status: 0 });
  });

  it.each([
    ['a validation or a chart that is read', 'app.charts[0].toJson()'], ['an app without charts', 'empty'], ['a program that fails', 'process.exit(3)'],
  ])('is not reported for %s', (_, end) => {
    expect(run(end).stderr).toBe('');
  });
});

describe('a synth', () => {
  it('writes one file per chart and a Kustomization that lists them', () => {
    const made = app({ '20-b': ['b'], '10-a': ['a'] });
    made.synth();
    expect(contents(folder)).toEqual({ '10-a.k8s.yaml': YAML_A, '20-b.k8s.yaml': YAML_A.replaceAll(' a', ' b'), Kustomization: KUSTOMIZATION });
    expect({ folder: made.folder, files: made.files }).toEqual({ folder, files: ['10-a.k8s.yaml', '20-b.k8s.yaml', 'Kustomization'] });
    expect(readdirSync(join(scratch, 'dist'))).toEqual(['shop']);
  });

  it('that runs twice writes the same bytes', () => {
    app({ '10-a': ['a'], '20-b': ['b'] }).synth();
    const first = contents(folder);
    const again = app({ '10-a': ['a'], '20-b': ['b'] });
    again.synth();
    again.synth();
    expect(contents(folder)).toEqual(first);
  });

  it('deletes its own stale files and keeps files that it did not write', () => {
    app({ '10-a': ['a'], '20-b': ['b'] }).synth();
    writeFileSync(join(folder, 'README.md'), 'mine\n');
    mkdirSync(join(folder, 'more'));
    writeFileSync(join(folder, 'more', 'secret.yaml'), 'mine too\n');
    app({ '10-a': ['a'] }).synth();
    expect(Object.keys(contents(folder))).toEqual(['10-a.k8s.yaml', 'Kustomization', 'README.md', 'more/secret.yaml']);
    expect(readFileSync(join(folder, 'more', 'secret.yaml'), 'utf8')).toBe('mine too\n');
    expect(readFileSync(join(folder, 'Kustomization'), 'utf8')).not.toContain('README');
  });

  it('never uses a foreign file in place of a chart with the same name', () => {
    app({ '10-a': ['a'] }).synth();
    writeFileSync(join(folder, '20-b.k8s.yaml'), 'by hand\n');
    const made = app({ '10-a': ['a'], '20-b': ['b'] });
    try {
      made.synth();
    } catch (error) {
      expect(error).toBeInstanceOf(EdgeError); // refusing is as good as writing
      expect(readFileSync(join(folder, '20-b.k8s.yaml'), 'utf8')).toBe('by hand\n');
      return;
    }
    expect(readFileSync(join(folder, '20-b.k8s.yaml'), 'utf8')).toContain('kind: ConfigMap');
  });

  it('writes into an empty folder', () => {
    mkdirSync(folder, { recursive: true });
    app({ '10-a': ['a'] }).synth();
    expect(readdirSync(folder)).toEqual(['10-a.k8s.yaml', 'Kustomization']);
  });

  it('rejects a folder that contains other files', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'precious.txt'), 'mine\n');
    expect(() => app({ '10-a': ['a'] }).synth()).toThrow(EdgeError);
    expect(() => app({ '10-a': ['a'] }).synth()).toThrow(/was not written by a GitOpsApp/);
    expect(contents(join(scratch, 'dist'))).toEqual({ 'shop/precious.txt': 'mine\n' });
  });
});

test('sync waves and prune guards are in the file, after every synth', () => {
  const made = new GitOpsApp({ folder, syncWaves: true, pruneGuards: true });
  const chart = new Chart(made, '10-a', { disableResourceNameHashes: true });
  ['Namespace', 'Deployment', 'Other'].forEach(kind => new ApiObject(chart, kind, { apiVersion: 'v1', kind, metadata: { name: 'a' } }));
  made.synth();
  made.synth();
  const wave = (number: number) => `    argocd.argoproj.io/sync-wave: "${number}"\n`;
  const guards = ['    argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm\n', '    kustomize.toolkit.fluxcd.io/prune: disabled\n'];
  expect(readFileSync(join(folder, '10-a.k8s.yaml'), 'utf8')).toBe([
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  annotations:\n${guards[0]}${wave(-40)}${guards[1]}  name: a\n`,
    `apiVersion: v1\nkind: Deployment\nmetadata:\n  annotations:\n${wave(-10)}  name: a\n`,
    'apiVersion: v1\nkind: Other\nmetadata:\n  name: a\n',
  ].join('---\n'));
});

describe('a synth that fails', () => {
  const failures: [string, (made: GitOpsApp) => void, RegExp][] = [
    ['because a chart cannot be written', made => {
      new ApiObject(new Chart(made, '30-c'), 'X', { apiVersion: 'v1', kind: 'X', spec: Lazy.any({ produce: () => { throw new Error('no spec today'); } }) });
    }, /no spec today/],
    ['because a construct does not validate', made => made.node.addValidation({ validate: () => ['not like this'] }), /not like this/],
    ['because two charts contain the same object', made => {
      configMap(new Chart(made, '30-c'), 'x', 'n');
      configMap(new Chart(made, '40-d'), 'x', 'n');
    }, /^30-c\/ConfigMap-n-x and 40-d\/ConfigMap-n-x both write ConfigMap n\/x: change the name or namespace of one$/],
    ['because no chart contains an object', made => {
      made.node.tryRemoveChild('10-a');
      new Chart(made, '30-c');
    }, /^nothing to write: no chart contains an API object, and kustomize rejects an empty folder\. .*shop was left unchanged$/],
    ['because there is no chart', made => made.node.tryRemoveChild('10-a'), /^nothing to write: no chart contains an API object/],
  ];

  it.each(failures)('%s leaves the folder unchanged', (_, spoil, message) => {
    app({ '10-a': ['a'] }).synth();
    writeFileSync(join(folder, 'README.md'), 'mine\n');
    const before = contents(join(scratch, 'dist'));
    const made = app({ '10-a': ['other'] });
    spoil(made);
    expect(() => made.synth()).toThrow(message);
    expect(contents(join(scratch, 'dist'))).toEqual(before);
    expect(readdirSync(join(scratch, 'dist'))).toEqual(['shop']);
    expect(made.files).toEqual([]);
  });

  it.each(failures)('%s creates no folder', (_, spoil, message) => {
    const made = app({ '10-a': ['a'] });
    spoil(made);
    expect(() => made.synth()).toThrow(message);
    expect(existsSync(join(scratch, 'dist')) ? readdirSync(join(scratch, 'dist')) : []).toEqual([]);
  });
});

describe('a synth that was killed', () => {
  beforeEach(() => app({ '10-a': ['a'] }).synth());

  it('while it wrote is cleaned up by the next synth', () => {
    mkdirSync(join(scratch, 'dist', '.shop.next'));
    writeFileSync(join(scratch, 'dist', '.shop.next', '99-half.k8s.yaml'), 'half');
    app({ '10-a': ['a'] }).synth();
    expect(Object.keys(contents(join(scratch, 'dist')))).toEqual(['shop/10-a.k8s.yaml', 'shop/Kustomization']);
  });

  it('between its renames loses nothing, even if the next synth fails', () => {
    writeFileSync(join(folder, 'README.md'), 'mine\n');
    const before = contents(folder);
    renameSync(folder, join(scratch, 'dist', '.shop.previous'));
    const made = app({ '10-a': ['a'] });
    made.node.addValidation({ validate: () => ['no'] });
    expect(() => made.synth()).toThrow();
    expect(contents(join(scratch, 'dist'))).toEqual(Object.fromEntries(Object.entries(before).map(([name, bytes]) => [`shop/${name}`, bytes])));
    app({ '20-b': ['b'] }).synth();
    expect(Object.keys(contents(join(scratch, 'dist')))).toEqual(['shop/20-b.k8s.yaml', 'shop/Kustomization', 'shop/README.md']);
  });

  it('after its renames is cleaned up by the next synth', () => {
    renameSync(folder, join(scratch, 'dist', '.shop.previous'));
    cpSync(join(scratch, 'dist', '.shop.previous'), folder, { recursive: true });
    app({ '20-b': ['b'] }).synth();
    expect(Object.keys(contents(join(scratch, 'dist')))).toEqual(['shop/20-b.k8s.yaml', 'shop/Kustomization']);
  });
});

describe('under the cdk8s CLI', () => {
  it('the output folder of the CLI gets a copy', () => {
    process.env.CDK8S_OUTDIR = join(scratch, 'out');
    mkdirSync(process.env.CDK8S_OUTDIR);
    app({ '10-a': ['a'] }).synth();
    const copies = Object.entries(contents(process.env.CDK8S_OUTDIR));
    expect(copies.map(([name, bytes]) => [name.endsWith(join('dist', 'shop', name.split('/').pop()!)), bytes]))
      .toEqual(Object.values(contents(folder)).map(bytes => [true, bytes]));
    expect(copies.every(([name]) => !relative('.', name).startsWith('..'))).toBe(true);
  });

  it('a folder inside the output folder of the CLI is rejected, because a failed synth would lose it', () => {
    process.env.CDK8S_OUTDIR = join(scratch, 'dist');
    expect(() => app({ '10-a': ['a'] }).synth()).toThrow(`cdk8s synth deletes everything in ${join(scratch, 'dist')} before it runs this program, so a failed synth would lose ${folder}. `
      + 'Set `output: .cdk8s.out` in cdk8s.yaml, and restore the files from Git');
    expect(contents(scratch)).toEqual({});
  });

  it('an error of another origin names the folder', () => {
    const made = app({ '10-a': ['a'] });
    made.node.addValidation({ validate: () => ['not like this'] });
    expect(() => made.synth()).toThrow(`${relative('.', folder)}: Validation failed with the following errors:\n  [] not like this`);
  });

  it('a failed synth copies nothing', () => {
    process.env.CDK8S_OUTDIR = join(scratch, 'out');
    const made = app({ '10-a': ['a'] });
    made.node.addValidation({ validate: () => ['no'] });
    expect(() => made.synth()).toThrow();
    expect(existsSync(process.env.CDK8S_OUTDIR)).toBe(false);
  });
});
