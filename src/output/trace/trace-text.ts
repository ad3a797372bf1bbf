// Traces as text for people: the hops in the order of the road, what they passed over, and the ends with what to do about them.
import { objectNameOf } from '../../manifests/manifest';
import type { Place } from '../../mesh/objects/config';
import type { Hop, PassedOver } from '../../trace/hops/hop';
import type { NotApplied } from '../../trace/not-applied';
import type { Trace } from '../../trace/trace';
import type { TraceEnd } from '../../trace/hops/trace-end';
import { safe } from '../changed-value';
import { showName, showOrigin } from '../object-text';
import { showShare } from '../../base/share-text';

/** How many candidates that a hop passed over are listed. */
const MAX_PASSED_OVER = 5;

/** The longest name of a station is `gateway-listener`. */
const STATION_WIDTH = 16;

/** The trace as text. Ends with a line break. */
export function renderTraceText({ request, hops, ends, notApplied }: Trace): string {
  return `${[[request], notAppliedLines(notApplied), hops.flatMap(hopLines), ends.flatMap(endLines)].filter(({ length }) => length > 0)
    .map(lines => lines.map(safe).join('\n')).join('\n\n')}\n`;
}

/** Objects of the input that a trace goes on without, a line each. */
export function notAppliedLines(refused: readonly NotApplied[]): string[] {
  return refused.map(({ manifest, reason }) => `not applied: ${placeText({ manifest, pointer: '' })}: ${reason}`);
}

/** A hop, with what it passed over. */
export function hopLines({ at, place, detail, passedOver, probability, warning }: Hop): string[] {
  const indent = ' '.repeat(STATION_WIDTH + 4);
  return [
    `  ${at.padEnd(STATION_WIDTH)}  ${probability === 1 ? '' : `${percentOf(probability)}: `}${detail}`,
    ...place === undefined ? [] : [`${indent}${placeText(place)}`],
    ...passedOverLines(passedOver).map(line => `${indent}${line}`),
    ...warning === undefined ? [] : [`${indent}warning: ${warning}`],
  ];
}

/** The first candidates were passed over first, and are the ones that people know. */
function passedOverLines(passedOver: readonly PassedOver[]): string[] {
  const more = passedOver.length - MAX_PASSED_OVER;
  return [...passedOver.slice(0, MAX_PASSED_OVER).map(({ what, why }) => `not ${what}: ${why}`), ...more > 0 ? [`… ${more} more`] : []];
}

/** The ends of a trace, with what decided and what to do. */
export function endLines(end: TraceEnd): string[] {
  const { probability, kind, to, path, authority, by, fix } = end;
  const share = percentOf(probability);
  const indent = ' '.repeat(share.length + 2);
  return [
    `${share}  ${to}`,
    ...path === undefined ? [] : [`${indent}the workload sees ${path} with host ${authority}`],
    ...by === undefined || kind === 'workload' ? [] : [`${indent}by ${placeText(by)}`],
    ...fix === undefined ? [] : [`${indent}${kind === 'unsupported' ? 'why' : 'fix'}: ${fix}`],
  ];
}

/** `Kind namespace/name pointer (file:line)`. */
export function placeText({ manifest, pointer }: Place): string {
  const origin = showOrigin(manifest.origin).replace(/: $/, '');
  return `${showName(objectNameOf(manifest))}${pointer === '' ? '' : ` ${pointer}`}${origin === '' ? '' : ` (${origin})`}`;
}

function percentOf(probability: number): string {
  return showShare(probability, [1]);
}
