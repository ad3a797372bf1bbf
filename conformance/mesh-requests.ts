// Random requests to a configuration: most of them fit one of its routes, or would but for one thing; some have what nobody has.
import * as fc from 'fast-check';
import type { RouteCase } from '../test/conformance/route-verdict';
import { mostly, rarely } from './mesh-words';

type Request = RouteCase['request'];

const OUTSIDE = ['shop.example.com', 'api.example.com', 'a.b.example.com', 'Shop.Example.com', 'other.test', 'shop.example.com:80', 's1', '10.1.2.3'];
const INSIDE = ['s1', 's1.shop', 's1.shop.svc.cluster.local', 's2.team-a', 's2.team-a.svc.cluster.local', 'ext.example.org', 'a.wild.org', 'head', 'name', 'gone',
  'shop.example.com', 's1.shop:80'];
const PATHS = ['/', '/a', '/a/', '/a/b', '/A/x', '/api', '/api/v1', '/v1/x', '/b', '/ab', '/a/../b', '//a', '/a%2Fb'];
const QUERIES = ['', '', '', 'q=1', 'q=2&p=1', 'p=12', 'q'];

const headers = fc.record({
  'x-a': rarely(fc.constantFrom('1', '2', '12'), 1), 'x-b': rarely(fc.constantFrom('1', '2'), 2), 'x-c': rarely(fc.constant('1'), 4), 'cookie': rarely(fc.constantFrom('1', 'a'), 4),
  'x-d': rarely(fc.constant('d'), 6), 'origin': rarely(fc.constantFrom('https://a.example.com', 'https://b.example.com'), 3),
  'access-control-request-method': rarely(fc.constant('GET'), 5), 'x-forwarded-proto': rarely(fc.constantFrom('https', 'http'), 4),
  'x-forwarded-for': rarely(fc.constantFrom('203.0.113.9', '203.0.113.9, 10.0.0.1'), 6),
}).map(own => Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as Record<string, string>);

/** What a request says apart from its host. */
interface Content {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

const parts = { method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'OPTIONS', 'HEAD'), path: fc.constantFrom(...PATHS), query: fc.constantFrom(...QUERIES), headers };
const anyContent: fc.Arbitrary<Content> = fc.record(parts);
const preflight: fc.Arbitrary<Partial<Content>> = fc.constantFrom('https://a.example.com', 'https://b.example.com').map(origin => (
  { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } }));

/** A condition on a string. */
interface Text { readonly exact?: string; readonly prefix?: string; readonly regex?: string }

interface Match {
  readonly uri?: Text;
  readonly method?: Text;
  readonly headers?: Readonly<Record<string, Text>>;
  readonly queryParams?: Readonly<Record<string, Text>>;
}

interface Spec {
  /** Of a Gateway, as far as requests depend on it. */
  readonly servers?: readonly { readonly port: { readonly number: number; readonly protocol: string }; readonly hosts: readonly string[] }[];
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly http?: readonly { readonly match?: readonly Match[] }[];
  readonly ports?: readonly { readonly port?: number; readonly number?: number }[];
  readonly template?: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: Spec;
}

/** A string that meets the condition, if it is one of those that mesh-words.ts makes. */
function fitting({ exact, prefix, regex }: Text): string {
  if (exact !== undefined || regex === undefined) {
    return exact ?? prefix ?? 'x';
  }
  return regex === 'a|b' ? 'a' : regex.startsWith('^/v') ? '/v1/x' : '';
}

function fittingEntries(conditions: Readonly<Record<string, Text>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(conditions).filter(([name]) => !name.startsWith('@')).map(([name, text]) => [name, fitting(text)]));
}

/** What meets the conditions of a match, with what it leaves open. */
function toMatch({ uri, method, headers: named, queryParams }: Match): fc.Arbitrary<Content> {
  const path = uri === undefined ? parts.path : fc.constantFrom('', '', 'b', '/b').map(rest => `${fitting(uri)}${uri.prefix === undefined ? '' : rest}`).map(own => (own.startsWith('/') ? own : `/${own}`));
  const query = Object.entries(fittingEntries(queryParams)).map(([name, value]) => `${name}=${value}`).join('&');
  return fc.record({
    method: method === undefined ? parts.method : fc.constant(/^[A-Z]+$/.test(fitting(method)) ? fitting(method) : 'GET'), path, query: query === '' ? parts.query : fc.constant(query),
    headers: mostly<Record<string, string>>({}, { 'x-c': '1' }).chain(few => rarely(headers, 2).map(many => ({ ...few, ...many, ...fittingEntries(named) }))),
  });
}

/** A request that fits one of the routes, mostly in everything. */
function contentFor(services: readonly Named[]): fc.Arbitrary<Content> {
  const matches = services.flatMap(({ spec }) => (spec.http ?? []).flatMap(({ match }) => match ?? [{}]));
  if (matches.length === 0) {
    return anyContent;
  }
  const changed = fc.oneof({ weight: 6, arbitrary: fc.constant<Partial<Content>>({}) }, { weight: 1, arbitrary: preflight },
    ...(['method', 'path', 'query', 'headers'] as const).map(key => ({ weight: 1, arbitrary: anyContent.map((other): Partial<Content> => ({ [key]: other[key] })) })));
  return fc.tuple(fc.constantFrom(...matches).chain(toMatch), changed).map(([content, change]) => ({ ...content, ...change }));
}

