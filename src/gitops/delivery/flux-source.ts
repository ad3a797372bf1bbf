// The source from which Flux reads the files: a Git repository that the delivery defines, or an existing source.
import type { Duration } from 'cdk8s';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain, requireSecretName } from '../../base/kubernetes-name';
import { enumOf, requireProps } from '../../base/prop-types';
import { wholeSeconds } from '../../edge/wire/duration';
import { requireNoPassword } from './applied-folder';

/** The kinds of sources that a Flux Kustomization supports (kustomize-controller 1.9). */
export enum FluxSourceKind {
  /** A Git repository. */
  GIT_REPOSITORY = 'GitRepository',
  /** An artifact in a container registry. */
  OCI_REPOSITORY = 'OCIRepository',
  /** A bucket in an object store. */
  BUCKET = 'Bucket',
}

/** A Git repository for Flux. */
export interface FluxGitRepositoryOptions {
  /** The URL of the repository, starting with `https://`, `http://` or `ssh://`. */
  readonly url: string;

  /**
   * The branch to follow. Set at most one of `branch`, `tag`, `semver` and `commit`.
   *
   * @default 'main', unless one of the others is set
   */
  readonly branch?: string;

  /**
   * The tag to use.
   *
   * @default - not set
   */
  readonly tag?: string;

  /**
   * A range of versions, such as `>=1.0.0 <2.0.0`. Flux uses the highest tag in it.
   *
   * @default - not set
   */
  readonly semver?: string;

  /**
   * The commit to use.
   *
   * @default - not set
   */
  readonly commit?: string;

  /**
   * The name of the Secret with the credentials, in the namespace of the delivery.
   *
   * @default - no credentials, for a public repository
   */
  readonly secretName?: string;

  /**
   * How often Flux checks for new commits, in whole seconds.
   *
   * @default Duration.minutes(1)
   */
  readonly interval?: Duration;
}

const REVISIONS = ['branch', 'tag', 'semver', 'commit'] as const;
const KIND = enumOf<FluxSourceKind>('FluxSourceKind');

/** The source from which Flux reads the files. */
export class FluxSource {
  /**
   * A Git repository. The delivery renders a GitRepository for it.
   *
   * @throws InvalidProps for a URL that Flux does not support, such as `git@github.com:a/b`, for two revisions, and for an empty revision
   */
  public static gitRepository(options: FluxGitRepositoryOptions): FluxSource {
    const { url, secretName, interval } = requireProps('FluxGitRepositoryOptions', options, '', 'options');
    if (!/^(https?|ssh):\/\/\S+$/.test(url)) {
      throw InvalidProps.value('url', url, 'must be a URL that starts with https://, http:// or ssh://, such as ssh://git@github.com/acme/platform');
    }
    requireNoPassword('url', url);
    const [revision = 'branch', second] = REVISIONS.filter(name => options[name] !== undefined);
    if (second !== undefined) {
      throw InvalidProps.conflict(second, options[second], `cannot be set when ${revision} is set: Flux follows one revision`);
    }
    if (options[revision]?.trim() === '') {
      throw InvalidProps.value(revision, options[revision], 'must not be empty');
    }
    return new FluxSource({ kind: FluxSourceKind.GIT_REPOSITORY }, {
      interval: fluxDuration('interval', interval, '1m'), url, ref: { [revision]: options[revision] ?? 'main' },
      ...secretName === undefined ? {} : { secretRef: { name: requireSecretName('secretName', secretName) } },
    });
  }

  /**
   * An existing source, such as `flux-system`, which `flux bootstrap` creates.
   *
   * @param sourceName the name of the source
   * @param kind the kind of the source
   * @param namespace the namespace of the source; defaults to the namespace of the delivery
   */
  public static fromName(sourceName: string, kind: FluxSourceKind = FluxSourceKind.GIT_REPOSITORY, namespace?: string): FluxSource {
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
   * The reference to the source. @param deliveryName the name of the source that the delivery renders
   *
   * @internal
   */
  public _reference(deliveryName: string): object {
    return { ...this.reference, name: this.reference.name ?? deliveryName };
  }

  /**
   * The spec of the GitRepository that the delivery renders, if any.
   *
   * @internal
   */
  public _spec(): object | undefined {
    return this.spec;
  }
}

const MAX_SECONDS = 30 * 86_400;

/** A duration in Flux's format, from one second to thirty days. @param otherwise the value when the prop is not set */
export function fluxDuration(prop: string, duration: Duration | undefined, otherwise: string): string {
  if (duration === undefined) {
    return otherwise;
  }
  const seconds = wholeSeconds(prop, duration, 1, MAX_SECONDS);
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
