// Objects that apply to a scope: their names, and the rules that no two of an app share a name or, for some kinds, a scope.
import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import { InvalidProps, renaming } from '../../base/errors';
import { requireDnsSubdomain, requireServiceName } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { PlainObject } from '../wire/plain-object';
import { type PolicyScope, requirePods } from './policy-scope';

/** Makes an AuthorizationPolicy only log and count what it would deny (Istio 1.30, pilot/pkg/security/authz/builder/builder.go). */
export const DRY_RUN: { readonly [key: string]: string } = { 'istio.io/dry-run': 'true' };

/** The metadata of a policy. */
export interface PolicyIdentity {
  readonly name: string;
  readonly namespace: string;
  /** Value of its name label, at most 63 characters. By default its name. */
  readonly about?: string;
  readonly annotations?: { readonly [key: string]: string };
}

/** Construct paths by the kind and name of the policy that the construct made. */
const NAMES = oncePerApp<string>();
/** Construct paths by the kind and scope of the object that the construct made. */
const SCOPES = oncePerApp<string>();

/**
 * Adds a policy to `scope`.
 *
 * @param spec called at every synth, because rules can be added later
 * @throws InvalidProps for an invalid name, or one that another policy of the app already has
 */
export function addPolicy(
  scope: Construct, id: string, kind: { readonly apiVersion: string; readonly kind: string }, identity: PolicyIdentity, spec: () => object,
): PlainObject {
  const { namespace, annotations } = identity;
  const name = requireDnsSubdomain('policyName', identity.name, scope.node.path);
  requireFreeName(scope, 'policyName', kind.kind, namespace, name);
  NAMES(scope).set(`${kind.kind} ${namespace}/${name}`, scope.node.path);
  const labels = recommendedLabels(identity.about ?? name, 'security');
  const metadata: ApiObjectMetadata = { name, namespace, labels, ...(annotations ? { annotations } : {}) };
  return new PlainObject(scope, id, { ...kind, metadata }, spec);
}

/** An object of a kind of which Istio applies only one to a pod: a Sidecar or a Telemetry. */
export interface ScopedObject {
  readonly kind: string;
  /** The prop that sets the name. */
  readonly nameProp: string;
  /** The name, if the user set one. */
  readonly name?: string;
  readonly scope: PolicyScope;
}

/**
 * Registers an object as the only one of its kind for its scope, and returns its name: by default `default` for a namespace or the mesh,
 * and otherwise derived from the id of the construct.
 *
 * @throws InvalidProps for an invalid or duplicate name, for a scope that another object of the app already has, and for one without pods
 */
export function registerScopedObject(construct: Construct, { kind, name, nameProp, scope }: ScopedObject): string {
  const { id, path } = construct.node;
  requirePods(scope, path);
  const { selector, targetRefs } = scope._render();
  const namespace = scope.policyNamespace;
  const settled = requireServiceName(nameProp, name ?? (selector || targetRefs ? nameFromId(id) : 'default'), path);
  const key = `${kind} ${namespace} ${JSON.stringify([selector && Object.entries(selector.matchLabels).sort(), targetRefs])}`;
  const owner = SCOPES(construct).get(key);
  if (owner !== undefined) {
    throw InvalidProps.duplicate('scope', namespace, `the scope of the ${kind} ${owner}, and Istio applies only one ${kind} to a pod`, path);
  }
  requireFreeName(construct, nameProp, kind, namespace, settled);
  SCOPES(construct).set(key, path);
  NAMES(construct).set(`${kind} ${namespace}/${settled}`, path);
  return settled;
}

function requireFreeName(construct: Construct, prop: string, kind: string, namespace: string, name: string): void {
  const owner = NAMES(construct).get(`${kind} ${namespace}/${name}`);
  if (owner !== undefined) {
    throw InvalidProps.duplicate(prop, name, `the name of the ${kind} ${owner} in namespace ${namespace}`, construct.node.path);
  }
}

/** The default name of an object, derived from the id of its construct: `ApiCallers` becomes `api-callers`. */
export function nameFromId(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/**
 * Runs a call whose props have other names than the caller's, and adds the construct path to its errors.
 *
 * @param names the caller's name of a prop, by the name in the call
 */
export function named<T>(path: string, names: { readonly [prop: string]: string }, call: () => T): T {
  return renaming(refused => {
    const known = Object.keys(names).find(prop => refused === prop || refused.startsWith(`${prop}[`));
    return known === undefined ? refused : names[known] + refused.slice(known.length);
  }, call, path);
}
