// Where Flux finds the files: what each maker writes, and what it refuses.
import { Duration } from 'cdk8s';
import { type FluxGitRepositoryOptions, FluxSource, FluxSourceKind } from '../../../src/gitops/delivery/flux-source';
import { refusal } from '../../refusal';

const url = 'https://git.example.com/acme/platform.git';

describe('a Git repository', () => {
  it('is followed at main, every minute, without credentials', () => {
    const source = FluxSource.gitRepository({ url });
    expect(source._spec()).toEqual({ interval: '1m', url, ref: { branch: 'main' } });
    expect(source._reference('production')).toEqual({ kind: 'GitRepository', name: 'production' });
  });

  it.each(['branch', 'tag', 'semver', 'commit'])('may be followed by its %s', revision => {
    expect(FluxSource.gitRepository({ url, [revision]: '>=1.0.0' })._spec()).toEqual({ interval: '1m', url, ref: { [revision]: '>=1.0.0' } });
  });

  it('may have credentials, and a time of its own', () => {
    expect(FluxSource.gitRepository({ url: 'ssh://git@github.com/acme/platform', secretName: 'platform-git', interval: Duration.seconds(90) })._spec()).toEqual({
      interval: '90s', url: 'ssh://git@github.com/acme/platform', ref: { branch: 'main' }, secretRef: { name: 'platform-git' },
    });
  });

  it.each(['http://git.example.com/a', 'https://a', 'ssh://git@github.com/acme/platform'])('may be at %s', good => {
    expect(FluxSource.gitRepository({ url: good })._spec()).toMatchObject({ url: good });
  });

  it.each(['git@github.com:acme/platform.git', 'github.com/acme/platform', 'https://', 'file:///srv/git', ' https://a', ''])('may not be at %p', bad => {
    expect(refusal(() => FluxSource.gitRepository({ url: bad }))).toEqual({
      prop: 'url', value: bad, path: '', reason: 'must be a URL that begins with https://, http:// or ssh://, such as ssh://git@github.com/acme/platform',
    });
  });

  it.each<[Partial<FluxGitRepositoryOptions>, string, string]>([
    [{ branch: 'main', tag: 'v1' }, 'tag', 'branch'], [{ tag: 'v1', commit: 'abc' }, 'commit', 'tag'], [{ branch: 'main', semver: '1.x', commit: 'a' }, 'semver', 'branch'],
  ])('is followed by one thing only, not by %j', (revisions, second, first) => {
    expect(refusal(() => FluxSource.gitRepository({ url, ...revisions }))).toEqual({
      prop: second, value: revisions[second as 'tag'], path: '', reason: `cannot be set beside ${first}: Flux follows one of them`,
    });
  });

  it.each(['branch', 'tag', 'semver', 'commit'])('is not followed by an empty %s, as a variable of a pipeline may be', revision => {
    ['', ' '].forEach(value => {
      expect(refusal(() => FluxSource.gitRepository({ url, [revision]: value }))).toEqual({ prop: revision, value, path: '', reason: 'must be the name of a revision' });
    });
  });

  it.each<[string, Partial<FluxGitRepositoryOptions>, unknown]>([
    ['secretName', { secretName: 'flux-system/platform' }, 'flux-system/platform'], ['interval', { interval: Duration.millis(10) }, '10 ms'],
  ])('has no wrong %s', (prop, options, value) => {
    expect(refusal(() => FluxSource.gitRepository({ url, ...options }))).toMatchObject({ prop, value, path: '' });
  });
});

describe('a source that Flux knows already', () => {
  it('is a Git repository in the namespace of the delivery', () => {
    const source = FluxSource.existing('flux-system');
    expect([source._spec(), source._reference('production')]).toEqual([undefined, { kind: 'GitRepository', name: 'flux-system' }]);
  });

  it.each([FluxSourceKind.GIT_REPOSITORY, FluxSourceKind.OCI_REPOSITORY, FluxSourceKind.BUCKET])('may be a %s elsewhere', kind => {
    expect(FluxSource.existing('platform', kind, 'shared')._reference('production')).toEqual({ kind, name: 'platform', namespace: 'shared' });
  });

  it.each<[string, unknown[], unknown]>([
    ['sourceName', ['Flux'], 'Flux'], ['sourceName', [''], ''], ['kind', ['a', 'HelmRepository'], 'HelmRepository'], ['namespace', ['a', FluxSourceKind.BUCKET, 'a.b'], 'a.b'],
    ['namespace', ['a', FluxSourceKind.BUCKET, ''], ''],
  ])('has no wrong %s, as in %j', (prop, args, value) => {
    expect(refusal(() => (FluxSource.existing as (...wrong: unknown[]) => unknown)(...args))).toMatchObject({ prop, value, path: '' });
  });
});
