// A field of an object: its value, its place, and where its faults are reported. The object has the shape of its kind.
import { type PlainObject, isObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';

/** Why the API server refuses an object. */
export interface StoreFault {
  /** JSON pointer to the value. */
  readonly pointer: string;
  /** What is expected, and the value. No period at the end. */
  readonly message: string;
}

const NONE: readonly never[] = Object.freeze([]);

/** A value of an object that has the shape of its kind, and its place in it. */
export class Field {
  /** The whole object. Its faults are added to the list. */
  public static of(object: unknown, faults: StoreFault[]): Field {
    return new Field(object, faults);
  }

  private constructor(public readonly value: unknown, private readonly faults: StoreFault[], private readonly parent?: Field, private readonly key = '') {}

  /** A field of this object, or of what is in it; without value if there is none. */
  public at(...keys: readonly string[]): Field {
    let field = this as Field;
    for (const key of keys) {
      const object = field.value;
      const value = typeof object === 'object' && object !== null && Object.hasOwn(object, key) ? (object as PlainObject)[key] : undefined;
      field = new Field(value, field.faults, field, key);
    }
    return field;
  }

  /** The items of this list. */
  public get items(): readonly Field[] {
    const { value } = this;
    return Array.isArray(value) && value.length > 0 ? value.map((item, index) => new Field(item, this.faults, this, String(index))) : NONE;
  }

  /** The keys of this map, with their values. */
  public get entries(): readonly (readonly [key: string, field: Field])[] {
    const { value } = this;
    return isObject(value) ? Object.keys(value).map(key => [key, this.at(key)] as const) : NONE;
  }

  /** Whether there is a value. A null is none. */
  public get isSet(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The string, which is empty if there is none. */
  public get text(): string {
    return typeof this.value === 'string' ? this.value : '';
  }

  /** The number; undefined if there is none. */
  public get number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  /** Reports a fault. */
  public refuse(message: string): void {
    this.faults.push({ pointer: pointer(...this.path), message });
  }

  /** Reports that the value is not what it has to be. */
  public mustBe(expected: string): void {
    const shown = typeof this.value === 'object' ? JSON.stringify(this.value) : String(this.value ?? '');
    this.refuse(`must be ${expected}; got ${shown === '' ? '""' : shown}`);
  }

  /** Reports a missing value. An empty string or list is none. */
  public require(hint = ''): void {
    if (!this.isSet || this.value === '' || (Array.isArray(this.value) && this.value.length === 0)) {
      this.refuse(`is required${hint === '' ? '' : `: ${hint}`}`);
    }
  }

  private get path(): string[] {
    return this.parent === undefined ? [] : [...this.parent.path, this.key];
  }
}
