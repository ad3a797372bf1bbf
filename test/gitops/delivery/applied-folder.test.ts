// The folder of an app as a GitOps tool knows it.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitOpsApp } from '../../../src/gitops/gitops-app';
import { APP, deliveryNameOf, pathInRepository } from '../../../src/gitops/delivery/applied-folder';
import { refusal } from '../../refusal';
import { inEmptyDirectory } from './applied-app';

inEmptyDirectory();

const pathOf = (folder: string, asked?: string) => pathInRepository(new GitOpsApp({ folder }), asked, 'flux');

describe('the path in the repository', () => {
  it.each([['dist', 'dist'], ['dist/production', 'dist/production'], ['./dist/fleet/a/', 'dist/fleet/a'], ['dist/../out/a', 'out/a']])('of %s is %s', (folder, path) => {
    expect(pathOf(folder)).toBe(path);
  });

  it('of an absolute folder in the working directory is seen from there', () => {
    expect(pathOf(join(process.cwd(), 'dist', 'production'))).toBe('dist/production');
  });

  it('is seen from the directory that the program runs in, so a program in another one has to say it', () => {
    mkdirSync('apps');
    process.chdir('apps');
    expect(pathOf('dist/production')).toBe('dist/production');
    expect(pathOf('dist/production', 'apps/dist/production')).toBe('apps/dist/production');
    process.chdir('..');
  });

  it.each([['a/b', 'a/b'], ['./a/b/', 'a/b'], ['a//', 'a'], ['.', '.'], ['./', '.'], ['a..b/c', 'a..b/c']])('asked to be %s is %s', (asked, path) => {
    expect(pathOf('dist/production', asked)).toBe(path);
  });

  it.each(['', ' ', '/', '/dist/production', '..', '../dist', 'a/../../b'])('is not %p', asked => {
    expect(refusal(() => pathOf('dist/production', asked))).toEqual({
      prop: 'path', value: asked, path: 'flux', reason: 'must be the path of production from the root of the repository, such as dist/production',
    });
  });

  it('is unknown outside of the working directory, unless it is asked for', () => {
    const outside = join(tmpdir(), 'dist', 'production');
    expect(refusal(() => pathOf(outside))).toEqual({
      prop: 'path', value: expect.stringMatching(/^\.\.\/.*dist\/production$/), path: 'flux',
      reason: 'must be the path of production from the root of the repository, such as dist/production',
    });
    expect(pathOf(outside, 'production')).toBe('production');
  });

  it('is refused by the name that the caller gives it', () => {
    const app = new GitOpsApp({ folder: 'dist/production' });
    expect(refusal(() => pathInRepository(app, '..', 'argocd', 'members[1].path'))).toMatchObject({ prop: 'members[1].path', value: '..', path: 'argocd' });
  });
});

describe('the name', () => {
  const nameOf = (path: string, asked?: string) => deliveryNameOf(path, asked, 'flux', 'deliveryName');

  it('is the path without dist, or without the first part, unless another is asked for', () => {
    expect([nameOf('dist/production'), nameOf('dist/fleet/eu.west'), nameOf('dist/production', 'edge')]).toEqual(['production', 'fleet-eu.west', 'edge']);
    expect([nameOf('dist/shop/production'), nameOf('bank/dist/production')]).toEqual(['shop-production', 'bank-production']);
    expect([nameOf('rendered/shop'), nameOf('rendered/shop/eu'), nameOf('dist'), nameOf('shop/dist')]).toEqual(['shop', 'shop-eu', 'dist', 'shop']);
  });

  it.each<[string, string | undefined, string]>([['dist/Production', undefined, 'Production'], ['dist/a_b', undefined, 'a_b'], ['dist/a', 'A', 'A'], ['dist/a', '', '']])(
    'of %s, asked to be %p, is refused as %p', (folder, asked, value) => {
      expect(refusal(() => nameOf(folder, asked))).toMatchObject({ prop: 'deliveryName', value, path: 'flux' });
    });
});

test('an app is told by what it can do, for a project may have a second copy of this package', () => {
  const app = new GitOpsApp({ folder: 'dist/production' });
  const copy = { folder: app.folder, delivery: app.delivery };
  expect([APP(app), APP(copy)]).toEqual([app, copy]);
  [undefined, null, 5, 'dist', {}, { folder: 'dist' }, { folder: 'dist', delivery: null }, { delivery: {} }, app.delivery].forEach(value => {
    expect(refusal(() => APP(value))).toEqual({ prop: '', value, reason: 'must be a GitOpsApp', path: '' });
  });
});
