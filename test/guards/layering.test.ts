// The rooms of the house and what each may import, held against the import lines of the code.
import { type Import, importsOf, textOf, typescriptFiles } from './source-tree';

interface Room {
  /** Rooms that its files may import from, besides its own. */
  readonly rooms: readonly string[];
  /** Packages that its files may import; `type x` for types alone. */
  readonly packages: readonly string[];
}

/** The plan: what all of it shares, its parts, and what brings them together. */
const PLAN = ['src/plan', 'src/plan/ingress', 'src/plan/service', 'src/plan/webhooks', 'src/plan/plan.ts', 'src/plan/survey.ts'];
/** The mesh: what istiod reads, the policies of workloads, what is refused before it, and the rest, which brings them together. */
const MESH = ['src/mesh', 'src/mesh/objects', 'src/mesh/security', 'src/mesh/validation'];
/** The trace: its parts, and what brings them together. */
const TRACE = [
  'src/trace', 'src/trace/policies', 'src/trace/alb', 'src/trace/not-applied.ts', 'src/trace/models.ts', 'src/trace/balanced-trace.ts', 'src/trace/trace.ts', 'src/trace/route-tests',
  'src/trace/traffic',
];
const READING_WING = [
  'src/base', 'src/base/alb-annotations', 'src/base/nlb-annotations', 'src/base/istio', 'src/manifests', 'src/api-server', ...PLAN, 'src/plan/changes', 'src/plan/quotas',
  ...MESH, 'src/checks', 'src/checks/routes', 'src/checks/load-balancers', 'src/checks/patch.ts', 'src/unknown', 'src/diff', ...TRACE, 'src/output', 'src/output/report', 'src/output/trace', 'src/output/diagram',
];
const BASE = ['src/base', 'src/base/alb-annotations', 'src/base/nlb-annotations', 'src/base/istio'];
const CONSTRUCTS = ['cdk8s', 'constructs'];

/** The stretches of the road below src/edge, and the stretches that each may import. */
const ROAD: Record<string, readonly string[]> = {
  'wire': [],
  'workload': [],
  'match': [],
  'listener': ['wire'],
  'alb': ['wire', 'listener'],
  'gateway-workload': ['wire'],
  'traffic-policy': ['wire', 'workload'],
  'security': ['wire', 'workload', 'gateway-workload'],
  'telemetry': ['wire', 'security'],
  'rate-limit': ['wire', 'match', 'security'],
  'gateway': ['wire', 'workload', 'gateway-workload', 'listener'],
  'routing': ['wire', 'workload', 'match', 'gateway', 'traffic-policy'],
  'release': ['workload', 'match', 'gateway', 'routing'],
  'delegate': ['wire', 'workload', 'match', 'traffic-policy', 'routing', 'release'],
  'egress': ['wire', 'workload', 'gateway-workload', 'gateway', 'traffic-policy', 'security'],
  'observability': ['workload', 'match', 'listener', 'alb', 'gateway', 'routing'],
};
const EDGE = Object.keys(ROAD).map(name => `src/edge/${name}`);

