// Whether a manifest is valid by the CRD of its kind.
import type { SchemaFault } from './crd/fault';

/**
 * Validates a manifest as the API server does when it is created: by the OpenAPI schema of the CRD and its CEL rules. Knows the kinds
 * of Istio 1.30.3 (networking, security, telemetry, extensions) and of AWS Load Balancer Controller 3.5.0 (`elbv2.k8s.aws`), in the
 * newest API version that their CRDs serve. `metadata` is not looked at, and neither are admission webhooks.
 *
 * The first call loads the schemas and the libraries that read them; each kind is compiled at its first manifest.
 *
 * @param manifest a Kubernetes object
 * @returns its faults in reading order, none when it is valid; `undefined` for a kind or version that is not known
 */
export function validateManifest(manifest: unknown): SchemaFault[] | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { validatorFor } = require('./crd/validator') as typeof import('./crd/validator');
  return validatorFor(manifest)?.(manifest);
}
