// What differs for EKS Auto Mode: settings that it ignores, and its IngressClassParams.
// Facts: EKS user guide, page auto-configure-alb (2024-12 to 2025-08). No CRD is published, so the types follow the fields that the page lists.
import type { IngressClassParamsSpec } from '../../../imports/elbv2/elbv2.k8s.aws';
import { ALB_ANNOTATIONS, type AlbSettings } from '../../base/alb-annotations/annotations';
import { InvalidProps } from '../../base/errors';

/** API group and version of its objects. */
export const AUTO_MODE_API = { group: 'eks.amazonaws.com', version: 'v1' } as const;

/** The spec of its IngressClassParams. */
export interface AutoModeParamsSpec
  extends Pick<IngressClassParamsSpec, 'namespaceSelector' | 'group' | 'scheme' | 'ipAddressType' | 'tags' | 'loadBalancerAttributes'> {
  readonly certificateARNs?: readonly string[];
  readonly subnets?: { readonly ids?: readonly string[] };
}

/** What to set instead, beyond what the table says. */
const INSTEAD: { readonly [P in keyof AlbSettings]?: string } = { groupName: '; set groupName of an AlbIngressClass' };

/** Refuses annotations without effect. @throws InvalidProps that names the setting */
export function refuseIgnoredByAutoMode(settings: AlbSettings): void {
  for (const [name, value] of Object.entries(settings) as [keyof AlbSettings, unknown][]) {
    const ignored = value === undefined ? undefined : ALB_ANNOTATIONS[name].ignoredByAutoMode;
    if (ignored !== undefined && (ignored.value === undefined || ignored.value === value)) {
      throw InvalidProps.conflict(name, value, `cannot be set, because EKS Auto Mode ignores it: ${ignored.why}${INSTEAD[name] ?? ''}`);
    }
  }
}

/** The parameters, from those of the AWS Load Balancer Controller. @throws InvalidProps that names a setting for which no parameter is documented */
export function autoModeParams(settings: AlbSettings, spec: IngressClassParamsSpec): AutoModeParamsSpec {
  for (const [name, value] of Object.entries(settings) as [keyof AlbSettings, unknown][]) {
    if (value !== undefined && ALB_ANNOTATIONS[name].autoModeField === undefined) {
      throw InvalidProps.conflict(name, value, 'cannot be set, because EKS Auto Mode documents no class parameter for it; set it on each Alb');
    }
  }
  const { namespaceSelector, group, scheme, ipAddressType, subnets, certificateArn, tags, loadBalancerAttributes } = spec;
  return {
    namespaceSelector, group, scheme, ipAddressType, subnets: subnets && { ids: subnets.ids }, certificateARNs: certificateArn, tags, loadBalancerAttributes,
  };
}
