// Kustomize's own file: its names, what it lists, and the one that this package writes.
import { type PlainObject, asObject, asTexts } from './plain-json';
import { readDocuments } from './yaml';

/** The name that this package uses, because `kubectl apply -f -R`, Flux and Argo CD's directory mode do not apply a file without extension. */
export const KUSTOMIZATION = 'Kustomization';

/** All names that kustomize reads; a folder may have one of them (kustomize 5 api/konfig/general.go). */
export const KUSTOMIZATION_FILES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', KUSTOMIZATION];

/** Fields that list manifests, or folders with a kustomization file of their own. */
const MANIFESTS = ['resources', 'bases', 'components'];

/** The text of a kustomization file that lists these files. kustomize rejects one that lists nothing: "kustomization.yaml is empty". */
export function kustomizationOf(files: readonly string[]): string {
  return ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', 'resources:', ...files.map(file => `  - ${file}`), ''].join('\n');
}

/**
 * The files in a kustomization file that has exactly the form of {@link kustomizationOf}; `undefined` for any other, which somebody else wrote.
 *
 * @throws UnreadableManifest for a syntax error
 */
export function filesInOwn(text: string, file: string): string[] | undefined {
  const files = resourcesIn(text, file);
  return text.replaceAll('\r\n', '\n') === kustomizationOf(files) ? files : undefined; // Git writes CRLF on Windows
}

/**
 * The manifests and folders that a kustomization file lists.
 *
 * @throws UnreadableManifest for a syntax error
 */
export function resourcesIn(text: string, file: string): string[] {
  return readDocuments(text, file).map(asObject).flatMap(resourcesOf);
}

/**
 * The strings in a kustomization file that may name a file which is not a resource: patches, which are parts of objects or lists of
 * operations, values of Helm charts, and contents of ConfigMaps (`name=file` counts as `file`). Many of them are not files at all.
 *
 * @throws UnreadableManifest for a syntax error
 */
export function namesBesideResources(text: string, file: string): string[] {
  const documents = readDocuments(text, file).map(asObject);
  const resources = new Set(documents.flatMap(resourcesOf));
  return documents.flatMap(withoutResources).flatMap(stringsIn).map(name => name.slice(name.lastIndexOf('=') + 1)).filter(name => !resources.has(name));
}

function resourcesOf(document: PlainObject): string[] {
  return MANIFESTS.flatMap(field => asTexts(document[field]));
}

function withoutResources(document: PlainObject): unknown[] {
  return Object.entries(document).filter(([field]) => !MANIFESTS.includes(field)).map(([, value]) => value);
}

function stringsIn(value: unknown): string[] {
  return typeof value === 'string' ? [value]
    : typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
