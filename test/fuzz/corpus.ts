// Real manifests, and the words that occur in them: what fuzzed inputs are made from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { ROOT, filesBelow } from '../committed-manifests';

/** Real YAML and its parts. */
export interface Corpus {
  readonly texts: readonly string[];
  /** The objects of each text. */
  readonly units: readonly (readonly object[])[];
  /** The values under each field name, wherever it occurs. */
  readonly values: ReadonlyMap<string, readonly unknown[]>;
  readonly keys: readonly string[];
  /** `apiVersion` and `kind` of the objects. */
  readonly types: readonly (readonly [apiVersion: string, kind: string])[];
}

/** Enough for every field, and little enough to copy. */
const MAX_VALUES = 200;
const MAX_LENGTH = 60_000;

/** The manifests of the examples, the inputs of the recorded verdicts, and the fixtures of the checks. @param folders more manifests */
export function readCorpus(folders: readonly string[] = []): Corpus {
  const read = (folder: string) => filesBelow(folder, ROOT).filter(file => /\.ya?ml$/.test(file)).map(file => readFileSync(join(ROOT, folder, file), 'utf8'));
  const routes = JSON.parse(readFileSync(join(ROOT, 'test/conformance/routes.json'), 'utf8')) as { configs: Record<string, string> };
  const plans = JSON.parse(readFileSync(join(ROOT, 'test/conformance/plans.json'), 'utf8')) as { input: string }[];
  const texts = [
    ...['dist', 'clusters', 'test/checks', ...folders].flatMap(read), ...Object.values(routes.configs), ...plans.map(({ input }) => input),
  ].filter(({ length }) => length < MAX_LENGTH);
  const units = texts.map(parsed).filter(({ length }) => length > 0);
  const values = new Map<string, unknown[]>();
  units.flat().forEach(object => collect(object, values));
  const types = new Map(units.flat().map(object => [`${field(object, 'apiVersion')} ${field(object, 'kind')}`, [field(object, 'apiVersion'), field(object, 'kind')] as const]));
  return { texts, units, values, keys: [...values.keys()], types: [...types.values()] };
}

function parsed(text: string): object[] {
  try {
    return loadAll(text).filter((object): object is object => typeof object === 'object' && object !== null);
  } catch {
    return [];
  }
}

function field(object: object, name: string): string {
  return String((object as Record<string, unknown>)[name]);
}

function collect(value: unknown, into: Map<string, unknown[]>): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [key, own] of Object.entries(value)) {
    if (!Array.isArray(value)) {
      const known = into.get(key) ?? [];
      into.set(key, known);
      if (known.length < MAX_VALUES) {
        known.push(own);
      }
    }
    collect(own, into);
  }
}
