// The flags of the AWS Load Balancer Controller that change what it builds, with the defaults of release 3.5.0.
import { AlbController, NLB_CLASSES } from '../base/alb-annotations/controller';

/** Flags of the controller, as the Helm chart or its Deployment sets them. */
export interface ControllerOptions {
  /** `--cluster-name`; part of the hash in generated names. @default - unknown; generated names end in `…` */
  readonly clusterName?: string;
  /** `--ingress-class`: the value of `kubernetes.io/ingress.class` that the controller takes. @default 'alb' */
  readonly ingressClass?: string;
  /** `--load-balancer-class`: the `spec.loadBalancerClass` of Services that the controller takes. @default 'service.k8s.aws/nlb' */
  readonly loadBalancerClass?: string;
  /**
   * The chart's `enableServiceMutatorWebhook`: whether a webhook gives new Services of type LoadBalancer without a class that of the
   * controller. @default true
   */
  readonly serviceMutatorWebhook?: boolean;
  /** `--disable-ingress-class-annotation`: whether a webhook refuses `kubernetes.io/ingress.class`. @default false */
  readonly disableIngressClassAnnotation?: boolean;
  /** `--disable-ingress-group-name-annotation`: whether a webhook refuses the annotation `group.name`. @default false */
  readonly disableIngressGroupNameAnnotation?: boolean;
  /** `--default-load-balancer-scheme`. @default 'internal' */
  readonly defaultScheme?: string;
  /** `--default-target-type`. @default 'instance' */
  readonly defaultTargetType?: string;
  /** `--default-ssl-policy`. @default 'ELBSecurityPolicy-2016-08' */
  readonly defaultSslPolicy?: string;
  /** `--default-tags`. @default - none */
  readonly defaultTags?: { readonly [key: string]: string };
  /** `--external-managed-tags`: keys that no object may set. @default - none */
  readonly externalManagedTags?: readonly string[];
  /** `--enable-backend-security-group`. @default true */
  readonly backendSecurityGroup?: boolean;
  /** `--enable-manage-backend-security-group-rules`. @default false */
  readonly manageBackendSecurityGroupRules?: boolean;
  /** `--disable-restricted-sg-rules`: opens all ports of the targets instead of those in use. @default false */
  readonly disableRestrictedSecurityGroupRules?: boolean;
  /** `--tolerate-non-existent-backend-service`. @default true */
  readonly tolerateNonExistentBackendService?: boolean;
  /** `--tolerate-non-existent-backend-action`. @default true */
  readonly tolerateNonExistentBackendAction?: boolean;
  /** `--feature-gates`. @default - those of the release (pkg/config/feature_gates.go:74) */
  readonly featureGates?: { readonly [gate: string]: boolean };
}

/** All flags set. */
export type ControllerSettings = Required<Omit<ControllerOptions, 'clusterName'>> & Pick<ControllerOptions, 'clusterName'>;

/** Gates that change what is built (3.5.0 pkg/config/feature_gates.go:74). */
export const FEATURE_GATES: { readonly [gate: string]: boolean } = {
  EnableServiceController: true,
  ServiceTypeLoadBalancerOnly: false,
  EnableIPTargetType: true,
  EnableTCPUDPListener: false,
  NLBHealthCheckAdvancedConfig: true,
  NLBSecurityGroup: true,
  LBCapacityReservation: true,
  EnableCertificateManagement: false,
  EnableDefaultTagsLowPriority: false,
};

/** The flags with their defaults (3.5.0 pkg/config). */
export function controllerSettings(options: ControllerOptions = {}): ControllerSettings {
  return {
    ingressClass: 'alb',
    loadBalancerClass: NLB_CLASSES[AlbController.AWS_LOAD_BALANCER_CONTROLLER],
    serviceMutatorWebhook: true,
    disableIngressClassAnnotation: false,
    disableIngressGroupNameAnnotation: false,
    defaultScheme: 'internal',
    defaultTargetType: 'instance',
    defaultSslPolicy: 'ELBSecurityPolicy-2016-08',
    defaultTags: {},
    externalManagedTags: [],
    backendSecurityGroup: true,
    manageBackendSecurityGroupRules: false,
    disableRestrictedSecurityGroupRules: false,
    tolerateNonExistentBackendService: true,
    tolerateNonExistentBackendAction: true,
    ...options,
    featureGates: { ...FEATURE_GATES, ...options.featureGates },
  };
}
