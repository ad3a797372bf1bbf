// A row of the report: two times or sizes, their ratio, and the limit of the ratio.

/** One measured target. */
export interface Row {
  readonly name: string;
  readonly ratio: number;
  /** The largest ratio that passes; unset for a row without a limit. */
  readonly limit?: number;
  /** The measured value and what it is compared with. */
  readonly ours: number;
  readonly base: number;
  readonly unit: 'ms' | 'µs' | 'MB' | 'x';
  readonly note: string;
}

/** Whether the ratio, as printed, is within the limit. */
export function passes({ ratio, limit }: Row): boolean {
  return limit === undefined || round(ratio, 2) <= limit;
}

/** The row as `--json` prints it. */
export function toJson(row: Row): object {
  return {
    name: row.name,
    ratio: round(row.ratio, 3),
    limit: row.limit ?? null,
    pass: passes(row),
    ours: round(row.ours, 2),
    base: round(row.base, 2),
    unit: row.unit,
    note: row.note,
  };
}

/** All rows, in columns. */
export function toTable(rows: readonly Row[]): string {
  const lines = [
    ['', 'ours', 'base', '', 'ratio', 'limit', '', ''],
    ...rows.map(row => [
      row.name,
      number(row.ours, row.unit),
      number(row.base, row.unit),
      row.unit,
      row.ratio.toFixed(2),
      row.limit?.toFixed(2) ?? '-',
      row.limit === undefined ? '' : passes(row) ? 'ok' : 'MISSED',
      row.note,
    ]),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map(line => line[column].length)));
  const pad = (cell: string, column: number) => isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return lines.map(line => line.map(pad).join('  ').trimEnd()).join('\n');
}

function isText(column: number): boolean {
  return [0, 3, 6, 7].includes(column);
}

function number(value: number, unit: Row['unit']): string {
  return value.toFixed(unit === 'x' ? 2 : value < 100 ? 1 : 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
