// What EKS Auto Mode does differently from the open-source controller. AWS runs it, without published source or version; facts are from the EKS user guide
// (pages auto-configure-alb and auto-networking, 2024-12 to 2025-08) and from issues, which are named where they are used.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { annotationsOf, type Manifest, specOf } from '../../manifests/manifest';
import { asObject, asText, type PlainObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import { type ControllerSettings, controllerSettings } from '../controller-options';
import type { LoadBalancer } from '../load-balancer';
import type { PlanEvent } from '../refusal';

/** The controller of EKS Auto Mode, as an IngressClass names it. */
export const AUTO_MODE_CONTROLLER = 'eks.amazonaws.com/alb';

/** What nobody outside of AWS knows of a load balancer of EKS Auto Mode. */
const UNKNOWN = 'what EKS Auto Mode does differently: this is what the open-source controller builds, except for documented differences';

/** Annotations that have no effect, by their keys without prefix. All are ignored silently. */
const IGNORED: readonly { readonly key: RegExp; readonly value?: RegExp; readonly why: string }[] = [
  { key: /^group\.name$/, why: 'Ingresses are grouped by spec.group of the IngressClassParams' },
  { key: /^(waf-acl-id|web-acl-id)$/, why: 'it has no WAF Classic: use wafv2-acl-arn' },
  { key: /^shield-advanced-protection$/, why: 'it does not set up Shield' },
  { key: /^auth-type$/, value: /^oidc$/, why: 'it has no login with OIDC, so that requests come in without one' },
  { key: /^auth-idp-oidc$/, why: 'it has no login with OIDC' },
  // kubernetes-sigs/aws-load-balancer-controller#4100, #4433 and #4473
  { key: /^listener-attributes\./, why: 'it does not set attributes of listeners' },
  { key: /^transforms\./, why: 'it does not rewrite requests' },
  { key: /^jwt-validation$/, why: 'it does not validate tokens, so that requests come in without one' },
];

/** Whether EKS Auto Mode reads an annotation. */
export function isReadByAutoMode(key: string, value: string): boolean {
  return whyIgnored(key, value) === undefined;
}

function whyIgnored(key: string, text: string): string | undefined {
  const suffix = key.startsWith(ALB_PREFIX) ? key.slice(ALB_PREFIX.length) : '';
  return IGNORED.find(({ key: own, value }) => own.test(suffix) && (value === undefined || value.test(text)))?.why;
}

/** The annotations of an Ingress without effect. */
export function ignoredByAutoMode(manifest: Manifest): PlanEvent[] {
  return annotationsOf(manifest).flatMap(([key, value]): PlanEvent[] => {
    const why = whyIgnored(key, String(value));
    const place = pointer('metadata', 'annotations', key);
    return why === undefined ? [] : [{ severity: 'ignored', reason: `EKS Auto Mode ignores it: ${why}`, manifest, pointer: place, reach: 'ingress' }];
  });
}

/** Fields of IngressClassParams of `elbv2.k8s.aws/v1beta1` that those of `eks.amazonaws.com/v1` do not have. */
const NO_FIELDS = ['certificateArn', 'listeners', 'prefixListsIDs', 'PrefixListsIDs', 'sslPolicy'];

/** The parameters without effect. */
export function ignoredParams(manifest: Manifest): PlanEvent[] {
  return Object.keys(specOf(manifest)).filter(field => NO_FIELDS.includes(field)).map((field): PlanEvent => ({
    severity: 'ignored', reason: `EKS Auto Mode has no parameter ${field}`, manifest, pointer: pointer('spec', field), reach: 'ingress',
  }));
}

/** The spec of IngressClassParams of `eks.amazonaws.com/v1`, in the words of `elbv2.k8s.aws/v1beta1`. */
export function autoModeParams({ certificateARNs, subnets, ...others }: PlainObject): PlainObject {
  const { matchTags, ids } = asObject(subnets);
  return {
    ...Object.fromEntries(Object.entries(others).filter(([field]) => !NO_FIELDS.includes(field))),
    ...certificateARNs === undefined ? {} : { certificateArn: certificateARNs },
    ...subnets === undefined ? {} : { subnets: { ids, tags: tagsOf(matchTags) } },
  };
}

/** A list of keys with values; its schema is not published, so that a map counts as well. */
function tagsOf(matchTags: unknown): unknown {
  return Array.isArray(matchTags)
    ? Object.fromEntries(matchTags.map(asObject).map(({ key, values, value }) => [asText(key) ?? '', values ?? [value]])) : matchTags;
}

/** Flags do not reach it: targets are IP addresses by default, and the name of the cluster is not known to be in names. */
export function autoModeSettings(): ControllerSettings {
  return controllerSettings({ defaultTargetType: 'ip' });
}

/** A load balancer of EKS Auto Mode, marked as such. */
export function ofAutoMode(loadBalancer: LoadBalancer): LoadBalancer {
  return { ...loadBalancer, autoMode: true, unknown: [UNKNOWN, ...loadBalancer.unknown] };
}
