// The smallest input that still is faulty: objects, fields and list items are left out as long as the fault stays.
import { dump, loadAll } from 'js-yaml';
import type { PlanInput } from './plan-inputs';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What the API server demands, or what gives an object its identity. */
const NEEDED = new RegExp(`^/\\d+/(${[
  'apiVersion|kind|metadata|metadata/(name|namespace|finalizers(/\\d+)?)|spec|spec/(controller|type|serviceRef)',
  'spec/ports/\\d+(/port)?|.*/service/(name|port)(/.*)?|spec/parameters/(kind|name)',
].join('|')})$`);

/** Left out together, so that few attempts do much. */
const ATTEMPTS = 80;

/**
 * The smallest variant of a faulty input that is faulty, too.
 *
 * @param faulty judges many inputs at once: the index of the first faulty one, or -1
 */
export function smallest(input: PlanInput, faulty: (inputs: readonly PlanInput[]) => number): PlanInput {
  let now = input;
  for (let from = 0; ;) {
    const variants = variantsOf(now).slice(from, from + ATTEMPTS);
    if (variants.length === 0) {
      return now;
    }
    const found = faulty(variants);
    now = found === -1 ? now : variants[found];
    from += found === -1 ? variants.length : found;
  }
}

/** The input without its flags, and without each of its parts, the largest parts first. */
function variantsOf(input: PlanInput): PlanInput[] {
  const objects = loadAll(input.input) as Json[];
  const flags = (input.controllerFlags ?? '').split(' ').filter(flag => flag !== '');
  const withFlags = (own: readonly string[]) => ({ ...input, controllerFlags: own.length > 0 ? own.join(' ') : undefined });
  return [
    ...placesOf(objects, '').filter(place => !NEEDED.test(place)).sort((a, b) => depthOf(a) - depthOf(b)).map(place => (
      { ...input, input: (without(objects, place.split('/').slice(1)) as Json[]).map(object => dump(object)).join('---\n') })),
    ...flags.map((_, index) => withFlags(flags.filter((_own, at) => at !== index))),
    ...input.noServiceMutator ? [{ ...input, noServiceMutator: undefined }] : [],
  ];
}

function placesOf(value: Json, place: string): string[] {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return parts.flatMap(([key, own]) => [`${place}/${key.replaceAll('/', '~1')}`, ...placesOf(own, `${place}/${key.replaceAll('/', '~1')}`)]);
}

function depthOf(place: string): number {
  return place.split('/').length;
}

function without(value: Json, [key, ...rest]: readonly string[]): Json {
  const name = key.replaceAll('~1', '/');
  if (Array.isArray(value)) {
    return rest.length === 0 ? value.filter((_, index) => index !== Number(name)) : value.map((own, index) => (index === Number(name) ? without(own,
      rest) : own));
  }
  const { [name]: part, ...others } = value as { [key: string]: Json };
  return rest.length === 0 ? others : { ...value as object, [name]: without(part, rest) };
}
