// What a route does with a request: send it to a workload or to some of its versions, redirect it, or answer it.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpRedirect, VirtualServiceSpecHttpRoute } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { ANYTHING, listOf, propsOf, requireProps, STRING, typeOf } from '../../base/prop-types';
import { type HeaderOperations, renderHeaderChanges, setsHost } from './header-operations';
import { type RedirectOptions, renderRedirect } from './redirect';
import { type IWorkload, requireSubset, requireWorkload, type Subset } from '../workload/workload';

export type { RedirectOptions } from './redirect';

/** A share of the traffic. */
export interface WeightedShare {
  /** The share, relative to the sum of all: whole, 0 or more. Write shares that add up to 100. */
  readonly weight: number;

  /**
   * Changes to the headers of requests that go there. Among several shares, the changes of the route come after these. Setting `host`
   * changes the host that the workload gets to see.
   *
   * @default - none besides those of the route
   */
  readonly requestHeaders?: HeaderOperations;

  /**
   * Changes to the headers of answers that come from there. Among several shares, the changes of the route come after these.
   *
   * @default - none besides those of the route
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

/** Longest text of an answer, in bytes, and highest sum of weights (Istio 1.30, pkg/config/validation; Envoy 1.38, total weight). */
const MAX_BODY = 2 ** 20;
const MAX_WEIGHTS = 2 ** 32 - 1;

/** What all kinds of shares have, and a check of their own does not say better. */
const SHARES = listOf(propsOf<WeightedShare>('WeightedShare', { workload: ANYTHING, subset: ANYTHING, weight: ANYTHING }));

/** Routes of another team that a route can leave requests to: a `Delegate`, or one of another repository. */
export interface IDelegate {
  /** Name of the VirtualService. */
  readonly delegateName: string;
  /** Namespace of the VirtualService. */
  readonly delegateNamespace: string;

  /**
   * Throws where Istio would drop a route of the delegate below this one. Returns what takes its requests.
   *
   * @internal
   */
  _acceptRoot?(route: VirtualServiceSpecHttp): () => void;

  /** Calls back for every workload that the routes reach, now or later. @internal */
  _onWorkload?(listener: (workload: IWorkload) => void): void;
}

const DELEGATE = typeOf<IDelegate>('a Delegate, or what Delegate.fromAttributes returns',
  value => ['delegateName', 'delegateNamespace'].every(name => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'string'));

/** What a route does with a request. */
export abstract class RouteTarget {
  /** Sends it to any pod behind the Service; or to an `ExternalService`, whose host it then carries unless the route rewrites the authority. */
  public static workload(workload: IWorkload): RouteTarget {
    return new Destinations([{ workload: requireWorkload('workload', workload) }]);
  }

  /** Sends it to one version. */
  public static subset(subset: Subset): RouteTarget {
    const { workload, version } = requireSubset('subset', subset);
    return new Destinations([{ workload, version }]);
  }

  /**
   * Divides the traffic among versions of one workload.
   *
   * @throws InvalidProps for weights that are negative or all zero, a version given twice, or a version of another workload
   */
  public static split(shares: WeightedSubset[]): RouteTarget {
    return new Destinations(versions(shares));
  }

  /**
   * Divides the traffic between two versions of one workload by weights that a controller in the cluster sets, such as Argo Rollouts. Until
   * it does, all requests go to the stable one.
   */
  public static splitElsewhere(stable: Subset, canary: Subset): RouteTarget {
    return new Destinations(versions([{ subset: stable, weight: 100 }, { subset: canary, weight: 0 }]), true);
  }

  /**
   * Divides the traffic among workloads. The share of an `ExternalService` carries its host unless the share or the route sets one.
   *
   * @throws InvalidProps for weights that are negative or all zero, or a workload given twice
   */
  public static splitWorkloads(shares: WeightedWorkload[]): RouteTarget {
    const all = requireProps(SHARES, shares, '', 'shares') as WeightedWorkload[];
    all.forEach(({ workload }, index) => {
      const { host, port } = requireWorkload(`shares[${index}].workload`, workload);
      if (all.findIndex(other => other.workload.host === host && other.workload.port === port) !== index) {
        throw InvalidProps.value(`shares[${index}].workload`, host, 'must be every workload once');
      }
    });
    return new Destinations(weighted(all));
  }

  /** Answers with a redirect. @throws InvalidProps for a redirect to nowhere, a host or path that cannot be, or a status that is none */
  public static redirect(options: RedirectOptions): RouteTarget {
    return new Answer({ redirect: renderRedirect(options) });
  }

  /**
   * Answers by itself. Headers such as Content-Type are set by `responseHeaders` of the route.
   *
   * @param status 200 to 599
   * @param body text of the answer, at most 1 MiB; none by default
   */
  public static respond(status: number, body?: string): RouteTarget {
    if (body !== undefined && Buffer.byteLength(requireProps(STRING, body, '', 'body')) > MAX_BODY) {
      throw InvalidProps.value('body', `a text of ${Buffer.byteLength(body)} bytes`, `must be at most ${MAX_BODY} bytes`);
    }
    return new Answer({ directResponse: { status: requireInteger('status', status, 200, 599), body: body === undefined ? undefined : { string: body } } });
  }

  /**
   * Leaves it to the routes of a delegate, in their order. For routes at a gateway.
   *
   * Only requests that both this route and one of the delegate take get there; others go on to the routes that follow this one.
   */
  public static delegate(delegate: IDelegate): RouteTarget {
    return new Delegation(requireProps(DELEGATE, delegate, '', 'delegate'));
  }

