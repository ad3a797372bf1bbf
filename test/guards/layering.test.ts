// The rooms of the house and who may enter which: docs and code agree because this table reads the import lines.
import { basename } from 'node:path';
import { type Import, importsOf, textOf, typescriptFiles } from './source-tree';

interface Room {
  /** Rooms that its files may import from, besides its own. */
  readonly rooms: readonly string[];
  /** Packages that its files may import; `type x` for types alone. */
  readonly packages: readonly string[];
}

const READING_WING = ['src/base', 'src/model', 'src/checks', 'src/trace', 'src/output'];

const HOUSE: Record<string, Room> = {
  'src/base': { rooms: [], packages: ['re2js'] },
  'src/edge': { rooms: ['src/base', 'imports'], packages: ['cdk8s', 'constructs', 'cdk8s-plus-28', 'node:crypto'] },
  'src/samples': { rooms: ['src/base', 'src/edge'], packages: ['cdk8s', 'constructs', 'cdk8s-plus-28'] },
  'src/model': { rooms: ['src/base'], packages: ['js-yaml'] },
  'src/checks': { rooms: ['src/base', 'src/model', 'imports'], packages: ['ajv', 'ajv-formats', '@bufbuild/cel', '@bufbuild/cel/ext'] },
  'src/trace': { rooms: ['src/base', 'src/model'], packages: [] },
  'src/output': { rooms: ['src/base', 'src/model', 'src/checks', 'src/trace'], packages: [] },
  'src/chart': {
    rooms: ['src/base', 'src/edge', 'src/model', 'src/checks', 'src/output'],
    packages: ['cdk8s', 'constructs', 'node:child_process', 'node:fs', 'node:path'],
  },
  'src/delivery': { rooms: ['src/base', 'src/edge', 'src/chart'], packages: ['cdk8s', 'constructs', 'node:path'] },
  'src/index.ts': { rooms: ['src/edge', 'src/samples', 'src/chart', 'src/delivery', 'imports'], packages: [] },
  'src/inspect.ts': { rooms: READING_WING, packages: [] },
  'src/jest.ts': { rooms: [...READING_WING, 'src/inspect.ts'], packages: [] },
  'src/cli.ts': { rooms: [...READING_WING, 'src/inspect.ts'], packages: ['node:fs', 'node:path', 'node:util', 'node:process', 'node:stream'] },
};

/** The road inside edge: a file imports only what stands further down. */
const ROAD = [
  'allow-nothing', 'authorization-policy', 'blue-green', 'canary', 'egress-gateway', 'observability', 'alb', 'alb-settings',
  'alb-options', 'alb-health-check', 'ingress-class', 'frontend-nlb', 'frontend-nlb-attributes', 'load-balancer-attributes',
  'target-group-attributes', 'alb-auth', 'alb-tags', 'listener', 'client-certificates', 'listener-attributes', 'listener-rule',
  'listener-action', 'listener-condition', 'listener-transform', 'aws-attributes', 'request-authentication', 'sidecar',
  'tcp-route', 'telemetry', 'tls-route', 'zero-trust', 'delegate', 'delegate-match', 'target-group-binding', 'gateway',
  'connection-denials', 'gateway-servers', 'gateway-tls', 'alb-backend', 'gateway-certificate', 'gateway-workload',
  'injected-gateway', 'installed-gateway', 'gateway-pod', 'gateway-deployment', 'mtls', 'authorization-rule', 'caller',
  'condition', 'connection-route', 'external-service', 'external-port', 'host-resolution', 'ip-block', 'jwt-rule',
  'observability-ui', 'operation', 'match-list', 'release', 'route', 'mesh-route', 'route-id', 'route-table', 'route-list',
  'gateway-reference', 'route-options', 'cors', 'fault', 'mirror', 'rewrite', 'gateway-admission', 'route-target',
  'header-operations', 'redirect', 'match', 'mesh-caller', 'authority', 'claim-match', 'header-match', 'http-scheme',
  'keyed-match', 'path-match', 'query-match', 'text-match', 'subsets', 'client-policy', 'traffic-policy', 'istio-kinds',
  'client-tls', 'load-balancing', 'hash-table', 'locality', 'outlier-detection', 'percentage', 'retry-budget', 'scoped-object',
  'policy-scope', 'gateway-service', 'network-load-balancer', 'network-load-balancer-options', 'workload', 'evidence',
  'security-policy', 'plain-object', 'sidecar-listener', 'connection-pool', 'mesh-protocol', 'sidecar-host', 'telemetry-metrics',
  'telemetry-tracing', 'telemetry-access-log', 'telemetry-provider', 'tunnel', 'istio-fields', 'route-policy', 'wire-bounds',
  'service-endpoint',
];

const FILES = typescriptFiles('src');
const IMPORTS = FILES.flatMap(importsOf);

