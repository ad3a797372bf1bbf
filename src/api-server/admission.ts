// Which objects the API server admits, before a webhook, istiod or the controller see them.
import { once } from '../base/once';
import { similarTo } from '../base/spelling';
import { kindOf } from '../manifests/kind';
import type { Manifest } from '../manifests/manifest';
import { hasPlaceholder } from '../manifests/placeholder';
import { asText, isObject } from '../manifests/plain-json';
import { valueAt } from '../manifests/pointer';
import { VALUE_RULE, storeFaultsOf } from './stored-object';
import type { SchemaFault } from './crd/structural-schema';
import { NULL_RULE, kindsWithCrd, validateApplied } from './crd/validate-manifest';

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
    const faults = isOfMesh(manifest) ? faultsForModels(manifest) : [];
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
 * their CRDs, built-in kinds against their fields and the rules of Kubernetes 1.34, and of all other kinds the metadata.
 */
export function faultsOf(manifest: Manifest): readonly SchemaFault[] {
  return once(KNOWN, manifest, () => findFaults(manifest).filter(fault => !hasPlaceholders(manifest, fault)));
}

/**
 * The faults that keep a model from reading an object. It reads one in which a value or a field is wrong that a built-in kind does not have, so that one wrong
 * port name does not hide everything behind it; but no host of an Ingress that is none, and no path without its type or backend. It drops nulls, which only
 * server-side apply refuses.
 */
export function faultsForModels(manifest: Manifest): readonly SchemaFault[] {
  const faults = faultsOf(manifest);
  return faults.length === 0 || WITH_CRD.test(asText(manifest.object.apiVersion) ?? '') ? faults.filter(({ rule }) => rule !== NULL_RULE)
    : faults.filter(({ kind, rule, pointer }) => kind !== 'unknown-field' && (rule !== VALUE_RULE || OF_PATH.test(pointer)));
}

/** Fields of the hosts, paths and backends of an Ingress. */
const OF_PATH = /^\/spec\/(defaultBackend|rules\/\d+\/(host|http\/paths\/\d+))(\/|$)/;

/** A plan, a mesh and a check want the faults of the same objects. */
const KNOWN = new WeakMap<Manifest, readonly SchemaFault[]>();

function findFaults(manifest: Manifest): readonly SchemaFault[] {
  const apiVersion = asText(manifest.object.apiVersion) ?? '';
  const byStore = storeFaultsOf(manifest);
  return WITH_CRD.test(apiVersion) && manifest.hasValidSpec !== true ? [...byStore, ...crdFaultsOf(manifest, apiVersion)] : byStore;
}

/**
 * Whether the value at fault, or its key, has a placeholder: then a tool changes it before the API server sees it. A CEL rule may read all of the value,
 * and a rule of Kubernetes all of the object. sops removes the map `sops` when it decrypts the object.
 */
function hasPlaceholders({ object }: Manifest, { kind, rule, pointer }: SchemaFault): boolean {
  const read = rule === VALUE_RULE ? object : valueAt(object, pointer);
  const readsAll = (rule === VALUE_RULE || kind === 'cel') && typeof read === 'object';
  return (pointer === '/sops' && isObject(object.sops)) || hasPlaceholder(pointer.split('/').at(-1)) || hasPlaceholder(readsAll ? JSON.stringify(read) : read);
}

function crdFaultsOf({ object }: Manifest, apiVersion: string): readonly SchemaFault[] {
  const [, group] = OLDER.exec(apiVersion) ?? [];
  return validateApplied(object) ?? (group === undefined ? undefined : validateApplied({ ...object, apiVersion: `${group}/v1` }))
    ?? unknownKind(apiVersion, asText(object.kind) ?? '');
}

/** All kinds of the groups with known CRDs are known, but a later version may have more: only a slip is certain not to exist. */
function unknownKind(apiVersion: string, kind: string): readonly SchemaFault[] {
  const group = apiVersion.slice(0, apiVersion.indexOf('/') + 1);
  const names = kindsWithCrd().filter(known => known.startsWith(group)).map(known => known.split(' ')[1]);
  const meant = names.includes(kind) ? undefined : similarTo(kind, names);
  return meant === undefined ? [] : [{ kind: 'schema', pointer: '/kind', message: `${apiVersion} has no kind ${kind}; did you mean ${meant}?` }];
}
