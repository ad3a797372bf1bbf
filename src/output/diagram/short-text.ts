// Texts of a diagram, short enough for its boxes and arrows.
import { safe } from '../changed-value';

/** The longest line of a box or label, in characters. */
export const MAX_LENGTH = 26;

/** How many lines a box or an arrow has, the last of which may count the others. */
const MAX_LINES = 4;

/** Keeps the beginning and the end, where names and paths differ. */
export function shortened(text: string, length = MAX_LENGTH): string {
  const shown = [...safe(text)];
  const tail = Math.floor(length / 2) - 1;
  return (shown.length <= length ? shown : [...shown.slice(0, length - tail - 1), '…', ...shown.slice(-tail)]).join('');
}

/** As many of the texts as fit a line: `/login, /logout, +3 more`. */
export function listed(texts: readonly string[], length = MAX_LENGTH): string {
  const all = [...new Set(texts)];
  let shown = 0;
  let line = '';
  for (const text of all) {
    const longer = line === '' ? text : `${line}, ${text}`;
    const rest = all.length - shown - 1;
    if (shown > 0 && longer.length + (rest > 0 ? `, +${rest} more`.length : 0) > length) {
      break;
    }
    line = shortened(longer, Math.max(length, 8));
    shown++;
  }
  return shown === all.length ? line : `${shortened(line, length - `, +${all.length - shown} more`.length)}, +${all.length - shown} more`;
}

/** The first lines, and how many there are besides. */
export function capped(lines: readonly string[]): string[] {
  return lines.length <= MAX_LINES ? [...lines] : [...lines.slice(0, MAX_LINES - 1), `+${lines.length - MAX_LINES + 1} more`];
}
