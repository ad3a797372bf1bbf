// The choices about what Argo CD applies, alike for one folder and for many.
// Facts: Argo CD 3.5, docs/user-guide/{sync-options,diffing,auto_sync}.md.
import { InvalidProps } from '../../base/errors';
import type { ManagedFields } from './managed-elsewhere';
import { requireNoPassword } from './repository-url';

/** What Applications have in common. */
export interface ArgoOptions {
  /** URL of the Git repository, as Argo CD knows it. */
  readonly repoUrl: string;

  /**
   * Branch, tag or commit.
   *
   * @default 'main'
   */
  readonly targetRevision?: string;

  /**
   * Project of Argo CD.
   *
   * @default 'default'
   */
  readonly project?: string;

  /**
   * Namespace that Argo CD runs in.
   *
   * @default 'argocd'
   */
  readonly namespace?: string;

  /**
   * Whether Argo CD applies what is new by itself. Without it, a person syncs.
   *
   * @default true
   */
  readonly automated?: boolean;

  /**
   * Whether it deletes what has left the folder, where it applies by itself.
   *
   * @default true
   */
  readonly prune?: boolean;

  /**
   * Whether it undoes what others change in the cluster, where it applies by itself.
   *
   * @default true
   */
  readonly selfHeal?: boolean;
}

/** The annotation that makes Argo CD compare as the API server does, so that defaults of the server are no differences (stable since 3.1). */
export const SERVER_SIDE_DIFF = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' };

/** Options of every sync, whether or not there are fields to leave alone. */
export const SYNC_OPTIONS: readonly string[] = ['ServerSideApply=true', 'PruneLast=true'];

/** Without this one, ignored differences are not shown, but the next sync still writes what Git says. */
export const RESPECT_IGNORED = 'RespectIgnoreDifferences=true';

/** The source of an Application. Its folder has a Kustomization, so Argo CD applies what is listed in it and nothing else. */
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

/** When and how it syncs. */
export function syncPolicyOf({ automated = true, prune = true, selfHeal = true }: ArgoOptions, syncOptions: readonly string[]): object {
  return {
    ...automated ? { automated: { prune, selfHeal } } : {},
    syncOptions,
    retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
  };
}

/** The fields to leave alone. */
export function ignoreDifferencesOf(fields: readonly ManagedFields[]): object[] {
  return fields.map(({ kind, name, namespace, expressions }) => ({ group: 'networking.istio.io', kind, name, namespace, jqPathExpressions: expressions }));
}
