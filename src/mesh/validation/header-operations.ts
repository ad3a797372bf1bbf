// What Istio's webhook refuses in the header operations of a route, in its own words.
import { PlainObject, asObject, asTexts } from '../../manifests/plain-json';

/** Names that cannot be changed (Istio 1.30, pkg/config/validation/virtualservice.go:46). */
export function faultsOfHeaders(headers: unknown): string[] {
  // Thousands of routes have none.
  if (headers === undefined) {
    return [];
  }
  const { request, response } = asObject(headers);
  const [asked, answered] = [asObject(request), asObject(response)];
  return [
    ...[...namesOf(asked, 'add'), ...namesOf(asked, 'set')].flatMap(name => (isAuthority(name) ? [] : faultOfName(name))),
    ...asTexts(asked.remove).flatMap(faultOfName),
    ...[...namesOf(answered, 'add'), ...namesOf(answered, 'set'), ...asTexts(answered.remove)].flatMap(faultOfName),
  ];
}

/** The authority is set once: by a rewrite or by a header (Istio 1.30, pkg/config/validation/virtualservice.go:116). */
export function faultOfAuthority(rewrite: unknown, headers: unknown): string[] {
  const request = asObject(asObject(headers).request);
  const authority = asObject(rewrite).authority;
  let current = typeof authority === 'string' ? authority : '';
  for (const [name, value] of [...Object.entries(asObject(request.set)), ...Object.entries(asObject(request.add))]) {
    if (isAuthority(name)) {
      if (current !== '') {
        return [`authority header cannot be set multiple times: have "${current}", attempting to set "${String(value)}"`];
      }
      current = String(value);
    }
  }
  return [];
}

function namesOf(operations: PlainObject, operation: string): string[] {
  return Object.keys(asObject(operations[operation]));
}

function isAuthority(name: string): boolean {
  return /^(:authority|host)$/i.test(name);
}

function faultOfName(name: string): string[] {
  return name === '' ? ['header name cannot be empty']
    : /^host$/i.test(name) ? [`invalid header "${name}": cannot set Host header`]
      : name.startsWith(':') ? [`invalid header "${name}": header cannot have ":" prefix`] : [];
}
