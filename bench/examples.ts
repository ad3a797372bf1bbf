// `npx cdk8s synth` of the examples: where the time goes, and which way of running the TypeScript is fastest.
import { readFileSync } from 'node:fs';
import { race } from './race';
import type { Row } from './row';
import type { Stage } from './stage';

const LIMIT = 1.3;
const ROUNDS = 5;

/** Ways to run the TypeScript sources, compilation included. */
const WAYS = ['node --import tsx examples/main.ts', 'node --require tsx/cjs examples/main.ts', 'npx tsx examples/main.ts'];

export function exampleRows(stage: Stage): Row[] {
  const configured = /^app: *(.+)$/m.exec(readFileSync(stage.path('cdk8s.yaml'), 'utf8'))![1];
  const commands = {
    whole: 'npx cdk8s synth --check-upgrade=false',
    cli: 'npx cdk8s --version',
    compiled: 'node compiled/main.js',
    loaded: 'node --eval "require(\'cdk8s-alb-istio\')"',
    node: 'node --eval 0',
    ...Object.fromEntries([...new Set([configured, ...WAYS])].map(way => [way, way])),
  };
  const best = race(ROUNDS, Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, () => ({ milliseconds: stage.time(command) })])));
  const time = (name: string) => best[name].milliseconds;
  const fastest = WAYS.reduce((a, b) => time(a) <= time(b) ? a : b);

  const part = (name: string, ours: number, note: string): Row => ({ name, ours, base: time('whole'), ratio: ours / time('whole'), unit: 'ms', note });
  const way = (name: string, ours: number, note: string): Row => ({ name, ours, base: time(fastest), ratio: ours / time(fastest), unit: 'ms', note });
  return [
    part('cdk8s synth: npx and the CLI', time('cli'), 'share of the whole; npx cdk8s --version'),
    part('cdk8s synth: TypeScript', time(configured) - time('compiled'), 'share of the whole; the app, less the app compiled beforehand'),
    part('cdk8s synth: node', time('node'), 'share of the whole'),
    part('cdk8s synth: loading packages', time('loaded') - time('node'), 'share of the whole'),
    part('cdk8s synth: building and writing', time('compiled') - time('loaded'), 'share of the whole; checks included'),
    part('cdk8s synth: the rest', time('whole') - time('cli') - time(configured), 'share of the whole; the CLI around the app'),
    ...WAYS.filter(name => name !== configured).map(name => way(`app by ${name}`, time(name), 'base: fastest way')),
    way('app by node, compiled beforehand', time('compiled'), 'base: fastest way; leaves compiling out, so it is no way to run sources'),
    { ...way(`app by ${configured}`, time(configured), `as in cdk8s.yaml; base: fastest way, ${fastest}`), limit: LIMIT },
  ];
}
