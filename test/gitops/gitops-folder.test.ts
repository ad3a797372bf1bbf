// The folder of a GitOpsApp on disk: what a synth keeps, what it refuses to replace, and how it replaces the folder.
import {
  chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { EdgeError, UnreadableManifest } from '../../src/base/errors';
import { GitOpsApp } from '../../src/gitops/gitops-app';
import { recoverFolder, replaceFolder } from '../../src/gitops/gitops-folder';
import { kustomizationOf } from '../../src/manifests/kustomization';
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

test.each([[undefined], [null]])('JavaScript without types: %j is rejected', props => {
  expect(refusal(() => new GitOpsApp(props as never))).toEqual({ prop: 'props', value: props, path: '', reason: 'must be a plain object' });
});

test.each([[{}, undefined], [{ folder: 5 }, 5], [{ folder: null }, null], [{ folder: '' }, ''], [{ folder: ['dist'] }, ['dist']]])(
  'JavaScript without types: %j is rejected', (props, value) => {
    expect(refusal(() => new GitOpsApp(props as { folder: string }))).toEqual({
      prop: 'folder', value, path: '', reason: 'must be a folder that only this app writes, such as dist/production',
    });
  });

test('a misspelled prop is rejected: otherwise the objects would silently have no guards', () => {
  expect(refusal(() => new GitOpsApp({ folder, pruneGuard: true } as never))).toEqual({
    prop: 'pruneGuard', value: true, path: '', reason: 'is not a prop of GitOpsAppProps; did you mean pruneGuards?',
  });
});

describe('a chart without objects', () => {
  it('gets no file, because kustomize could not read anything from it', () => {
    const made = app();
    new Chart(new Chart(made, '20-outer'), 'inner');
    made.synth();
    expect(made.files).toEqual(['0000-10-a.k8s.yaml', 'Kustomization']);
    expect(readdirSync(folder).sort()).toEqual(made.files);
    expect(readFileSync(join(folder, 'Kustomization'), 'utf8')).toMatch(/resources:\n {2}- 0000-10-a\.k8s\.yaml\n$/);
  });

  it('loses the file of the last synth', () => {
    app().synth();
    const made = app();
    made.node.tryRemoveChild('10-a');
    new Chart(made, '10-a');
    new ApiObject(new Chart(made, '20-b'), 'B', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } });
    made.synth();
    expect(readdirSync(folder)).toEqual(['20-b.k8s.yaml', 'Kustomization']);
  });
});

test.each(['kustomization.yaml', 'kustomization.yml'])('a %s beside ours is rejected, because kustomize would reject the folder', name => {
  app().synth();
  writeFileSync(join(folder, name), 'by hand\n');
  expect(failure(app())).toBe(`${join(folder, name)} was not written by this app, and kustomize rejects a folder that contains both it and Kustomization. Delete it`);
  expect(readdirSync(folder).sort()).toEqual(['10-a.k8s.yaml', 'Kustomization', name].sort());
  rmSync(join(folder, name));
  expect(() => app().synth()).not.toThrow();
});

test('a file that somebody added to the Kustomization by hand is kept, although the list is replaced', () => {
  app().synth();
  writeFileSync(join(folder, 'secret.yaml'), 'mine\n');
  writeFileSync(join(folder, 'Kustomization'), `${readFileSync(join(folder, 'Kustomization'), 'utf8')}  - secret.yaml\n`);
  app().synth();
  expect(readFileSync(join(folder, 'secret.yaml'), 'utf8')).toBe('mine\n');
});

test('symbolic links in the folder are kept', () => {
  app().synth();
  symlinkSync('10-a.k8s.yaml', join(folder, 'link'));
  app().synth();
  expect(readlinkSync(join(folder, 'link'))).toBe('10-a.k8s.yaml');
});

