// Maps the fields of a kind to rows of the coverage page, and validates the rows.
import type { PublicApi } from './public-api';
import { BELOW, type Coverage, NONE, type Row } from './row';

/** Why a field has no answer, by the number of rows that name it. */
const UNANSWERED = ['no row covers this field', 'the path it refers to is not covered'];

/** The coverage of one kind. */
export class Answers {
  /**
   * @param coverage the kind, with its rows
   * @param fields all fields of the kind
   */
  public constructor(private readonly coverage: Coverage, public readonly fields: readonly string[]) {}

  /** Whether a prop sets the field. Undefined if no row covers it. */
  public isReached(field: string): boolean | undefined {
    const answer = this.answer(field);
    return answer === undefined ? undefined : !answer.startsWith(NONE);
  }

  /** The fields that a row covers. */
  public fieldsOf(row: Row): string[] {
    return this.fields.filter(field => this.rowsOf(field).includes(row));
  }

  /** Faults: fields covered by no row or by several, rows that cover no field, props that do not exist. Empty if there are none. */
  public faults(api: PublicApi): string[] {
    const { kind, rows, words } = this.coverage;
    const faults = [
      ...this.fields.filter(field => this.answer(field) === undefined)
        .map(field => `${field}: ${UNANSWERED[this.rowsOf(field).length] ?? 'several rows cover this field'}`),
      ...rows.flatMap(row => this.faultsOf(row, api).map(fault => `${row[0]}: ${fault}`)),
      ...missing(references(words), api),
    ];
    return faults.map(fault => `${kind}: ${fault}`);
  }

  private faultsOf(row: Row, api: PublicApi): string[] {
    const [fields, answer] = row;
    const own = this.fieldsOf(row);
    const named = references(answer);
    const all = named.flatMap(reference => reference.endsWith(BELOW) ? own.map(field => propOf(field, fields, reference)) : reference);
    return [
      ...pathsOf(fields).filter(path => !own.some(field => isAt(field, path))).map(path => `no field ${path}, or other rows cover it`),
      ...(answer.startsWith(NONE) || named.some(reference => reference.includes('.')) ? [] : ['no prop']),
      ...missing(all, api),
    ];
  }

  private answer(field: string, asked: readonly string[] = []): string | undefined {
    const [row, ...others] = this.rowsOf(field);
    if (row === undefined || others.length > 0 || !this.fields.includes(field) || asked.includes(field)) {
      return undefined;
    }
    const [fields, answer, as] = row;
    return as === undefined ? answer : this.answer(as + field.slice(fields.length - BELOW.length), [...asked, field]);
  }

  /** Rows that name the field, or otherwise a field above it. */
  private rowsOf(field: string): Row[] {
    const all = this.coverage.rows.filter(([fields]) => pathsOf(fields).some(path => isAt(field, path)));
    const own = all.filter(([fields]) => !fields.endsWith(BELOW));
    return own.length > 0 ? own : all;
  }
}

/** The paths in a row: `a.(b|c).d` means `a.b.d` and `a.c.d`. */
function pathsOf(fields: string): string[] {
  const [, before, choice, after] = /^([^(]*)\(([^)]*)\)(.*)$/.exec(fields) ?? ['', '', fields, ''];
  return choice.split('|').map(name => before + name + after);
}

/** Whether a path names the field, or ends with `.*` and names a field above it. */
function isAt(field: string, path: string): boolean {
  return path.endsWith(BELOW) ? field.startsWith(path.slice(0, 1 - BELOW.length)) : field === path;
}

/** The prop for one field, if the fields and the prop both end with `.*`. */
export function propOf(field: string, fields: string, prop: string): string {
  return prop.slice(0, -BELOW.length) + field.slice(fields.length - BELOW.length).replace(/(\[\]|\{\})$/, '');
}

/** Names of this package in the code spans of a text: capitalized, but not Istio's enum values such as `SIMPLE`. */
export function references(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span).filter(span => /^[A-Z]\w*[a-z]/.test(span));
}

function missing(names: readonly string[], api: PublicApi): string[] {
  return names.filter(name => !api.has(name)).map(name => `no ${name} in src/index.ts`);
}
