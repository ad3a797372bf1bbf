// Kustomization files: which files they use that are not manifests.
import { type PlainObject, asObject, asTexts } from './plain-json';
import { readDocuments } from './yaml';

/** Fields that list manifests, or folders with their own kustomization file. */
const MANIFESTS = ['resources', 'bases', 'components'];

/**
 * The strings of a kustomization file that may name a file other than a resource: a patch, the values of a Helm chart, or the content of a
 * ConfigMap (`name=file` counts as `file`). Most of these strings are not file names.
 *
 * @throws UnreadableManifest for a syntax error
 */
export function namesBesideResources(text: string, file: string): string[] {
  const documents = readDocuments(text, file).map(asObject);
  const manifests = new Set(documents.flatMap(own => MANIFESTS.flatMap(field => asTexts(own[field]))));
  return documents.flatMap(withoutManifests).flatMap(stringsIn).map(name => name.slice(name.lastIndexOf('=') + 1)).filter(name => !manifests.has(name));
}

function withoutManifests(document: PlainObject): unknown[] {
  return Object.entries(document).filter(([field]) => !MANIFESTS.includes(field)).map(([, value]) => value);
}

function stringsIn(value: unknown): string[] {
  return typeof value === 'string' ? [value]
    : typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
