// The folders that an app may write, and where files go that are not applied.
import { basename, dirname, join } from 'node:path';
import { GitOpsApp } from '../../src/gitops/gitops-app';
import { isInOrAt, requireFolderBeside, requireOwnFolder } from '../../src/gitops/output-folders';
import { refusal } from '../refusal';

const here = (...parts: string[]) => join(process.cwd(), ...parts);

describe('the folder of an app', () => {
  it.each([['dist', here('dist')], ['./a/../b/', here('b')], ['/srv/dist', '/srv/dist'], ['../dist', join(dirname(process.cwd()), 'dist')]])('can be %s', (value, folder) => {
    expect(requireOwnFolder('folder', value, 'dist/production')).toBe(folder);
  });

  it.each([
    undefined, null, 5, true, [], {}, '', ' ', '\t', '/', '.', '..', './', process.cwd(), dirname(process.cwd()), join('..', basename(process.cwd())),
  ])('cannot be %p', value => {
    expect(refusal(() => requireOwnFolder('folder', value, 'clusters'))).toEqual({ prop: 'folder', value, path: '', reason: 'must be a folder that only this app writes, such as clusters' });
  });
});

describe('the folders for files that are not applied', () => {
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
  ])('replace dist, or the first folder: %s → %s', (folder, beside) => {
    const app = new GitOpsApp({ folder });
    expect({ installFolder: app.installFolder, folder: app.delivery.folder })
      .toEqual({ installFolder: here(beside.replace('%', 'install')), folder: here(beside.replace('%', 'clusters')) });
  });

  it.each([['/srv/dist/production', '/srv/%/production'], ['/srv/rendered/fleet/production', '/srv/rendered/%/production'], ['/srv/dist', '/%/dist'], ['/dist', '/%/dist']])(
    'are beside the parent folder outside of the working directory: %s → %s', (folder, beside) => {
      const app = new GitOpsApp({ folder });
      expect({ installFolder: app.installFolder, folder: app.delivery.folder })
        .toEqual({ installFolder: beside.replace('%', 'install'), folder: beside.replace('%', 'clusters') });
    });

  it.each([['installFolder', 'elsewhere/install'], ['deliveryFolder', './flux'], ['deliveryFolder', '/srv/flux'], ['deliveryFolder', 'dist/production-delivery']])(
    'can be set: %s: %s', (prop, value) => {
      const app = new GitOpsApp({ folder: 'dist/production', [prop]: value });
      expect(prop === 'installFolder' ? app.installFolder : app.delivery.folder).toBe(value.startsWith('/') ? value : here(value));
    });

  it.each([['installFolder', 'install'], ['deliveryFolder', 'clusters']])('%s cannot be empty, or inside or above the applied folder', (prop, kind) => {
    const refused = (value: unknown) => refusal(() => new GitOpsApp({ folder: 'dist/production', [prop]: value as string }));
    ['dist/production', 'dist/production/flux', 'dist'].forEach(value => {
      expect(refused(value)).toEqual({ prop, value, path: '', reason: `must be neither inside nor above ${here('dist/production')}, whose files are all applied` });
    });
    ['.', '..', '/', '', ' ', 5, null, ['a']].forEach(value => {
      expect(refused(value)).toEqual({ prop, value, path: '', reason: `must be a folder that only this app writes, such as ${kind}/production` });
    });
  });

  it.each([
    ['clusters/production', 'install/production', 'delivery/production'], ['clusters', 'install/clusters', 'delivery/clusters'],
    ['install/production', 'installation/production', 'clusters/production'],
  ])('have other names when %s itself is applied: %s and %s', (folder, install, clusters) => {
    const app = new GitOpsApp({ folder });
    expect({ installFolder: app.installFolder, folder: app.delivery.folder }).toEqual({ installFolder: here(install), folder: here(clusters) });
  });

  it('have other names outside of the working directory, too', () => {
    expect(new GitOpsApp({ folder: '/srv/clusters/production' }).delivery.folder).toBe('/srv/delivery/production');
  });
});

test('the error shows the value as it was passed, not the resolved path', () => {
  expect(refusal(() => requireFolderBeside('deliveryFolder', './dist', ['clusters', 'delivery'], here('dist')))).toMatchObject({ prop: 'deliveryFolder', value: './dist' });
});

test.each([['/a', '/a', true], ['/a/b', '/a', true], ['/ab', '/a', false], ['/a', '/a/b', false], ['/a', '/', true], ['/', '/', true]])('%s is in or at %s: %p', (path, folder, expected) => {
  expect(isInOrAt(path, folder)).toBe(expected);
});
