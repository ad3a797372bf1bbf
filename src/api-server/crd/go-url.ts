// URLs as `url` and `isURL` of Kubernetes CEL parse them, which is as in Go: JavaScript's `URL` accepts and rejects different strings.

/** The parts of a URL that the CEL rules of our CRDs use. */
export interface GoUrl {
  /** Lower case; empty for a path such as `/a`. */
  readonly scheme: string;
}

/**
 * Parses a URL; absent if the string is not one. k8s.io/apiserver/pkg/cel/library/urls.go of Kubernetes calls `ParseRequestURI` of Go
 * (1.26 net/url/url.go), which accepts an absolute URL or an absolute path. `url` also calls Go's `Parse`, which rejects a little more: a
 * fragment with an incomplete escape, and `//a b`. These are accepted here.
 */
export function parseGoUrl(text: string): GoUrl | undefined {
  if (text === '*') {
    return { scheme: '' };
  }
  const [, scheme, rest] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)$/s.exec(text)!;
  const beforeQuery = rest.split('?', 1)[0];
  const isValid = !hasControlCharacter(text)
    && (beforeQuery.startsWith('/') ? isHierarchy(beforeQuery, scheme !== undefined) : scheme !== undefined);
  return isValid ? { scheme: (scheme ?? '').toLowerCase() } : undefined;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some(character => character < ' ' || character === '\x7f');
}

function isHierarchy(text: string, hasScheme: boolean): boolean {
  const [, authority, path] = hasScheme && text.startsWith('//') ? /^\/\/([^/]*)(.*)$/s.exec(text)! : [text, undefined, text];
  return (authority === undefined || isAuthority(authority)) && areEscapesWhole(path);
}

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? '' : text.slice(0, at);
  const host = text.slice(at + 1);
  return /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) && areEscapesWhole(user)
    && (host.includes('[') ? isBracketed(host) : isName(host));
}

/** A host name with a port. It may contain more colons (Kubernetes does not set `urlstrictcolons`); escapes are for non-ASCII bytes. */
function isName(text: string): boolean {
  const colon = text.lastIndexOf(':');
  return (colon < 0 || /^:\d*$/.test(text.slice(colon))) && /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\]<>"]|[^\0-\x7f]|%25|%[89A-Fa-f][0-9A-Fa-f])*$/.test(text);
}

/** An IPv6 address with a port and a zone (`%25eth0`); in the zone, an escape is for a character that is also allowed unescaped, or for a space. */
function isBracketed(text: string): boolean {
  const [, address, zone] = /^\[([0-9A-Fa-f:.]*)(?:%25([^[]+))?\](?::\d*)?$/s.exec(text) ?? [];
  return address !== undefined && areEscapesWhole(zone ?? '') && URL.canParse(`http://[${address}]/`)
    && /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\]<>"]|[^\0-\x7f])*$/.test(unescaped(zone ?? ''));
}

function unescaped(zone: string): string {
  return zone.replace(/%(..)/g, (_, hex) => (/^2[05]$/.test(hex) ? '' : String.fromCharCode(parseInt(hex, 16))));
}

function areEscapesWhole(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}
