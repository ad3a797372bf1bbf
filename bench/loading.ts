// Loading the package, against loading the three packages that it stands on.
import { race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-28'];
const LIMIT = 1.3;

export function loadingRows(stage: Stage): Row[] {
  const load = (...names: string[]) => () => ({ milliseconds: Number(stage.node('-p', script(names))) });
  const { ours, peers } = race(21, { ours: load('cdk8s-alb-istio'), peers: load(...PEERS) });
  return [{
    name: "require('cdk8s-alb-istio')",
    ours: ours.milliseconds,
    base: peers.milliseconds,
    ratio: ours.milliseconds / peers.milliseconds,
    limit: LIMIT,
    unit: 'ms',
    note: `base: ${PEERS.join(', ')}`,
  }];
}

function script(names: readonly string[]): string {
  return `const start = performance.now(); ${names.map(name => `require('${name}');`).join(' ')} performance.now() - start`;
}
