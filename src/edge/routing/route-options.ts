// One route of a VirtualService: which requests it matches, and what happens to them.
import type { Duration } from 'cdk8s';
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { renderDuration } from '../wire/duration';
import { type CorsPolicy, renderCors } from './cors';
import { type FaultInjection, renderFault } from './fault';
import { type HeaderOperations, renderHeaderChanges } from './header-operations';
import { type RouteConditions, renderMatches } from '../match/match';
import { type MeshCaller, renderCallers } from '../match/mesh-caller';
import { Mirror, renderMirrors } from './mirror';
import { requireNoLoop } from './redirect';
import { addressReceivers, Rewrite } from './rewrite';
import { requireListable } from './route-list';
import { NO_RETRIES, renderRetries, type RetryPolicy } from './route-policy';
import type { RouteTarget } from './route-target';
import { requireLine } from '../match/string-match';
import type { IWorkload } from '../workload/workload';

export type { MeshCaller } from '../match/mesh-caller';

/** Which requests a route matches, and what happens to them on the way to the target. */
export interface RouteSettings extends RouteConditions {
  /**
   * Rewrites the path or the host that the workload sees. Not allowed with redirects, direct responses and delegates.
   *
   * @default - the workload sees the path and the host of the request; a service outside the mesh sees its own host
   */
  readonly rewrite?: Rewrite;

  /**
   * Changes to the headers of requests. Not allowed with redirects and direct responses.
   *
   * @default - none
   */
  readonly requestHeaders?: HeaderOperations;

  /**
   * Changes to the headers of responses.
   *
   * @default - none
   */
  readonly responseHeaders?: HeaderOperations;

  /**
   * Timeout for the whole request, including all retries; at least 1 ms. Not allowed with redirects and direct responses.
   *
   * @default - no limit, as in Istio
   */
  readonly timeout?: Duration;

  /**
   * When and how often a failed request is retried. Not allowed with redirects and direct responses.
   *
   * @default - Istio's default: 2 retries on connection failures, none on a 503 response
   */
  readonly retries?: RetryPolicy;

  /**
   * Whether to disable retries, including Istio's default retries.
   *
   * @default false
   */
  readonly disableRetries?: boolean;

  /**
   * Faults to inject: delayed or failing requests. Not allowed with redirects and direct responses.
   *
   * @default - none
   */
  readonly fault?: FaultInjection;

  /**
   * Sends copies of requests to other workloads or versions. Not allowed with redirects and direct responses, or for a destination of the
   * target itself. With `RouteTarget.workload`, a version of that workload is allowed: its pods get their share of the requests, and copies
   * of all requests.
   *
   * @default - none
   */
  readonly mirrors?: Mirror[];

  /**
   * CORS policy: which web pages of other origins may send requests. With `methods`, the route also matches the preflight requests for them,
   * whose own method is OPTIONS.
   *
   * @default - the workload decides
   */
  readonly cors?: CorsPolicy;

  /**
   * Prefix of the metrics that Envoy records for the route.
   *
   * @default - no metrics per route
   */
  readonly statPrefix?: string;
}

/** Which requests a route matches, and what happens to them. */
export interface RouteOptions extends RouteSettings {
  /** What happens to the requests. */
  readonly target: RouteTarget;
}

/** What the construct that adds a route knows about it. */
export interface RouteSurroundings {
  /** Hosts of the route; unset if they are unknown. */
  readonly hosts?: readonly string[];
  /** Whether only a gateway evaluates the route. */
  readonly atGateway?: boolean;
  /** Callers in the mesh whose requests match; unset for all. */
  readonly callers?: readonly MeshCaller[];
}

/** Settings without effect if no workload receives the request; Istio rejects some of them. */
const FOR_WORKLOADS = ['rewrite', 'requestHeaders', 'timeout', 'retries', 'disableRetries', 'fault', 'mirrors'] as const;

/** A route under construction. */
type RouteFields = { -readonly [P in keyof VirtualServiceSpecHttp]: VirtualServiceSpecHttp[P] };

/** Renders the route. @param id name of the route, which access logs show @param options options of the right types */
export function renderRoute(id: string, options: RouteOptions, surroundings: RouteSurroundings = {}): VirtualServiceSpecHttp {
  const { target } = options;
  requireFit(options, surroundings);
  const http: RouteFields = { name: id };
  if (target._weightsElsewhere) {
    requireListable(http);
  }
  const match = renderMatch(options, surroundings);
  if (match !== undefined) {
    http.match = match;
  }
  fillSettings(http, options);
  const response = target._render();
  if (response.route) {
    http.route = response.route;
  } else {
    Object.assign(http, response);
  }
  if (options.rewrite?._authority === undefined && target._workloads.some(({ _routing }) => _routing !== undefined)) {
    Object.assign(http, addressReceivers(http, target._workloads, Array.isArray(surroundings.hosts) ? surroundings.hosts as string[] : []));
  }
  return http;
}

