// The page of Istio's fields: fresh, complete, and with props that exist.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, JsonPatch } from 'cdk8s';
import { AlbIstioEdge, GatewayWorkload, istio, RouteTarget, ServiceExposure } from 'cdk8s-alb-istio';
import { loadAll } from 'js-yaml';
import * as ts from 'typescript';
import { answersOf, COVERAGE, ISTIO, istioCoverageFaults, istioCoveragePage } from '../scripts/istio-coverage';
import { PublicApi } from '../scripts/istio-coverage/public-api';
import type { Coverage, Row } from '../scripts/istio-coverage/row';
import { schemaOf } from '../src/api-server/crd/validator';
import type { StructuralSchema } from '../src/api-server/crd/structural-schema';
import { DIST } from './committed-manifests';

const api = new PublicApi();
const page = istioCoveragePage(api);

test('every field of the CRDs has one answer, every row a field, and every prop that a row names exists', () => {
  expect(istioCoverageFaults(COVERAGE, api)).toEqual([]);
});

test('the page is about all nine kinds', () => {
  expect(COVERAGE.map(({ kind }) => kind.split(' ')[1])).toEqual([
    'Gateway', 'VirtualService', 'DestinationRule', 'PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication', 'ServiceEntry', 'Sidecar', 'Telemetry',
  ]);
});

test('the page in the repository is the one that the rows make; run `npm run docs` if not', () => {
  expect(readFileSync(join(__dirname, '..', 'docs', 'istio-coverage.md'), 'utf8')).toBe(page);
});

test('the page names the version of Istio that the CRDs are of', () => {
  expect(readFileSync(join(__dirname, '..', 'imports', 'istio', 'schemas.ts'), 'utf8')).toContain(`from the CRDs of Istio ${ISTIO}.`);
});

test('a line has two cells, without markup outside of code, and the page stays readable', () => {
  const lines = page.split('\n').filter(line => line.startsWith('| `'));
  const rest = lines.map(line => line.replace(/`[^`|]+`/g, '').replace('**none**', ''));
  expect(rest.filter(line => !/^\| [^|]*\|[^|]+\|$/.test(line) || /[<*_[`]/.test(line.replace('_MUTUAL', '').replace(/[A-Z]+_[A-Z]+/g, '')))).toEqual([]);
  expect(lines.filter(line => line.length > 400)).toEqual([]);
  expect(page.split('\n').length).toBeLessThan(450);
});