describe('if the path is not a folder', () => {
  it('a file is rejected and kept', () => {
    mkdirSync(join(scratch, 'dist'));
    writeFileSync(folder, 'mine\n');
    expect(failure(app())).toBe(`${folder} is not a folder. Use another path, or delete it`);
    expect(readFileSync(folder, 'utf8')).toBe('mine\n');
  });

  it('a file above it is rejected', () => {
    writeFileSync(join(scratch, 'dist'), 'mine\n');
    expect(failure(app())).toBe(`${join(scratch, 'dist')} is not a folder. Use another path, or delete it`);
    expect(failure(app(join(folder, 'production')))).toBe(`${join(scratch, 'dist')} is not a folder. Use another path, or delete it`);
  });

  it.each(['to a folder', 'to nothing'])('a symbolic link %s is rejected and kept', kind => {
    mkdirSync(join(scratch, 'dist'));
    mkdirSync(join(scratch, 'elsewhere'));
    symlinkSync(kind === 'to a folder' ? join(scratch, 'elsewhere') : join(scratch, 'nowhere'), folder);
    expect(failure(app())).toBe(`${folder} is a symbolic link. Use the path that it points to`);
    expect({ isLink: lstatSync(folder).isSymbolicLink(), dist: readdirSync(join(scratch, 'dist')), elsewhere: readdirSync(join(scratch, 'elsewhere')) })
      .toEqual({ isLink: true, dist: ['shop'], elsewhere: [] });
  });

  it('a symbolic link above it is followed', () => {
    mkdirSync(join(scratch, 'elsewhere'));
    symlinkSync(join(scratch, 'elsewhere'), join(scratch, 'dist'));
    app().synth();
    expect(readdirSync(join(scratch, 'elsewhere', 'shop'))).toEqual(['10-a.k8s.yaml', 'Kustomization']);
  });
});

test('a Kustomization with a syntax error is rejected, and nothing is changed', () => {
  app().synth();
  writeFileSync(join(folder, 'Kustomization'), 'resources: [');
  expect(() => app().synth()).toThrow(UnreadableManifest);
  expect(readdirSync(join(scratch, 'dist'))).toEqual(['shop']);
  expect(readdirSync(folder)).toEqual(['10-a.k8s.yaml', 'Kustomization']);
});

