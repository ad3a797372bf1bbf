// Conditions on paths, as they are written in VirtualServices and AuthorizationPolicies.
import { once } from '../../base/once';
import { Kind, kindOf } from '../../manifests/kind';
import { type Manifest, specOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
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

function routePaths(manifest: Manifest): WrittenPath[] {
  return asList(specOf(manifest).http).flatMap((route, index) => asList(asObject(route).match).flatMap((match, place) => {
    const uri = asObject(asObject(match).uri);
    return (['exact', 'prefix', 'regex'] as const).flatMap((is): WrittenPath[] => {
      const value = asText(uri[is]);
      return value === undefined ? [] : [{ manifest, pointer: `/spec/http/${index}/match/${place}/uri/${is}`, is, value }];
    });
  }));
}

function policyPaths(manifest: Manifest): WrittenPath[] {
  return asList(specOf(manifest).rules).flatMap((rule, index) => asList(asObject(rule).to).flatMap((to, place) => {
    const operation = asObject(asObject(to).operation);
    return ['paths', 'notPaths'].flatMap(field => asList(operation[field]).flatMap((value, at): WrittenPath[] => (
      typeof value !== 'string' ? [] : [{ manifest, pointer: `/spec/rules/${index}/to/${place}/operation/${field}/${at}`, is: 'policy', value }])));
  }));
}
