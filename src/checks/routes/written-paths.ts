// Conditions on paths, as they are written in VirtualServices and AuthorizationPolicies.
import { once } from '../../base/once';
import { Kind, kindOf } from '../../manifests/kind';
import { type Manifest, specOf } from '../../manifests/manifest';
import { asList, asObject } from '../../manifests/plain-json';
import type { Place } from '../../mesh/objects/config';

/** A condition. The paths of a policy may begin or end with `*`. */
export interface WrittenPath extends Place {
  readonly is: 'exact' | 'prefix' | 'regex' | 'policy';
  readonly value: string;
}

const KNOWN = new WeakMap<readonly Manifest[], readonly WrittenPath[]>();

/** All conditions of the input. */
export function writtenPaths(manifests: readonly Manifest[]): readonly WrittenPath[] {
  return once(KNOWN, manifests, () => manifests.flatMap(manifest => {
    const kind = kindOf(manifest);
    return kind === Kind.VIRTUAL_SERVICE ? routePaths(manifest) : kind === Kind.AUTHORIZATION_POLICY ? policyPaths(manifest) : [];
  }));
}

const KINDS = ['exact', 'prefix', 'regex'] as const;

/** Loops, because an input may have thousands of routes: chains of callbacks take three times as long. */
function routePaths(manifest: Manifest): WrittenPath[] {
  const paths: WrittenPath[] = [];
  for (const [index, route] of asList(specOf(manifest).http).entries()) {
    for (const [place, match] of asList(asObject(route).match).entries()) {
      const uri = asObject(asObject(match).uri);
      for (const is of KINDS) {
        const value = uri[is];
        if (typeof value === 'string') {
          paths.push({ manifest, pointer: `/spec/http/${index}/match/${place}/uri/${is}`, is, value });
        }
      }
    }
  }
  return paths;
}

function policyPaths(manifest: Manifest): WrittenPath[] {
  return asList(specOf(manifest).rules).flatMap((rule, index) => asList(asObject(rule).to).flatMap((to, place) => {
    const operation = asObject(asObject(to).operation);
    return ['paths', 'notPaths'].flatMap(field => asList(operation[field]).flatMap((value, at): WrittenPath[] => (
      typeof value !== 'string' ? [] : [{ manifest, pointer: `/spec/rules/${index}/to/${place}/operation/${field}/${at}`, is: 'policy', value }])));
  }));
}
