// A manifest: one Kubernetes object as plain JSON, with the place it came from. Everything in the reading wing starts here.
import { PlainObject, asObject, asText } from './plain-json';

/** Where a manifest was made: the path of its construct, or nothing when it came as a bare object. */
export interface ConstructOrigin {
  readonly construct?: string;
}

/** Where a manifest was read. */
export interface FileOrigin {
  /** File name as the caller gave it; `-` for standard input. */
  readonly file: string;
  /** Index of the YAML document in the file, from 1; empty documents count. */
  readonly document: number;
  /** Line of the document's first content, from 1. */
  readonly line: number;
}

/** Where a manifest came from. */
export type Origin = ConstructOrigin | FileOrigin;

/** A Kubernetes object and its origin. The object is untrusted: any field may be absent or of the wrong type. */
export interface Manifest {
  readonly object: PlainObject;
  readonly origin: Origin;
}

/** An object's identity, as people name it. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The namespace that `kubectl apply` uses for an object that names none. */
export const DEFAULT_NAMESPACE = 'default';

/** The object's name; empty when it has none. */
export function nameOf(manifest: Manifest): string {
  return asText(asObject(manifest.object.metadata).name) ?? '';
}

/** The object's namespace; {@link DEFAULT_NAMESPACE} when it names none. */
export function namespaceOf(manifest: Manifest): string {
  return asText(asObject(manifest.object.metadata).namespace) || DEFAULT_NAMESPACE;
}

/** The object's annotations in the order written. Values are untrusted. */
export function annotationsOf(manifest: Manifest): [key: string, value: unknown][] {
  return Object.entries(asObject(asObject(manifest.object.metadata).annotations));
}

/** The object's identity as written, so without a namespace when it names none. */
export function objectNameOf(manifest: Manifest): ObjectName {
  const namespace = asText(asObject(manifest.object.metadata).namespace);
  return {
    apiVersion: asText(manifest.object.apiVersion) ?? '',
    kind: asText(manifest.object.kind) ?? '',
    ...(namespace ? { namespace } : {}),
    name: nameOf(manifest),
  };
}
