// Which objects of Istio the API server admits, before Istio's webhook and istiod see them.
import { kindOf } from '../../manifests/kind';
import type { Manifest } from '../../manifests/manifest';
import { asText } from '../../manifests/plain-json';
import { storeFaultsOf } from '../../manifests/stored-object';
import type { SchemaFault } from './structural-schema';
import { validateManifest } from './validate-manifest';

/** An object that the API server refuses, with its faults. */
export interface SchemaRefusal {
  readonly manifest: Manifest;
  readonly faults: readonly SchemaFault[];
}

/** Manifests, divided by what the API server does with them. */
export interface Admission {
  readonly admitted: readonly Manifest[];
  readonly refused: readonly SchemaRefusal[];
}

/**
 * Validates the objects of Istio against their CRDs, as `kubectl apply` has them validated: a field that the CRD does not have is refused, too. Of
 * Services, workloads and metadata it looks at the types of what a mesh reads; objects of other kinds are admitted. Slower than building a mesh, because
 * each object is read again.
 */
export function admission(manifests: readonly Manifest[]): Admission {
  const admitted: Manifest[] = [];
  const refused: SchemaRefusal[] = [];
  for (const manifest of manifests) {
    const faults = faultsOf(manifest);
    if (faults.length === 0) {
      admitted.push(manifest);
    } else {
      refused.push({ manifest, faults });
    }
  }
  return { admitted, refused };
}

/** Groups whose older versions have the schema of `v1` (Istio 1.30, manifests/charts/base/files/crd-all.gen.yaml). */
const OLDER = /^((?:networking|security|telemetry)\.istio\.io)\/v1(?:alpha\d|beta\d)$/;

/** Groups of load balancers, which no mesh reads. */
const OTHERS = /^(networking\.k8s\.io|elbv2\.k8s\.aws|eks\.amazonaws\.com)\//;

function faultsOf(manifest: Manifest): readonly SchemaFault[] {
  const apiVersion = asText(manifest.object.apiVersion) ?? '';
  const isRead = kindOf(manifest) !== undefined && !OTHERS.test(apiVersion);
  const byStore = isRead ? storeFaultsOf(manifest).map((fault): SchemaFault => ({ kind: 'schema', ...fault })) : [];
  return apiVersion.includes('.istio.io/') ? [...byStore, ...crdFaultsOf(manifest, apiVersion)] : byStore;
}

function crdFaultsOf({ object }: Manifest, apiVersion: string): readonly SchemaFault[] {
  const [, group] = OLDER.exec(apiVersion) ?? [];
  return validateManifest(object) ?? (group === undefined ? undefined : validateManifest({ ...object, apiVersion: `${group}/v1` })) ?? [];
}
