// Which Services the controller, or EKS Auto Mode, builds a Network Load Balancer for (AWS Load Balancer Controller 3.5.0 pkg/service/service_utils.go:48).
import { AlbController, NLB_CLASSES } from '../../base/alb-annotations/controller';
import { isReadByAutoMode } from '../../base/nlb-annotations/auto-mode';
import { inOrder, isDeleted, type Manifest, specOf } from '../../manifests/manifest';
import { asText } from '../../manifests/plain-json';
import type { ControllerSettings } from '../controller-options';
import type { Unmanaged } from '../unmanaged';
import { ServiceSettings } from './service-settings';

/** Whether a Service asks for a load balancer, of whatever controller. */
function isLoadBalancer(service: Manifest): boolean {
  return specOf(service).type === 'LoadBalancer';
}

/** The class, with the one that the mutating webhook gives a new Service (webhooks/core/service_mutator.go:40). */
function classOf(service: Manifest, { serviceMutatorWebhook, loadBalancerClass }: ControllerSettings): string | undefined {
  const written = asText(specOf(service).loadBalancerClass) || undefined;
  return written ?? (serviceMutatorWebhook && isLoadBalancer(service) ? loadBalancerClass : undefined);
}

/** The Services of an input, by `namespace/name`: those that get a load balancer, and those of type LoadBalancer that get none. */
export interface Services {
  readonly managed: readonly ServiceSettings[];
  /** Those whose load balancer EKS Auto Mode builds. */
  readonly autoMode: readonly ServiceSettings[];
  readonly unmanaged: readonly Unmanaged[];
}

/** Sorts out the Services. */
export function servicesOf(services: readonly Manifest[], options: ControllerSettings): Services {
  const managed: ServiceSettings[] = [];
  const autoMode: ServiceSettings[] = [];
  const unmanaged: Unmanaged[] = [];
  for (const manifest of inOrder(services)) {
    const settings = new ServiceSettings(manifest);
    const isAutoMode = isLoadBalancer(manifest) && classOf(manifest, options) === NLB_CLASSES[AlbController.EKS_AUTO_MODE];
    const reason = isDeleted(manifest) ? 'is being deleted' : isAutoMode ? undefined : whyNotManaged(settings, options);
    if (reason === undefined) {
      (isAutoMode ? autoMode : managed).push(isAutoMode ? new ServiceSettings(manifest, isReadByAutoMode) : settings);
    } else if (isLoadBalancer(manifest)) {
      unmanaged.push({ manifest, isInvalid: false, reason });
    }
  }
  return { managed, autoMode, unmanaged };
}

/** Why the controller does not build a load balancer for a Service; absent if it does. The annotation alone also counts for other types. */
function whyNotManaged(settings: ServiceSettings, options: ControllerSettings): string | undefined {
  const service = settings.manifest;
  if (options.featureGates.EnableServiceController !== true || (options.featureGates.ServiceTypeLoadBalancerOnly === true && !isLoadBalancer(service))) {
    return 'is not of a type that the feature gates of the controller include';
  }
  const loadBalancerClass = classOf(service, options);
  if (loadBalancerClass !== undefined) {
    return loadBalancerClass === options.loadBalancerClass ? undefined : `has loadBalancerClass ${loadBalancerClass}, which belongs to another controller`;
  }
  const type = settings.readable('type') as string | undefined;
  const isOurs = type === 'nlb-ip' || (type === 'external' && ['ip', 'instance'].includes(settings.readable('targetType') ?? ''));
  return isOurs ? undefined : 'has neither a loadBalancerClass nor annotations that leave it to the AWS Load Balancer Controller';
}