/** A host that a pattern of a Gateway or a VirtualService covers. */
function hostOf(pattern: string): string {
  return pattern.replace(/^[^/]*\//, '').replace(/^\*\./, 'x.').replace(/^\*$/, 'any.example.com');
}

/** Whether some host fits both patterns. */
function overlaps(pattern: string, other: string): boolean {
  const [one, two] = [hostOf(pattern), hostOf(other)];
  const covers = (own: string, host: string) => /(^|\/)\*$/.test(own) || hostOf(own) === host || (/(^|\/)\*\./.test(own) && host.endsWith(own.replace(/^[^/]*\//, '').slice(1)));
  return covers(pattern, two) || covers(other, one);
}

/** The narrower one of two patterns that overlap. */
function commonHost(pattern: string, other: string): string {
  return /(^|\/)\*/.test(pattern) ? hostOf(other) : hostOf(pattern);
}

function toGateways(objects: readonly Named[]): fc.Arbitrary<Request> {
  const servers = objects.filter(({ kind }) => kind === 'Gateway').flatMap(({ spec }) => spec.servers ?? []);
  const services = objects.filter(({ kind, spec }) => kind === 'VirtualService' && (spec.gateways ?? ['mesh']).some(name => name !== 'mesh'));
  const hosts = [...servers, ...services.map(({ spec }) => spec)].flatMap(own => own.hosts ?? []).map(hostOf);
  const meant = servers.flatMap(({ port, hosts: own }) => services.flatMap(service => (service.spec.hosts ?? []).flatMap(host => own.filter(one => overlaps(one, host)).map(one => (
    { port, host: commonHost(one, host), service })))));
  const scheme = (protocol: string) => (/^(HTTPS|TLS)$/.test(protocol) ? 'https' as const : 'http' as const);
  const any = fc.record({ protocol: fc.constantFrom('http' as const, 'https' as const), host: fc.constantFrom(...OUTSIDE, ...hosts), port: fc.constantFrom(80, 443, 8080, 9000, 8443), content: anyContent });
  const fit = meant.map(({ port, host, service }) => fc.record({
    protocol: fc.constant(scheme(port.protocol)), port: fc.constant(port.number), content: contentFor([service]),
    host: fc.oneof({ weight: 12, arbitrary: fc.constant(host) }, { weight: 1, arbitrary: fc.constant(`${host}:${port.number}`) }, { weight: 1, arbitrary: fc.constantFrom(...OUTSIDE, ...hosts) }),
  }));
  return fc.tuple(fit.length === 0 ? any : fc.oneof({ weight: 1, arbitrary: any }, { weight: 12, arbitrary: fc.oneof(...fit) }), fc.boolean()).map(([{ content, ...request }, isNamed]) => (
    { ...content, ...request, entry: 'gateway', sni: isNamed && request.protocol === 'https' ? request.host.toLowerCase().replace(/:\d+$/, '') : '' }));
}

function fromPods(objects: readonly Named[], entries: readonly string[]): fc.Arbitrary<Request> {
  const inside = objects.filter(({ kind, spec }) => kind === 'VirtualService' && (spec.gateways ?? ['mesh']).includes('mesh'));
  // What a gateway does with requests that come from pods is not compared.
  const known = objects.filter(({ metadata: { namespace } }) => namespace !== 'edge').filter(({ kind }) => kind === 'Service' || kind === 'ServiceEntry').flatMap(({ kind, metadata: { name, namespace }, spec }) => {
    const hosts = kind === 'ServiceEntry' ? (spec.hosts ?? []).map(hostOf) : [name, `${name}.${namespace}`, `${name}.${namespace}.svc.cluster.local`];
    return hosts.flatMap(host => (spec.ports ?? []).map(({ port, number }) => ({ host, port: port ?? number ?? 80 })));
  });
  const any = fc.record({ host: fc.constantFrom(...INSIDE), port: fc.constantFrom(80, 80, 8080, 9000, 443) });
  const target = known.length === 0 ? any : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any });
  return fc.record({ content: contentFor(inside), entry: fc.constantFrom(...entries), target })
    .map(({ content, entry, target: own }) => ({ ...content, ...own, entry, protocol: 'http' as const, sni: '' }));
}

/** Requests to the gateway of a configuration, and from its pods with a sidecar. */
export function requestsTo(objects: readonly object[], count: number): fc.Arbitrary<Request[]> {
  const named = objects as readonly Named[];
  const entries = named.filter(({ kind, spec }) => kind === 'Deployment' && spec.template?.metadata.labels['sidecar.istio.io/inject'] === 'true')
    .map(({ metadata: { namespace, name } }) => `mesh ${namespace}/${name}`).filter(entry => entry !== 'mesh edge/gw');
  const one = fc.oneof({ weight: 3, arbitrary: toGateways(named) }, ...entries.length === 0 ? [] : [{ weight: 1, arbitrary: fromPods(named, entries) }]);
  const versioned = fc.tuple(one, rarely(fc.constant('HTTP/1.0'), 60)).map(([request, httpVersion]) => (
    // A sidecar does not read HTTP/1.0.
    httpVersion === undefined || request.entry !== 'gateway' ? request : { ...request, httpVersion }));
  return fc.array(versioned, { minLength: count, maxLength: count });
}
