// Copies of requests for another workload or version, whose answers nobody waits for.
import type { VirtualServiceSpecHttpMirrors } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { renderPercentage } from '../wire/percentage';
import { type IWorkload, requireSubset, requireWorkload, type Subset } from '../workload/workload';

/** A share of a route's requests that is sent to another workload or version as well. Its answers are thrown away. */
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

/** Something that requests are sent to. */
export interface Receivers {
  /** @internal */
  _sendsTo(workload: IWorkload, version: string | undefined): boolean;
}

/** Writes the mirrors of a route. Throws for one that gets the requests anyway, by the route or by another mirror. */
export function renderMirrors(mirrors: readonly Mirror[], target: Receivers): VirtualServiceSpecHttpMirrors[] {
  return mirrors.map((mirror, index) => {
    const { _workload: workload, _version: version } = mirror;
    const first = mirrors.findIndex(other => other._workload.host === workload.host && other._workload.port === workload.port && other._version === version);
    if (target._sendsTo(workload, version) || first !== index) {
      throw InvalidProps.value(`mirrors[${index}]`, `${version === undefined ? '' : `${version} of `}${workload.host}`,
        'must be a workload or version that does not get the requests anyway');
    }
    return mirror._render();
  });
}
