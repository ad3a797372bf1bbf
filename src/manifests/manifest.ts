// A manifest: one Kubernetes object as plain JSON, with its origin. Everything that is checked starts as one.
import { PlainObject, asObject, asText } from './plain-json';

/** The construct of a manifest; its path is absent for a plain object. */
export interface ConstructOrigin {
  readonly construct?: string;
}

/** The place in a file from which a manifest was read. */
export interface FileOrigin {
  /** File name as passed by the caller; `-` for standard input. */
  readonly file: string;
  /** Index of the YAML document in the file, from 1; empty documents count. */
  readonly document: number;
  /** Line of the document's first content, from 1. */
  readonly line: number;
}

/** The origin of a manifest. */
export type Origin = ConstructOrigin | FileOrigin;

/** A Kubernetes object and its origin. The object is untrusted: any field may be absent or of the wrong type. */
export interface Manifest {
  readonly object: PlainObject;
  readonly origin: Origin;
  /** Whether a construct wrote the spec that takes only what the API server and Istio's webhook admit: then nothing validates it again. */
  readonly hasValidSpec?: true;
}

/** The identity of an object. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The namespace that `kubectl apply` uses for an object without one. */
export const DEFAULT_NAMESPACE = 'default';

/** The object's name; empty if it has none. */
export function nameOf(manifest: Manifest): string {
  return asText(asObject(manifest.object.metadata).name) ?? '';
}

/** The object's namespace; {@link DEFAULT_NAMESPACE} if it has none. */
export function namespaceOf(manifest: Manifest): string {
  return asText(asObject(manifest.object.metadata).namespace) || DEFAULT_NAMESPACE;
}

/** `namespace/name`. */
export function qualifiedNameOf(manifest: Manifest): string {
  return `${namespaceOf(manifest)}/${nameOf(manifest)}`;
}

/** Objects by `namespace/name`. */
export function inOrder(manifests: readonly Manifest[]): Manifest[] {
  return [...manifests].sort((a, b) => (qualifiedNameOf(a) < qualifiedNameOf(b) ? -1 : 1));
}

/** The object's spec; empty if it has none. */
export function specOf(manifest: Manifest): PlainObject {
  return asObject(manifest.object.spec);
}

/** The object's annotations in order. Values are untrusted. */
export function annotationsOf(manifest: Manifest): [key: string, value: unknown][] {
  return Object.entries(asObject(asObject(manifest.object.metadata).annotations));
}

/** An annotation of the object; nothing if its value is no string. */
export function annotationOf(manifest: Manifest, key: string): string | undefined {
  return asText(annotationsOf(manifest).find(([own]) => own === key)?.[1]);
}

/** The object's identity as written: without a namespace if it has none. */
export function objectNameOf(manifest: Manifest): ObjectName {
  const namespace = asText(asObject(manifest.object.metadata).namespace);
  return {
    apiVersion: asText(manifest.object.apiVersion) ?? '',
    kind: asText(manifest.object.kind) ?? '',
    ...(namespace ? { namespace } : {}),
    name: nameOf(manifest),
  };
}

/** What distinguishes an object from others that are applied together. The version of the API does not. */
export function identityOf(manifest: Manifest): string {
  const { apiVersion, kind } = objectNameOf(manifest);
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return JSON.stringify([group, kind, namespaceOf(manifest), nameOf(manifest)]);
}

/** Whether the object is being deleted. */
export function isDeleted({ object }: Manifest): boolean {
  return asObject(object.metadata).deletionTimestamp !== undefined;
}