test('every field is on the page, or below a subtree that is', () => {
  const told = COVERAGE.flatMap(({ kind }) => {
    const text = page.split(`\n## ${kind.split(' ')[1]}\n`)[1].split('\n## ')[0];
    const names = [...text.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(([, cell]) => cell.split(', ').map(span => span.slice(1, -1)));
    return answersOf(kind).fields.filter(field => !names.some(name => field === name || (/\.\*$/.test(name) && field.startsWith(name.slice(0, -1)))
      || field.endsWith(`.${name}`) || field.endsWith(`}${name}`))).map(field => `${kind} ${field}`);
  });
  expect(told).toEqual([]);
});

describe('what is wrong is listed', () => {
  const kind = 'security.istio.io/v1 PeerAuthentication';
  const right: readonly Row[] = [
    ['selector.matchLabels{}', '`MeshTls.protectWorkload(workload)`'],
    ['mtls.mode', '`MeshTlsOptions.mode`'],
    ['portLevelMtls{}.*', '`WorkloadTlsOptions.ports`', 'mtls'],
  ];
  const faultsOf = (rows: readonly Row[], words = ''): string[] =>
    istioCoverageFaults([{ kind, words, rows } satisfies Coverage], api).map(fault => fault.replace(`${kind}: `, ''));

  it.each<[string, readonly Row[], string[]]>([
    ['nothing, where all is well', right, []],
    ['a field without a row', right.slice(1), ['selector.matchLabels{}: no row covers this field']],
    ['a field with two rows', [...right, ['mtls.(mode)', 'none: twice']], ['mtls.mode: several rows cover this field', 'portLevelMtls{}.mode: the path it refers to is not covered']],
    ['a row whose field is gone', [...right, ['mtls.level', 'none: gone']], ['mtls.level: no field mtls.level, or other rows cover it']],
    ['one of several fields that is gone', [right[0], ['mtls.(mode|level)', '`MeshTlsOptions.mode`'], right[2]], ['mtls.(mode|level): no field mtls.level, or other rows cover it']],
    ['a subtree that others answer for', [...right, ['mtls.*', 'none: idle']], ['mtls.*: no field mtls.*, or other rows cover it']],
    ['a subtree that is like nothing', [...right.slice(0, 2), ['portLevelMtls{}.*', '`WorkloadTlsOptions.ports`', 'mtl']], ['portLevelMtls{}.mode: the path it refers to is not covered']],
    ['a subtree that is like itself', [...right.slice(0, 2), ['portLevelMtls{}.*', '`WorkloadTlsOptions.ports`', 'portLevelMtls{}']], ['portLevelMtls{}.mode: the path it refers to is not covered']],
    ['an answer without a prop', [right[0], ['mtls.mode', 'by `MeshTls`, somehow'], right[2]], ['mtls.mode: no prop']],
    ['a prop that is gone', [right[0], ['mtls.mode', '`MeshTlsOptions.level`'], right[2]], ['mtls.mode: no MeshTlsOptions.level in src/index.ts']],
    ['names below that differ', [right[0], ['mtls.*', '`WorkloadTlsOptions.*`'], ['portLevelMtls{}.*', '`WorkloadTlsOptions.ports.*`']], ['portLevelMtls{}.*: no WorkloadTlsOptions.ports.mode in src/index.ts']],
  ])('%s', (_, rows, faults) => {
    expect(faultsOf(rows)).toEqual(faults);
  });

  it('a construct that is gone', () => {
    expect(faultsOf(right, 'Made by `MeshTls` and `PeerTls`.')).toEqual(['no PeerTls in src/index.ts']);
  });
});

describe('the public API', () => {
  it.each([
    'RouteOptions', 'RouteOptions.timeout', 'RouteOptions.retries.attempts', 'MeshRouteProps.callers[].labels', 'SubsetsProps.versions{}.labels', 'Rewrite.regex',
    'Rewrite.regex(substitution)', 'RouteTarget.redirect(host)', 'RouteTarget.split(subset, weight)', 'Attribute.oneOf(values)', 'AlbIstioEdge.addRoute(id)',
  ])('has %s', reference => {
    expect(api.has(reference)).toBe(true);
  });

  it.each([
    'RouteOption', 'RouteOptions.timeouts', 'RouteOptions.timeout.seconds', 'RouteOptions.retries.attempts.length', 'RouteOptions.timeout(value)', 'Rewrite.regexp',
    'Rewrite.regex(replacement)', 'Rewrite.regex()', 'Rewrite.uri', 'RouteTarget.redirect(hosts)', 'RouteTarget.split(length)', 'PathMatch.blocks', 'KeyedMatch',
  ])('has no %s', reference => {
    expect(api.has(reference)).toBe(false);
  });
});

test('the examples, which are made by props alone, have no field that no prop reaches', () => {
  const manifests = (readdirSync(DIST, { recursive: true }) as string[]).filter(file => file.endsWith('.k8s.yaml'))
    .flatMap(file => loadAll(readFileSync(join(DIST, file), 'utf8')) as { apiVersion: string; kind: string; spec: unknown }[]);
  const kinds = COVERAGE.map(({ kind }) => kind);
  const written = manifests.filter(({ apiVersion, kind }) => kinds.includes(`${apiVersion} ${kind}`)).flatMap(({ apiVersion, kind, spec }) =>
    fieldsIn(schemaOf(`${apiVersion} ${kind}`)!.properties!.spec, spec).map(field => [`${apiVersion} ${kind}`, field] as const));
  expect(written.filter(([kind, field]) => !answersOf(kind).isReached(field))).toEqual([]);
  expect(new Set(written.map(([kind, field]) => `${kind} ${field}`)).size).toBeGreaterThan(20);
});

/** The fields that an object has, as its schema writes them. */
function fieldsIn(schema: StructuralSchema, value: any, path = ''): string[] {
  const { items, additionalProperties, properties } = schema;
  if (items) {
    return value.flatMap((item: unknown) => fieldsIn(items, item, `${path}[]`));
  }
  if (typeof additionalProperties === 'object') {
    return Object.values(value).flatMap(item => fieldsIn(additionalProperties, item, `${path}{}`));
  }
  return typeof value === 'object' ? Object.entries(value).flatMap(([name, field]) => fieldsIn(properties![name], field, path ? `${path}.${name}` : name)) : [path];
}

test('the code on the page writes what no prop reaches', () => {
  const [, code] = /```ts\n([^]*?)```/.exec(page)!;
  const chart = new AlbIstioEdge(new App(), 'edge', {
    hosts: ['shop.example.com'], gateway: { credentialName: 'tls' }, workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer() }), edgeName: 'maintenance',
  });
  chart.addRoute('Down', { target: RouteTarget.respond(503, 'back later') });
  new Function('ApiObject', 'JsonPatch', 'istio', 'edge', 'chart', ts.transpile(code))(ApiObject, JsonPatch, istio, chart, chart);
  const specOf = (kind: string): any => chart.toJson().find((object: { kind: string }) => object.kind === kind).spec;
  expect(specOf('Gateway').servers[0].tls).toEqual({ credentialName: 'tls', minProtocolVersion: 'TLSV1_3', mode: 'SIMPLE' });
  expect(specOf('VirtualService').http[0].directResponse).toEqual({ status: 503, body: { bytes: Buffer.from('back soon').toString('base64') } });
  expect(specOf('Sidecar')).toEqual({ egress: [{ hosts: ['./*'], port: { name: 'http', number: 80, protocol: 'HTTP' } }] });
});
