// alb-istio.yaml: what the operators of a cluster know and manifests do not say. It is read strictly: a typo must not be a silent default.
import { UsageError } from '../base/errors';
import type { ListedAcknowledgement } from '../checks/listed-acknowledgement';
import { type PlainObject, isObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';
import type { MeshSettings } from '../mesh/objects/settings';
import type { ControllerOptions } from '../plan/controller-options';
import { readAcknowledgements } from './acknowledgements';
import { COMPLETE, CONTROLLER_FIELDS, type FieldType, IGNORE, MESH_FIELDS } from './config-fields';
import { type Fail, type Path, requireKnown, requireType } from './strict-fields';

/** The name of the file in the folder of the manifests, or above it. */
export const CONFIG_FILE = 'alb-istio.yaml';

/** What the file says. */
export interface Config {
  /** Globs of files to pass over, relative to the folder of the file. */
  readonly ignore: readonly string[];
  /** Faults that are accepted. */
  readonly acknowledgements: readonly ListedAcknowledgement[];
  /** Whether the manifests are all there is. */
  readonly complete: boolean;
  readonly controller: ControllerOptions;
  readonly mesh: Partial<MeshSettings>;
}

/** No file. */
export const NO_CONFIG: Config = { ignore: [], acknowledgements: [], complete: false, controller: {}, mesh: {} };

type Fields = Readonly<Record<string, FieldType>>;

const SECTIONS = ['ignore', 'acknowledgements', 'complete', 'controller', 'mesh'];

/**
 * Reads the text of a file.
 *
 * @throws UsageError for an unknown field or a wrong value, with file, line and what is expected; UnreadableManifest for a syntax error
 */
export function readConfig(text: string, file: string): Config {
  // Loaded for a file: a synth without one needs no YAML parser.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { linesOf, readDocuments } = require('../manifests/yaml') as typeof import('../manifests/yaml');
  const documents = readDocuments(text, file).filter(document => document !== null && document !== undefined);
  if (documents.length > 1) {
    throw new UsageError(`${file}: expected one YAML document; got ${documents.length}`);
  }
  const [content = {}] = documents;
  const lines = linesOf(text, file);
  const fail = (path: Path, message: string): never => {
    throw new UsageError(`${file}:${lines.get(pointer(...path)) ?? 1}: ${message}`);
  };
  if (!isObject(content)) {
    return fail([], `expected a map with ${SECTIONS.join(', ')}`);
  }
  requireKnown(content, SECTIONS, [], fail);
  for (const [name, type] of [['ignore', IGNORE], ['complete', COMPLETE]] as const) {
    if (content[name] !== undefined) {
      requireType(content[name], type, [name], fail);
    }
  }
  return {
    ignore: (content.ignore ?? []) as string[],
    acknowledgements: readAcknowledgements(content.acknowledgements, path => ({ file, document: 1, line: lines.get(pointer(...path)) ?? 1 }), fail),
    complete: (content.complete ?? false) as boolean,
    controller: sectionOf(content, 'controller', CONTROLLER_FIELDS, fail),
    mesh: sectionOf(content, 'mesh', MESH_FIELDS, fail),
  };
}

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
