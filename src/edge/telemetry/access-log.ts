// Which requests sidecars and gateways write to their access logs.
import type { TelemetrySpecAccessLogging } from '../../../imports/istio/telemetry.istio.io';
import { InvalidProps } from '../../base/errors';
import type { Fields } from '../wire/istio-fields';
import { requireProviders } from './provider';

/** The side of a request that something is about. */
export enum TrafficMode {
  /** Both sides. */
  CLIENT_AND_SERVER = 'CLIENT_AND_SERVER',
  /** The sidecar of the caller, and gateways. */
  CLIENT = 'CLIENT',
  /** The sidecar of the workload that is called. */
  SERVER = 'SERVER',
}

/** What is written to the access logs of one side. */
export interface AccessLog {
  /**
   * Names of providers, as `extensionProviders` of the mesh configuration lists them. `envoy` is there always, and writes to the standard
   * output of the proxy.
   *
   * @default - those of the wider scope, and in the end those that the mesh has as its defaults
   */
  readonly providers?: string[];

  /**
   * The side of a request that this is about.
   *
   * @default TrafficMode.CLIENT_AND_SERVER
   */
  readonly mode?: TrafficMode;

  /**
   * Condition on what is written, in the Common Expression Language over Envoy's attributes: `response.code >= 400`.
   *
   * @default - everything is written
   */
  readonly filter?: string;

  /**
   * Writes nothing, where a wider scope would.
   *
   * @default false
   */
  readonly disabled?: boolean;
}

/** Writes an entry. */
export function renderAccessLog(prop: string, { providers, mode, filter, disabled }: AccessLog): Fields<TelemetrySpecAccessLogging> {
  if (filter !== undefined && !isBalanced(filter)) {
    throw InvalidProps.value(`${prop}.filter`, filter, 'must be an expression of the Common Expression Language, such as response.code >= 400');
  }
  return {
    providers: providers && requireProviders(`${prop}.providers`, providers),
    match: mode && { mode },
    filter: filter === undefined ? undefined : { expression: filter },
    disabled,
  };
}

const CLOSES: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}' };

/** Whether brackets and quotes are closed: the mistakes that a person makes most. istiod parses the rest. */
function isBalanced(expression: string): boolean {
  const open: string[] = [];
  const bare = expression.replace(/"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'/g, '0');
  for (const character of bare) {
    if (CLOSES[character] !== undefined) {
      open.push(CLOSES[character]);
    } else if (')]}'.includes(character) && open.pop() !== character) {
      return false;
    }
  }
  return open.length === 0 && !/["']/.test(bare) && bare.trim() !== '';
}
