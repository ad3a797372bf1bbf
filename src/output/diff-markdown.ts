// What differs between two sets of manifests, as Markdown for a comment on a pull request.
import type { ObjectChange } from '../diff/differences';
import { RISKS } from '../diff/risk';
import { safe, showValues } from './changed-value';
import { TITLES, countChanges, nameIn } from './diff-text';

/** Options of {@link renderDiffMarkdown}. */
export interface DiffMarkdownOptions {
  /**
   * The largest size, in bytes of UTF-8. A comment on GitHub has at most 65,536 characters.
   *
   * @default 60000
   */
  readonly limit?: number;
}

/** One object may not fill the whole comment. */
const MAX_FIELDS = 50;
const MAX_UNITS = 20;

/** Left for the note about what is not shown. */
const RESERVE = 200;

/** The differences as Markdown, the riskiest first. Nothing in a name or a value is interpreted as Markdown, HTML or a mention. */
export function renderDiffMarkdown(changes: readonly ObjectChange[], { limit = 60_000 }: DiffMarkdownOptions = {}): string {
  let text = `### Rendered YAML\n\n${countChanges(changes)}\n`;
  let left = limit - RESERVE - sizeOf(text);
  let shown = 0;
  for (const risk of RISKS) {
    for (const [index, change] of changes.filter(own => own.risk === risk).entries()) {
      const block = `${index === 0 ? `\n#### ${TITLES[risk]}\n` : ''}${blockOf(change)}`;
      left -= sizeOf(block);
      if (left < 0) {
        return `${text}\n… and ${changes.length - shown} more. To see all of them, run \`alb-istio diff\`.\n`;
      }
      text += block;
      shown++;
    }
  }
  return text;
}

function blockOf(change: ObjectChange): string {
  const units = change.units.filter(unit => unit !== '');
  const more = units.length > MAX_UNITS ? [`${units.length - MAX_UNITS} more`] : [];
  const where = units.length > 0 ? ` in ${[...units.slice(0, MAX_UNITS).map(unit => code(safe(unit))), ...more].join(', ')}` : '';
  const rows = change.fields.slice(0, MAX_FIELDS).map(field => {
    const [before, after] = showValues(field).map(value => (value === undefined ? 'not set' : code(value)));
    return `| ${code(safe(field.path))} | ${before} | ${after} |\n`;
  });
  return [
    `\n**${change.change}** ${code(`${safe(change.object.kind)} ${nameIn(change)}`)}${where}\n`,
    ...rows.length > 0 ? ['\n| Field | Old | New |\n| :--- | :--- | :--- |\n', ...rows] : [],
    ...change.fields.length > MAX_FIELDS ? [`\n… and ${change.fields.length - MAX_FIELDS} more fields\n`] : [],
  ].join('');
}

/** A code span. Characters that could end it, or the cell of a table, become entities of HTML, which a code span would show as they are. */
function code(text: string): string {
  return /[`|\\]|^ | $|^$/.test(text)
    ? `<code>${text.replace(/[^A-Za-z0-9 ./=,-]/gu, character => `&#${character.codePointAt(0)!};`)}</code>`
    : `\`${text}\``;
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
