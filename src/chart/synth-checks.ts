// Runs the checks at synth: they read what the app is about to write, and errors fail the synth.
import type { IConstruct } from 'constructs';
import { oncePerApp } from '../base/once-per-app';

const CHECKED = oncePerApp<true>();

/**
 * Checks the whole app at every synth, including other charts and escape hatches. Findings with severity error fail the synth, and so do
 * two constructs that write the same object. cdk8s cannot report warnings, so only `alb-istio check` prints these. Both read the same
 * `alb-istio.yaml`.
 */
export function checkAtSynth(construct: IConstruct): void {
  const { root } = construct.node;
  const checked = CHECKED(root);
  if (!checked.has('')) {
    checked.set('', true);
    root.node.addValidation({ validate: () => isRepeated() ? [] : errorsIn(root) });
  }
}

/** Loads the checks at the first synth: programs that only build manifests do not need them. */
function errorsIn(root: IConstruct): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./synth-errors') as typeof import('./synth-errors')).errorsIn(root);
}

/**
 * Whether this validation repeats an earlier one of the same synth. `App.synth` validates the app, and then every chart that it serializes
 * validates the app again (cdk8s 2.70 src/app.ts): 201 times for 200 charts. The tree cannot change in between, but it does not show
 * whether two validations belong to the same synth; the call stack does. If it does not, the checks run once too often, never too seldom.
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
