// How a survey reads annotations: only what is read and counts whatever the cluster has besides the input.
import { ALB_ANNOTATIONS, type AlbSettings } from '../../base/alb-annotations/annotations';
import type { Refusals } from '../refusal';
import type { Reading } from '../settings';

/** Flags of the controller, and what the target type defaults to, decide whether these are read. */
const NEVER: readonly (keyof AlbSettings)[] = ['targetNodeLabels', 'targetControlPorts'];

/** The controller merges these with the class params, so it reads the annotations in any case. */
const MERGED: readonly (keyof AlbSettings)[] = ['tags', 'loadBalancerAttributes', 'listenerAttributes'];

/** For an Ingress of a class with or without unknown params, or for a Service; absent for a plan. */
export function readingOf(refusals: Refusals, hasUnknownParams = false): Reading<AlbSettings> | undefined {
  return refusals.areCollected ? {
    refusals,
    isHidden: prop => NEVER.includes(prop) || (hasUnknownParams && ALB_ANNOTATIONS[prop].classField !== undefined),
    isReadAnyway: prop => MERGED.includes(prop),
  } : undefined;
}