const HOUSE: Record<string, Room> = {
  'src/base': { rooms: [], packages: ['ipaddr.js', 're2js'] },
  'src/base/alb-annotations': { rooms: ['src/base'], packages: [] },
  'src/base/nlb-annotations': { rooms: ['src/base', 'src/base/alb-annotations'], packages: [] },
  'src/base/istio': { rooms: ['src/base'], packages: [] },
  ...Object.fromEntries(Object.entries(ROAD).map(([name, may]) => [`src/edge/${name}`, {
    rooms: [...BASE, 'imports', ...may.map(other => `src/edge/${other}`)], packages: [...CONSTRUCTS, 'cdk8s-plus-28', 'node:crypto'],
  }])),
  'src/samples': { rooms: [...BASE, ...EDGE], packages: [...CONSTRUCTS, 'cdk8s-plus-28'] },
  'src/manifests': { rooms: BASE, packages: ['js-yaml', 'yaml'] },
  'src/api-server': { rooms: [...BASE, 'src/manifests', 'imports'], packages: ['ajv', 'ajv-formats', '@bufbuild/cel', '@bufbuild/cel/ext'] },
  'src/plan': { rooms: [...BASE, 'src/manifests', 'src/api-server', 'src/unknown'], packages: ['@noble/hashes/sha2', '@noble/hashes/utils'] },
  'src/plan/ingress': { rooms: [...BASE, 'src/manifests', 'src/unknown', 'src/plan'], packages: [] },
  'src/plan/service': { rooms: [...BASE, 'src/manifests', 'src/plan'], packages: [] },
  'src/plan/webhooks': { rooms: [...BASE, 'src/manifests', 'src/plan', 'src/plan/ingress'], packages: [] },
  'src/plan/plan.ts': { rooms: [...BASE, 'src/manifests', 'src/unknown', 'src/plan', 'src/plan/ingress', 'src/plan/service', 'src/plan/webhooks'], packages: [] },
  'src/plan/survey.ts': { rooms: [...BASE, 'src/manifests', 'src/unknown', 'src/plan', 'src/plan/ingress'], packages: [] },
  'src/plan/quotas': { rooms: ['src/plan', 'src/plan/plan.ts'], packages: [] },
  'src/plan/changes': { rooms: [...BASE, 'src/manifests', 'src/diff', 'src/plan', 'src/plan/webhooks', 'src/plan/plan.ts', 'src/plan/quotas'], packages: [] },
  'src/mesh': { rooms: [...BASE, 'src/manifests', 'src/api-server', 'src/unknown', ...MESH.filter(room => room !== 'src/mesh')], packages: [] },
  'src/mesh/objects': { rooms: [...BASE, 'src/manifests', 'src/unknown', 'src/mesh/validation'], packages: [] },
  'src/mesh/security': { rooms: [...BASE, 'src/manifests', 'src/mesh/objects'], packages: [] },
  'src/mesh/validation': { rooms: [...BASE, 'src/manifests', 'src/api-server'], packages: [] },
  'src/unknown': { rooms: [...BASE, 'src/manifests'], packages: [] },
  'src/checks/routes': { rooms: ['src/base', 'src/base/istio', 'src/manifests', ...MESH], packages: [] },
  'src/checks/patch.ts': { rooms: ['src/manifests'], packages: [] },
  'src/checks/load-balancers': { rooms: [...BASE, 'src/manifests', ...PLAN, ...MESH, ...TRACE, 'src/checks/routes', 'src/checks/patch.ts'], packages: [] },
  'src/checks': {
    rooms: [
      ...BASE, 'src/manifests', 'src/api-server', 'src/unknown', 'src/checks/routes', 'src/checks/load-balancers', 'src/checks/patch.ts', ...PLAN, 'src/plan/quotas', ...MESH, ...TRACE,
    ],
    packages: [],
  },
  'src/trace': { rooms: [...BASE, 'src/manifests', ...MESH, 'src/trace/policies'], packages: [] },
  'src/trace/policies': { rooms: ['src/base', 'src/manifests', ...MESH], packages: [] },
  'src/trace/alb': { rooms: [...BASE, 'src/manifests', ...PLAN, ...MESH, 'src/trace', 'src/trace/policies'], packages: [] },
  'src/trace/not-applied.ts': { rooms: ['src/base', 'src/manifests', ...PLAN, ...MESH], packages: [] },
  'src/trace/models.ts': { rooms: [...BASE, 'src/manifests', ...PLAN, ...MESH, 'src/trace/alb', 'src/trace/not-applied.ts'], packages: [] },
  'src/trace/balanced-trace.ts': { rooms: [...BASE, 'src/manifests', ...PLAN, ...MESH, 'src/trace', 'src/trace/alb', 'src/trace/models.ts'], packages: [] },
  'src/trace/trace.ts': {
    rooms: [...BASE, 'src/manifests', ...MESH, 'src/trace', 'src/trace/not-applied.ts', 'src/trace/models.ts', 'src/trace/balanced-trace.ts'], packages: [],
  },
  'src/trace/route-tests': {
    rooms: [...BASE, 'src/manifests', ...PLAN, ...MESH, 'src/trace', 'src/trace/alb', 'src/trace/models.ts', 'src/trace/trace.ts'], packages: [],
  },
  'src/trace/traffic': { rooms: [...BASE, 'src/manifests', 'src/trace'], packages: [] },
  'src/diff': { rooms: [...BASE, 'src/manifests'], packages: [] },
  'src/output': {
    rooms: [...BASE, 'src/manifests', ...PLAN, 'src/plan/changes', 'src/plan/quotas', ...MESH, 'src/checks', 'src/diff', ...TRACE], packages: [],
  },
  'src/output/report': { rooms: ['src/checks', 'src/output'], packages: ['@noble/hashes/sha2', '@noble/hashes/utils'] },
  'src/output/trace': { rooms: [...BASE, 'src/manifests', ...MESH, ...TRACE, 'src/output'], packages: [] },
  'src/output/diagram': { rooms: [...BASE, 'src/manifests', ...PLAN, ...MESH, ...TRACE, 'src/output'], packages: [] },
  'src/settings': { rooms: [...BASE, 'src/manifests', ...PLAN, ...MESH, 'src/checks'], packages: ['node:fs', 'node:path', 'picomatch'] },
  'src/chart': { rooms: [...BASE, ...EDGE, 'src/manifests', 'src/checks', 'src/output', 'src/settings'], packages: [...CONSTRUCTS, 'node:fs', 'node:path'] },
  'src/gitops': { rooms: [...BASE, ...EDGE, 'src/manifests', 'src/chart'], packages: [...CONSTRUCTS, 'node:crypto', 'node:fs', 'node:os', 'node:path'] },
  'src/api': { rooms: [...EDGE, 'src/samples', 'src/chart', 'src/gitops'], packages: [] },
  'src/index.ts': { rooms: ['src/api', ...EDGE, 'src/samples', 'src/chart', 'src/gitops', 'imports'], packages: [] },
  'src/inspect.ts': { rooms: READING_WING, packages: [] },
  'src/jest.ts': { rooms: ['src/inspect.ts'], packages: [] },
  'src/cli': { rooms: [...READING_WING, 'src/settings'], packages: ['node:buffer', 'node:fs', 'node:path', 'node:util', 'node:zlib', 'diff'] },
  'src/cli.ts': { rooms: ['src/cli'], packages: [] },
};