  /** Workloads that take part. @internal */
  public abstract readonly _workloads: readonly IWorkload[];
  /** Workloads whose versions are told apart. @internal */
  public abstract readonly _subsetted: readonly IWorkload[];
  /** Whether no workload sees the request. @internal */
  public readonly _answers: boolean = false;
  /** Whether it leaves requests to the routes of a delegate. @internal */
  public readonly _delegates: boolean = false;
  /** Whether it sets the host for some of the requests. @internal */
  public readonly _setsHost: boolean = false;
  /** Whether a controller in the cluster sets its weights. @internal */
  public readonly _weightsElsewhere: boolean = false;
  /** Where it sends the client. @internal */
  public readonly _redirect?: VirtualServiceSpecHttpRedirect;

  /** Throws where this cannot be the target of a route. Returns what makes it that. @internal */
  public _accept(_route: VirtualServiceSpecHttp): () => void {
    return () => undefined;
  }

  /** Calls back for every workload besides `_workloads` that requests reach, now or later. @internal */
  public _onWorkload(_listener: (workload: IWorkload) => void): void {
    // Most know all of them.
  }

  /** Whether the workload gets requests, or that version of it. @internal */
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
  public override readonly _setsHost: boolean;
  private readonly route: VirtualServiceSpecHttpRoute[];

  public constructor(private readonly destinations: readonly Destination[], public override readonly _weightsElsewhere = false) {
    super();
    const [{ workload, version }] = destinations;
    // Versions are all of one workload.
    this._workloads = version === undefined ? destinations.map(one => one.workload) : [workload];
    this._subsetted = version === undefined ? [] : this._workloads;
    this._setsHost = destinations.some(setsHost);
    this.route = destinations.map(renderDestination);
  }

  public override _sendsTo(workload: IWorkload, version: string | undefined): boolean {
    return this.destinations.some(own => own.workload.host === workload.host && own.workload.port === workload.port && own.version === version);
  }

  public _render(): VirtualServiceSpecHttp {
    return { route: this.route };
  }
}

class Answer extends RouteTarget {
  public readonly _workloads: readonly IWorkload[] = [];
  public readonly _subsetted: readonly IWorkload[] = [];
  public override readonly _answers = true;
  public override readonly _redirect?: VirtualServiceSpecHttpRedirect;

  public constructor(private readonly answer: VirtualServiceSpecHttp) {
    super();
    this._redirect = answer.redirect;
  }

  public _render(): VirtualServiceSpecHttp {
    return this.answer;
  }
}

class Delegation extends RouteTarget {
  public readonly _workloads: readonly IWorkload[] = [];
  public readonly _subsetted: readonly IWorkload[] = [];
  public override readonly _delegates = true;

  public constructor(private readonly delegate: IDelegate) {
    super();
  }

  public override _accept(route: VirtualServiceSpecHttp): () => void {
    return this.delegate._acceptRoot?.(route) ?? super._accept(route);
  }

  public override _onWorkload(listener: (workload: IWorkload) => void): void {
    this.delegate._onWorkload?.(listener);
  }

  public _render(): VirtualServiceSpecHttp {
    return { delegate: { name: this.delegate.delegateName, namespace: this.delegate.delegateNamespace } };
  }
}

function renderDestination(share: Destination, index: number): VirtualServiceSpecHttpRoute {
  const { workload, version, weight } = share;
  // Only what is there gets a key: synth copies every one.
  const destination = { host: workload.host, port: { number: workload.port }, ...version === undefined ? {} : { subset: version } };
  const headers = renderHeaderChanges(share, `shares[${index}].`, true);
  return { destination, ...weight === undefined ? {} : { weight }, ...headers === undefined ? {} : { headers } };
}

/** The shares of versions of one workload. */
function versions(shares: readonly WeightedSubset[]): readonly Destination[] {
  const all = (requireProps(SHARES, shares, '', 'shares') as WeightedSubset[]).map((share, index) => {
    const { workload, version } = requireSubset(`shares[${index}].subset`, share.subset);
    return { workload, version, weight: share.weight, requestHeaders: share.requestHeaders, responseHeaders: share.responseHeaders };
  });
  all.forEach(({ workload, version }, index) => {
    const { host } = all[0].workload;
    if (workload.host !== host) {
      throw InvalidProps.value(`shares[${index}].subset`, `${version} of ${workload.host}`, `must be a version of ${host}, like the first`);
    }
    if (all.findIndex(other => other.version === version) !== index) {
      throw InvalidProps.value(`shares[${index}].subset`, version, 'must be every version once');
    }
  });
  return weighted(all);
}

/** Returns the shares, or throws where the data plane could not divide the traffic so. */
function weighted<T extends Destination>(shares: readonly T[]): readonly T[] {
  if (shares.length === 0) {
    throw InvalidProps.value('shares', shares, 'must be at least one');
  }
  shares.forEach((share, index) => {
    requireInteger(`shares[${index}].weight`, share.weight!, 0, 2 ** 31 - 1);
  });
  const weights = shares.map(({ weight }) => weight!);
  const sum = weights.reduce((one, other) => one + other);
  if (sum === 0 || sum > MAX_WEIGHTS) {
    throw InvalidProps.value('shares', weights, `must be at least one weight above 0, and a sum of at most ${MAX_WEIGHTS}`);
  }
  return shares;
}
