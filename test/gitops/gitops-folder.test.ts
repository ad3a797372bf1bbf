// What stands where a GitOpsApp is to write: what it keeps, and what it refuses to touch.
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { EdgeError } from '../../src/base/errors';
import { GitOpsApp } from '../../src/gitops/gitops-app';
import { refusal } from '../refusal';

let scratch: string;
let folder: string;
beforeEach(() => {
  delete process.env.CDK8S_OUTDIR;
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'gitops-folder-test-')));
  folder = join(scratch, 'dist', 'shop');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function app(place = folder): GitOpsApp {
  const made = new GitOpsApp({ folder: place });
  new ApiObject(new Chart(made, '10-a'), 'A', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
  return made;
}

function failure(made: GitOpsApp): string {
  try {
    made.synth();
  } catch (error) {
    expect(error).toBeInstanceOf(EdgeError);
    return (error as EdgeError).message;
  }
  throw new Error('the synth did not fail');
}

test.each([[undefined, undefined], [null, undefined], [{}, undefined], [{ folder: 5 }, 5], [{ folder: null }, null], [{ folder: '' }, ''], [{ folder: ['dist'] }, ['dist']]])(
  'from JavaScript, %j are no props', (props, value) => {
    expect(refusal(() => new GitOpsApp(props as { folder: string }))).toEqual({
      prop: 'folder', value, path: '', reason: 'must be a folder of its own, such as dist/production',
    });
  });

test('a switch that is misspelt is refused: what it was to guard would be without it', () => {
  expect(refusal(() => new GitOpsApp({ folder, pruneGuard: true } as never))).toEqual({
    prop: 'pruneGuard', value: true, path: '', reason: 'is not a prop of GitOpsAppProps; did you mean pruneGuards?',
  });
});

describe('a chart without objects', () => {
  it('gets no file, for kustomize has nothing to read in it', () => {
    const made = app();
    new Chart(new Chart(made, '20-outer'), 'inner');
    made.synth();
    expect(made.files).toEqual(['0000-10-a.k8s.yaml', 'Kustomization']);
    expect(readdirSync(folder).sort()).toEqual(made.files);
    expect(readFileSync(join(folder, 'Kustomization'), 'utf8')).toMatch(/resources:\n {2}- 0000-10-a\.k8s\.yaml\n$/);
  });

  it('loses the file of its last synth', () => {
    app().synth();
    const made = app();
    made.node.tryRemoveChild('10-a');
    new Chart(made, '10-a');
    new ApiObject(new Chart(made, '20-b'), 'B', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } });
    made.synth();
    expect(readdirSync(folder)).toEqual(['20-b.k8s.yaml', 'Kustomization']);
  });
});

test.each(['kustomization.yaml', 'kustomization.yml'])('a %s beside ours is refused: kustomize would take neither', name => {
  app().synth();
  writeFileSync(join(folder, name), 'by hand\n');
  expect(failure(app())).toBe(`${join(folder, name)} was not written by this app, and kustomize takes no folder that has it beside Kustomization: remove it`);
  expect(readdirSync(folder).sort()).toEqual(['10-a.k8s.yaml', 'Kustomization', name].sort());
  rmSync(join(folder, name));
  expect(() => app().synth()).not.toThrow();
});

test('a file that somebody added to our Kustomization by hand is kept, though the list is written anew', () => {
  app().synth();
  writeFileSync(join(folder, 'secret.yaml'), 'mine\n');
  writeFileSync(join(folder, 'Kustomization'), `${readFileSync(join(folder, 'Kustomization'), 'utf8')}  - secret.yaml\n`);
  app().synth();
  expect(readFileSync(join(folder, 'secret.yaml'), 'utf8')).toBe('mine\n');
});

test('links in the folder are kept as they are', () => {
  app().synth();
  symlinkSync('10-a.k8s.yaml', join(folder, 'link'));
  app().synth();
  expect(readlinkSync(join(folder, 'link'))).toBe('10-a.k8s.yaml');
});

describe('in the place of the folder', () => {
  it('a file is refused by its name, and stays', () => {
    mkdirSync(join(scratch, 'dist'));
    writeFileSync(folder, 'mine\n');
    expect(failure(app())).toBe(`${folder} is not a folder: name another one, or remove it`);
    expect(readFileSync(folder, 'utf8')).toBe('mine\n');
  });

  it('a file above it is refused by its name', () => {
    writeFileSync(join(scratch, 'dist'), 'mine\n');
    expect(failure(app())).toBe(`${join(scratch, 'dist')} is not a folder: name another one, or remove it`);
    expect(failure(app(join(folder, 'production')))).toBe(`${join(scratch, 'dist')} is not a folder: name another one, or remove it`);
  });

  it.each(['to a folder', 'to nothing'])('a symbolic link %s is refused, and stays', kind => {
    mkdirSync(join(scratch, 'dist'));
    mkdirSync(join(scratch, 'elsewhere'));
    symlinkSync(kind === 'to a folder' ? join(scratch, 'elsewhere') : join(scratch, 'nowhere'), folder);
    expect(failure(app())).toBe(`${folder} is a symbolic link: name the folder that it leads to`);
    expect([lstatSync(folder).isSymbolicLink(), readdirSync(join(scratch, 'dist')), readdirSync(join(scratch, 'elsewhere'))]).toEqual([true, ['shop'], []]);
  });

  it('a symbolic link above it is followed', () => {
    mkdirSync(join(scratch, 'elsewhere'));
    symlinkSync(join(scratch, 'elsewhere'), join(scratch, 'dist'));
    app().synth();
    expect(readdirSync(join(scratch, 'elsewhere', 'shop'))).toEqual(['10-a.k8s.yaml', 'Kustomization']);
  });
});
