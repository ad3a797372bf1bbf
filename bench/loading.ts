// Loading the package, against loading the three packages that it stands on.
import { race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-28'];
const LIMIT = 1.3;

/** The package loads each part at its first use, so there are two questions: what `require` takes, and what a program's first lines take. */
const USED = ['AlbIstioEdge', 'Bookinfo', 'PathMatch', 'RouteTarget'];

export function loadingRows(stage: Stage): Row[] {
  const time = (script: string) => () => ({ milliseconds: Number(stage.node('-p', `const start = performance.now(); ${script}; performance.now() - start`)) });
  const { bare, used, peers } = race(21, {
    bare: time("require('cdk8s-alb-istio')"),
    used: time(`const { ${USED.join(', ')} } = require('cdk8s-alb-istio')`),
    peers: time(PEERS.map(name => `require('${name}')`).join('; ')),
  });
  return [
    row("require('cdk8s-alb-istio')", bare.milliseconds, peers.milliseconds, 'loads parts at their first use'),
    row(`const { ${USED[0]}, … } = require(…)`, used.milliseconds, peers.milliseconds, "with the parts of the README's program, and the peers"),
  ];
}

function row(name: string, ours: number, base: number, note: string): Row {
  return { name, ours, base, ratio: ours / base, limit: LIMIT, unit: 'ms', note: `base: ${PEERS.join(', ')}; ${note}` };
}
