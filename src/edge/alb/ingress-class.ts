// The controller's IngressClass and its IngressClassParams: what a platform sets for all Ingresses of the class.
import type { ApiObjectMetadata, ApiObjectProps } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  IngressClassParams, type IngressClassParamsSpec, type IngressClassParamsSpecIpAddressType, type IngressClassParamsSpecScheme,
  type IngressClassParamsSpecTargetType,
} from '../../../imports/elbv2/elbv2.k8s.aws';
import { ALB_ANNOTATIONS, type AlbSettings, encodeAlbAnnotations } from '../../base/alb-annotations/annotations';
import { AlbController } from '../../base/alb-annotations/controller';
import { AlbScheme, IpAddressType, TargetType } from '../../base/alb-annotations/words';
import { InvalidProps, renaming } from '../../base/errors';
import { isNetworkAddress } from '../../base/ip';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { recommendedLabels, requireLabels } from '../../base/labels';
import { requireInteger } from '../../base/number';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { AUTO_MODE_API, autoModeParams } from './auto-mode';
import { requireTags } from './tags';
import { type LoadBalancerAttributes, renderLoadBalancerAttributes } from './load-balancer-attributes';
import { PlainObject } from '../wire/plain-object';

/** Largest reservation that the annotation and the IngressClassParams field allow, in LCU per hour. */
export const MAX_CAPACITY_UNITS = 999_999_999;

const DECLARED = oncePerApp<string>();

/** An IngressClass that belongs to the AWS Load Balancer Controller or to EKS Auto Mode. */
export interface IAlbIngressClass {
  /** Name of the IngressClass. */
  readonly className: string;
  /**
   * The controller of the class.
   *
   * @default - unknown
   */
  readonly controller?: AlbController;
  /** Settings that the class determines. The controller ignores what an Ingress says about them. @internal */
  readonly _decides?: readonly string[];
}

/** Props of an `AlbIngressClass`. Each Ingress can set what the class does not. */
export interface AlbIngressClassProps {
  /**
   * The controller of the class, which its Ingresses follow. EKS Auto Mode has fewer class parameters: a prop without one is rejected.
   *
   * @default AlbController.AWS_LOAD_BALANCER_CONTROLLER
   */
  readonly controller?: AlbController;

  /**
   * Name of the IngressClass and of its IngressClassParams.
   *
   * @default 'alb'
   */
  readonly className?: string;

  /**
   * Whether Ingresses without a class use this one. Two default classes in a cluster stop the controller.
   *
   * @default false
   */
  readonly isDefault?: boolean;

  /**
   * Labels of the namespaces that may use the class.
   *
   * @default - all namespaces
   */
  readonly namespaceLabels?: { readonly [key: string]: string };

  /**
   * IngressGroup of all Ingresses of the class, which then share one load balancer.
   *
   * @default - set by each Ingress
   */
  readonly groupName?: string;

  /** Whether load balancers have public addresses. @default - set by each Ingress */
  readonly scheme?: AlbScheme;

  /** Address families. @default - set by each Ingress */
  readonly ipAddressType?: IpAddressType;

  /** Subnet ids, at least two. @default - set by each Ingress */
  readonly subnetIds?: string[];

  /** Name of the load balancer in AWS. @default - set by each Ingress */
  readonly loadBalancerName?: string;

  /** ARNs of certificates. @default - set by each Ingress */
  readonly certificateArns?: string[];

  /** Security policy of HTTPS listeners. @default - set by each Ingress */
  readonly sslPolicy?: string;

  /** HTTPS port that HTTP listeners redirect to. @default - set by each Ingress */
  readonly sslRedirectPort?: number;

  /** Source addresses that may reach the listeners, as CIDR blocks. @default - set by each Ingress */
  readonly inboundCidrs?: string[];

  /** Managed prefix lists that may reach the listeners. @default - set by each Ingress */
  readonly inboundPrefixLists?: string[];

  /** ARN of a regional WAFv2 web ACL. @default - set by each Ingress */
  readonly wafv2AclArn?: string;

  /** Name of a regional WAFv2 web ACL. @default - set by each Ingress */
  readonly wafv2AclName?: string;

  /** What is registered as targets. @default - set by each Ingress */
  readonly targetType?: TargetType;

  /** AWS tags; key by key, they override those of an Ingress. @default - none */
  readonly tags?: { readonly [key: string]: string };

  /** Load balancer attributes; key by key, they override those of an Ingress. @default - none */
  readonly attributes?: LoadBalancerAttributes;

