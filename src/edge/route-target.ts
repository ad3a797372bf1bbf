// What a route does with a request: send it to a workload or to some of its versions, redirect it, or answer it.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpRoute } from '../../imports/istio/networking.istio.io';
import { InvalidProps } from '../base/errors';
import { isHost } from '../base/host';
import { requireInteger } from '../base/kubernetes-name';
import type { IWorkload, Subset } from './workload';

/** A share of the traffic for one version. */
export interface WeightedSubset {
  /** The version. */
  readonly subset: Subset;
  /** Its share, relative to the sum of all: whole, 0 or more. Write shares that add up to 100. */
  readonly weight: number;
}

/** Where a redirect points. What is left out stays as in the request. */
export interface RedirectOptions {
  /**
   * Host to go to, with a port where it is not the default one.
   *
   * @default - the host of the request
   */
  readonly host?: string;

  /**
   * Path to go to.
   *
   * @default - the path of the request
   */
  readonly path?: string;

  /**
   * Status code: 301, 302, 303, 307 or 308.
   *
   * @default 301
   */
  readonly status?: number;
}

const REDIRECTS = [301, 302, 303, 307, 308];

/** What a route does with a request. */
export abstract class RouteTarget {
  /** Sends it to any pod behind the Service. */
  public static workload(workload: IWorkload): RouteTarget {
    return new Destinations([{ workload }]);
  }

  /** Sends it to one version. */
  public static subset(subset: Subset): RouteTarget {
    return new Destinations([{ workload: subset.workload, version: subset.version }]);
  }

  /**
   * Divides the traffic among versions of one workload.
   *
   * @throws InvalidProps for weights that are negative or all zero, a version given twice, or a version of another workload
   */
  public static split(shares: WeightedSubset[]): RouteTarget {
    return new Destinations(checkedShares(shares));
  }

  /** Answers with a redirect. @throws InvalidProps for a redirect to nowhere, a host or path that cannot be, or a status that is none */
  public static redirect(options: RedirectOptions): RouteTarget {
    const { host, path, status = 301 } = options;
    if (host === undefined && path === undefined) {
      throw new InvalidProps('host', host, 'a host or a path, or the redirect would lead to itself');
    }
    if (host !== undefined && (host.startsWith('*') || !isHost(host.replace(/:\d{1,5}$/, '')))) {
      throw new InvalidProps('host', host, 'a lower case host name, perhaps with a port: shop.example.com:8443');
    }
    if (path !== undefined && !/^\/\S*$/.test(path)) {
      throw new InvalidProps('path', path, 'a path that starts with /, without blanks');
    }
    if (!REDIRECTS.includes(status)) {
      throw new InvalidProps('status', status, REDIRECTS.join(', '));
    }
    return new Answer({ redirect: { authority: host, uri: path, redirectCode: status } });
  }

  /**
   * Answers by itself.
   *
   * @param status 200 to 599
   * @param body text of the answer; none by default
   */
  public static respond(status: number, body?: string): RouteTarget {
    return new Answer({ directResponse: { status: requireInteger('status', status, 200, 599), body: body === undefined ? undefined : { string: body } } });
  }

  /** Workloads that take part. @internal */
  public abstract readonly _workloads: readonly IWorkload[];
  /** Workloads whose versions are told apart. @internal */
  public abstract readonly _subsetted: readonly IWorkload[];
  /** @internal */
  public abstract _render(): VirtualServiceSpecHttp;
}

interface Destination {
  readonly workload: IWorkload;
  readonly version?: string;
  readonly weight?: number;
}

class Destinations extends RouteTarget {
  public readonly _workloads: readonly IWorkload[];
  public readonly _subsetted: readonly IWorkload[];

  public constructor(private readonly destinations: readonly Destination[]) {
    super();
    this._workloads = [destinations[0].workload];
    this._subsetted = destinations[0].version === undefined ? [] : this._workloads;
  }

  public _render(): VirtualServiceSpecHttp {
    return { route: this.destinations.map(renderDestination) };
  }
}

class Answer extends RouteTarget {
  public readonly _workloads: readonly IWorkload[] = [];
  public readonly _subsetted: readonly IWorkload[] = [];

  public constructor(private readonly answer: VirtualServiceSpecHttp) {
    super();
  }

  public _render(): VirtualServiceSpecHttp {
    return this.answer;
  }
}

function renderDestination({ workload, version, weight }: Destination): VirtualServiceSpecHttpRoute {
  return { destination: { host: workload.host, port: { number: workload.port }, subset: version }, weight };
}

function checkedShares(shares: readonly WeightedSubset[]): Destination[] {
  if (!Array.isArray(shares) || shares.length === 0) {
    throw new InvalidProps('shares', shares, 'at least one version');
  }
  const { host } = shares[0].subset.workload;
  shares.forEach(({ subset, weight }, index) => {
    if (subset.workload.host !== host) {
      throw new InvalidProps(`shares[${index}].subset`, `${subset.version} of ${subset.workload.host}`, `a version of ${host}, like the first`);
    }
    if (shares.findIndex(other => other.subset.version === subset.version) !== index) {
      throw new InvalidProps(`shares[${index}].subset`, subset.version, 'every version once');
    }
    requireInteger(`shares[${index}].weight`, weight, 0, 2 ** 31 - 1);
  });
  if (shares.every(({ weight }) => weight === 0)) {
    throw new InvalidProps('shares', shares.map(({ weight }) => weight), 'at least one weight above 0');
  }
  return shares.map(({ subset, weight }) => ({ workload: subset.workload, version: subset.version, weight }));
}
