// Acknowledgements: annotations that accept the findings of a check on an object, with a reason for the next reader.
import { Manifest, annotationsOf } from '../manifests/manifest';

/** An annotation `checks.cdk8s-alb-istio/<id>: <reason>` accepts the findings of check `<id>` on its object. */
export const ACKNOWLEDGEMENT_PREFIX = 'checks.cdk8s-alb-istio/';

/** One acknowledgement on one object. */
export interface Acknowledgement {
  readonly manifest: Manifest;
  readonly key: string;
  readonly id: string;
  /** Empty if the annotation has none; then the acknowledgement has no effect. */
  readonly reason: string;
}

/** The acknowledgements on an object, in order. */
export function acknowledgementsOn(manifest: Manifest): Acknowledgement[] {
  const found: Acknowledgement[] = [];
  for (const [key, value] of annotationsOf(manifest)) {
    if (key.startsWith(ACKNOWLEDGEMENT_PREFIX)) {
      found.push({ manifest, key, id: key.slice(ACKNOWLEDGEMENT_PREFIX.length), reason: typeof value === 'string' ? value.trim() : '' });
    }
  }
  return found;
}

/** The reason why findings of the check on the object are accepted, if they are. */
export function reasonFor(manifest: Manifest, id: string): string | undefined {
  return acknowledgementsOn(manifest).find(own => own.id === id)?.reason || undefined;
}