  /** Reserved capacity, in LCU per hour, up to 999,999,999. @default - set by each Ingress */
  readonly minimumCapacityUnits?: number;

  /** IPAM pool of public IPv4 addresses. @default - set by each Ingress */
  readonly ipamIpv4PoolId?: string;
}

/**
 * An IngressClass of the AWS Load Balancer Controller or of EKS Auto Mode, with IngressClassParams as the guard rails of a platform.
 *
 * Precedence (AWS Load Balancer Controller 3.5.0): the class overrides the annotations of an Ingress; for tags and attributes, key by
 * key. An Ingress that names its class in the annotation `kubernetes.io/ingress.class` bypasses all of it, so start the controller with
 * `--disable-ingress-class-annotation`. EKS Auto Mode does not support this annotation; its precedence is not documented.
 */
export class AlbIngressClass extends Construct implements IAlbIngressClass {
  /** References an existing class by its name. Its settings are unknown. */
  public static fromName(className: string): IAlbIngressClass {
    return { className: requireDnsSubdomain('className', className) };
  }

  /**
   * The class of an Ingress: the given one, else `alb`. EKS Auto Mode comes without a class, so its Ingress gets one of its own.
   *
   * @throws InvalidProps for a class of another controller
   * @internal
   */
  public static _of(alb: Construct, className: string, given: { controller?: AlbController; ingressClass?: IAlbIngressClass }): IAlbIngressClass {
    const { controller, ingressClass } = given;
    if (controller !== undefined && ingressClass?.controller !== undefined && controller !== ingressClass.controller) {
      throw InvalidProps.conflict('controller', controller,
        `must be ${ingressClass.controller}, the controller of IngressClass "${ingressClass.className}", or unset`, alb.node.path);
    }
    if (ingressClass !== undefined) {
      return ingressClass;
    }
    return controller === AlbController.EKS_AUTO_MODE ? new AlbIngressClass(alb, 'IngressClass', { controller, className }) : AlbIngressClass.fromName('alb');
  }

  public readonly className: string;
  public readonly controller?: AlbController;
  /** @internal */
  public readonly _decides: readonly string[];
  /** What the class determines, and what it adds. @internal */
  public readonly _settings: AlbSettings;

  /** @throws InvalidProps for a value that the controller or AWS would refuse, and for a class name that the app already uses */
  public constructor(scope: Construct, id: string, props: AlbIngressClassProps = {}) {
    super(requireChartScopeAndId(scope, id), id);
    const path = this.node.path;
    this.className = requireDnsSubdomain('className', requireProps('AlbIngressClassProps', props, path).className ?? 'alb', path);
    const other = DECLARED(this).get(this.className);
    if (other !== undefined) {
      throw InvalidProps.duplicate('className', this.className, `the name of ${other}`, path);
    }
    this._settings = this.settings(props);
    this._decides = Object.entries(this._settings).filter(([, value]) => value !== undefined).map(([name]) => name)
      .filter(name => ALB_ANNOTATIONS[name as keyof AlbSettings].merge !== 'merge' || name === 'certificateArns');
    this.controller = props.controller ?? AlbController.AWS_LOAD_BALANCER_CONTROLLER;
    const labels = recommendedLabels(this.controller === AlbController.EKS_AUTO_MODE ? 'eks-auto-mode' : 'aws-load-balancer-controller', 'alb');
    const params = this.params(props, { name: this.className, labels });
    new PlainObject(this, 'Params', params);
    new PlainObject(this, 'Resource', k8s.KubeIngressClass.manifest({
      metadata: {
        name: this.className,
        labels,
        annotations: props.isDefault ? { 'ingressclass.kubernetes.io/is-default-class': 'true' } : undefined,
      },
      spec: { controller: this.controller, parameters: { apiGroup: params.apiVersion.split('/')[0], kind: params.kind, name: this.className } },
    }));
    DECLARED(this).set(this.className, path);
  }

  /** The IngressClassParams. */
  private params(props: AlbIngressClassProps, metadata: ApiObjectMetadata): ApiObjectProps {
    const spec = paramsSpec(props, this._settings, this.node.path);
    if (this.controller !== AlbController.EKS_AUTO_MODE) {
      return IngressClassParams.manifest({ metadata, spec }) as ApiObjectProps;
    }
    const { group, version } = AUTO_MODE_API;
    return { apiVersion: `${group}/${version}`, kind: IngressClassParams.GVK.kind, metadata, spec: this.located(() => autoModeParams(this._settings, spec)) };
  }

