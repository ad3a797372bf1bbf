// Route targets: send the request to a workload or to versions of it, redirect it, or respond directly.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpRedirect, VirtualServiceSpecHttpRoute } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { ANYTHING, listOf, propsOf, requireProps, STRING, typeOf } from '../../base/prop-types';
import { type HeaderOperations, renderHeaderChanges, setsHost } from './header-operations';
import { type RedirectOptions, renderRedirect } from './redirect';
import type { WorkloadListener } from '../workload/reached-workloads';
import { type IWorkload, requireSubset, requireWorkload, type Subset } from '../workload/workload';

export type { RedirectOptions } from './redirect';

/** A share of the traffic. */
export interface WeightedShare {
  /** The share, relative to the sum of all weights: an integer of 0 or more. Use weights that add up to 100, or to 1000 for tenths of a percent. */
  readonly weight: number;

  /**
   * Changes to the headers of requests to this destination. With several shares, the changes of the route are applied after these. Setting
   * `host` changes the host that the workload sees.
   *
   * @default - only those of the route
   */
  readonly requestHeaders?: HeaderOperations;

  /**
   * Changes to the headers of responses from this destination. With several shares, the changes of the route are applied after these.
   *
   * @default - only those of the route
   */
  readonly responseHeaders?: HeaderOperations;
}

/** A share of the traffic for one version. */
export interface WeightedSubset extends WeightedShare {
  /** The version. */
  readonly subset: Subset;
}

/** A share of the traffic for one workload. */
export interface WeightedWorkload extends WeightedShare {
  /** The workload. */
  readonly workload: IWorkload;
}

/** Longest body of a direct response, in bytes, and highest sum of weights (Istio 1.30, pkg/config/validation; Envoy 1.38, total weight). */
const MAX_BODY = 2 ** 20;
const MAX_WEIGHTS = 2 ** 32 - 1;

/** What all kinds of shares have; the other props have checks with better messages. */
const SHARES = listOf(propsOf<WeightedShare>('WeightedShare', { workload: ANYTHING, subset: ANYTHING, weight: ANYTHING }));

/** Routes of another team that a route can delegate to: a `Delegate`, or one that another repository owns. */
export interface IDelegate {
  /** Name of the VirtualService. */
  readonly delegateName: string;
  /** Namespace of the VirtualService. */
  readonly delegateNamespace: string;

  /** Throws if Istio would drop a route of the delegate because of a route that delegates here. @internal */
  _requireFitting?(root: VirtualServiceSpecHttp): void;

  /** Called with each route that delegates here. @param expectPreflights called when a route of the delegate has a CORS policy @internal */
  _attachTo?(root: VirtualServiceSpecHttp, expectPreflights: () => void): void;

  /** The workloads that the routes reach so far. @internal */
  _reached?(): readonly IWorkload[];

  /** Calls the listener for every workload that the routes reach, now or later. @internal */
  _onWorkload?(listener: WorkloadListener): void;
}

const DELEGATE = typeOf<IDelegate>('a Delegate, or what Delegate.fromAttributes returns',
  value => ['delegateName', 'delegateNamespace'].every(name => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'string'));

/** What a route does with a request. */
export abstract class RouteTarget {
  /** Sends the request to any pod behind the Service; or to an `ExternalService`, with that service's host unless the route rewrites it. */
  public static workload(workload: IWorkload): RouteTarget {
    return new Destinations([{ workload: requireWorkload('workload', workload) }]);
  }

  /** Sends the request to one version. */
  public static subset(subset: Subset): RouteTarget {
    const { workload, version } = requireSubset('subset', subset);
    return new Destinations([{ workload, version }]);
  }

  /**
   * Splits the traffic among versions of one workload.
   *
   * @throws InvalidProps for weights that are negative or all zero, a duplicate version, or a version of another workload
   */
  public static split(shares: WeightedSubset[]): RouteTarget {
    return new Destinations(versions(shares));
  }

  /**
   * Splits the traffic between two versions of one workload by weights that a controller in the cluster manages, such as Argo Rollouts.
   * Until it does, all requests go to the stable version.
   */
  public static splitElsewhere(stable: Subset, canary: Subset): RouteTarget {
    return new Destinations(versions([{ subset: stable, weight: 100 }, { subset: canary, weight: 0 }]), true);
  }

