// What a review of the output would show: the lines that differ between two YAML texts of the same length.

/** Pairs of lines, without indentation. Fails where a line came or went. */
export function changedLines(before: string, after: string): [string, string][] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  expect(now).toHaveLength(old.length);
  return old.flatMap((line, index): [string, string][] => (line === now[index] ? [] : [[line.trim(), now[index].trim()]]));
}
