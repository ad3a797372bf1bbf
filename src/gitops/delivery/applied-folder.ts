// The folder of an app as a GitOps tool knows it: a path in a repository, and a name for the objects about it.
import { basename, relative, sep } from 'node:path';
import { InvalidProps } from '../../base/errors';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { typeOf } from '../../base/prop-types';
import type { GitOpsApp } from '../gitops-app';

/** The app whose folder is to be applied. Told by what it can do, because a project may have a second copy of this package. */
export const APP = typeOf<GitOpsApp>('a GitOpsApp', value => {
  const { folder, delivery } = value as Partial<GitOpsApp> | null | undefined ?? {};
  return typeof folder === 'string' && typeof delivery === 'object' && delivery !== null;
});

/**
 * The path of the app's folder in its repository, with slashes, such as `dist/production`.
 *
 * @param asked what the user says; by default the folder seen from the working directory, where the program runs
 */
export function pathInRepository({ folder }: GitOpsApp, asked: string | undefined, path: string, prop = 'path'): string {
  const found = (asked ?? relative(process.cwd(), folder).split(sep).join('/')).replace(/\/+$/, '').replace(/^\.\//, '');
  if (found.trim() === '' || found.startsWith('/') || found.split('/').includes('..')) {
    throw InvalidProps.value(prop, asked ?? found, `must be the path of ${basename(folder)} from the root of the repository, such as dist/production`, path);
  }
  return found;
}

/**
 * The name of the objects about the folder: by default its path in the repository without `dist`, or without the first part where none is
 * named so, with hyphens.
 */
export function deliveryNameOf(pathInRepo: string, asked: string | undefined, path: string, prop: string): string {
  return requireDnsSubdomain(prop, asked ?? defaultName(pathInRepo.split('/')), path);
}

function defaultName(parts: readonly string[]): string {
  const dist = Math.max(0, parts.indexOf('dist'));
  return (parts.length > 1 ? parts.filter((_, index) => index !== dist) : parts).join('-');
}