  /**
   * Splits the traffic among workloads. Requests to an `ExternalService` carry its host unless the share or the route sets one.
   *
   * @throws InvalidProps for weights that are negative or all zero, or a duplicate workload
   */
  public static splitWorkloads(shares: WeightedWorkload[]): RouteTarget {
    const all = requireProps(SHARES, shares, '', 'shares') as WeightedWorkload[];
    all.forEach(({ workload }, index) => {
      const { host, port } = requireWorkload(`shares[${index}].workload`, workload);
      if (all.findIndex(other => other.workload.host === host && other.workload.port === port) !== index) {
        throw InvalidProps.duplicate(`shares[${index}].workload`, host, 'the workload of another share');
      }
    });
    return new Destinations(weighted(all));
  }

  /** Responds with a redirect. @throws InvalidProps for a redirect without a destination, or an invalid host, path or status */
  public static redirect(options: RedirectOptions): RouteTarget {
    return new ProxyResponse({ redirect: renderRedirect(options) });
  }

  /**
   * Responds directly. Set headers such as Content-Type with `responseHeaders` of the route.
   *
   * @param status 200 to 599
   * @param body body of the response, at most 1 MiB; empty by default
   */
  public static respond(status: number, body?: string): RouteTarget {
    if (body !== undefined && Buffer.byteLength(requireProps(STRING, body, '', 'body')) > MAX_BODY) {
      throw InvalidProps.value('body', `${Buffer.byteLength(body)} bytes`, `must be at most ${MAX_BODY} bytes long`);
    }
    const directResponse = { status: requireInteger('status', status, 200, 599), body: body === undefined ? undefined : { string: body } };
    return new ProxyResponse({ directResponse });
  }

  /**
   * Delegates the request to the routes of a `Delegate`. Only for routes at a gateway.
   *
   * A request must match both this route and a route of the delegate; otherwise it continues with the route after this one.
   */
  public static delegate(delegate: IDelegate): RouteTarget {
    return new Delegation(requireProps(DELEGATE, delegate, '', 'delegate'));
  }

  /** Workloads that receive requests. @internal */
  public abstract readonly _workloads: readonly IWorkload[];
  /** Workloads whose versions need subsets. @internal */
  public abstract readonly _subsetted: readonly IWorkload[];
  /** Whether the gateway responds and no workload sees the request. @internal */
  public get _responds(): boolean {
    return false;
  }

  /** Whether it delegates requests. @internal */
  public get _delegates(): boolean {
    return false;
  }

  /** Whether it sets the host for some of the requests. @internal */
  public get _setsHost(): boolean {
    return false;
  }

  /** Whether a controller in the cluster manages its weights. @internal */
  public get _weightsElsewhere(): boolean {
    return false;
  }

  /** The redirect, if it is one. @internal */
  public get _redirect(): VirtualServiceSpecHttpRedirect | undefined {
    return undefined;
  }

  /** Throws if it cannot be the target of the route. @internal */
  public _requireFitting(_route: VirtualServiceSpecHttp): void {
    // Only a delegate depends on the route.
  }

  /** Called when it becomes the target of a route. @internal */
  public _attach(_route: VirtualServiceSpecHttp, _expectPreflights: () => void): void {
    // Only a delegate depends on the route.
  }

  /** The workloads other than `_workloads` that requests reach so far. @internal */
  public _reached(): readonly IWorkload[] {
    return [];
  }

  /** Calls the listener for every workload other than `_workloads` that requests reach, now or later. @internal */
  public _onWorkload(_listener: WorkloadListener): void {
    // All others know their workloads from the start.
  }

  /** Whether the workload, or that version of it, receives requests. @internal */
  public _sendsTo(_workload: IWorkload, _version: string | undefined): boolean {
    return false;
  }

  /** @internal */
  public abstract _render(): VirtualServiceSpecHttp;
}

interface Destination extends Partial<WeightedShare> {
  readonly workload: IWorkload;
  readonly version?: string;
}

class Destinations extends RouteTarget {
  public readonly _workloads: readonly IWorkload[];
  public readonly _subsetted: readonly IWorkload[];
  private readonly route: VirtualServiceSpecHttpRoute[];

