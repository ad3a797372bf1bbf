// Health checks of the target groups of a Service (AWS Load Balancer Controller 3.5.0 pkg/service/model_build_target_group.go:159).
import { type Manifest, specOf } from '../../manifests/manifest';
import { asInteger } from '../../manifests/plain-json';
import type { HealthCheck } from '../load-balancer';
import { healthCheckPort } from '../services';
import type { ServiceBuild } from './service-build';

const DEFAULTS = { protocol: 'TCP', port: 'traffic-port', path: '/', interval: 10, timeout: 10, healthy: 3, unhealthy: 3 } as const;

/** Nodes without a pod of the Service are unhealthy: kube-proxy answers on a node port of its own. */
const LOCAL_DEFAULTS = { protocol: 'HTTP', path: '/healthz', interval: 10, timeout: 6, healthy: 2, unhealthy: 2 } as const;

/** @throws Refusal for a port that cannot be resolved */
export function healthCheckOf(build: ServiceBuild, service: Manifest, targetType: string): HealthCheck {
  const { settings } = build;
  const { type, externalTrafficPolicy } = specOf(service);
  const isLocal = targetType === 'instance' && externalTrafficPolicy === 'Local' && type === 'LoadBalancer';
  const defaults = isLocal ? { ...LOCAL_DEFAULTS, port: 'local' } as const : DEFAULTS;
  const protocol = (settings.get('healthCheckProtocol') ?? defaults.protocol).toUpperCase();
  const hasAdvanced = build.isOn('NLBHealthCheckAdvancedConfig');
  return {
    port: portOf(build, service, targetType, defaults.port),
    protocol,
    ...protocol === 'TCP' ? {} : {
      path: settings.get('healthCheckPath') ?? defaults.path,
      ...hasAdvanced ? { matcher: { httpCode: settings.get('healthCheckSuccessCodes') ?? '200-399' } } : {},
    },
    intervalSeconds: settings.get('healthCheckInterval') ?? defaults.interval,
    timeoutSeconds: (hasAdvanced ? settings.get('healthCheckTimeout') : undefined) ?? defaults.timeout,
    healthyThresholdCount: settings.get('healthyThreshold') ?? defaults.healthy,
    unhealthyThresholdCount: settings.get('unhealthyThreshold') ?? defaults.unhealthy,
  };
}

/** A number is as it is, not a port of the Service; a name is a port of the Service (:431). */
function portOf(build: ServiceBuild, service: Manifest, targetType: string, otherwise: 'traffic-port' | 'local'): number | 'traffic-port' {
  const { settings } = build;
  const written = settings.get('healthCheckPort');
  if (written === undefined && otherwise === 'local') {
    return localPort(build);
  }
  return healthCheckPort(written ?? 'traffic-port', service, targetType, reason => settings.refusal('healthCheckPort', reason));
}

function localPort(build: ServiceBuild): number {
  const port = asInteger(specOf(build.manifest).healthCheckNodePort);
  if (!port) {
    build.note(`the health check node port of Service ${build.name}: the cluster allocates it`);
  }
  return port ?? 0;
}
