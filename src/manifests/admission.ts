// Which objects the API server admits, before a webhook, istiod or the controller see them.
import { once } from '../base/once';
import { hasPlaceholder } from './placeholder';
import { kindOf } from './kind';
import type { Manifest } from './manifest';
import { asText } from './plain-json';
import { valueAt } from './pointer';
import { storeFaultsOf } from './stored-object';
import type { SchemaFault } from './crd/structural-schema';
import { validateManifest } from './crd/validate-manifest';

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

/** Divides the objects that a mesh is built from. Those of other kinds are admitted. Takes about as long as building the mesh. */
export function admission(manifests: readonly Manifest[]): Admission {
  const admitted: Manifest[] = [];
  const refused: SchemaRefusal[] = [];
  for (const manifest of manifests) {
    const faults = isOfMesh(manifest) ? faultsOf(manifest) : [];
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

function isOfMesh(manifest: Manifest): boolean {
  const apiVersion = asText(manifest.object.apiVersion) ?? '';
  return apiVersion.includes('.istio.io/') || (kindOf(manifest) !== undefined && !OTHERS.test(apiVersion));
}

/** Groups whose CRDs are known. For others the validators need not be loaded. */
const WITH_CRD = /(\.istio\.io|^elbv2\.k8s\.aws)\//;

/**
 * Why the API server refuses an object when `kubectl apply` sends it. Objects of Istio and of the AWS Load Balancer Controller are validated against
 * their CRDs, which includes fields that a CRD does not have; of metadata and built-in kinds the types of what the models read are checked.
 */
export function faultsOf(manifest: Manifest): readonly SchemaFault[] {
  return once(KNOWN, manifest, () => findFaults(manifest).filter(fault => !hasPlaceholders(manifest, fault)));
}

/** A plan, a mesh and a check want the faults of the same objects. */
const KNOWN = new WeakMap<Manifest, readonly SchemaFault[]>();

function findFaults(manifest: Manifest): readonly SchemaFault[] {
  const apiVersion = asText(manifest.object.apiVersion) ?? '';
  const byStore = storeFaultsOf(manifest).map((fault): SchemaFault => ({ kind: 'schema', ...fault }));
  return WITH_CRD.test(apiVersion) ? [...byStore, ...crdFaultsOf(manifest, apiVersion)] : byStore;
}

/** Whether the value at fault, or its key, has a placeholder: then a tool changes it before the API server sees it. A CEL rule may read all of an object. */
function hasPlaceholders({ object }: Manifest, { kind, pointer }: SchemaFault): boolean {
  const value = valueAt(object, pointer);
  return hasPlaceholder(pointer.split('/').at(-1)) || hasPlaceholder(kind === 'cel' && typeof value === 'object' ? JSON.stringify(value) : value);
}

function crdFaultsOf({ object }: Manifest, apiVersion: string): readonly SchemaFault[] {
  const [, group] = OLDER.exec(apiVersion) ?? [];
  return validateManifest(object) ?? (group === undefined ? undefined : validateManifest({ ...object, apiVersion: `${group}/v1` })) ?? [];
}
