// JSON pointers (RFC 6901) to the fields of a manifest.

/** The pointer for a path of keys and list indexes. */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map(step => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}

/** The keys and list indexes of a pointer. */
export function stepsOf(place: string): string[] {
  return place.split('/').slice(1).map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** The key of the annotation that a pointer leads to; nothing for any other field. */
export function annotationAt(place: string): string | undefined {
  const [first, second, key] = stepsOf(place);
  return first === 'metadata' && second === 'annotations' ? key : undefined;
}

/** The value that a pointer leads to; undefined if there is none. */
export function valueAt(value: unknown, place: string): unknown {
  return stepsOf(place).reduce((found: unknown, key) => (
    typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? (found as Record<string, unknown>)[key] : undefined), value);
}

/** Reading order: list indexes by number, keys by code unit, a parent before its children. */
export function comparePointers(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) {
      return compareSteps(left[i], right[i]);
    }
  }
  return left.length - right.length;
}

function compareSteps(a: string, b: string): number {
  const digits = /^\d+$/;
  if (digits.test(a) && digits.test(b)) {
    return Number(a) - Number(b);
  }
  return a < b ? -1 : 1;
}
