// The folder of an app from the view of a GitOps tool.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidProps } from '../../../src/base/errors';
import { GitOpsApp } from '../../../src/gitops/gitops-app';
import { APP, deliveryNameOf, pathInRepository, requireNoPassword } from '../../../src/gitops/delivery/applied-folder';
import { refusal } from '../../refusal';
import { inEmptyDirectory } from './applied-app';

inEmptyDirectory();

const pathOf = (folder: string, asked?: string) => pathInRepository(new GitOpsApp({ folder }), asked, 'flux');

describe('the path in the repository', () => {
  it.each([['dist', 'dist'], ['dist/production', 'dist/production'], ['./dist/fleet/a/', 'dist/fleet/a'], ['dist/../out/a', 'out/a']])('of %s is %s', (folder, path) => {
    expect(pathOf(folder)).toBe(path);
  });

  it('of an absolute folder is relative to the working directory', () => {
    expect(pathOf(join(process.cwd(), 'dist', 'production'))).toBe('dist/production');
  });

  it('is relative to the working directory, so a program in a subfolder has to set it', () => {
    mkdirSync('apps');
    process.chdir('apps');
    expect(pathOf('dist/production')).toBe('dist/production');
    expect(pathOf('dist/production', 'apps/dist/production')).toBe('apps/dist/production');
    process.chdir('..');
  });

  it.each([['a/b', 'a/b'], ['./a/b/', 'a/b'], ['a//', 'a'], ['.', '.'], ['./', '.'], ['a..b/c', 'a..b/c']])('set to %s is %s', (asked, path) => {
    expect(pathOf('dist/production', asked)).toBe(path);
  });

  it.each(['', ' ', '/', '/dist/production', '..', '../dist', 'a/../../b'])('cannot be %p', asked => {
    expect(refusal(() => pathOf('dist/production', asked))).toEqual({
      prop: 'path', value: asked, path: 'flux', reason: 'must be the path of production relative to the root of the repository, such as dist/production',
    });
  });

  it('has no default outside of the working directory', () => {
    const outside = join(tmpdir(), 'dist', 'production');
    expect(refusal(() => pathOf(outside))).toEqual({
      prop: 'path', value: expect.stringMatching(/^\.\.\/.*dist\/production$/), path: 'flux',
      reason: 'must be the path of production relative to the root of the repository, such as dist/production',
    });
    expect(pathOf(outside, 'production')).toBe('production');
  });

  it('is rejected with the name of the prop', () => {
    const app = new GitOpsApp({ folder: 'dist/production' });
    expect(refusal(() => pathInRepository(app, '..', 'argocd', 'members[1].path'))).toMatchObject({ prop: 'members[1].path', value: '..', path: 'argocd' });
  });
});

describe('the name', () => {
  const nameOf = (path: string, asked?: string) => deliveryNameOf(path, asked, 'flux', 'deliveryName');

  it.each<[path: string, name: string]>([
    ['dist/production', 'production'], ['dist/fleet/eu.west', 'fleet-eu.west'], ['dist/shop/production', 'shop-production'], ['bank/dist/production', 'bank-production'],
    ['rendered/shop', 'shop'], ['rendered/shop/eu', 'shop-eu'], ['dist', 'dist'], ['shop/dist', 'shop'],
  ])('is by default the path without dist, or without the first folder: of %s it is %s', (path, name) => {
    expect(nameOf(path)).toBe(name);
  });

  it('can be set', () => {
    expect(nameOf('dist/production', 'edge')).toBe('edge');
  });

  it.each<[string, string | undefined, string]>([['dist/Production', undefined, 'Production'], ['dist/a_b', undefined, 'a_b'], ['dist/a', 'A', 'A'], ['dist/a', '', '']])(
    'of %s, set to %p, is rejected: %p', (folder, asked, value) => {
      expect(refusal(() => nameOf(folder, asked))).toMatchObject({ prop: 'deliveryName', value, path: 'flux' });
    });
});

test('an app is recognized by its properties, because a project may have a second copy of this package', () => {
  const app = new GitOpsApp({ folder: 'dist/production' });
  const copy = { folder: app.folder, delivery: app.delivery };
  expect(APP(app)).toBe(app);
  expect(APP(copy)).toBe(copy);
  [undefined, null, 5, 'dist', {}, { folder: 'dist' }, { folder: 'dist', delivery: null }, { delivery: {} }, app.delivery].forEach(value => {
    expect(refusal(() => APP(value))).toEqual({ prop: '', value, reason: 'must be a GitOpsApp', path: '' });
  });
});

test.each(['https://git.example.com/a@b.git', 'ssh://git@github.com/acme/platform', 'git@github.com:acme/platform.git'])('%s contains no secret', url => {
  expect(() => requireNoPassword('url', url)).not.toThrow();
});

test.each([
  ['https://ann:hunter2@git.example.com/a', 'https://…@git.example.com/a'], ['https://ghp_token@github.com/a', 'https://…@github.com/a'],
  ['ssh://git:hunter2@github.com/a', 'ssh://…@github.com/a'], ['http://a:b@c@git.example.com/a', 'http://…@git.example.com/a'],
])('%s is rejected, and the error does not show the secret', (url, shown) => {
  expect(refusal(() => requireNoPassword('url', url))).toEqual({
    prop: 'url', value: shown, path: '', reason: 'must be a URL without a password or token, because it is committed to Git; use a Secret',
  });
  expect(String(InvalidProps.value('url', shown, 'must be x'))).not.toMatch(/hunter2|ghp_/);
});