/** Unset fields get no key, because synth copies every key. */
function fillSettings(http: RouteFields, options: RouteOptions): void {
  const { target, rewrite, timeout, retries, fault, mirrors, cors } = options;
  if (rewrite) {
    http.rewrite = rewrite._render(options.paths ?? []);
  }
  const headers = renderHeaderChanges(options);
  if (headers) {
    http.headers = headers;
  }
  if (timeout) {
    http.timeout = renderDuration('timeout', timeout);
  }
  if (options.disableRetries) {
    http.retries = NO_RETRIES;
  } else if (retries) {
    http.retries = renderRetries(retries, timeout);
  }
  if (fault) {
    http.fault = renderFault(fault);
  }
  if (mirrors) {
    http.mirrors = renderMirrors(mirrors, target);
  }
  if (cors) {
    http.corsPolicy = renderCors(cors);
  }
}

/** Workloads that the requests of a route reach, copies included. */
export function reachedWorkloads({ target, mirrors }: RouteOptions): IWorkload[] {
  return mirrors ? [...new Set([...target._workloads, ...mirrors.map(({ _workload }) => _workload)])] : [...target._workloads];
}

/** The workloads of the route whose versions need subsets. */
export function subsettedWorkloads({ target, mirrors }: RouteOptions): IWorkload[] {
  const copied = mirrors?.filter(({ _version }) => _version !== undefined).map(({ _workload }) => _workload);
  return copied ? [...new Set([...target._subsetted, ...copied])] : [...target._subsetted];
}

function renderMatch(options: RouteOptions, { callers }: RouteSurroundings): VirtualServiceSpecHttpMatch[] | undefined {
  const statPrefix = options.statPrefix === undefined ? undefined : requireLine('statPrefix', options.statPrefix);
  const sources = callers === undefined ? undefined : renderCallers(callers);
  // The cast drops readonly: the blocks may belong to conditions that routes share, so they must not be changed.
  return renderMatches(options, sources, statPrefix, options.cors !== undefined) as VirtualServiceSpecHttpMatch[] | undefined;
}

/** @throws InvalidProps for options that exclude each other */
function requireFit(options: RouteOptions, { hosts, atGateway }: RouteSurroundings): void {
  const { target, rewrite, retries, claims } = options;
  if (target._responds) {
    for (const name of FOR_WORKLOADS) {
      if (options[name] !== undefined && options[name] !== false) {
        throw InvalidProps.conflict(name, options[name], 'cannot be set for a redirect or a direct response, because no workload receives the request');
      }
    }
  }
  if (target._delegates && rewrite) {
    // Istio passes it to the routes of the delegate and replaces the path that they matched, not the path that this route matched.
    throw InvalidProps.conflict('rewrite', 'a rewrite', 'cannot be set for a delegate; set it on the routes of the delegate');
  }
  if (target._redirect) {
    requireNoLoop(target._redirect, options, Array.isArray(hosts) ? hosts : []);
  }
  // Unknown hosts mean a route of a delegate, which only gateways evaluate.
  if (options.mirrors || target._workloads.some(({ _routing }) => _routing !== undefined)) {
    requireReceivers(options, atGateway || hosts === undefined);
  }
  if (options.disableRetries && retries !== undefined) {
    throw InvalidProps.conflict('retries', retries, 'cannot be set when disableRetries is true');
  }
  if (rewrite?._authority !== undefined && target._setsHost) {
    throw InvalidProps.conflict('rewrite', rewrite._authority, 'cannot set a host when a share of the target sets one');
  }
  if (claims && claims.length > 0 && !atGateway) {
    throw InvalidProps.conflict('claims', claims.map(({ _key }) => _key), 'can only be set for routes at a gateway; Istio rejects claims elsewhere');
  }
}

/** @throws InvalidProps for an external service that cannot receive HTTP requests, or none from a gateway */
function requireReceivers({ target, mirrors }: RouteOptions, leavesGateway: boolean): void {
  const check = (prop: string, { host, port, _routing }: IWorkload): void => {
    const needed = _routing?.needed ?? (leavesGateway ? _routing?.neededAtGateway : undefined);
    if (needed !== undefined) {
      throw InvalidProps.value(prop, `${host}:${port}`, `must be ${needed}`);
    }
  };
  target._workloads.forEach(workload => check('target', workload));
  mirrors?.forEach(({ _workload }, index) => check(`mirrors[${index}]`, _workload));
}
