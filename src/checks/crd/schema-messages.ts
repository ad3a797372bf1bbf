// Sentences for what a JSON schema refuses: what was found and what is allowed.
import { PlainObject, asList, asObject, asTexts } from '../../model/plain-json';
import { duplicateKey } from './list-map';

/** A value that a keyword refused. */
export interface Refusal {
  readonly keyword: string;
  readonly value: unknown;
  /** The schema that the keyword stands in. */
  readonly schema: PlainObject;
  readonly params: PlainObject;
  /** What the schema library says of it. */
  readonly said?: string;
}

/** Values are shown up to this length. */
const MAX_SHOWN = 80;

/** One sentence on a refusal, without a full stop. */
export function explain(refusal: Refusal): string {
  const { keyword, value, schema, params, said = `does not hold to ${keyword}` } = refusal;
  switch (keyword) {
    case 'required':
      return `the field ${params.missingProperty} is required`;
    case 'enum':
      return `${show(value)} is none of ${asList(schema.enum).map(each => (each === '' ? '""' : String(each))).join(', ')}`;
    case 'pattern':
      return `${show(value)} does not match ${schema.pattern}`;
    case 'type':
      return `${show(value)} is not of type ${asList(params.type).join(' or ') || params.type}`;
    case 'oneOf':
      return choice(refusal) ?? said;
    case 'x-kubernetes-list-map-keys':
      return twins(asTexts(schema[keyword]), asList(value)) ?? said;
    default:
      return `${show(value)} ${said}`;
  }
}

/** Istio writes "at most one of these fields" as a oneOf: none of them, or the first, or the second, … */
function choice({ value, schema }: Refusal): string | undefined {
  const names = asList(schema.oneOf).flatMap(alternative => {
    const { required, ...rest } = asObject(alternative);
    return asTexts(required).length === 1 && Object.keys(rest).length === 0 ? asTexts(required) : [];
  });
  const set = names.filter(name => Object.hasOwn(asObject(value), name));
  if (names.length === 0 || set.length === 1) {
    return undefined;
  }
  return set.length === 0 ? `one of ${names.join(', ')} has to be set` : `only one of ${names.join(', ')} can be set; ${set.join(' and ')} are`;
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
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
