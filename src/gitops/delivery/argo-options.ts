// The options that an Application and an ApplicationSet have in common.
// Facts: Argo CD 3.5, docs/user-guide/{sync-options,diffing,auto_sync}.md.
import { InvalidProps } from '../../base/errors';
import { requireNoPassword } from './applied-folder';
import type { ManagedFields } from './managed-elsewhere';

/** Options of an `ArgoApplication` and an `ArgoApplicationSet`. */
export interface ArgoOptions {
  /** The URL of the Git repository, as registered in Argo CD. */
  readonly repoUrl: string;

  /**
   * The branch, tag or commit to apply.
   *
   * @default 'main'
   */
  readonly targetRevision?: string;

  /**
   * The Argo CD project.
   *
   * @default 'default'
   */
  readonly project?: string;

  /**
   * The namespace in which Argo CD runs.
   *
   * @default 'argocd'
   */
  readonly namespace?: string;

  /**
   * Whether Argo CD syncs automatically. Otherwise a person has to sync.
   *
   * @default true
   */
  readonly automated?: boolean;

  /**
   * Whether an automatic sync deletes objects that were removed from the folder.
   *
   * @default true
   */
  readonly prune?: boolean;

  /**
   * Whether Argo CD automatically reverts changes made in the cluster.
   *
   * @default true
   */
  readonly selfHeal?: boolean;
}

/** Makes Argo CD compare objects by a dry run of the API server, so that defaults are not reported as differences (stable since 3.1). */
export const SERVER_SIDE_DIFF = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' };

/** The options of every sync. */
export const SYNC_OPTIONS: readonly string[] = ['ServerSideApply=true', 'PruneLast=true'];

/** Without this option, differences in ignored fields are not shown, but the next sync still overwrites them. */
export const RESPECT_IGNORED = 'RespectIgnoreDifferences=true';

/** The source of an Application. Its folder has a Kustomization, so Argo CD applies only the files listed there. */
export function sourceOf({ repoUrl, targetRevision = 'main' }: ArgoOptions, path: string): object {
  if (!/^\S+$/.test(repoUrl)) {
    throw InvalidProps.value('repoUrl', repoUrl, 'must be the URL of a Git repository');
  }
  requireNoPassword('repoUrl', repoUrl);
  if (targetRevision.trim() === '') {
    throw InvalidProps.value('targetRevision', targetRevision, 'must be a branch, a tag or a commit');
  }
  return { repoURL: repoUrl, targetRevision, path };
}

/** When and how Argo CD syncs. */
export function syncPolicyOf({ automated = true, prune = true, selfHeal = true }: ArgoOptions, syncOptions: readonly string[]): object {
  return {
    ...automated ? { automated: { prune, selfHeal } } : {},
    syncOptions,
    retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
  };
}

/** The fields that Argo CD ignores. */
export function ignoreDifferencesOf(fields: readonly ManagedFields[]): object[] {
  return fields.map(({ kind, name, namespace, expressions }) => ({ group: 'networking.istio.io', kind, name, namespace, jqPathExpressions: expressions }));
}
