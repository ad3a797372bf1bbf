// Changes to the headers of requests on their way to the workload, and of answers on their way back.
import type { VirtualServiceSpecHttpHeaders, VirtualServiceSpecHttpHeadersRequest } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireAuthority } from '../match/authority';
import { requireHeaderName } from '../match/header-match';

/**
 * Changes to headers. Headers are removed first, then set, then added (Istio 1.30, pilot/pkg/networking/core/route/route.go).
 *
 * In values, `%NAME%` and `%NAME(…)%` stand for what Envoy knows of the request, such as `%DOWNSTREAM_REMOTE_ADDRESS%` or
 * `%REQ(X-Request-Id)%`; write `%%` for a percent sign. Envoy refuses names that it does not know, and then takes no change of any route.
 */
export interface HeaderOperations {
  /**
   * Headers that get this value, whatever they had.
   *
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };

  /**
   * Headers that get this value besides those that they have.
   *
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };

  /**
   * Headers that go away.
   *
   * @default - none
   */
  readonly remove?: string[];
}

/** Changes to both directions. */
export interface HeaderChanges {
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
}

/**
 * Writes the changes; nothing where there are none.
 *
 * @param prefix of the names of props in errors
 * @param host whether the Host of requests may be set
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

/** Whether the Host of requests is set. */
export function setsHost({ requestHeaders }: HeaderChanges): boolean {
  return requestHeaders?.set !== undefined && Object.keys(requestHeaders.set).some(isHostName);
}

function renderOperations(prop: string, { set, add, remove }: HeaderOperations, host: boolean): VirtualServiceSpecHttpHeadersRequest {
  const [setNames, addNames] = [Object.keys(set ?? {}), Object.keys(add ?? {})];
  if (setNames.length + addNames.length + (remove?.length ?? 0) === 0) {
    throw InvalidProps.value(prop, { set, add, remove }, 'must be at least one header to set, add or remove');
  }
  requireNames(`${prop}.set`, setNames, host);
  requireNames(`${prop}.add`, addNames, false);
  requireNames(`${prop}.remove`, remove ?? [], false);
  for (const [how, values] of [['set', set], ['add', add]] as const) {
    Object.entries(values ?? {}).forEach(([name, value]) => (isHostName(name) ? requireAuthority : requireHeaderValue)(`${prop}.${how}.${name}`, value));
  }
  const lower = new Set(setNames.map(name => name.toLowerCase()));
  const useless = remove?.findIndex(name => lower.has(name.toLowerCase())) ?? -1;
  if (useless >= 0) {
    throw InvalidProps.value(`${prop}.remove[${useless}]`, remove![useless], 'must be a header that is not set: setting replaces what was there');
  }
  return { set, add, remove };
}

function requireNames(prop: string, names: readonly string[], host: boolean): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (name.startsWith(':') || (isHostName(name) && !host)) {
      throw InvalidProps.value(prop, name,
        'must be another header: a route changes the host of requests with Rewrite.authority(…), a share of a split by setting host');
    }
    requireHeaderName(prop, name);
    if (seen.size === seen.add(name.toLowerCase()).size) {
      throw InvalidProps.value(prop, name, 'must be every header once; case does not count');
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
      'must be a text without control characters, with %% for a percent sign, and %NAME% or %NAME(…)% for what Envoy knows');
  }
  return value;
}
