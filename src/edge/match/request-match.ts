// A match block in the terms in which matches are compared.
import type { VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import type { RequestMatch, TextMatch } from '../../base/match-cover';
import { requireRegex } from '../../base/re2';
import type { StringMatches } from './keyed-match';
import type { StringMatch } from './string-match';

const ANY_PATH: TextMatch = { is: 'prefix', value: '/' };

/** What a request must be like for a match block; for every request without one. Ports and callers are conditions that no header can be. */
export function requestMatchOf(block: VirtualServiceSpecHttpMatch = {}): RequestMatch {
  return new BlockMatch(block);
}

/** Renders the conditions when they are compared: paths settle most comparisons, and an edge with 10,000 routes needs 30 MB for the rest. */
class BlockMatch implements RequestMatch {
  private rendered?: Conditions;

  public constructor(private readonly block: VirtualServiceSpecHttpMatch) {}

  public get path(): TextMatch {
    return this.block.uri === undefined ? ANY_PATH : textMatchOf(this.block.uri);
  }

  public get ignoresCase(): boolean {
    return this.block.ignoreUriCase ?? false;
  }

  public get headers(): RequestMatch['headers'] {
    return this.conditions.headers;
  }

  public get withoutHeaders(): RequestMatch['withoutHeaders'] {
    return this.conditions.withoutHeaders;
  }

  public get queryParams(): RequestMatch['queryParams'] {
    return this.conditions.queryParams;
  }

  public get claims(): RequestMatch['claims'] {
    return this.conditions.claims;
  }

  private get conditions(): Conditions {
    return this.rendered ??= conditionsOf(this.block);
  }
}

type Conditions = Omit<RequestMatch, 'path' | 'ignoresCase'>;

function conditionsOf(block: VirtualServiceSpecHttpMatch): Conditions {
  const { method, authority, scheme, port, sourceNamespace, sourceLabels = {} } = block;
  const pseudo = Object.entries({ ':method': method, ':authority': authority, ':scheme': scheme })
    .flatMap(([name, match]) => (match ? [named(name, match)] : []));
  const place = Object.entries({ '@port': port, '@namespace': sourceNamespace, ...labels(sourceLabels) })
    .flatMap(([name, value]) => (value === undefined ? [] : [named(name, { exact: String(value) })]));
  const [headers, withoutHeaders] = [entriesOf(block.headers), entriesOf(block.withoutHeaders)];
  return {
    headers: [...headers.filter(([name]) => !isClaim(name)), ...pseudo, ...place],
    withoutHeaders: withoutHeaders.filter(([name]) => !isClaim(name)),
    queryParams: entriesOf(block.queryParams),
    claims: [...claimsOf(headers, false), ...claimsOf(withoutHeaders, true)],
  };
}

/** Whether a condition of a match is on the caller. */
export function isOfCaller(name: string): boolean {
  return name === '@namespace' || name.startsWith('@label ');
}

type Named = readonly [name: string, match: TextMatch];

function textMatchOf({ exact, prefix, regex }: StringMatch): TextMatch {
  return exact !== undefined ? { is: 'exact', value: exact } : prefix !== undefined ? { is: 'prefix', value: prefix }
    : regex !== undefined ? { is: 'regex', value: regex, regex: requireRegex('regex', regex) } : { is: 'present' };
}

function named(name: string, match: StringMatch): Named {
  return [name, textMatchOf(match)];
}

function entriesOf(matches: StringMatches = {}): Named[] {
  return Object.entries(matches).map(([name, match]) => named(name, match));
}

function labels(sourceLabels: { readonly [key: string]: string }): Record<string, string> {
  return Object.fromEntries(Object.entries(sourceLabels).map(([key, value]) => [`@label ${key}`, value]));
}

function isClaim(name: string): boolean {
  return name.startsWith('@request.auth.claims');
}

/** Claims are compared by the whole name, which `ClaimMatch` writes in one way. */
function claimsOf(matches: readonly Named[], inverted: boolean): RequestMatch['claims'] {
  return matches.filter(([name]) => isClaim(name)).map(([name, match]) => [[name], match, inverted] as const);
}
