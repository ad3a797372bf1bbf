// Validates a manifest against the CRD of its kind. A file of its own, because it loads the validators only when it is called.
import type { SchemaFault } from './structural-schema';

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
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { validatorFor } = require('./validator') as typeof import('./validator');
  return validatorFor(manifest)?.(manifest);
}
