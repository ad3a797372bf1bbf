// Kustomize's own file: where one lies, what is applied together, and which files beside it are no manifests.
import { type PlainObject, asObject, asTexts } from './plain-json';
import { readDocuments } from './yaml';

/** Fields that name manifests, or folders with a kustomization file of their own. */
const MANIFESTS = ['resources', 'bases', 'components'];

/**
 * What a kustomization file names, as far as it may be a file, elsewhere than among its resources: patches, which are parts of objects or
 * lists of operations, values of Helm charts, and contents of ConfigMaps (`name=file` counts as `file`). Much of it is no file at all.
 *
 * @throws UnreadableManifest for a syntax error
 */
export function namesBesideResources(text: string, file: string): string[] {
  const documents = readDocuments(text, file).map(asObject);
  const manifests = new Set(documents.flatMap(own => MANIFESTS.flatMap(field => asTexts(own[field]))));
  return documents.flatMap(withoutManifests).flatMap(textsIn).map(name => name.slice(name.lastIndexOf('=') + 1)).filter(name => !manifests.has(name));
}

function withoutManifests(document: PlainObject): unknown[] {
  return Object.entries(document).filter(([field]) => !MANIFESTS.includes(field)).map(([, value]) => value);
}

function textsIn(value: unknown): string[] {
  return typeof value === 'string' ? [value]
    : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
