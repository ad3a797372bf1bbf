// The smallest input that still is faulty: objects, fields and list items are left out as long as the fault stays.
import { dump, loadAll } from 'js-yaml';
import type { PlanInput } from './plan-inputs';
import { smaller } from './shrinking';

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
  const smallerObjects = smaller(loadAll(input.input), part => NEEDED.test(part));
  const flags = (input.controllerFlags ?? '').split(' ').filter(flag => flag !== '');
  const withFlags = (own: readonly string[]) => ({ ...input, controllerFlags: own.length > 0 ? own.join(' ') : undefined });
  return [
    ...smallerObjects.map(own => ({ ...input, input: own.map(object => dump(object)).join('---\n') })),
    ...flags.map((_, index) => withFlags(flags.filter((_own, at) => at !== index))),
    ...input.noServiceMutator ? [{ ...input, noServiceMutator: undefined }] : [],
  ];
}
