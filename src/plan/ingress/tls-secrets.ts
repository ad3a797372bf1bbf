// Secrets with certificates, which other controllers read and this one does not.
import { specOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
import type { PlanEvent } from '../refusal';
import type { Member } from './groups';

/** The Secrets in `spec.tls`. The controller reads nothing but the hosts (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_listener.go:213). */
export function ignoredTlsSecrets({ manifest }: Member): PlanEvent[] {
  return asList(specOf(manifest).tls).map(asObject).flatMap(({ secretName }, index): PlanEvent[] => (asText(secretName) ? [{
    severity: 'ignored',
    topic: 'tls-secret',
    reason: `Secret ${asText(secretName)} has no effect, whether it exists or not: the certificates of a load balancer are in ACM or IAM`,
    manifest, pointer: `/spec/tls/${index}/secretName`, reach: 'ingress',
  }] : []));
}
