// The annotations of one object, read as the controller reads them: only when something uses them, and then a bad value is a refusal.
import type { AnnotationTable, Decoded, MalformedAnnotation } from '../base/alb-annotations/annotation-table';
import { ALB_PREFIX, ALB_TABLE, type AlbSettings } from '../base/alb-annotations/annotations';
import { annotationsOf, type Manifest } from '../manifests/manifest';
import { pointer } from '../manifests/pointer';
import { type Cause, Refusal, type Refusals } from './refusal';

/** How many characters of a value a reason shows. */
const MAX_SHOWN = 120;

/** Pointer to an annotation of the controller, by its key without prefix. */
export function annotationPointer(key: string): string {
  return pointer('metadata', 'annotations', ALB_PREFIX + key);
}

/** How settings are read where an unreadable one does not end the build. */
export interface Reading<S> {
  readonly refusals: Refusals;
  /** Settings that count as unset, because what is not in the input may replace them or decides whether they are read. */
  readonly isHidden: (prop: keyof S) => boolean;
  /** Hidden settings that are read all the same, and refused if they are unreadable. */
  readonly isReadAnyway: (prop: keyof S) => boolean;
}

/** The settings that a table reads in the annotations of an object. */
export class AnnotationReader<S extends object> {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly decoded: Decoded<S>;
  private readonly malformed: ReadonlyMap<string, MalformedAnnotation>;

  /** @param isRead whether the controller reads an annotation at all */
  public constructor(
    public readonly manifest: Manifest, private readonly table: AnnotationTable<S>, private readonly reading?: Reading<S>,
    isRead: (key: string, value: string) => boolean = () => true,
  ) {
    this.texts = new Map(annotationsOf(manifest).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && isRead(pair[0], pair[1])));
    this.decoded = table.decode(Object.fromEntries(this.texts), 'read');
    this.malformed = new Map(this.decoded.malformed.map(one => [one.key, one]));
  }

  /** The text of an annotation, by its key without prefix, for what the controller reads without decoding it. */
  public text(key: string): string | undefined {
    return this.texts.get(this.table.prefix + key);
  }

  /** Whether the annotation of a setting is present, readable or not. */
  public has(prop: keyof S): boolean {
    return this.texts.has(this.table.keyOf(prop));
  }

  /** The setting; absent if it is not set. @throws Refusal if its value is unreadable */
  public get<P extends keyof S>(prop: P): S[P] {
    return this.read(prop, this.table.keyOf(prop)) as S[P];
  }

  /** Whether something that is not in the input may replace the setting, or decides whether it is read. */
  public isHidden(prop: keyof S): boolean {
    return this.reading?.isHidden(prop) ?? false;
  }

  /** The annotation of a setting, if it cannot be read. */
  public unreadable(prop: keyof S, name?: string): MalformedAnnotation | undefined {
    return this.malformed.get(this.table.keyOf(prop) + (name === undefined ? '' : `.${name}`));
  }

  /** The setting; absent if it is not set, and if its value is unreadable. */
  public readable<P extends keyof S>(prop: P): S[P] {
    return this.decoded.settings[prop];
  }

  /** One member of a family such as `actions.<name>`. @throws Refusal if its value is unreadable */
  public named<P extends keyof S>(prop: P, name: string): NonNullable<S[P]>[keyof NonNullable<S[P]>] | undefined {
    const family = this.read(prop, `${this.table.keyOf(prop)}.${name}`) as { readonly [name: string]: unknown } | undefined;
    return family !== undefined && Object.hasOwn(family, name) ? family[name] as never : undefined;
  }

  /** Pointer to the annotation of a setting. */
  public pointer(prop: keyof S, name?: string): string {
    return pointer('metadata', 'annotations', this.table.keyOf(prop) + (name === undefined ? '' : `.${name}`));
  }

  /** A refusal that points to the annotation of a setting. */
  public refusal(prop: keyof S, reason: string, name?: string, cause?: Cause): Refusal {
    return new Refusal(this.manifest, this.pointer(prop, name), reason, cause);
  }

  private read<P extends keyof S>(prop: P, key: string): S[P] | undefined {
    const isHidden = this.isHidden(prop);
    if (!isHidden || this.reading?.isReadAnyway(prop)) {
      this.requireReadable(key);
    }
    return isHidden ? undefined : this.decoded.settings[prop];
  }

  private requireReadable(key: string): void {
    const bad = this.malformed.get(key);
    if (bad) {
      const cause = { is: 'malformed', annotation: bad } as const;
      const value = bad.value.length > MAX_SHOWN ? `${bad.value.slice(0, MAX_SHOWN)}…` : bad.value;
      const reason = `${bad.part} ${bad.reason}; got ${JSON.stringify(value)}`.trim();
      const refusal = new Refusal(this.manifest, pointer('metadata', 'annotations', key), reason, cause);
      if (this.reading === undefined) {
        throw refusal;
      }
      this.reading.refusals.report(refusal);
    }
  }
}

/** The settings of a load balancer in the annotations of an Ingress, or of a Service that an Ingress sends to. */
export class Settings extends AnnotationReader<AlbSettings> {
  public constructor(manifest: Manifest, reading?: Reading<AlbSettings>, isRead?: (key: string, value: string) => boolean) {
    super(manifest, ALB_TABLE, reading, isRead);
  }
}
