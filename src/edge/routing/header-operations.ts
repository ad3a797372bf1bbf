// Changes to the headers of requests to the workload and of responses from it.
import type { VirtualServiceSpecHttpHeaders, VirtualServiceSpecHttpHeadersRequest } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireAuthority } from '../match/authority';
import { requireHeaderName } from '../match/header-match';

/**
 * Changes to headers. Headers are removed first, then set, then added (Istio 1.30, pilot/pkg/networking/core/route/route.go).
 *
 * In values, `%NAME%` and `%NAME(…)%` are command operators of Envoy, such as `%DOWNSTREAM_REMOTE_ADDRESS%` or `%REQ(X-Request-Id)%`;
 * write `%%` for a percent sign. If an operator is unknown, Envoy rejects the whole route configuration.
 */
export interface HeaderOperations {
  /**
   * Headers to set, replacing existing values.
   *
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };

  /**
   * Headers to add, keeping existing values.
   *
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };

  /**
   * Headers to remove.
   *
   * @default - none
   */
  readonly remove?: string[];
}

/** Changes in both directions. */
export interface HeaderChanges {
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
}

/**
 * Renders the changes; undefined if there are none.
 *
 * @param prefix prefix of prop names in errors
 * @param host whether the Host header of requests may be set
 */
export function renderHeaderChanges({ requestHeaders, responseHeaders }: HeaderChanges, prefix = '', host = false): VirtualServiceSpecHttpHeaders | undefined {
  if (requestHeaders === undefined && responseHeaders === undefined) {
    return undefined;
  }
  return {
    request: requestHeaders && renderOperations(`${prefix}requestHeaders`, requestHeaders, host),
    response: responseHeaders && renderOperations(`${prefix}responseHeaders`, responseHeaders, false),
  };
}

/** Whether the changes set the Host header of requests. */
export function setsHost({ requestHeaders }: HeaderChanges): boolean {
  return requestHeaders?.set !== undefined && Object.keys(requestHeaders.set).some(isHostName);
}

function renderOperations(prop: string, { set, add, remove }: HeaderOperations, host: boolean): VirtualServiceSpecHttpHeadersRequest {
  const [setNames, addNames] = [Object.keys(set ?? {}), Object.keys(add ?? {})];
  if (setNames.length + addNames.length + (remove?.length ?? 0) === 0) {
    throw InvalidProps.value(prop, { set, add, remove }, 'must set, add or remove at least one header');
  }
  requireNames(`${prop}.set`, setNames, host);
  requireNames(`${prop}.add`, addNames, false);
  requireNames(`${prop}.remove`, remove ?? [], false);
  for (const [how, values] of [['set', set], ['add', add]] as const) {
    Object.entries(values ?? {}).forEach(([name, value]) => (isHostName(name) ? requireAuthority : requireHeaderValue)(`${prop}.${how}.${name}`, value));
  }
  const lower = new Set(setNames.map(name => name.toLowerCase()));
  const redundant = remove?.findIndex(name => lower.has(name.toLowerCase())) ?? -1;
  if (redundant >= 0) {
    throw InvalidProps.value(`${prop}.remove[${redundant}]`, remove![redundant], 'must not be a header that is also set, because setting a header replaces it');
  }
  return { set, add, remove };
}

function requireNames(prop: string, names: readonly string[], host: boolean): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (name.startsWith(':') || (isHostName(name) && !host)) {
      throw InvalidProps.value(prop, name,
        'must not be the host or a pseudo-header; use routing.Rewrite.authority(…) to change the host, or set host in a share of a split');
    }
    requireHeaderName(prop, name);
    if (seen.size === seen.add(name.toLowerCase()).size) {
      throw InvalidProps.duplicate(prop, name, 'in the list; header names are case-insensitive');
    }
  }
}

function isHostName(name: string): boolean {
  return name.toLowerCase() === 'host';
}

/** `%%`, `%NAME%`, `%NAME(text)%` or `%NAME(["text", …])%`, or anything but percent signs and control characters other than a tab. */
const VALUE = (() => {
  const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
  const list = String.raw`\[ *${quoted} *(?:, *${quoted} *)*\] *`;
  const text = String.raw`(?:[^)[\\ "]|\\.)(?:[^)\\"]|\\.)*`;
  return new RegExp(String.raw`^(?:[^%\p{Cc}]|\t|%%|%[^%(\p{Cc}]+(?:\( *(?:${list}|${text})\) *)?%)*$`, 'u');
})();

function requireHeaderValue(prop: string, value: string): string {
  if (!VALUE.test(value) || /[^\P{Cc}\t]/u.test(value)) {
    throw InvalidProps.value(prop, value,
      'must be a string without control characters, with %% for a percent sign, and %NAME% or %NAME(…)% for command operators of Envoy');
  }
  return value;
}
