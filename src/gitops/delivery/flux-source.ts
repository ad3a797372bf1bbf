// Where Flux finds the files: a Git repository that we describe to it, or a source that it knows already.
import { type Duration } from 'cdk8s';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain, requireSecretName } from '../../base/kubernetes-name';
import { enumOf, requireProps } from '../../base/prop-types';
import { fluxDuration } from './flux-duration';
import { requireNoPassword } from './repository-url';

/** Kinds of sources that a Flux Kustomization reads (kustomize-controller 1.9). */
export enum FluxSourceKind {
  /** A Git repository. */
  GIT_REPOSITORY = 'GitRepository',
  /** An artifact in a registry of containers. */
  OCI_REPOSITORY = 'OCIRepository',
  /** A bucket of an object store. */
  BUCKET = 'Bucket',
}

/** A Git repository, as Flux reads it. */
export interface FluxGitRepositoryOptions {
  /** URL of the repository, beginning with `https://`, `http://` or `ssh://`. */
  readonly url: string;

  /**
   * Branch to follow. At most one of branch, tag, semver and commit is given.
   *
   * @default 'main', where none of the others is given
   */
  readonly branch?: string;

  /**
   * Tag to follow.
   *
   * @default - none
   */
  readonly tag?: string;

  /**
   * Range of versions: the highest tag in it is followed, such as `>=1.0.0 <2.0.0`.
   *
   * @default - none
   */
  readonly semver?: string;

  /**
   * Commit to stay at.
   *
   * @default - none
   */
  readonly commit?: string;

  /**
   * Name of the Secret with the credentials, in the namespace of the delivery.
   *
   * @default - none, for a public repository
   */
  readonly secretName?: string;

  /**
   * How often Flux looks for new commits, in whole seconds.
   *
   * @default Duration.minutes(1)
   */
  readonly interval?: Duration;
}

const REVISIONS = ['branch', 'tag', 'semver', 'commit'] as const;
const KIND = enumOf<FluxSourceKind>('FluxSourceKind');

/** Where Flux finds the files. */
export class FluxSource {
  /**
   * A Git repository; the delivery writes the object that describes it.
   *
   * @throws InvalidProps for a URL that Flux does not take, such as `git@github.com:a/b`, and for two revisions or an empty one
   */
  public static gitRepository(options: FluxGitRepositoryOptions): FluxSource {
    const { url, secretName, interval } = requireProps('FluxGitRepositoryOptions', options, '', 'options');
    if (!/^(https?|ssh):\/\/\S+$/.test(url)) {
      throw InvalidProps.value('url', url, 'must be a URL that begins with https://, http:// or ssh://, such as ssh://git@github.com/acme/platform');
    }
    requireNoPassword('url', url);
    const [revision = 'branch', second] = REVISIONS.filter(name => options[name] !== undefined);
    if (second !== undefined) {
      throw InvalidProps.conflict(second, options[second], `cannot be set beside ${revision}: Flux follows one of them`);
    }
    if (options[revision]?.trim() === '') {
      throw InvalidProps.value(revision, options[revision], 'must be the name of a revision');
    }
    return new FluxSource({ kind: FluxSourceKind.GIT_REPOSITORY }, {
      interval: fluxDuration('interval', interval, '1m'), url, ref: { [revision]: options[revision] ?? 'main' },
      ...secretName === undefined ? {} : { secretRef: { name: requireSecretName('secretName', secretName) } },
    });
  }

  /**
   * A source that Flux knows already, such as `flux-system`, which `flux bootstrap` makes.
   *
   * @param namespace by default that of the delivery
   */
  public static existing(sourceName: string, kind: FluxSourceKind = FluxSourceKind.GIT_REPOSITORY, namespace?: string): FluxSource {
    return new FluxSource({
      kind: requireProps(KIND, kind, '', 'kind'), name: requireDnsSubdomain('sourceName', sourceName),
      ...namespace === undefined ? {} : { namespace: requireDnsLabel('namespace', namespace) },
    });
  }

  private constructor(
    private readonly reference: { readonly kind: FluxSourceKind; readonly name?: string; readonly namespace?: string },
    private readonly spec?: object,
  ) {}

  /**
   * What a Kustomization refers to. @param deliveryName name of the source that the delivery writes
   *
   * @internal
   */
  public _reference(deliveryName: string): object {
    return { ...this.reference, name: this.reference.name ?? deliveryName };
  }

  /**
   * The spec of the GitRepository, where the delivery has to write one.
   *
   * @internal
   */
  public _spec(): object | undefined {
    return this.spec;
  }
}
