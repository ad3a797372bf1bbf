// The annotations of one object, read as the controller reads them: only when something uses them, and then a bad value is a refusal.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, decodeAlbAnnotations, type MalformedAnnotation } from '../base/alb-annotations/annotations';
import { annotationsOf, type Manifest } from '../manifests/manifest';
import { pointer } from '../manifests/pointer';
import { Refusal } from './refusal';

/** Pointer to an annotation of the controller, by its key without prefix. */
export function annotationPointer(key: string): string {
  return pointer('metadata', 'annotations', ALB_PREFIX + key);
}

/** The settings in the annotations of an Ingress or a Service. */
export class Settings {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly decoded: AlbSettings;
  private readonly malformed: ReadonlyMap<string, MalformedAnnotation>;

  public constructor(public readonly manifest: Manifest) {
    this.texts = new Map(annotationsOf(manifest).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
    const { settings, malformed } = decodeAlbAnnotations(Object.fromEntries(this.texts), 'read');
    this.decoded = settings;
    this.malformed = new Map(malformed.map(one => [one.key, one]));
  }

  /** The text of an annotation, by its key without prefix, for what the controller reads without decoding it. */
  public text(key: string): string | undefined {
    return this.texts.get(ALB_PREFIX + key);
  }

  /** Whether the annotation of a setting is present, readable or not. */
  public has(prop: keyof AlbSettings): boolean {
    return this.texts.has(ALB_PREFIX + ALB_ANNOTATIONS[prop].key);
  }

  /** The setting; absent if it is not set. @throws Refusal if its value is unreadable */
  public get<P extends keyof AlbSettings>(prop: P): AlbSettings[P] {
    this.requireReadable(ALB_PREFIX + ALB_ANNOTATIONS[prop].key);
    return this.decoded[prop];
  }

  /** One member of a family such as `actions.<name>`. @throws Refusal if its value is unreadable */
  public named<P extends keyof AlbSettings>(prop: P, name: string): NonNullable<AlbSettings[P]>[keyof NonNullable<AlbSettings[P]>] | undefined {
    this.requireReadable(`${ALB_PREFIX}${ALB_ANNOTATIONS[prop].key}.${name}`);
    const family = this.decoded[prop] as { readonly [name: string]: unknown } | undefined;
    return family !== undefined && Object.hasOwn(family, name) ? family[name] as never : undefined;
  }

  /** A refusal that points to the annotation of a setting. */
  public refusal(prop: keyof AlbSettings, reason: string, name?: string): Refusal {
    return new Refusal(this.manifest, annotationPointer(ALB_ANNOTATIONS[prop].key + (name === undefined ? '' : `.${name}`)), reason);
  }

  private requireReadable(key: string): void {
    const bad = this.malformed.get(key);
    if (bad) {
      throw new Refusal(this.manifest, pointer('metadata', 'annotations', key), `${bad.part} ${bad.reason}`.trim());
    }
  }
}