/** A room that has more is two rooms. */
const MAX_LINES = 4000;
const MAX_FILES = 25;

const FILES = typescriptFiles('src');
const IMPORTS = FILES.flatMap(importsOf);

/** The innermost room that a file is in. */
function roomOf(file: string): string {
  const parts = file.split('/');
  const depths = parts[0] === 'src' ? [3, 2] : [1];
  const candidates = depths.map(depth => parts.slice(0, depth).join('/'));
  return candidates.find(room => room in HOUSE) ?? candidates.at(-1)!;
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

test('edge imports only k8s from cdk8s-plus', () => {
  const wrong = IMPORTS.filter(({ from, to, names }) => EDGE.includes(roomOf(from)) && to === 'cdk8s-plus-28' && names.join() !== 'k8s');
  expect(wrong.map(show)).toEqual([]);
});

test('the RE2 engine is known in one file', () => {
  expect(IMPORTS.filter(({ to }) => to === 're2js').map(({ from }) => from)).toEqual(['src/base/re2.ts']);
});

test('the library for IP addresses is known in one file', () => {
  expect(IMPORTS.filter(({ to }) => to === 'ipaddr.js').map(({ from }) => from)).toEqual(['src/base/ip.ts']);
});

test('the YAML parser is known in one file', () => {
  expect(IMPORTS.filter(({ to }) => to === 'js-yaml').map(({ from }) => from)).toEqual(['src/manifests/yaml.ts']);
});

test('the libraries for schemas and for CEL are known in one file each', () => {
  const users = (name: string) => [...new Set(IMPORTS.filter(({ to }) => to.startsWith(name)).map(({ from }) => from))];
  expect(users('ajv')).toEqual(['src/api-server/crd/json-schema.ts']);
  expect(users('@bufbuild/')).toEqual(['src/api-server/crd/cel.ts']);
});

test('of the code generated from the CRDs, the reading wing imports only the schemas, in one file', () => {
  const wing = IMPORTS.filter(({ from, to }) => READING_WING.includes(roomOf(from)) && to.startsWith('imports/'));
  expect(wing.map(show)).toEqual(['elbv2', 'istio'].map(group => `src/api-server/crd/validator.ts imports imports/${group}/schemas.ts`));
  expect(IMPORTS.filter(({ from, to }) => !READING_WING.includes(roomOf(from)) && to.endsWith('/schemas.ts')).map(show)).toEqual([]);
});

test('outside of their folder, the validators are imported by what loads them when it is called', () => {
  const users = IMPORTS.filter(({ from, to, typeOnly }) => to.startsWith('src/api-server/crd/') && !from.startsWith('src/api-server/crd/') && !typeOnly);
  expect(users.map(show)).toEqual([
    ...['src/api-server/admission.ts', 'src/inspect.ts', 'src/mesh/validation/webhook.ts'].map(file => `${file} imports src/api-server/crd/validate-manifest.ts`),
  ]);
  expect(IMPORTS.filter(({ to }) => to === 'src/api-server/crd/validator.ts').map(({ from }) => from)).toEqual(['src/api-server/crd/validate-manifest.ts']);
});

/** The first ring that each step can be on, as `a → b → a`; none where nothing leads back to where it came from. */
function ringsIn(steps: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const rings: string[] = [];
  const walk = (place: string, way: readonly string[]): void => {
    if (way.includes(place)) {
      rings.push([...way.slice(way.indexOf(place)), place].join(' → '));
    } else if (!done.has(place)) {
      (steps.get(place) ?? []).forEach(next => walk(next, [...way, place]));
      done.add(place);
    }
  };
  [...steps.keys()].forEach(place => walk(place, []));
  return rings;
}

const OWN = IMPORTS.filter(({ isPackage }) => !isPackage);

test('no file imports itself by way of others, types included', () => {
  expect(ringsIn(new Map(FILES.map(file => [file, OWN.filter(({ from }) => from === file).map(({ to }) => to)])))).toEqual([]);
});

test('no room imports itself by way of others, types included', () => {
  const rooms = [...new Set(FILES.map(roomOf))];
  const next = (room: string) => [...new Set(OWN.filter(({ from, to }) => roomOf(from) === room && roomOf(to) !== room).map(({ to }) => roomOf(to)))];
  expect(ringsIn(new Map(rooms.map(room => [room, next(room)])))).toEqual([]);
});

test('a ring is distinguished from a room that two paths reach', () => {
  expect(ringsIn(new Map([['a', ['b', 'c']], ['b', ['d']], ['c', ['d']], ['d', []]]))).toEqual([]);
  expect(ringsIn(new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]]))).toEqual(['b → c → b']);
});

