// The health check of a target group. The backend determines port, protocol and path; the user determines how often it runs.
import type { Duration } from 'cdk8s';
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import { BackendProtocolVersion } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { wholeSeconds } from '../wire/duration';
import type { IAlbBackend } from '../listener/backend';

/** How often a target is checked, and when it counts as healthy. Port, protocol and path come from the backend. */
export interface AlbHealthCheck {
  /**
   * Time between checks: whole seconds from 5 to 300, more than the timeout.
   *
   * @default Duration.seconds(15)
   */
  readonly interval?: Duration;

  /**
   * Time to wait for a response: whole seconds from 2 to 120.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * Successes in a row before a target counts as healthy, 2 to 10.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * Failures in a row before a target counts as unhealthy, 2 to 10.
   *
   * @default 2
   */
  readonly unhealthyThreshold?: number;
}

/** The settings of the health check. */
export function healthCheckSettings(check: AlbHealthCheck, backend: IAlbBackend, version: BackendProtocolVersion | undefined): AlbSettings {
  // A gRPC target group sends gRPC health checks, which the status port does not support, so any gRPC status from the traffic port counts.
  const where = version === BackendProtocolVersion.GRPC
    ? { port: 'traffic-port', protocol: backend.backendProtocol, path: '/AWS.ALB/healthcheck', codes: '0-99' }
    : { port: backend.healthCheckPort, protocol: backend.healthCheckProtocol, path: backend.healthCheckPath, codes: '200' };
  return {
    healthcheckPort: where.port,
    healthcheckProtocol: where.protocol,
    healthcheckPath: where.path,
    successCodes: where.codes,
    ...healthCheckNumbers(check),
  };
}

function healthCheckNumbers({ interval, timeout, healthyThreshold, unhealthyThreshold }: AlbHealthCheck): AlbSettings {
  const every = interval && wholeSeconds('healthCheck.interval', interval, 5, 300);
  const within = timeout && wholeSeconds('healthCheck.timeout', timeout, 2, 120);
  if ((within ?? 5) >= (every ?? 15)) {
    throw InvalidProps.value('healthCheck.timeout', `${within ?? 5} s`, `must be less than the interval of ${every ?? 15} s`);
  }
  return {
    healthcheckIntervalSeconds: every,
    healthcheckTimeoutSeconds: within,
    healthyThresholdCount: healthyThreshold === undefined ? undefined : requireInteger('healthCheck.healthyThreshold', healthyThreshold, 2, 10),
    unhealthyThresholdCount: unhealthyThreshold === undefined ? undefined : requireInteger('healthCheck.unhealthyThreshold', unhealthyThreshold, 2, 10),
  };
}
