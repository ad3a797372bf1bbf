// Loading the package, compared with loading its three peer dependencies.
import { race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-28'];
const LIMIT = 1.3;

/** The package loads each part on first use, so there are three measures: `require`, the first names, and the first edge. */
const NAMES = 'const { AlbIstioEdge, PathMatch, RouteTarget, Workload } = require(\'cdk8s-alb-istio\')';
const EDGE = `${NAMES};
  const edge = new AlbIstioEdge(new (require('cdk8s').App)(), 'edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'tls' } });
  edge.addRoute('Shop', { paths: [PathMatch.prefix('/')], target: RouteTarget.workload(new Workload({ serviceName: 'shop', namespace: 'shop', port: 80 })) })`;

export function loadingRows(stage: Stage): Row[] {
  const time = (script: string) => () => ({ milliseconds: Number(stage.node('-p', `const start = performance.now(); ${script}; performance.now() - start`)) });
  const { bare, named, edge, peers } = race(21, {
    bare: time("require('cdk8s-alb-istio')"),
    named: time(NAMES),
    edge: time(EDGE),
    peers: time(PEERS.map(name => `require('${name}')`).join('; ')),
  });
  return [
    { ...row("require('cdk8s-alb-istio')", bare.milliseconds, peers.milliseconds, 'loads parts at their first use'), limit: LIMIT },
    { ...row('require, with names', named.milliseconds, peers.milliseconds, 'const { AlbIstioEdge, … } = require(…)'), limit: LIMIT },
    row('require, and a first edge', edge.milliseconds, peers.milliseconds, 'with the peers, and all that an edge with a route loads'),
  ];
}

function row(name: string, ours: number, base: number, note: string): Row {
  return { name, ours, base, ratio: ours / base, unit: 'ms', note: `base: ${PEERS.join(', ')}; ${note}` };
}
