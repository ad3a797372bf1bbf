// alb-istio.yaml: what the operators of a cluster know and manifests do not say. It is read strictly: a typo must not be a silent default.
import { UsageError } from '../base/errors';
import { similarTo } from '../base/spelling';
import { type PlainObject, isObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';
import { linesOf, readDocuments } from '../manifests/yaml';
import type { MeshSettings } from '../mesh/settings';
import type { ControllerOptions } from '../plan/controller-options';
import { CONTROLLER_FIELDS, type FieldType, IGNORE, MESH_FIELDS } from './config-fields';

/** The name of the file in the folder of the manifests, or above it. */
export const CONFIG_FILE = 'alb-istio.yaml';

/** What the file says. */
export interface Config {
  /** Globs of files to pass over, relative to the folder of the file. */
  readonly ignore: readonly string[];
  readonly controller: ControllerOptions;
  readonly mesh: Partial<MeshSettings>;
}

/** No file. */
export const NO_CONFIG: Config = { ignore: [], controller: {}, mesh: {} };

type Fields = Readonly<Record<string, FieldType>>;

const SECTIONS = { ignore: IGNORE, controller: CONTROLLER_FIELDS, mesh: MESH_FIELDS } as const;

/**
 * Reads the text of a file.
 *
 * @throws UsageError for an unknown field or a wrong value, with file, line and what is expected; UnreadableManifest for a syntax error
 */
export function readConfig(text: string, file: string): Config {
  const documents = readDocuments(text, file).filter(document => document !== null && document !== undefined);
  if (documents.length > 1) {
    throw new UsageError(`${file}: expected one YAML document; got ${documents.length}`);
  }
  const [content = {}] = documents;
  const lines = linesOf(text, file);
  const fail = (path: readonly (string | number)[], message: string): never => {
    throw new UsageError(`${file}:${lines.get(pointer(...path)) ?? 1}: ${message}`);
  };
  if (!isObject(content)) {
    return fail([], `expected a map with ${Object.keys(SECTIONS).join(', ')}`);
  }
  requireKnown(content, Object.keys(SECTIONS), [], fail);
  if (content.ignore !== undefined) {
    requireType(content.ignore, IGNORE, ['ignore'], fail);
  }
  return {
    ignore: (content.ignore ?? []) as string[],
    controller: sectionOf(content, 'controller', CONTROLLER_FIELDS, fail),
    mesh: sectionOf(content, 'mesh', MESH_FIELDS, fail),
  };
}

type Fail = (path: readonly (string | number)[], message: string) => never;

function sectionOf(content: PlainObject, name: string, fields: Fields, fail: Fail): PlainObject {
  const section = content[name];
  if (section === undefined) {
    return {};
  }
  if (!isObject(section)) {
    return fail([name], `${name} must be a map; got ${JSON.stringify(section)}`);
  }
  requireKnown(section, Object.keys(fields), [name], fail);
  Object.entries(section).forEach(([key, value]) => requireType(value, fields[key], [name, key], fail));
  return section;
}

function requireKnown(value: PlainObject, known: readonly string[], path: readonly string[], fail: Fail): void {
  const unknown = Object.keys(value).find(key => !known.includes(key));
  if (unknown !== undefined) {
    const meant = similarTo(unknown, known);
    const written = [...path, unknown].join('.');
    fail([...path, unknown], `${written} is not a field; ${meant === undefined ? `expected ${[...known].sort().join(', ')}` : `did you mean ${meant}?`}`);
  }
}

function requireType(value: unknown, { expected, accepts, keys }: FieldType, path: readonly string[], fail: Fail): void {
  if (!accepts(value)) {
    fail(path, `${path.join('.')} must be ${expected}; got ${JSON.stringify(value)}`);
  }
  if (keys !== undefined) {
    requireKnown(value as PlainObject, keys, path, fail);
  }
}
