// Validates a manifest against the CRD of its kind. A file of its own, because it loads the validators only when it is called.
import type { SchemaFault } from './structural-schema';
export { NULL_RULE } from './structural-schema';
import { hasWideNumber, wideIntegers } from './wide-integers';

/**
 * Validates a manifest as the API server does on creation: against the OpenAPI schema of the CRD and its CEL rules. Supports the kinds of
 * Istio 1.30.3 (networking, security, telemetry, extensions) and of AWS Load Balancer Controller 3.5.0 (`elbv2.k8s.aws`), in the newest API
 * version that their CRDs serve. Does not validate `metadata`, and does not run admission webhooks.
 *
 * The first call loads the schemas and the validation libraries; each kind is compiled for its first manifest.
 *
 * @param manifest a Kubernetes object
 * @returns the faults in reading order, empty if it is valid; `undefined` for an unknown kind or version
 */
export function validateManifest(manifest: unknown): SchemaFault[] | undefined {
  return validator().validatorFor(manifest)?.(manifest);
}

/** The same as the API server does it for `kubectl apply --server-side`, which refuses the nulls that it drops on creation. */
export function validateApplied(manifest: unknown): SchemaFault[] | undefined {
  return validator().validatorFor(manifest)?.(manifest, true);
}

/** The kinds whose CRDs are known, as `networking.istio.io/v1 Gateway`. */
export function kindsWithCrd(): readonly string[] {
  return validator().validatedKinds();
}

/**
 * The numbers in the spec of an object that do not fit in 32 bits where the CRD of its kind says int32.
 *
 * @param kind its name and group, as `Gateway.networking.istio.io`
 */
export function wideIntegersOf(kind: string, spec: unknown): readonly number[] {
  if (!hasWideNumber(spec)) {
    return [];
  }
  const [name, ...group] = kind.split('.');
  const known = kindsWithCrd().find(each => each.startsWith(`${group.join('.')}/`) && each.endsWith(` ${name}`));
  const schema = known === undefined ? undefined : validator().schemaOf(known)?.properties?.spec;
  return schema === undefined ? [] : wideIntegers(schema, spec);
}

function validator(): typeof import('./validator') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./validator') as typeof import('./validator');
}
