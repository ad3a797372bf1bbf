// Access logs: which requests sidecars and gateways log.
import type { TelemetrySpecAccessLogging } from '../../../imports/istio/telemetry.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireUnique } from '../wire/bounds';
import type { Fields } from '../wire/istio-fields';

/** The side of a request that a setting applies to. */
export enum TrafficMode {
  /** Both sides. */
  CLIENT_AND_SERVER = 'CLIENT_AND_SERVER',
  /** The sidecar of the client, and gateways. */
  CLIENT = 'CLIENT',
  /** The sidecar of the workload that receives the request. */
  SERVER = 'SERVER',
}

/** The access logs of one side. */
export interface AccessLog {
  /**
   * Names of providers from `extensionProviders` of the mesh configuration. `envoy` always exists and writes to the standard output of the
   * proxy.
   *
   * @default - the providers of the wider scope, and finally the mesh's default providers
   */
  readonly providers?: string[];

  /**
   * The side of a request that this applies to.
   *
   * @default TrafficMode.CLIENT_AND_SERVER
   */
  readonly mode?: TrafficMode;

  /**
   * Condition for logging a request, in the Common Expression Language (CEL) with Envoy's attributes: `response.code >= 400`.
   *
   * @default - every request is logged
   */
  readonly filter?: string;

  /**
   * Turns off the access logs that a wider scope turned on.
   *
   * @default false
   */
  readonly disabled?: boolean;
}

/** Renders an entry. */
export function renderAccessLog(prop: string, { providers, mode, filter, disabled }: AccessLog): Fields<TelemetrySpecAccessLogging> {
  if (filter !== undefined && !isBalanced(filter)) {
    throw InvalidProps.value(`${prop}.filter`, filter, 'must be a CEL expression with balanced brackets and quotes, such as response.code >= 400');
  }
  return {
    providers: providers && requireProviders(`${prop}.providers`, providers),
    match: mode && { mode },
    filter: filter === undefined ? undefined : { expression: filter },
    disabled,
  };
}

/** Renders the providers of access logs, metrics or traces. @throws InvalidProps for an empty list, an empty name and a duplicate */
export function requireProviders(prop: string, providers: readonly string[]): { name: string }[] {
  if (providers.length === 0) {
    throw InvalidProps.value(prop, providers, 'must not be empty; leave it out to use the providers of the wider scope');
  }
  providers.forEach((name, index) => {
    if (!/^\S+$/.test(name)) {
      throw InvalidProps.value(`${prop}[${index}]`, name, 'must be the name of a provider in the mesh configuration');
    }
  });
  requireUnique(prop, providers);
  return providers.map(name => ({ name }));
}

const CLOSES: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}' };

/** Whether brackets and quotes are balanced, which catches the most common mistakes. istiod parses the expression. */
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
