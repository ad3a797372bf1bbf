// A table of annotations with one prefix: encoding and decoding are loops over its rows.
import type { AlbAnnotation } from './annotation';
import { InvalidProps, within } from '../errors';
import { addTo } from '../multimap';

/** What a row of any table has. */
export type TableRow = Pick<AlbAnnotation<unknown>, 'key' | 'codec' | 'family'>;

/** A row and, for a key of a family, the name in the key. */
export interface Found<S, R extends TableRow> {
  readonly prop: keyof S & string;
  readonly row: R;
  readonly name?: string;
}

/** An annotation whose value is rejected. */
export interface MalformedAnnotation {
  readonly key: string;
  readonly value: string;
  /** The rejected part of the value, such as `[0].mode`; empty for the whole value. */
  readonly part: string;
  readonly reason: string;
}

/** The settings in annotations, and annotations that cannot be decoded. */
export interface Decoded<S> {
  readonly settings: S;
  /** Known keys whose value is rejected. */
  readonly malformed: readonly MalformedAnnotation[];
  /** Keys with the controller's prefix that the controller does not know and silently ignores. */
  readonly unknown: readonly string[];
}

/** A table of annotations. The settings of a family are maps from name to value. */
export class AnnotationTable<S extends object, R extends TableRow = TableRow> {
  private readonly rows: ReadonlyMap<keyof S, R>;
  private readonly keys: ReadonlyMap<keyof S, string>;
  private readonly exact = new Map<string, Found<S, R>>();
  private readonly families = new Map<string, Found<S, R>>();

  /** @param passedOver keys with the prefix that are known and not in the table */
  public constructor(
    public readonly prefix: string, rows: { readonly [P in keyof S]-?: unknown }, private readonly passedOver: (key: string) => boolean = () => false,
  ) {
    const entries = Object.entries(rows) as [keyof S & string, R][];
    this.rows = new Map(entries);
    this.keys = new Map(entries.map(([prop, { key }]) => [prop, prefix + key]));
    entries.forEach(([prop, row]) => (row.family ? this.families : this.exact).set(row.key, { prop, row }));
  }

  /** The full key of a setting; for a family, without the name. */
  public keyOf(prop: keyof S): string {
    return this.keys.get(prop)!;
  }

  /** Encodes settings as annotations. @throws InvalidProps that names the setting whose value is out of bounds */
  public encode(settings: S): Record<string, string> {
    const annotations: Record<string, string> = {};
    for (const [prop, row] of this.rows as ReadonlyMap<keyof S & string, R>) {
      const value = settings[prop];
      if (value !== undefined && row.family) {
        for (const [name, member] of Object.entries(value as object)) {
          if (!row.family.test(name)) {
            throw InvalidProps.value(`${prop}.${name}`, name, `must be a name that matches ${row.family.source}`);
          }
          annotations[`${this.prefix}${row.key}.${name}`] = within(`${prop}.${name}`, () => row.codec.encode(member));
        }
      } else if (value !== undefined) {
        annotations[this.prefix + row.key] = within(prop, () => row.codec.encode(value));
      }
    }
    return annotations;
  }

  /**
   * Decodes annotations. Never throws: what cannot be decoded is part of the result.
   *
   * @param how `decode` rejects what the controller or AWS would refuse; `read` rejects only what the controller refuses, so that values
   *   may exceed AWS limits and JSON may lack properties
   */
  public decode(annotations: { readonly [key: string]: string }, how: 'decode' | 'read' = 'decode'): Decoded<S> {
    const settings: Record<string, unknown> = {};
    const families = new Map<string, [name: string, member: unknown][]>();
    const malformed: MalformedAnnotation[] = [];
    const unknown: string[] = [];
    for (const key of Object.keys(annotations)) {
      if (!key.startsWith(this.prefix)) {
        continue;
      }
      const value = annotations[key];
      const known = this.find(key);
      if (!known) {
        if (!this.passedOver(key)) {
          unknown.push(key);
        }
        continue;
      }
      try {
        const decoded = known.row.codec[how](value);
        if (known.name === undefined) {
          settings[known.prop] = decoded;
        } else {
          addTo(families, known.prop, [known.name, decoded]);
        }
      } catch (error) {
        if (!(error instanceof InvalidProps)) {
          throw error;
        }
        malformed.push({ key, value, part: error.prop, reason: error.reason });
      }
    }
    families.forEach((members, prop) => {
      settings[prop] = Object.fromEntries(members);
    });
    return { settings: settings as S, malformed, unknown };
  }

  /** Whether a key with the prefix is in the table, or known beside it. */
  public knows(key: string): boolean {
    return this.find(key) !== undefined || this.passedOver(key);
  }

  /** What follows the prefix in the keys; of families, the part before the name. */
  public suffixes(): { readonly exact: readonly string[]; readonly families: readonly string[] } {
    return { exact: [...this.exact.keys()], families: [...this.families.keys()] };
  }

  /** The row for a key with the prefix. */
  public find(key: string): Found<S, R> | undefined {
    const suffix = key.slice(this.prefix.length);
    const exact = this.exact.get(suffix);
    if (exact) {
      return exact;
    }
    const dot = suffix.indexOf('.');
    const family = dot > 0 ? this.families.get(suffix.slice(0, dot)) : undefined;
    const name = suffix.slice(dot + 1);
    return family?.row.family?.test(name) ? { ...family, name } : undefined;
  }
}
