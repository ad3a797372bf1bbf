// YAML, read by two parsers of two versions of the language. What one of them refuses, or reads in another way, is a fault.
import { CORE_SCHEMA, YAMLException, loadAll } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import { isObject } from '../../src/manifests/plain-json';

/** The documents of a YAML text, and what is wrong with the text. */
export interface StrictlyRead {
  readonly documents: readonly unknown[];
  readonly faults: readonly string[];
}

/**
 * Reads YAML that every parser has to read alike. kubectl, Flux and Argo CD read YAML 1.1, where a plain `on` is a boolean, `010` is
 * eight and `1:30` is ninety; many other tools read YAML 1.2, where they are not.
 */
export function readStrictly(text: string): StrictlyRead {
  const documents = parseAllDocuments(text, { version: '1.1', strict: true, uniqueKeys: true });
  const refused = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]).map(({ message }) => firstLine(message));
  const characters = [...text.matchAll(/[\t\r\uFEFF]/g)].map(({ 0: character, index }) => (
    `line ${text.slice(0, index).split('\n').length} has the character ${JSON.stringify(character)}`));
  if (refused.length > 0) {
    return { documents: [], faults: [...characters, ...refused] };
  }
  try {
    const read = loadAll(text, { schema: CORE_SCHEMA });
    return { documents: read, faults: [...characters, ...documentFaults(documents.map(document => document.toJS()), read)] };
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      throw error;
    }
    return { documents: [], faults: [...characters, firstLine(error.message)] };
  }
}

function documentFaults(old: readonly unknown[], read: readonly unknown[]): string[] {
  if (old.length !== read.length) {
    return [`is ${old.length} documents in YAML 1.1 and ${read.length} in YAML 1.2`];
  }
  return read.length === 0 ? ['has no document'] : read.flatMap((document, index) => (
    document === null ? [`document ${index + 1} is empty`] : differences(old[index], document, `document ${index + 1}, `)));
}

function differences(old: unknown, read: unknown, place: string): string[] {
  if (isObject(old) && isObject(read) || Array.isArray(old) && Array.isArray(read)) {
    const fields = [...new Set([...Object.keys(old), ...Object.keys(read)])];
    return fields.flatMap(field => differences(Reflect.get(old, field), Reflect.get(read, field), `${place}/${field}`));
  }
  return Object.is(old, read) ? [] : [`${place}: ${shown(old)} in YAML 1.1, ${shown(read)} in YAML 1.2`];
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function firstLine(message: string): string {
  return message.split('\n')[0].replace(/:$/, '');
}
