// Loading the package, compared with loading its three peers alone. By CPU time: other load on the machine hardly changes it.
import type { Row } from './row';
import type { Stage } from './stage';

const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-28'];
const LIMIT = 1.7;

/** The medians are settled when more rounds change none of them by more than this share. */
const SETTLED = 0.01;
const ROUNDS = 10;
const MOST_ROUNDS = 50;

const EDGE = `const { AlbIstioEdge, PathMatch, RouteTarget, Workload } = require('cdk8s-alb-istio');
  const edge = new AlbIstioEdge(new (require('cdk8s').App)(), 'edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'tls' } });
  edge.addRoute('Shop', { paths: [PathMatch.prefix('/')], target: RouteTarget.workload(new Workload({ serviceName: 'shop', namespace: 'shop', port: 80 })) })`;

export function loadingRows(stage: Stage): Row[] {
  const scripts = { peers: PEERS.map(name => `require('${name}')`).join('; '), bare: "require('cdk8s-alb-istio')", edge: EDGE };
  const timed = (script: string) => `const start = process.cpuUsage(); ${script}; const { user, system } = process.cpuUsage(start); (user + system) / 1000`;
  const measure = (script: string) => Number(stage.node('-p', timed(script)));
  const { peers, bare, edge } = settledMedians(Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, () => measure(script)])));
  return [
    row("require('cdk8s-alb-istio')", bare, peers, 'with the peers, which it loads'),
    { ...row('require, and a first edge', edge, peers, 'with the peers, and a route'), limit: LIMIT },
  ];
}

/** The median of each measure, which take turns until the medians no longer move. */
function settledMedians(measures: Readonly<Record<string, () => number>>): Record<string, number> {
  const found = Object.fromEntries(Object.keys(measures).map(name => [name, [] as number[]]));
  for (let last: Record<string, number> | undefined; ;) {
    for (let round = 0; round < ROUNDS; round++) {
      Object.entries(measures).forEach(([name, measure]) => found[name].push(measure()));
    }
    const medians = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, median(values)]));
    const before = last;
    if (before && Object.keys(medians).every(name => Math.abs(medians[name] / before[name] - 1) <= SETTLED) || Object.values(found)[0].length >= MOST_ROUNDS) {
      return medians;
    }
    last = medians;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function row(name: string, ours: number, base: number, note: string): Row {
  return { name, ours, base, ratio: ours / base, unit: 'ms', note: `base: ${PEERS.join(', ')}; CPU time ${note}` };
}
