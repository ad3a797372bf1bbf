// The acknowledgements of alb-istio.yaml: which findings are accepted on which objects, why, and until when.
import { similarTo } from '../base/spelling';
import type { ListedAcknowledgement, ObjectPattern } from '../checks/listed-acknowledgement';
import type { FileOrigin } from '../manifests/manifest';
import { isObject } from '../manifests/plain-json';
import { ACKNOWLEDGEMENT_FIELDS, type FieldType, OBJECT_FIELDS } from './config-fields';
import { type Fail, type Path, requireKnown, requireType, showPath } from './strict-fields';

/**
 * Reads the list.
 *
 * @param placeOf where something is in the file
 * @throws UsageError by way of `fail`, also for a check that does not exist: a typo must not accept nothing
 */
export function readAcknowledgements(list: unknown, placeOf: (path: Path) => FileOrigin, fail: Fail): ListedAcknowledgement[] {
  if (list === undefined) {
    return [];
  }
  if (!Array.isArray(list)) {
    return fail(['acknowledgements'], `acknowledgements must be a list; got ${JSON.stringify(list)}`);
  }
  return list.map((entry: unknown, index) => {
    const path = ['acknowledgements', index];
    const { id, object, reason, expires } = fieldsOf(entry, path, ACKNOWLEDGEMENT_FIELDS, ['id', 'object', 'reason'], fail);
    requireCheck(id as string, [...path, 'id'], fail);
    const pattern = fieldsOf(object, [...path, 'object'], OBJECT_FIELDS, ['kind', 'name'], fail) as unknown as ObjectPattern;
    const common = { id: id as string, object: pattern, reason: (reason as string).trim(), origin: placeOf(path) };
    return expires === undefined ? common : { ...common, expires: expires as string };
  });
}

/** A map with the fields that it may have and those that it must have. */
function fieldsOf<F extends Readonly<Record<string, FieldType>>>(
  value: unknown, path: Path, fields: F, required: readonly (keyof F & string)[], fail: Fail,
): Partial<Record<keyof F, unknown>> {
  if (!isObject(value)) {
    return fail(path, `${showPath(path)} must be a map with ${required.join(', ')}; got ${JSON.stringify(value)}`);
  }
  requireKnown(value, Object.keys(fields), path, fail);
  Object.entries(value).forEach(([key, own]) => requireType(own, fields[key], [...path, key], fail));
  const missing = required.find(key => value[key] === undefined);
  return missing === undefined ? value as Partial<Record<keyof F, unknown>> : fail(path, `${showPath(path)} lacks ${missing}`);
}

/** The checks are loaded only for a file that acknowledges findings: other commands do not need them. */
function requireCheck(id: string, path: Path, fail: Fail): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { SHELF } = require('../checks/shelf') as typeof import('../checks/shelf');
  const ids = SHELF.filter(({ last }) => !last).map(one => one.id);
  if (!ids.includes(id)) {
    const meant = similarTo(id, ids);
    const hint = meant === undefined ? '`alb-istio explain` lists the checks' : `did you mean ${meant}?`;
    fail(path, `there is no check "${id}" whose findings can be acknowledged; ${hint}`);
  }
}
