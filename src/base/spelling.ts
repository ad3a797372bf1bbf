// Spelling: the known names that a mistyped one most likely means.

interface Candidate {
  readonly name: string;
  readonly edits: number;
}

/**
 * The name that a mistyped one most likely means, whatever the letter case; undefined if none is similar.
 *
 * @param most how many characters may differ
 */
export function similarTo(written: string, known: readonly string[], most = Math.max(2, written.length / 3)): string | undefined {
  const [best] = ranked(written, known);
  return best !== undefined && best.edits <= most ? best.name : undefined;
}

/** Whether a name is a slip of another: one character more, less or different, or the same ones in another order. */
export function isSlipOf(written: string, known: string): boolean {
  const sorted = (text: string) => [...text].sort().join('');
  return written !== known && (editDistance(written, known) === 1 || sorted(written) === sorted(known));
}

/** The known names, the most similar first. @param part what of a known name is compared */
export function closest(written: string, known: readonly string[], part = (name: string): string => name): string[] {
  return ranked(written, known, part).map(({ name }) => name);
}

function ranked(written: string, known: readonly string[], part = (name: string): string => name): Candidate[] {
  return known.map(name => ({ name, edits: editDistance(written.toLowerCase(), part(name).toLowerCase()) })).sort((one, other) => one.edits - other.edits);
}

/** The least number of characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length];
}
