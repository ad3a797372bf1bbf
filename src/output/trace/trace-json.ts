// Traces as JSON for programs. docs/json.md describes the format.
import { objectNameOf } from '../../manifests/manifest';
import type { Place } from '../../mesh/objects/config';
import type { Hop, PassedOver } from '../../trace/hops/hop';
import type { NotApplied } from '../../trace/not-applied';
import type { Trace } from '../../trace/trace';
import type { TraceEnd } from '../../trace/hops/trace-end';
import { documentOf, placeOf } from '../json';

/** The trace as one JSON object, with a line break at the end. */
export function renderTraceJson({ request, hops, ends, notApplied }: Trace): string {
  return documentOf({ request, hops: hops.map(hopOf), ends: ends.map(endOf), notApplied: notApplied.map(notAppliedOf) });
}

/** An object that a trace goes on without. */
export function notAppliedOf({ manifest, reason }: NotApplied): object {
  return { object: objectNameOf(manifest), origin: manifest.origin, reason };
}

/** A hop, with places in place of objects. */
export function hopOf({ at, place, detail, passedOver, probability, warning }: Hop): object {
  return { at, ...atPlace(place), detail, probability, ...(warning === undefined ? {} : { warning }), passedOver: passedOver.map(passedOverOf) };
}

function passedOverOf({ place, what, why }: PassedOver): object {
  return { what, why, ...atPlace(place) };
}

/** An end, with the place that decided in place of the whole object. */
export function endOf({ by, candidates, ...end }: TraceEnd): object {
  return { ...end, ...(by === undefined ? {} : { by: placeOf(by) }), ...(candidates === undefined ? {} : { candidates: candidates.map(endOf) }) };
}

function atPlace(place: Place | undefined): object {
  return place === undefined ? {} : placeOf(place);
}
