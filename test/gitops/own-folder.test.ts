// Which folders an app takes for its own, and where what is not applied goes.
import { basename, dirname, join, resolve } from 'node:path';
import { GitOpsApp } from '../../src/gitops/gitops-app';
import { isInOrAt, partsOf, requireFolderBeside, requireOwnFolder } from '../../src/gitops/own-folder';
import { refusal } from '../refusal';

const here = (...parts: string[]) => join(process.cwd(), ...parts);

describe('a folder of its own', () => {
  it.each([['dist', here('dist')], ['./a/../b/', here('b')], ['/srv/dist', '/srv/dist'], ['../dist', join(dirname(process.cwd()), 'dist')]])('may be %s', (value, folder) => {
    expect(requireOwnFolder('folder', value, 'dist/production')).toBe(folder);
  });

  it.each([
    undefined, null, 5, true, [], {}, '', ' ', '\t', '/', '.', '..', './', process.cwd(), dirname(process.cwd()), join('..', basename(process.cwd())),
  ])('may not be %p', value => {
    expect(refusal(() => requireOwnFolder('folder', value, 'clusters'))).toEqual({ prop: 'folder', value, path: '', reason: 'must be a folder of its own, such as clusters' });
  });
});

describe('the folders beside the one that is applied', () => {
  it.each([
    ['dist/production', '%/production'],
    ['dist/fleet/production', '%/fleet/production'],
    ['dist/fleet/eu/production', '%/fleet/eu/production'],
    ['deploy/dist/production', 'deploy/%/production'],
    ['rendered/fleet/production', '%/fleet/production'],
    ['rendered', '%/rendered'],
    ['dist', '%/dist'],
    ['deploy/dist', 'deploy/%/dist'],
    ['dist/dist', '%/dist'],
  ])('stand in the place of dist, or of the first folder: for %s at %s', (folder, beside) => {
    const app = new GitOpsApp({ folder });
    expect([app.installFolder, app.delivery.folder]).toEqual([here(beside.replace('%', 'install')), here(beside.replace('%', 'clusters'))]);
  });

  it.each([['/srv/dist/production', '/srv/%/production'], ['/srv/rendered/fleet/production', '/srv/rendered/%/production'], ['/srv/dist', '/%/dist'], ['/dist', '/%/dist']])(
    'outside of the working directory stand beside the one that holds it: for %s at %s', (folder, beside) => {
      const app = new GitOpsApp({ folder });
      expect([app.installFolder, app.delivery.folder]).toEqual([beside.replace('%', 'install'), beside.replace('%', 'clusters')]);
    });

  it.each([['installFolder', 'elsewhere/install'], ['deliveryFolder', './flux'], ['deliveryFolder', '/srv/flux'], ['deliveryFolder', 'dist/production-delivery']])(
    'may be told: %s at %s', (prop, value) => {
      const app = new GitOpsApp({ folder: 'dist/production', [prop]: value });
      expect(prop === 'installFolder' ? app.installFolder : app.delivery.folder).toBe(value.startsWith('/') ? value : here(value));
    });

  it.each([['installFolder', 'install'], ['deliveryFolder', 'clusters']])('%s may be neither in nor above the one that is applied, nor nothing', (prop, kind) => {
    const refused = (value: unknown) => refusal(() => new GitOpsApp({ folder: 'dist/production', [prop]: value as string }));
    ['dist/production', 'dist/production/flux', 'dist'].forEach(value => {
      expect(refused(value)).toEqual({ prop, value, path: '', reason: `must be a folder neither inside nor above ${here('dist/production')}, all of which is applied` });
    });
    ['.', '..', '/', '', ' ', 5, null, ['a']].forEach(value => {
      expect(refused(value)).toEqual({ prop, value, path: '', reason: `must be a folder of its own, such as ${kind}/production` });
    });
  });

  it.each([
    ['clusters/production', 'install/production', 'delivery/production'], ['clusters', 'install/clusters', 'delivery/clusters'],
    ['install/production', 'installation/production', 'clusters/production'],
  ])('are others where %s itself is applied: %s and %s', (folder, install, clusters) => {
    const app = new GitOpsApp({ folder });
    expect([app.installFolder, app.delivery.folder]).toEqual([here(install), here(clusters)]);
  });

  it('are others outside of the working directory, too', () => {
    expect(new GitOpsApp({ folder: '/srv/clusters/production' }).delivery.folder).toBe('/srv/delivery/production');
  });
});

test('a value of the user is shown as it was written, not as it was resolved', () => {
  expect(refusal(() => requireFolderBeside('deliveryFolder', './dist', ['clusters', 'delivery'], here('dist')))).toMatchObject({ prop: 'deliveryFolder', value: './dist' });
});

test.each([['/a', '/a', true], ['/a/b', '/a', true], ['/ab', '/a', false], ['/a', '/a/b', false], ['/a', '/', true], ['/', '/', true]])('%s in or at %s: %p', (path, folder, expected) => {
  expect(isInOrAt(path, folder)).toBe(expected);
});

test.each([
  ['dist/production', ['production']], ['dist/shop/production', ['shop', 'production']], ['deploy/dist/eu/production', ['eu', 'production']], ['rendered/shop', ['shop']],
  ['dist', ['dist']], ['/srv/dist/production', ['production']],
])('%s is known by %j', (folder, parts) => {
  expect(partsOf(resolve(folder))).toEqual(parts);
});
