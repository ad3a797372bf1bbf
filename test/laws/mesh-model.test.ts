// Laws of the model of the mesh: no object makes it throw, the order of objects changes no answer, and probabilities add up.
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { showCluster } from '../../src/mesh/cluster-names';
import { meshOf } from '../../src/mesh/mesh';
import { arrivals } from '../../src/trace/arrival';
import { type MeshRequest } from '../../src/trace/request';
import { type Walk, walk } from '../../src/trace/walk';
import { EDGE, app, istio, security } from '../mesh/small-mesh';

interface Verdicts {
  readonly configs: Readonly<Record<string, string>>;
  readonly cases: readonly { readonly config: string; readonly request: Record<string, any> }[];
}

const { configs, cases } = JSON.parse(readFileSync(join(__dirname, '../conformance/routes.json'), 'utf8')) as Verdicts;
const POLICIES = [EDGE, app('s1', 'shop', { sidecar: true }), security('PeerAuthentication', 'pa', '{selector: {matchLabels: {app: s1}}, portLevelMtls: {"8080": {mode: STRICT}}}'),
  security('AuthorizationPolicy', 'ap', '{rules: [{from: [{source: {principals: ["*"]}}], to: [{operation: {paths: ["/a/{*}"]}}], when: [{key: "request.auth.claims[a][b]", values: [x]}]}]}', 'edge'),
  security('RequestAuthentication', 'ra', '{jwtRules: [{issuer: iss, audiences: [a], fromHeaders: [{name: authorization, prefix: "Bearer "}]}]}', 'edge'),
  istio('EnvoyFilter', 'ef', '{workloadSelector: {labels: {app: gw}}}', 'edge'),
  istio('WorkloadEntry', 'we', '{address: 10.0.0.1, labels: {app: vm}, serviceAccount: vm}'),
  istio('ServiceEntry', 'se', '{hosts: [vm.example.com], location: MESH_INTERNAL, resolution: STATIC, workloadSelector: {labels: {app: vm}}, ports: [{number: 80, name: http, protocol: HTTP}]}'),
  istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}, {port: {number: 443, name: tls, protocol: TLS}, hosts: ["*"]}]}', 'edge'),
  istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/gw, mesh], http: [{match: [{uri: {prefix: /}}], fault: {abort: {httpStatus: 500, percentage: {value: 50}}}, '
    + 'route: [{destination: {host: s1}, weight: 1}, {destination: {host: vm.example.com}, weight: 2}]}], tls: [{match: [{sniHosts: [a]}], route: [{destination: {host: s1}}]}]}')].join('\n');
const inputs = new Map(Object.entries({ ...configs, policies: POLICIES }).map(([name, yaml]) => [name, readYaml(yaml)]));

const requests = new Map([...inputs.keys()].map(name => [name, cases.filter(one => one.config === name).slice(0, 8).map(({ request }): MeshRequest => {
  const [, namespace, workload] = /^mesh (.*)\/(.*)$/.exec(request.entry) ?? [];
  return {
    entry: namespace === undefined ? {} : { namespace, workload }, scheme: request.protocol, port: request.port, serverName: request.sni, method: request.method,
    authority: request.host, target: request.path + (request.query === '' ? '' : `?${request.query}`), headers: request.headers, version: 'HTTP/1.1',
  };
}).concat({ entry: {}, scheme: 'http', port: 80, serverName: '', method: 'GET', authority: 'a', target: '/a/b?c', headers: { origin: 'x' }, version: 'HTTP/1.1', from: '10.0.0.1', token: { claims: {}, isValid: true } },
  { entry: { namespace: 'shop', workload: 's1' }, scheme: 'http', port: 80, serverName: '', method: 'GET', authority: 's1', target: '/', headers: {}, version: 'HTTP/1.1' })]));

const name = fc.constantFrom(...inputs.keys());

/** Walks a few requests, to their pods. */
function walks(manifests: readonly Manifest[], config: string): Walk[] {
  const mesh = meshOf(manifests);
  return requests.get(config)!.map(request => {
    const found = walk(mesh, request);
    found.ends.forEach(end => end.is === 'cluster' && arrivals(mesh, found.proxy!, request, end));
    mesh.workloads.all.forEach(workload => mesh.unmodelled.touching(workload));
    return found;
  });
}

function shown({ listener, filterChain, virtualHost, route, ends }: Walk): string {
  const words = ends.map(end => [end.is, end.probability, end.is === 'cluster' ? showCluster(end.name) : end.is === 'redirect' ? end.location : '']);
  return JSON.stringify([listener, filterChain, virtualHost?.name, route?.name, words]);
}

/** Places in an object: the path to each value. */
function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, own]) => placesIn(own, [...path, key])) : [];
  return [[...path], ...inner];
}

function replaced(value: any, [key, ...rest]: readonly string[], junk: unknown): unknown {
  if (key === undefined) {
    return junk;
  }
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = replaced(value[key], rest, junk);
  return copy;
}

const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>('', '*', '*.', '/', './', '*/*', '~/*', '(', '__proto__', 'constructor', -1, 0, 1e9, null, [], {}, [[]], [null], { '': '' }));

test('no object makes the model or the walk throw', () => {
  fc.assert(fc.property(name, fc.array(fc.tuple(fc.nat(), fc.nat(), junk), { minLength: 1, maxLength: 4 }), (config, changes) => {
    const manifests = [...inputs.get(config)!];
    for (const [which, where, value] of changes) {
      const index = which % manifests.length;
      const places = placesIn(manifests[index].object).slice(1);
      const broken = replaced(manifests[index].object, places[where % places.length], value);
      manifests[index] = { ...manifests[index], object: broken as Manifest['object'] };
    }
    walks(manifests, config);
  }), { numRuns: 300 });
});

test('the order of the objects changes no answer', () => {
  const shuffled = name.chain(config => fc.tuple(fc.constant(config), fc.shuffledSubarray([...inputs.get(config)!], { minLength: inputs.get(config)!.length })));
  fc.assert(fc.property(shuffled, ([config, order]) => {
    const manifests = inputs.get(config)!;
    expect(walks(order, config).map(shown)).toEqual(walks(manifests, config).map(shown));
  }), { numRuns: 60 });
});

test('probabilities add up to 1', () => {
  for (const [config, manifests] of inputs) {
    walks(manifests, config).forEach(({ ends }) => expect(ends.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1));
  }
});