  public constructor(private readonly destinations: readonly Destination[], private readonly elsewhere = false) {
    super();
    const [{ workload, version }] = destinations;
    // All versions belong to one workload.
    this._workloads = version === undefined ? destinations.map(one => one.workload) : [workload];
    this._subsetted = version === undefined ? [] : this._workloads;
    this.route = destinations.map(renderDestination);
  }

  public override get _setsHost(): boolean {
    return this.destinations.some(setsHost);
  }

  public override get _weightsElsewhere(): boolean {
    return this.elsewhere;
  }

  public override _sendsTo(workload: IWorkload, version: string | undefined): boolean {
    return this.destinations.some(own => own.workload.host === workload.host && own.workload.port === workload.port && own.version === version);
  }

  public _render(): VirtualServiceSpecHttp {
    return { route: this.route };
  }
}

class ProxyResponse extends RouteTarget {
  public readonly _workloads: readonly IWorkload[] = [];
  public readonly _subsetted: readonly IWorkload[] = [];

  public constructor(private readonly response: VirtualServiceSpecHttp) {
    super();
  }

  public override get _responds(): boolean {
    return true;
  }

  public override get _redirect(): VirtualServiceSpecHttpRedirect | undefined {
    return this.response.redirect;
  }

  public _render(): VirtualServiceSpecHttp {
    return this.response;
  }
}

class Delegation extends RouteTarget {
  public readonly _workloads: readonly IWorkload[] = [];
  public readonly _subsetted: readonly IWorkload[] = [];

  public constructor(private readonly delegate: IDelegate) {
    super();
  }

  public override get _delegates(): boolean {
    return true;
  }

  public override _requireFitting(route: VirtualServiceSpecHttp): void {
    this.delegate._requireFitting?.(route);
  }

  public override _attach(route: VirtualServiceSpecHttp, expectPreflights: () => void): void {
    this.delegate._attachTo?.(route, expectPreflights);
  }

  public override _reached(): readonly IWorkload[] {
    return this.delegate._reached?.() ?? [];
  }

  public override _onWorkload(listener: WorkloadListener): void {
    this.delegate._onWorkload?.(listener);
  }

  public _render(): VirtualServiceSpecHttp {
    return { delegate: { name: this.delegate.delegateName, namespace: this.delegate.delegateNamespace } };
  }
}

function renderDestination(share: Destination, index: number): VirtualServiceSpecHttpRoute {
  const { workload, version, weight } = share;
  return {
    destination: { host: workload.host, port: { number: workload.port }, subset: version },
    weight,
    headers: renderHeaderChanges(share, `shares[${index}].`, true),
  };
}

/** Shares of versions of one workload, checked. */
function versions(shares: readonly WeightedSubset[]): readonly Destination[] {
  const all = (requireProps(SHARES, shares, '', 'shares') as WeightedSubset[]).map((share, index) => {
    const { workload, version } = requireSubset(`shares[${index}].subset`, share.subset);
    return { workload, version, weight: share.weight, requestHeaders: share.requestHeaders, responseHeaders: share.responseHeaders };
  });
  all.forEach(({ workload, version }, index) => {
    const { host } = all[0].workload;
    if (workload.host !== host) {
      throw InvalidProps.value(`shares[${index}].subset`, `${version} of ${workload.host}`, `must be a version of ${host}, as the first share is`);
    }
    if (all.findIndex(other => other.version === version) !== index) {
      throw InvalidProps.duplicate(`shares[${index}].subset`, version, 'the version of another share');
    }
  });
  return weighted(all);
}

/** Returns the shares, or throws if Envoy could not split the traffic by them. */
function weighted<T extends Destination>(shares: readonly T[]): readonly T[] {
  if (shares.length === 0) {
    throw InvalidProps.value('shares', shares, 'must contain at least one share');
  }
  shares.forEach((share, index) => {
    requireInteger(`shares[${index}].weight`, share.weight!, 0, 2 ** 31 - 1);
  });
  const weights = shares.map(({ weight }) => weight!);
  const sum = weights.reduce((one, other) => one + other);
  if (sum === 0 || sum > MAX_WEIGHTS) {
    throw InvalidProps.value('shares', weights, `must have at least one weight above 0, and a sum of at most ${MAX_WEIGHTS}`);
  }
  return shares;
}
