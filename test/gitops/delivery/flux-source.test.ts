// The source from which Flux reads the files: what each maker renders, and what it rejects.
import { Duration } from 'cdk8s';
import { type FluxGitRepositoryOptions, FluxSource, FluxSourceKind, fluxDuration } from '../../../src/gitops/delivery/flux-source';
import { refusal } from '../../refusal';

const url = 'https://git.example.com/acme/platform.git';

describe('a Git repository', () => {
  it('is followed at main, every minute, without credentials', () => {
    const source = FluxSource.gitRepository({ url });
    expect(source._spec()).toEqual({ interval: '1m', url, ref: { branch: 'main' } });
    expect(source._reference('production')).toEqual({ kind: 'GitRepository', name: 'production' });
  });

  it.each(['branch', 'tag', 'semver', 'commit'])('can be followed by %s', revision => {
    expect(FluxSource.gitRepository({ url, [revision]: '>=1.0.0' })._spec()).toEqual({ interval: '1m', url, ref: { [revision]: '>=1.0.0' } });
  });

  it('can have credentials and an interval', () => {
    expect(FluxSource.gitRepository({ url: 'ssh://git@github.com/acme/platform', secretName: 'platform-git', interval: Duration.seconds(90) })._spec()).toEqual({
      interval: '90s', url: 'ssh://git@github.com/acme/platform', ref: { branch: 'main' }, secretRef: { name: 'platform-git' },
    });
  });

  it.each(['http://git.example.com/a', 'https://a', 'ssh://git@github.com/acme/platform'])('can be at %s', good => {
    expect(FluxSource.gitRepository({ url: good })._spec()).toMatchObject({ url: good });
  });

  it.each(['git@github.com:acme/platform.git', 'github.com/acme/platform', 'https://', 'file:///srv/git', ' https://a', 'https://a b', ''])('cannot be at %p', bad => {
    expect(refusal(() => FluxSource.gitRepository({ url: bad }))).toEqual({
      prop: 'url', value: bad, path: '', reason: 'must be a URL that starts with https://, http:// or ssh://, such as ssh://git@github.com/acme/platform',
    });
  });

  it.each<[Partial<FluxGitRepositoryOptions>, string, string]>([
    [{ branch: 'main', tag: 'v1' }, 'tag', 'branch'], [{ tag: 'v1', commit: 'abc' }, 'commit', 'tag'], [{ branch: 'main', semver: '1.x', commit: 'a' }, 'semver', 'branch'],
  ])('has only one revision: %j is rejected', (revisions, second, first) => {
    expect(refusal(() => FluxSource.gitRepository({ url, ...revisions }))).toEqual({
      prop: second, value: revisions[second as 'tag'], path: '', reason: `cannot be set when ${first} is set: Flux follows one revision`,
    });
  });

  it.each(['branch', 'tag', 'semver', 'commit'])('does not follow an empty %s, such as an unset variable of a pipeline', revision => {
    ['', ' '].forEach(value => {
      expect(refusal(() => FluxSource.gitRepository({ url, [revision]: value }))).toEqual({ prop: revision, value, path: '', reason: 'must not be empty' });
    });
  });

  it.each<[string, Partial<FluxGitRepositoryOptions>, unknown]>([
    ['secretName', { secretName: 'flux-system/platform' }, 'flux-system/platform'], ['interval', { interval: Duration.millis(10) }, '10 ms'],
  ])('rejects a wrong %s', (prop, options, value) => {
    expect(refusal(() => FluxSource.gitRepository({ url, ...options }))).toMatchObject({ prop, value, path: '' });
  });
});

describe('an existing source', () => {
  it('is by default a Git repository in the namespace of the delivery', () => {
    const source = FluxSource.fromName('flux-system');
    expect({ spec: source._spec(), reference: source._reference('production') }).toEqual({ spec: undefined, reference: { kind: 'GitRepository', name: 'flux-system' } });
  });

  it.each([FluxSourceKind.GIT_REPOSITORY, FluxSourceKind.OCI_REPOSITORY, FluxSourceKind.BUCKET])('can be a %s in another namespace', kind => {
    expect(FluxSource.fromName('platform', kind, 'shared')._reference('production')).toEqual({ kind, name: 'platform', namespace: 'shared' });
  });

  it.each<[string, unknown[], unknown]>([
    ['sourceName', ['Flux'], 'Flux'], ['sourceName', [''], ''], ['kind', ['a', 'HelmRepository'], 'HelmRepository'], ['namespace', ['a', FluxSourceKind.BUCKET, 'a.b'], 'a.b'],
    ['namespace', ['a', FluxSourceKind.BUCKET, ''], ''],
  ])('rejects a wrong %s: %j', (prop, args, value) => {
    expect(refusal(() => (FluxSource.fromName as (...wrong: unknown[]) => unknown)(...args))).toMatchObject({ prop, value, path: '' });
  });
});

describe('a duration', () => {
  test.each([
    [Duration.seconds(1), '1s'], [Duration.seconds(59), '59s'], [Duration.seconds(60), '1m'], [Duration.seconds(90), '90s'], [Duration.millis(2000), '2s'],
    [Duration.minutes(10), '10m'], [Duration.hours(1), '60m'], [Duration.days(30), '43200m'],
  ])('%s is written as %s', (duration, written) => {
    expect(fluxDuration('interval', duration, '10m')).toBe(written);
  });

  test('has a default', () => {
    expect(fluxDuration('interval', undefined, '10m')).toBe('10m');
  });

  test.each([
    [Duration.seconds(0), '0 ms'], [Duration.millis(500), '500 ms'], [Duration.millis(1500), '1500 ms'], [Duration.seconds(30 * 86_400 + 1), '2592001000 ms'],
  ])('%s is rejected', (duration, value) => {
    expect(refusal(() => fluxDuration('interval', duration, '10m'))).toEqual({ prop: 'interval', value, reason: 'must be whole seconds, from 1 to 2592000', path: '' });
  });
});