  /** The same settings as on an Ingress, within the same bounds. */
  private settings(props: AlbIngressClassProps): AlbSettings {
    return this.located(() => {
      const settings = settingsOf(props);
      encodeAlbAnnotations(settings);
      return settings;
    });
  }

  private located<T>(make: () => T): T {
    return renaming(prop => prop.replace(/^\w+/, name => PROP_OF[name] ?? name), make, this.node.path);
  }
}

/** The prop for each setting whose name differs. */
const PROP_OF: { readonly [setting: string]: string } = {
  subnets: 'subnetIds', sslRedirect: 'sslRedirectPort', securityGroupPrefixLists: 'inboundPrefixLists', loadBalancerAttributes: 'attributes',
  minimumLoadBalancerCapacity: 'minimumCapacityUnits',
};

function settingsOf(props: AlbIngressClassProps): AlbSettings {
  if (props.wafv2AclArn !== undefined && props.wafv2AclName !== undefined) {
    throw InvalidProps.conflict('wafv2AclName', props.wafv2AclName, 'cannot be set together with wafv2AclArn: the controller would use the name');
  }
  return {
    groupName: props.groupName,
    scheme: props.scheme,
    ipAddressType: props.ipAddressType,
    subnets: props.subnetIds,
    loadBalancerName: props.loadBalancerName,
    certificateArns: props.certificateArns,
    sslPolicy: props.sslPolicy,
    sslRedirect: props.sslRedirectPort,
    inboundCidrs: props.inboundCidrs,
    securityGroupPrefixLists: props.inboundPrefixLists,
    wafv2AclArn: props.wafv2AclArn,
    wafv2AclName: props.wafv2AclName,
    targetType: props.targetType,
    tags: props.tags && requireTags('tags', props.tags),
    loadBalancerAttributes: props.attributes && renderLoadBalancerAttributes(props.attributes),
    minimumLoadBalancerCapacity: props.minimumCapacityUnits === undefined ? undefined
      : { CapacityUnits: String(requireInteger('minimumCapacityUnits', props.minimumCapacityUnits, 0, MAX_CAPACITY_UNITS)) },
    ipamIpv4PoolId: props.ipamIpv4PoolId,
  };
}

function paramsSpec(props: AlbIngressClassProps, settings: AlbSettings, path: string): IngressClassParamsSpec {
  props.subnetIds?.forEach((id, index) => {
    if (!id.startsWith('subnet-')) {
      throw InvalidProps.value(`subnetIds[${index}]`, id, 'must be a subnet id: IngressClassParams do not support Name tags', path);
    }
  });
  props.inboundCidrs?.forEach((cidr, index) => {
    // The webhook of IngressClassParams requires it, the annotation does not (ingressclassparams_validator.go:70).
    if (!isNetworkAddress(cidr)) {
      throw InvalidProps.value(`inboundCidrs[${index}]`, cidr, 'must be a network address, without host bits behind the prefix', path);
    }
  });
  const pairs = (map?: { readonly [key: string]: string }) => map && Object.entries(map).map(([key, value]) => ({ key, value }));
  return {
    namespaceSelector: props.namespaceLabels && { matchLabels: requireLabels('namespaceLabels', props.namespaceLabels, path) },
    group: props.groupName === undefined ? undefined : { name: props.groupName },
    scheme: props.scheme as unknown as IngressClassParamsSpecScheme,
    ipAddressType: props.ipAddressType as unknown as IngressClassParamsSpecIpAddressType,
    subnets: props.subnetIds && { ids: props.subnetIds },
    loadBalancerName: props.loadBalancerName,
    certificateArn: props.certificateArns,
    sslPolicy: props.sslPolicy,
    // A string that is not a number would silently turn off the redirect for the whole group.
    sslRedirectPort: props.sslRedirectPort === undefined ? undefined : String(props.sslRedirectPort),
    inboundCidRs: props.inboundCidrs,
    prefixListsIDs: props.inboundPrefixLists,
    wafv2AclArn: props.wafv2AclArn,
    wafv2AclName: props.wafv2AclName,
    targetType: props.targetType as unknown as IngressClassParamsSpecTargetType,
    tags: pairs(settings.tags),
    loadBalancerAttributes: pairs(settings.loadBalancerAttributes),
    minimumLoadBalancerCapacity: props.minimumCapacityUnits === undefined ? undefined : { capacityUnits: props.minimumCapacityUnits },
    ipamConfiguration: props.ipamIpv4PoolId === undefined ? undefined : { ipv4IpamPoolId: props.ipamIpv4PoolId },
  };
}
