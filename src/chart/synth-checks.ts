// The place where the two wings meet: the checks read what the app is about to write, and errors fail its synth.
import type { IConstruct } from 'constructs';
import { oncePerApp } from '../base/once-per-app';

const CHECKED = oncePerApp<true>();

/**
 * Checks the whole app at every synth, other charts and escape hatches included. Findings of severity error fail the synth, and so do
 * two constructs that write one object; cdk8s has no place for warnings, so those are left to `alb-istio check`.
 */
export function checkAtSynth(construct: IConstruct): void {
  const { root } = construct.node;
  const checked = CHECKED(root);
  if (!checked.has('')) {
    checked.set('', true);
    root.node.addValidation({ validate: () => isRepeated() ? [] : errorsIn(root) });
  }
}

/** The reading wing is loaded at the first synth, not with the package: it takes a tenth of the time of loading all the rest. */
function errorsIn(root: IConstruct): string[] {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { isFailing } = require('../checks/finding') as typeof import('../checks/finding');
  const { check } = require('../checks/runner') as typeof import('../checks/runner');
  const { renderLine } = require('../output/text') as typeof import('../output/text');
  const { collisionIn } = require('./object-collisions') as typeof import('./object-collisions');
  /* eslint-enable @typescript-eslint/no-require-imports */
  const collision = collisionIn(root);
  // The checks read objects by their names: what they say of two with one name would only lead astray.
  return collision !== undefined ? [collision] : check(root).findings.filter(isFailing).map(renderLine);
}

/**
 * Whether this validation repeats one of the same synth. `App.synth` validates the app, and then every chart that it serializes
 * validates the app again (cdk8s 2.70 src/app.ts): with 200 charts, 201 times. The tree cannot have changed in between, but nothing
 * in it tells one synth from the next, so the call stack has to. Where it cannot, we check once more than needed, never once less.
 */
function isRepeated(): boolean {
  const frames = callSites();
  const chart = frames.findIndex(frame => frame.getFunctionName() === '_synthChart');
  return chart >= 0 && frames.slice(chart).some(frame => ['synth', 'synthYaml'].includes(frame.getFunctionName() ?? '')
    && frame.getTypeName() !== 'Function'
    && frame.getFileName() === frames[chart].getFileName());
}

function callSites(): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 50;
    Error.prepareStackTrace = (_, sites) => sites;
    return new Error().stack as unknown as NodeJS.CallSite[];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
