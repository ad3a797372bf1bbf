// One way into the package, as the law of types tries it.
import { App, type Chart } from 'cdk8s';
import { emptyChart } from '../synthesized';

/** One way in. */
export interface Entry {
  /** The call, with the names of its arguments. */
  readonly call: (...args: any[]) => unknown;
  /** Good arguments, by the name that an error calls them. */
  readonly good: { readonly [name: string]: unknown };
  /** Props that may not be left out. */
  readonly needed?: readonly string[];
  /** Path of the construct that refuses. */
  readonly path?: string;
  /** What the names of places begin with that are handed on, to a part that is tried elsewhere. */
  readonly handedOn?: readonly string[];
  /** Arguments whose parts are called by the name of the argument too: `labels.app`. */
  readonly nested?: readonly string[];
}

/** By class and maker; a name after a comma tells a second one apart. */
export type Entries = { readonly [name: string]: Entry };

/** Path of what `inChart` makes. */
export const MADE = 'chart/Made';

/** Makes a part in a chart. */
export const inChart = <P>(Made: new (scope: Chart, id: string, props: P) => unknown) => (props: P) => new Made(emptyChart('chart', 'apps'), 'Made', props);

/** Makes a chart in an app. */
export const inApp = <P>(Made: new (scope: App, id: string, props: P) => unknown) => (props: P) => new Made(new App(), 'made', props);
