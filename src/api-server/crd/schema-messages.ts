// Messages for values that a JSON schema rejects: what was found and what is allowed.
import { PlainObject, asList, asObject, asTexts } from '../../manifests/plain-json';
import { duplicateKey } from './structural-schema';

/** A value that a keyword rejects. */
export interface Rejection {
  readonly keyword: string;
  readonly value: unknown;
  /** The schema that contains the keyword. */
  readonly schema: PlainObject;
  readonly params: PlainObject;
  /** The message of the schema library. */
  readonly original?: string;
}

/** The maximum length of a value in a message. */
const MAX_SHOWN = 80;

/** A sentence without a period. */
export function explain(rejection: Rejection): string {
  const { keyword, value, schema, params, original = `does not satisfy ${keyword}` } = rejection;
  switch (keyword) {
    case 'required':
      return `the field ${params.missingProperty} is required`;
    case 'enum':
      return `${show(value)} is not one of ${asList(schema.enum).map(each => (each === '' ? '""' : String(each))).join(', ')}`;
    case 'pattern':
      return `${show(value)} does not match ${schema.pattern}`;
    case 'type':
      return `${show(value)} is not of type ${asList(params.type).join(' or ') || params.type}`;
    case 'oneOf':
      return choice(rejection) ?? original;
    case 'x-kubernetes-list-map-keys':
      return twins(asTexts(schema[keyword]), asList(value)) ?? original;
    default:
      return `${show(value)} ${original}`;
  }
}

/** Istio expresses "at most one of these fields" as a oneOf: none of them, or the first, or the second, … */
function choice({ value, schema }: Rejection): string | undefined {
  const names = asList(schema.oneOf).flatMap(alternative => {
    const { required, ...rest } = asObject(alternative);
    return asTexts(required).length === 1 && Object.keys(rest).length === 0 ? asTexts(required) : [];
  });
  const set = names.filter(name => Object.hasOwn(asObject(value), name));
  if (names.length === 0 || set.length === 1) {
    return undefined;
  }
  return set.length === 0 ? `one of ${names.join(', ')} must be set` : `only one of ${names.join(', ')} can be set; ${set.join(' and ')} are`;
}

function twins(keys: readonly string[], list: readonly unknown[]): string | undefined {
  const duplicate = duplicateKey(keys, list);
  if (duplicate === undefined) {
    return undefined;
  }
  const values = keys.map(key => `${key} ${show(asObject(list[duplicate.second])[key])}`);
  return `entries ${duplicate.first} and ${duplicate.second} have the same ${values.join(' and ')}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
