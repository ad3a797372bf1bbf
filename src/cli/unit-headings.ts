// The folders of units, which are the headings of the parts of one text.

/** The text about one unit. */
export interface UnitText {
  readonly folder: string;
  readonly text: string;
}

/** The parts, one after the other. One part alone needs no heading. */
export function underHeadings(parts: readonly UnitText[]): string {
  return parts.length === 1 ? parts[0].text : parts.map(({ folder, text }) => `# ${folder}\n\n${text}`).join('\n');
}
