// CPU and memory of a gateway pod.
import { Size, SizeRoundingBehavior } from 'cdk8s';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';

/** CPU and memory of one gateway pod. */
export interface GatewayResources {
  /**
   * CPU request, in millicores. The autoscaler measures utilization against it.
   *
   * @default 100
   */
  readonly cpuRequestMillis?: number;

  /**
   * CPU limit, in millicores. The proxy runs one worker thread per whole core of the limit.
   *
   * @default 2000
   */
  readonly cpuLimitMillis?: number;

  /**
   * Memory request.
   *
   * @default Size.mebibytes(128)
   */
  readonly memoryRequest?: Size;

  /**
   * Memory limit.
   *
   * @default Size.gibibytes(1)
   */
  readonly memoryLimit?: Size;
}

/** CPU and memory as Kubernetes quantities. */
export type SettledResources = { readonly [kind in 'requests' | 'limits']: { readonly cpu: string; readonly memory: string } };

/** Resolves the options. @throws InvalidProps for a number out of bounds, or a limit below its request */
export function settleResources(options: GatewayResources): SettledResources {
  const cpuRequest = requireInteger('resources.cpuRequestMillis', options.cpuRequestMillis ?? 100, 1, 1_000_000);
  const cpuLimit = requireInteger('resources.cpuLimitMillis', options.cpuLimitMillis ?? Math.max(2000, cpuRequest), cpuRequest, 1_000_000);
  const memoryRequest = wholeMebibytes('resources.memoryRequest', options.memoryRequest ?? Size.mebibytes(128), 1);
  const memoryLimit = wholeMebibytes('resources.memoryLimit', options.memoryLimit ?? Size.mebibytes(Math.max(1024, memoryRequest)), memoryRequest);
  return {
    requests: { cpu: cores(cpuRequest), memory: mebibytes(memoryRequest) },
    limits: { cpu: cores(cpuLimit), memory: mebibytes(memoryLimit) },
  };
}

function wholeMebibytes(prop: string, size: Size, least: number): number {
  const kibibytes = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
  const mebi = kibibytes / 1024;
  if (!Number.isInteger(mebi) || mebi < least || mebi > 1_048_576) {
    throw InvalidProps.value(prop, `${kibibytes} KiB`, `must be a whole number of mebibytes, from ${least} MiB to 1048576 MiB`);
  }
  return mebi;
}

function mebibytes(size: number): string {
  return size % 1024 === 0 ? `${size / 1024}Gi` : `${size}Mi`;
}

function cores(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}
