// One entry of a VirtualService: which requests it takes, and what happens to them.
import type { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { ANYTHING, propsOf, requireProps } from '../../base/prop-types';
import { renderDuration } from '../wire/duration';
import { type CorsPolicy, renderCors } from './cors';
import { type FaultInjection, renderFault } from './fault';
import { type HeaderOperations, renderHeaderChanges } from './header-operations';
import { type RouteConditions, renderMatches } from '../match/match';
import { type MeshCaller, renderCallers } from '../match/mesh-caller';
import { Mirror, renderMirrors } from './mirror';
import { requireWayOut } from './redirect';
import { addressReceivers, Rewrite } from './rewrite';
import { NO_RETRIES, renderRetries, type RetryPolicy } from './route-policy';
import { RouteTarget } from './route-target';
import { requireText } from '../match/text-match';
import type { IWorkload } from '../workload/workload';

export type { MeshCaller } from '../match/mesh-caller';

/** Which requests a route takes, and what happens to them on their way. */
export interface RouteSettings extends RouteConditions {
  /**
   * Another path or host for the workload to see. Not for redirects and answers, and not where a delegate says what the workload sees.
   *
   * @default - the workload sees the path and the host of the request; a service outside the mesh sees its own host
   */
  readonly rewrite?: Rewrite;

  /**
   * Changes to the headers of requests. Not for redirects and answers.
   *
   * @default - none
   */
  readonly requestHeaders?: HeaderOperations;

  /**
   * Changes to the headers of answers.
   *
   * @default - none
   */
  readonly responseHeaders?: HeaderOperations;

  /**
   * Time for the whole request, with all its attempts; at least 1 ms. Not for redirects and answers.
   *
   * @default - no limit, as in Istio
   */
  readonly timeout?: Duration;

  /**
   * When and how often a failed request is tried again. Not for redirects and answers.
   *
   * @default - Istio's own: 2 further attempts when the workload could not be reached, none after a 503 answer of the workload
   */
  readonly retries?: RetryPolicy;

  /**
   * Whether a failed request is never tried again, not even as often as Istio does by itself.
   *
   * @default false
   */
  readonly disableRetries?: boolean;

  /**
   * Requests that wait or fail on purpose. Not for redirects and answers.
   *
   * @default - none
   */
  readonly fault?: FaultInjection;

  /**
   * Copies of requests for other workloads or versions. Not for redirects and answers. One that the target names itself is refused. Beside
   * `RouteTarget.workload`, a version of that workload is allowed: its pods get their part of the requests, and copies of all of them.
   *
   * @default - none
   */
  readonly mirrors?: Mirror[];

  /**
   * Which web pages of other origins may call.
   *
   * @default - the workload says so
   */
  readonly cors?: CorsPolicy;

  /**
   * Prefix of the metrics that Envoy keeps for the route.
   *
   * @default - no metrics of its own
   */
  readonly statPrefix?: string;
}

/** Which requests a route takes, and what happens to them. */
export interface RouteOptions extends RouteSettings {
  /** What happens to the requests. */
  readonly target: RouteTarget;
}

/** What the construct that makes a route knows of it. */
export interface RouteSurroundings {
  /** Hosts of the route; nothing where they are not known. */
  readonly hosts?: readonly string[];
  /** Whether a gateway and nobody else evaluates the route. */
  readonly atGateway?: boolean;
  /** Callers in the mesh that the route is for; none for all. */
  readonly callers?: readonly MeshCaller[];
}

/** Where a route stands: the constructs that take it with the options have asked for it. */
const PLACE = {
  callers: ANYTHING, exportTo: ANYTHING, gateway: ANYTHING, hosts: ANYTHING, namespace: ANYTHING, virtualServiceName: ANYTHING, workload: ANYTHING,
};

const OPTIONS = propsOf<RouteOptions>('RouteOptions', PLACE);

/** What has no effect where no workload sees the request; Istio refuses some of it. */
const FOR_WORKLOADS = ['rewrite', 'requestHeaders', 'timeout', 'retries', 'disableRetries', 'fault', 'mirrors'] as const;

/** What happens to requests on their way. */
const SETTINGS = [...FOR_WORKLOADS, 'responseHeaders', 'cors'] as const;

/** Writes the entry. @param id name of the route, for people: it stands in access logs */
export function renderRoute(id: string, options: RouteOptions, surroundings: RouteSurroundings = {}): VirtualServiceSpecHttp {
  const { target } = requireProps(OPTIONS, options);
  requireFit(options, surroundings);
  // Only what is there gets a key: synth copies every one.
  const http: { -readonly [P in keyof VirtualServiceSpecHttp]: VirtualServiceSpecHttp[P] } = { name: id };
  const match = renderMatch(options, surroundings);
  if (match !== undefined) {
    http.match = match;
  }
  if (SETTINGS.some(name => options[name] !== undefined)) {
    Object.assign(http, renderSettings(options));
  }
  Object.assign(http, target._render());
  if (options.rewrite?._authority === undefined && target._workloads.some(({ _routing }) => _routing !== undefined)) {
    Object.assign(http, addressReceivers(http, target._workloads, Array.isArray(surroundings.hosts) ? surroundings.hosts as string[] : []));
  }
  return http;
}

function renderSettings(options: RouteOptions): Partial<VirtualServiceSpecHttp> {
  const { target, rewrite, timeout, retries, fault, mirrors, cors } = options;
  return {
    rewrite: rewrite?._render(options.paths ?? []),
    headers: renderHeaderChanges(options),
    timeout: timeout && renderDuration('timeout', timeout),
    retries: options.disableRetries ? NO_RETRIES : retries && renderRetries(retries, timeout),
    fault: fault && renderFault(fault),
    mirrors: mirrors && renderMirrors(mirrors, target),
    corsPolicy: cors && renderCors(cors),
  };
}

/** Workloads that the requests of a route reach, copies included. */
export function reachedWorkloads({ target, mirrors }: RouteOptions): IWorkload[] {
  return mirrors ? [...new Set([...target._workloads, ...mirrors.map(({ _workload }) => _workload)])] : [...target._workloads];
}

/** Those of them whose versions are told apart. */
export function subsettedWorkloads({ target, mirrors }: RouteOptions): IWorkload[] {
  const copied = mirrors?.filter(({ _version }) => _version !== undefined).map(({ _workload }) => _workload);
  return copied ? [...new Set([...target._subsetted, ...copied])] : [...target._subsetted];
}

function renderMatch(options: RouteOptions, { callers }: RouteSurroundings): VirtualServiceSpecHttpMatch[] | undefined {
  const statPrefix = options.statPrefix === undefined ? undefined : requireText('statPrefix', options.statPrefix);
  // The blocks may be those of the conditions themselves, which nobody may change.
  return renderMatches(options, callers === undefined ? undefined : renderCallers(callers), statPrefix) as VirtualServiceSpecHttpMatch[] | undefined;
}

/** Throws for what does not go together. */
function requireFit(options: RouteOptions, { hosts, atGateway }: RouteSurroundings): void {
  const { target, rewrite, retries, claims } = options;
  if (target._answers) {
    for (const name of FOR_WORKLOADS) {
      if (options[name] !== undefined && options[name] !== false) {
        throw InvalidProps.conflict(name, options[name], 'cannot be set with a redirect or an answer, which no workload sees');
      }
    }
  }
  if (target._delegates && rewrite) {
    // Istio hands it on, and then replaces the path that a route of the delegate matched, not the one of this route.
    throw InvalidProps.conflict('rewrite', 'a rewrite', 'cannot be set with a delegate, whose routes rewrite by themselves');
  }
  if (target._redirect) {
    requireWayOut(target._redirect, options, Array.isArray(hosts) ? hosts : []);
  }
  // The hosts of a delegate's routes are not known, and gateways alone evaluate them.
  if (options.mirrors || target._workloads.some(({ _routing }) => _routing !== undefined)) {
    requireReceivers(options, atGateway || hosts === undefined);
  }
  if (options.disableRetries && retries !== undefined) {
    throw InvalidProps.conflict('retries', retries, 'cannot be set with disableRetries');
  }
  if (target._setsHost && rewrite?._authority !== undefined) {
    throw InvalidProps.conflict('rewrite', rewrite._authority, 'must be no host besides the one that a share of the target sets, which would have no effect');
  }
  if (claims && claims.length > 0 && !atGateway) {
    throw InvalidProps.conflict('claims', claims.map(({ _key }) => _key), 'cannot be set but in the routes of a gateway: Istio refuses claims elsewhere');
  }
}

/** Throws for a service outside that takes no requests, or none from a gateway. */
function requireReceivers({ target, mirrors }: RouteOptions, leavesGateway: boolean): void {
  const ask = (prop: string, { host, port, _routing }: IWorkload): void => {
    const needed = _routing?.needed ?? (leavesGateway ? _routing?.neededAtGateway : undefined);
    if (needed !== undefined) {
      throw InvalidProps.value(prop, `${host}:${port}`, `must be ${needed}`);
    }
  };
  target._workloads.forEach(workload => ask('target', workload));
  mirrors?.forEach(({ _workload }, index) => ask(`mirrors[${index}]`, _workload));
}
