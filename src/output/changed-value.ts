// The two values of a changed field as short JSON on one line.

/** The longest value that is shown whole. */
const MAX_LENGTH = 120;

/** How much of what both values have in common is shown before the first difference. */
const CONTEXT = 20;

/** Control characters, invisible ones, and those that change the reading direction. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g; // eslint-disable-line no-control-regex

/** A name as it is written in a report: whatever is in it, it stays on its line. */
export function safe(text: string): string {
  return text.replace(UNSAFE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Both values as JSON. Long ones are shortened to the part that differs; a value that is absent is `undefined`. */
export function showValues(change: { readonly before?: unknown; readonly after?: unknown }): [before: string | undefined, after: string | undefined] {
  const [before, after] = [change.before, change.after].map(value => (value === undefined ? undefined : safe(json(value))));
  const start = before === undefined || after === undefined ? 0 : startOfDifference(before, after);
  return [shorten(before, start), shorten(after, start)];
}

/** JSON has integers of any size, but `JSON.stringify` rejects a bigint. No other string becomes one: control characters are rare in YAML. */
function json(value: unknown): string {
  const text = JSON.stringify(value, (_, own: unknown) => (typeof own === 'bigint' ? `\u0001${own}\u0001` : own));
  return text.replace(/"\\u0001(-?\d+)\\u0001"/g, '$1');
}

/** Where to start, so that the first difference is seen: 0 when both values are short. */
function startOfDifference(before: string, after: string): number {
  if (Math.max(before.length, after.length) <= MAX_LENGTH) {
    return 0;
  }
  let same = 0;
  while (same < Math.min(before.length, after.length) && before[same] === after[same]) {
    same++;
  }
  return Math.max(0, same - CONTEXT);
}

function shorten(text: string | undefined, start: number): string | undefined {
  if (text === undefined) {
    return undefined;
  }
  const shown = text.slice(start, start + MAX_LENGTH);
  return `${start > 0 ? '…' : ''}${shown}${start + MAX_LENGTH < text.length ? '…' : ''}`;
}
