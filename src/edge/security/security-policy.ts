// The objects that security policies become: their kinds, and names that no two of an app share.
import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import { InvalidProps, renaming } from '../../base/errors';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { PlainObject } from '../wire/plain-object';

/** Makes an AuthorizationPolicy count and log what it would do, and nothing else (Istio 1.30, pilot/pkg/security/authz/builder/builder.go). */
export const DRY_RUN: { readonly [key: string]: string } = { 'istio.io/dry-run': 'true' };

/** What a policy is called. */
export interface PolicyIdentity {
  readonly name: string;
  readonly namespace: string;
  /** What it is about, for its label: at most 63 characters. By default its name. */
  readonly about?: string;
  readonly annotations?: { readonly [key: string]: string };
}

/** Constructs by the kind and name of the policy that they made. */
const OWNERS = oncePerApp<string>();

/**
 * Renders a policy in `scope`.
 *
 * @param spec makes the spec anew at every rendering, where it grows
 * @throws InvalidProps for a name that cannot be, or that another policy of the app has
 */
export function addPolicy(
  scope: Construct, id: string, kind: { readonly apiVersion: string; readonly kind: string }, identity: PolicyIdentity, spec: () => object,
): PlainObject {
  const { namespace, annotations } = identity;
  const { path } = scope.node;
  const name = requireDnsSubdomain('policyName', identity.name, path);
  const owners = OWNERS(scope);
  const key = `${kind.kind} ${namespace}/${name}`;
  const owner = owners.get(key);
  if (owner !== undefined) {
    throw InvalidProps.value('policyName', name, `must be a name that no other ${kind.kind} of the namespace ${namespace} has; that of ${owner} has it`, path);
  }
  owners.set(key, path);
  const labels = recommendedLabels(identity.about ?? name, 'security');
  const metadata: ApiObjectMetadata = { name, namespace, labels, ...(annotations ? { annotations } : {}) };
  return new PlainObject(scope, id, { ...kind, metadata }, spec);
}

/** The name of a policy that is called after its construct: `ApiCallers` becomes `api-callers`. */
export function nameFromId(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/**
 * Runs a part that knows the props by other names; its errors are told by the names that they have here, with the construct path.
 *
 * @param names the prop here, by the prop there
 */
export function named<T>(path: string, names: { readonly [prop: string]: string }, make: () => T): T {
  return renaming(refused => {
    const known = Object.keys(names).find(prop => refused === prop || refused.startsWith(`${prop}[`));
    return known === undefined ? refused : names[known] + refused.slice(known.length);
  }, make, path);
}
