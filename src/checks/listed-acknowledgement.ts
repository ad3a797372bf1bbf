// Acknowledgements in a list, such as that of alb-istio.yaml: each accepts the findings of one check on some objects, with a reason, until a day.
import { DEFAULT_NAMESPACE, type FileOrigin, type Manifest, objectNameOf } from '../manifests/manifest';

/** One entry of a list of acknowledgements. */
export interface ListedAcknowledgement {
  /** The id of the check. */
  readonly id: string;
  /** The objects that it is about. In each field, `*` stands for any characters and `?` for one. */
  readonly object: ObjectPattern;
  readonly reason: string;
  /** The last day on which it has an effect, as `2027-01-31`. @default - it does not expire */
  readonly expires?: string;
  /** The entry in its file, which findings about the entry show. */
  readonly origin?: FileOrigin;
}

/** The objects that an acknowledgement is about. */
export interface ObjectPattern {
  readonly kind: string;
  /** `default` for objects without a namespace. @default - any */
  readonly namespace?: string;
  readonly name: string;
}

/** Acknowledgements of a run, besides the annotations on the objects. */
export interface AcknowledgementOptions {
  /** @default - none */
  readonly acknowledgements?: readonly ListedAcknowledgement[];
  /** The day on which acknowledgements are judged, as `2027-01-31`. @default - none of them has expired */
  readonly today?: string;
  /**
   * Whether the input has every object that the acknowledgements can be about, so that one without an object is reported. It has them if it is `complete`.
   *
   * @default false
   */
  readonly hasAllAcknowledged?: boolean;
}

/** Whether the last day of the acknowledgement is over. */
export function isExpired({ expires }: ListedAcknowledgement, today: string | undefined): boolean {
  return expires !== undefined && today !== undefined && today > expires;
}

/** Whether the acknowledgement is about the object. */
export function isAbout({ object: pattern }: ListedAcknowledgement, manifest: Manifest): boolean {
  const { kind, namespace = DEFAULT_NAMESPACE, name } = objectNameOf(manifest);
  return matches(pattern.kind, kind) && matches(pattern.namespace ?? '*', namespace) && matches(pattern.name, name);
}

function matches(pattern: string, text: string): boolean {
  return pattern === '*' || pattern === text || (/[*?]/.test(pattern) && expressionOf(pattern).test(text));
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.replace(/\*+/g, '*').split(/([*?])/);
  return new RegExp(`^${parts.map(part => (part === '*' ? '.*' : part === '?' ? '.' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&'))).join('')}$`, 's');
}
