// Acknowledgements: annotations on an object that accept a finding there, with a reason that the next reader can weigh.
import { Manifest, annotationsOf } from '../model/manifest';

/** An annotation `checks.cdk8s-alb-istio/<id>: <reason>` accepts the findings of check `<id>` on its object. */
export const ACKNOWLEDGEMENT_PREFIX = 'checks.cdk8s-alb-istio/';

/** One acknowledgement on one object. */
export interface Acknowledgement {
  readonly manifest: Manifest;
  readonly key: string;
  readonly id: string;
  /** Empty when none was given, and then it silences nothing. */
  readonly reason: string;
}

/** The acknowledgements on an object, in the order written. */
export function acknowledgementsOn(manifest: Manifest): Acknowledgement[] {
  return annotationsOf(manifest).filter(([key]) => key.startsWith(ACKNOWLEDGEMENT_PREFIX)).map(([key, value]) => ({
    manifest,
    key,
    id: key.slice(ACKNOWLEDGEMENT_PREFIX.length),
    reason: typeof value === 'string' ? value.trim() : '',
  }));
}

/** Why a finding of the check on the object is accepted, if it is. */
export function reasonFor(manifest: Manifest, id: string): string | undefined {
  return acknowledgementsOn(manifest).find(own => own.id === id)?.reason || undefined;
}
