// Mirrors: copies of requests for another workload or version, whose responses are discarded.
import type { VirtualServiceSpecHttpMirrors } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { renderPercentage } from '../wire/percentage';
import { type IWorkload, requireSubset, requireWorkload, type Subset } from '../workload/workload';

/** Sends a share of a route's requests to another workload or version as well. Responses to the copies are discarded. */
export class Mirror {
  /** Copies for any pod behind a Service. @param percentage share of the requests: 0, or from 0.0001 to 100; 100 by default */
  public static workload(workload: IWorkload, percentage?: number): Mirror {
    return new Mirror(requireWorkload('workload', workload), undefined, percentage);
  }

  /** Copies for one version. @param percentage share of the requests: 0, or from 0.0001 to 100; 100 by default */
  public static subset(subset: Subset, percentage?: number): Mirror {
    return new Mirror(requireSubset('subset', subset).workload, subset.version, percentage);
  }

  private readonly mirror: VirtualServiceSpecHttpMirrors;

  private constructor(
    /** @internal */
    public readonly _workload: IWorkload,
    /** @internal */
    public readonly _version: string | undefined,
    percentage: number | undefined,
  ) {
    this.mirror = {
      destination: { host: _workload.host, port: { number: _workload.port }, subset: _version },
      percentage: percentage === undefined ? undefined : renderPercentage('percentage', percentage),
    };
  }

  /** @internal */
  public _render(): VirtualServiceSpecHttpMirrors {
    return this.mirror;
  }
}

/** The destinations of a route. */
export interface Receivers {
  /** @internal */
  _sendsTo(workload: IWorkload, version: string | undefined): boolean;
}

/** Renders the mirrors of a route. @throws InvalidProps for a destination of the route itself or of another mirror */
export function renderMirrors(mirrors: readonly Mirror[], target: Receivers): VirtualServiceSpecHttpMirrors[] {
  return mirrors.map((mirror, index) => {
    const { _workload: workload, _version: version } = mirror;
    const first = mirrors.findIndex(other => other._workload.host === workload.host && other._workload.port === workload.port && other._version === version);
    if (target._sendsTo(workload, version) || first !== index) {
      throw InvalidProps.duplicate(`mirrors[${index}]`, `${version === undefined ? '' : `${version} of `}${workload.host}`,
        `a destination of the route's ${first === index ? 'target' : 'mirrors'}`);
    }
    return mirror._render();
  });
}