test('the table allows a room nothing that it does not use', () => {
  const unused = Object.keys(ROAD).flatMap(name => ROAD[name].filter(other => !OWN.some(({ from, to }) => roomOf(from) === `src/edge/${name}` && roomOf(to) === `src/edge/${other}`))
    .map(other => `${name} → ${other}`));
  expect(unused).toEqual([]);
});

test('rooms and folders stay small enough to know', () => {
  const count = (files: readonly string[], key: (file: string) => string, weigh: (file: string) => number): [string, number][] => {
    const sums = new Map<string, number>();
    files.forEach(file => sums.set(key(file), (sums.get(key(file)) ?? 0) + weigh(file)));
    return [...sums];
  };
  // One file for each check, which nobody reads in one go: ids are the table of contents.
  const files = FILES.filter(file => !file.startsWith('src/checks/rules/'));
  expect(count(files, roomOf, file => textOf(file).split('\n').length).filter(([, lines]) => lines > MAX_LINES)).toEqual([]);
  expect(count(files, file => file.slice(0, file.lastIndexOf('/')), () => 1).filter(([, own]) => own > MAX_FILES)).toEqual([]);
});

test('the reading wing touches neither file system, clock, chance nor network', () => {
  const touches = /\b(process\.|Date\.now|new Date\b|Math\.random|performance\.|setTimeout|setInterval|fetch\(|globalThis)/;
  const files = FILES.filter(file => [...READING_WING, 'src/inspect.ts'].includes(roomOf(file)));
  expect(files.filter(file => touches.test(textOf(file)))).toEqual([]);
});