describe('replacing a folder', () => {
  const beside = (suffix: string) => join(scratch, 'dist', `.shop.${suffix}`);
  const replace = () => replaceFolder(folder, '.k8s.yaml');
  const put = (place: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(join(place, 'sub'), { recursive: true });
    Object.entries(files).forEach(([name, text]) => writeFileSync(join(place, name), text));
  };
  const textsIn = (place: string) => Object.fromEntries((readdirSync(place, { recursive: true }) as string[])
    .filter(name => statSync(join(place, name)).isFile()).sort().map(name => [name, readFileSync(join(place, name), 'utf8')]));
  const listing = (...files: string[]) => ({ Kustomization: kustomizationOf(files) });
  const OLD = { 'a.k8s.yaml': 'a', 'sub/b.yaml': 'b', ...listing('a.k8s.yaml') };
  afterEach(() => jest.restoreAllMocks());

  it('does not touch a folder that would not change', () => {
    [folder, beside('next')].forEach(place => {
      put(place, OLD);
      symlinkSync('a.yaml', join(place, 'link'));
    });
    const before = statSync(folder).ino;
    replace();
    expect({ ino: statSync(folder).ino, left: readdirSync(join(scratch, 'dist')) }).toEqual({ ino: before, left: ['shop'] });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['other bytes', { ...OLD, 'a.k8s.yaml': 'A' }], ['a new file', { ...OLD, 'c.yaml': 'c' }], ['a file less', { ...listing('z.k8s.yaml'), 'sub/b.yaml': 'b' }],
    ['another name', { ...OLD, 'A.k8s.yaml': 'a' }],
  ])('replaces the folder as a whole: %s', (_, files) => {
    put(folder, OLD);
    put(beside('next'), files);
    replace();
    expect({ files: textsIn(folder), left: readdirSync(join(scratch, 'dist')) }).toEqual({ files, left: ['shop'] });
  });

  it('tells a link from another link, and from a file', () => {
    for (const make of [(place: string) => symlinkSync('sub/b.yaml', place), (place: string) => writeFileSync(place, 'a')]) {
      rmSync(join(scratch, 'dist'), { recursive: true, force: true });
      put(folder, OLD);
      symlinkSync('a.yaml', join(folder, 'link'));
      put(beside('next'), OLD);
      make(join(beside('next'), 'link'));
      const replacement = statSync(beside('next')).ino;
      replace();
      expect(statSync(folder).ino).toBe(replacement);
    }
  });

  it('creates the folders above it', () => {
    folder = join(scratch, 'dist', 'eu', 'shop');
    put(join(scratch, 'dist', 'eu', '.shop.next'), OLD);
    replace();
    expect(textsIn(folder)).toEqual(OLD);
  });

  it('moves the old folder back when the second rename fails', () => {
    put(folder, OLD);
    put(beside('next'), { 'a.k8s.yaml': 'A' });
    const real = process.getBuiltinModule('fs').renameSync;
    jest.spyOn(process.getBuiltinModule('fs'), 'renameSync').mockImplementation((from, to) => {
      if (from === beside('next')) {
        throw new Error('not today');
      }
      real(from, to);
    });
    expect(replace).toThrow('not today');
    expect({ files: textsIn(folder), hasPrevious: existsSync(beside('previous')) }).toEqual({ files: OLD, hasPrevious: false });
  });

  it('keeps its permissions', () => {
    app().synth();
    chmodSync(folder, 0o750);
    const changed = app();
    new ApiObject(new Chart(changed, '20-b'), 'B', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } });
    changed.synth();
    expect(statSync(folder).mode & 0o777).toBe(0o750);
  });

  it('keeps what is put into the old folder, or changed in it, while the new one is prepared', () => {
    put(folder, { ...OLD, 'late.txt': 'late' });
    put(beside('next'), { 'a.k8s.yaml': 'A', 'sub/b.yaml': 'b', ...listing('a.k8s.yaml') });
    replace();
    expect({ late: textsIn(folder)['late.txt'], left: readdirSync(join(scratch, 'dist')) }).toEqual({ late: 'late', left: ['shop'] });
    writeFileSync(join(folder, 'sub', 'b.yaml'), 'changed');
    put(beside('next'), { ...OLD, 'late.txt': 'late' });
    replace();
    expect(readFileSync(join(beside('previous'), 'sub', 'b.yaml'), 'utf8')).toBe('changed');
  });

  const recover = () => recoverFolder(folder, '.k8s.yaml');

  it.each<[string, string[], Readonly<Record<string, string>> | undefined]>([
    ['while it rendered', ['shop', '.shop.next'], { 'from.k8s.yaml': 'shop' }],
    ['while it rendered the first version', ['.shop.next'], undefined],
    ['between the renames', ['.shop.previous', '.shop.next'], { 'from.k8s.yaml': '.shop.previous' }],
    ['after the renames', ['shop', '.shop.previous'], { 'from.k8s.yaml': 'shop' }],
    ['while it deleted the old folder', ['shop', '.shop.obsolete.1', '.shop.obsolete.2'], { 'from.k8s.yaml': 'shop' }],
  ])('recovers from a synth that was killed %s', (_, left, expected) => {
    left.forEach(name => put(join(scratch, 'dist', name), { 'from.k8s.yaml': name, ...listing('from.k8s.yaml') }));
    recover();
    expect(readdirSync(join(scratch, 'dist'))).toEqual(expected ? ['shop'] : []);
    expect(existsSync(folder) ? textsIn(folder) : undefined).toEqual(expected && { ...expected, ...listing('from.k8s.yaml') });
  });

  describe('after a synth was killed between the renames and Git restored the folder', () => {
    beforeEach(() => {
      put(beside('previous'), { ...OLD, 'untracked.txt': 'mine', 'sub/c.yaml': 'mine' });
      put(folder, { 'a.k8s.yaml': 'committed', 'sub/b.yaml': 'b', ...listing('a.k8s.yaml') });
    });

    it('moves what Git does not know back', () => {
      mkdirSync(join(beside('previous'), 'locked'), { mode: 0o555 });
      recover();
      expect(textsIn(folder)).toEqual({ 'a.k8s.yaml': 'committed', ...listing('a.k8s.yaml'), 'sub/b.yaml': 'b', 'sub/c.yaml': 'mine', 'untracked.txt': 'mine' });
      expect(statSync(join(folder, 'locked')).mode & 0o777).toBe(0o555);
      expect(readdirSync(join(scratch, 'dist'))).toEqual(['shop']);
    });

    it('rejects two versions of a file, until one of them is deleted', () => {
      writeFileSync(join(beside('previous'), 'sub', 'b.yaml'), 'changed');
      const [one, other] = [folder, beside('previous')].map(place => join(place, 'sub', 'b.yaml'));
      expect(failure(app())).toBe(`${one} and ${other} are different versions of one file, and a synth that was interrupted left the second one. `
        + 'Delete the one that you do not need');
      rmSync(one);
      app().synth();
      expect(readFileSync(one, 'utf8')).toBe('changed');
    });

    it.each([['is empty', []], ['has no Kustomization', ['notes.txt']]])('restores all files if the folder %s', (__, files) => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      files.forEach(name => writeFileSync(join(folder, name), 'new'));
      recover();
      expect(textsIn(folder)).toEqual({ ...OLD, 'untracked.txt': 'mine', 'sub/c.yaml': 'mine', ...Object.fromEntries(files.map(name => [name, 'new'])) });
    });
  });
});
