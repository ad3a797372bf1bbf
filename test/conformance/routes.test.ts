// What istiod programs and Envoy does with it: requests whose fate in the real systems was recorded, walked through the model of the mesh.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../../src/manifests/yaml';
import { showCluster } from '../../src/mesh/cluster-names';
import { type Cluster, type NoCluster } from '../../src/mesh/clusters';
import { type Mesh, meshOf } from '../../src/mesh/mesh';
import { type End } from '../../src/trace/ends';
import { type MeshRequest } from '../../src/trace/request';
import { type Walk, walk } from '../../src/trace/walk';

interface Verdicts {
  readonly configs: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

interface Case {
  readonly config: string;
  readonly request: {
    readonly entry: string; readonly protocol: 'http' | 'https'; readonly port: number; readonly sni: string; readonly method: string; readonly host: string;
    readonly path: string; readonly query: string; readonly headers: Readonly<Record<string, string>>; readonly httpVersion?: string;
  };
  readonly result: Readonly<Record<string, any>>;
  readonly varies?: readonly string[];
  readonly rejectedByWebhook?: readonly string[];
}

/** Rows that the model does not reproduce yet. One that passes, and any other that fails, fails the test. */
const NOT_YET: readonly string[] = [];

const { configs, cases } = JSON.parse(readFileSync(join(__dirname, 'routes.json'), 'utf8')) as Verdicts;
const meshes = new Map(Object.entries(configs).map(([name, yaml]) => [name, meshOf(readYaml(yaml, name))]));

function requestOf({ request }: Case): MeshRequest {
  const [, namespace, workload] = /^mesh (.*)\/(.*)$/.exec(request.entry) ?? [];
  return {
    entry: namespace === undefined ? {} : { namespace, workload },
    scheme: request.protocol, port: request.port, serverName: request.sni, method: request.method, authority: request.host,
    target: request.path + (request.query === '' ? '' : `?${request.query}`), headers: request.headers, version: request.httpVersion ?? 'HTTP/1.1',
  };
}

const ERRORS: Readonly<Record<string, string>> = {
  'no-listener': 'no listener',
  'no-filter-chain': 'no filter chain matched',
  'plaintext-to-tls': 'plaintext sent to a TLS filter chain: connection closed',
  'codec-error': 'answered before a route: http1.codec_error',
  'low-version': 'answered before a route: low_version',
  'no-virtual-host': 'no virtual host',
  'no-route': 'no route',
};

function errorOf(end: End): string {
  if (end.is === 'refused') {
    return ERRORS[end.reason];
  }
  return end.is === 'cluster' && end.status === 503 ? ('missing' in end.cluster ? 'NC cluster_not_found' : 'UH no_healthy_upstream') : '';
}

function countOf(cluster: Cluster | NoCluster): number {
  return 'missing' in cluster ? -1 : cluster.endpoints.reduce((sum, { count }) => sum + count, 0);
}

/** An end as the recording writes it. */
function written(end: End, request: MeshRequest): Record<string, unknown> {
  switch (end.is) {
    case 'cluster': {
      const { host, port, subset } = end.name;
      const missing = 'missing' in end.cluster;
      const reached = end.status === undefined ? end.request : undefined;
      return {
        kind: 'cluster', host, port, ...(subset === '' ? {} : { subset }), cluster: showCluster(end.name), weight: end.weight,
        ...(reached && reached.target !== request.target ? { rewrittenPath: reached.target } : {}),
        ...(reached && reached.authority !== request.authority ? { rewrittenAuthority: reached.authority } : {}),
        endpoints: countOf(end.cluster), ...(missing ? { why: 'no such cluster at this proxy' } : {}),
      };
    }
    case 'passthrough':
      return { kind: 'cluster', cluster: 'PassthroughCluster', weight: 100, endpoints: 1 };
    case 'redirect':
      return { kind: 'redirect', status: end.status, location: end.location, endpoints: 0, ...(end.required ? { why: 'the virtual host requires TLS (httpsRedirect)' } : {}) };
    case 'response':
      return {
        kind: 'response', status: end.status, ...(end.body === '' ? {} : { body: end.body }), endpoints: 0,
        ...(end.by === 'fault' ? { why: 'fault abort' } : end.by === 'cors' ? { why: 'cors_response' } : {}),
      };
    case 'refused':
      return { kind: 'error', ...(end.status === undefined ? {} : { status: end.status }), endpoints: 0, why: ERRORS[end.reason] };
  }
}

function statusOf(end: End): number {
  return end.is === 'passthrough' ? 200 : end.status ?? (end.is === 'cluster' ? 200 : 0);
}

/** What the pods see. */
function servedOf(mesh: Mesh, found: Walk, request: MeshRequest): Record<string, unknown> | undefined {
  const [end] = found.ends;
  if (end.is !== 'cluster' || end.status !== undefined || 'missing' in end.cluster) {
    return undefined;
  }
  const { cluster } = end;
  const only = (values: readonly unknown[]) => (new Set(values).size === 1 ? values[0] : undefined);
  return {
    ns: only(cluster.endpoints.map(({ workload }) => workload?.namespace)), version: only(cluster.endpoints.map(({ labels }) => labels.get('version'))),
    tls: only(cluster.endpoints.map(endpoint => mesh.clusters.tlsTo(cluster, endpoint))),
    method: request.method, path: end.request!.target, host: end.request!.authority, headers: Object.fromEntries(end.request!.headers),
  };
}

function answer(found: Walk, request: MeshRequest): Record<string, unknown> {
  const required = found.ends.some(end => end.is === 'redirect' && end.required);
  const before = found.ends.some(end => end.is === 'refused' && (end.reason === 'plaintext-to-tls'));
  return {
    listenerMatched: found.listener ?? '',
    filterChain: found.filterChain === undefined ? '' : `chain-${found.filterChain}`,
    routeConfig: before ? '' : found.routeConfig ?? '',
    virtualHost: required ? '' : found.virtualHost?.name ?? '',
    route: found.route?.name ?? '',
    ...(found.routeIndex === undefined ? {} : { routeIndex: found.routeIndex }),
    ends: found.ends.map(end => written(end, request)),
    ...(found.mirrors.length === 0 ? {} : {
      mirrors: found.mirrors.map(({ name, cluster, percent }) => ({
        kind: 'cluster', host: name.host, port: name.port, cluster: showCluster(name), endpoints: countOf(cluster), why: `fraction ${percent * 10000}/MILLION`,
      })),
    }),
    error: errorOf(found.ends[0]),
    status: statusOf(found.ends[0]),
    ...(found.responseHeaders.size === 0 ? {} : { responseHeaders: Object.fromEntries(found.responseHeaders) }),
  };
}

/** The recorded result, without what only the oracle's own pods and sockets say. */
function recorded({ result, varies = [] }: Case): Record<string, unknown> {
  const rest: Record<string, any> = Object.fromEntries(Object.entries(result).filter(([key]) => key !== 'envoy' && key !== 'served'));
  const trimmed = (text: string) => text.replace(/ \(\w+: read: .*\)$/, '');
  const ends = rest.ends.map((end: any) => (end.why === undefined ? end : { ...end, why: trimmed(end.why) }));
  return Object.fromEntries(Object.entries({ ...rest, error: trimmed(rest.error), ends }).filter(([key]) => !varies.includes(key)));
}

function nameOf({ config, request }: Case): string {
  const { entry, protocol, port, sni, method, host, path, query, headers, httpVersion } = request;
  const words = [config, entry, method, `${protocol}://${host}(:${port})${path}${query === '' ? '' : `?${query}`}`, sni && `sni=${sni}`, httpVersion,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return words.filter(Boolean).join(' ');
}

function isReproduced(one: Case): boolean {
  try {
    compare(one);
    return true;
  } catch {
    return false;
  }
}

function compare(one: Case): void {
  const request = requestOf(one);
  const found = walk(meshes.get(one.config)!, request);
  const given = answer(found, request);
  expect(Object.fromEntries(Object.entries(given).filter(([key]) => !(one.varies ?? []).includes(key)))).toEqual(recorded(one));
  const { served } = one.result;
  if (served?.ns !== undefined && !one.varies?.includes('served')) {
    const seen = Object.fromEntries(Object.entries(served).filter(([key]) => key !== 'pod' && key !== 'proto'));
    expect(servedOf(meshes.get(one.config)!, found, request)).toMatchObject(seen);
  }
}

test('names of rows are unique', () => {
  expect(new Set(cases.map(nameOf)).size).toBe(cases.length);
});

test.each(cases.filter(one => !NOT_YET.includes(nameOf(one))).map(one => [nameOf(one), one] as const))('%s', (_, one) => {
  compare(one);
});

test('what is listed as not yet reproduced is really not', () => {
  expect(cases.filter(isReproduced).map(nameOf).filter(name => NOT_YET.includes(name))).toEqual([]);
  expect(NOT_YET.filter(name => !cases.some(one => nameOf(one) === name))).toEqual([]);
});

test('the webhook refuses the same objects, in the same words', () => {
  const refusals = (mesh: Mesh) => mesh.refusals.map(({ config: { manifest, namespace, name }, message }) => `${manifest.object.kind} ${namespace}/${name}: ${message}`);
  const wanted = new Map(cases.map(({ config, rejectedByWebhook = [] }) => [config, [...rejectedByWebhook].sort()]));
  expect(new Map([...meshes].map(([name, mesh]) => [name, refusals(mesh).sort()]))).toEqual(wanted);
});