function roomOf(file: string): string {
  return file.split('/').slice(0, file.startsWith('imports/') ? 1 : 2).join('/');
}

function show({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

test('every source file is in a room of the house', () => {
  expect(FILES.filter(file => !(roomOf(file) in HOUSE))).toEqual([]);
});

test('a room imports only the rooms that the table allows', () => {
  const wrong = IMPORTS.filter(({ from, to, isPackage }) => !isPackage && roomOf(from) !== roomOf(to) && !HOUSE[roomOf(from)].rooms.includes(roomOf(to)));
  expect(wrong.map(show)).toEqual([]);
  expect(IMPORTS.length).toBeGreaterThan(FILES.length);
});

test('a room imports only the packages that the table allows', () => {
  const wrong = IMPORTS.filter(({ from, to, isPackage, typeOnly }) => {
    const { packages } = HOUSE[roomOf(from)];
    return isPackage && !packages.includes(to) && !(typeOnly && packages.includes(`type ${to}`));
  });
  expect(wrong.map(show)).toEqual([]);
});

test('edge takes only k8s from cdk8s-plus', () => {
  const wrong = IMPORTS.filter(({ from, to, names }) => roomOf(from) === 'src/edge' && to === 'cdk8s-plus-28' && names.join() !== 'k8s');
  expect(wrong.map(show)).toEqual([]);
});

test('the RE2 engine is known in one file', () => {
  expect(IMPORTS.filter(({ to }) => to === 're2js').map(({ from }) => from)).toEqual(['src/base/re2.ts']);
});

test('the YAML parser is known in one file', () => {
  expect(IMPORTS.filter(({ to }) => to === 'js-yaml').map(({ from }) => from)).toEqual(['src/model/yaml.ts']);
});

test('the libraries for schemas and for CEL are known in one file each', () => {
  const users = (name: string) => [...new Set(IMPORTS.filter(({ to }) => to.startsWith(name)).map(({ from }) => from))];
  expect(users('ajv')).toEqual(['src/checks/crd/json-schema.ts']);
  expect(users('@bufbuild/')).toEqual(['src/checks/crd/cel.ts']);
});

test('of what is generated from the CRDs, the reading wing takes the schemas, in one file', () => {
  const wing = IMPORTS.filter(({ from, to }) => READING_WING.includes(roomOf(from)) && to.startsWith('imports/'));
  expect(wing.map(show)).toEqual(['elbv2', 'istio'].map(group => `src/checks/crd/validator.ts imports imports/${group}/schemas.ts`));
  expect(IMPORTS.filter(({ from, to }) => !READING_WING.includes(roomOf(from)) && to.endsWith('/schemas.ts')).map(show)).toEqual([]);
});

test('the validators are known in one file, which loads them when it is asked', () => {
  const users = IMPORTS.filter(({ from, to, typeOnly }) => to.startsWith('src/checks/crd/') && !from.startsWith('src/checks/crd/') && !typeOnly);
  expect(users.map(show)).toEqual(['src/checks/validate-manifest.ts imports src/checks/crd/validator.ts']);
});

test('no import leads back to its file, types included', () => {
  const next = new Map(FILES.map(file => [file, IMPORTS.filter(({ from, isPackage }) => from === file && !isPackage).map(({ to }) => to)]));
  const done = new Set<string>();
  const rings: string[] = [];
  const walk = (file: string, road: readonly string[]): void => {
    if (road.includes(file)) {
      rings.push([...road.slice(road.indexOf(file)), file].join(' → '));
    } else if (!done.has(file)) {
      (next.get(file) ?? []).forEach(to => walk(to, [...road, file]));
      done.add(file);
    }
  };
  FILES.forEach(file => walk(file, []));
  expect(rings).toEqual([]);
});

describe('inside edge', () => {
  const place = (file: string) => ROAD.indexOf(basename(file, '.ts'));

  it('every file has its place on the road', () => {
    expect(FILES.filter(file => roomOf(file) === 'src/edge').map(file => basename(file, '.ts')).sort()).toEqual([...ROAD].sort());
  });

  it('a file imports only what stands further down the road', () => {
    const wrong = IMPORTS.filter(({ from, to }) => roomOf(from) === 'src/edge' && roomOf(to) === 'src/edge' && place(to) <= place(from));
    expect(wrong.map(show)).toEqual([]);
  });
});

test('the reading wing touches neither file system, clock, chance nor network', () => {
  const touches = /\b(process\.|Date\.now|new Date\b|Math\.random|performance\.|setTimeout|setInterval|fetch\(|globalThis)/;
  const files = FILES.filter(file => ['src/base', 'src/model', 'src/checks', 'src/trace', 'src/output', 'src/inspect.ts'].includes(roomOf(file)));
  expect(files.filter(file => touches.test(textOf(file)))).toEqual([]);
});
