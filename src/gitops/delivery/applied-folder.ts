// The folder of an app from the view of a GitOps tool: the URL of a repository, a path in it, and a name for the objects that apply it.
import { basename, relative, sep } from 'node:path';
import { InvalidProps } from '../../base/errors';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { typeOf } from '../../base/prop-types';
import type { GitOpsApp } from '../gitops-app';

/** The app whose folder is applied. It is recognized by its properties, because a project may have a second copy of this package. */
export const APP = typeOf<GitOpsApp>('a GitOpsApp', value => {
  const { folder, delivery } = value as Partial<GitOpsApp> | null | undefined ?? {};
  return typeof folder === 'string' && typeof delivery === 'object' && delivery !== null;
});

/**
 * The path of the app's folder in its repository, with slashes, such as `dist/production`.
 *
 * @param requested the value of the prop; the default is the path relative to the working directory of the program
 */
export function pathInRepository({ folder }: GitOpsApp, requested: string | undefined, path: string, prop = 'path'): string {
  const found = (requested ?? relative(process.cwd(), folder).split(sep).join('/')).replace(/\/+$/, '').replace(/^\.\//, '');
  if (found.trim() === '' || found.startsWith('/') || found.split('/').includes('..')) {
    const requirement = `must be the path of ${basename(folder)} relative to the root of the repository, such as dist/production`;
    throw InvalidProps.value(prop, requested ?? found, requirement, path);
  }
  return found;
}

/**
 * The name of the objects that apply the folder. The default is its path in the repository with hyphens, without `dist` or, if no folder has
 * that name, without the first folder.
 */
export function deliveryNameOf(pathInRepo: string, requested: string | undefined, path: string, prop: string): string {
  return requireDnsSubdomain(prop, requested ?? defaultName(pathInRepo.split('/')), path);
}

function defaultName(parts: readonly string[]): string {
  const dist = Math.max(0, parts.indexOf('dist'));
  return (parts.length > 1 ? parts.filter((_, index) => index !== dist) : parts).join('-');
}

/**
 * Rejects a URL with a password or a token, because everybody who can read the repository can read it. In `ssh://git@…` a user alone is
 * not a secret; in `https://…@…` it may be a token.
 *
 * @throws InvalidProps that does not show the secret
 */
export function requireNoPassword(prop: string, url: string): void {
  const [, scheme, user, rest] = /^(\w+):\/\/([^/]*)@(.*)$/.exec(url) ?? [];
  if (user !== undefined && (scheme !== 'ssh' || user.includes(':'))) {
    throw InvalidProps.value(prop, `${scheme}://…@${rest}`, 'must be a URL without a password or token, because it is committed to Git; use a Secret');
  }
}
