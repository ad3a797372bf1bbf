// What EKS Auto Mode does differently from the open-source controller. AWS runs it, without published source or version; facts are from the EKS user guide
// (pages auto-configure-alb, auto-configure-nlb and auto-networking, 2024-12 to 2025-08) and from issues, which are named where they are used.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { NLB_PREFIX } from '../base/nlb-annotations/annotations';
import { annotationsOf, type Manifest, specOf } from '../manifests/manifest';
import { asObject, asText, type PlainObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';
import { type ControllerSettings, controllerSettings } from './controller-options';
import type { LoadBalancer } from './load-balancer';
import type { PlanEvent } from './refusal';

/** The controller of EKS Auto Mode, as an IngressClass names it. */
export const AUTO_MODE_CONTROLLER = 'eks.amazonaws.com/alb';

/** The class of the Services that it builds Network Load Balancers for. */
export const AUTO_MODE_SERVICE_CLASS = 'eks.amazonaws.com/nlb';

/** What nobody outside of AWS knows of a load balancer of EKS Auto Mode. */
const UNKNOWN = 'what EKS Auto Mode does differently: this is what the open-source controller builds, except for documented differences';

interface Ignored {
  /** The key without prefix. */
  readonly key: RegExp;
  readonly value?: RegExp;
  readonly why: string;
}

/** Annotations of Ingresses, and of Services behind them, that have no effect. All are ignored silently. */
const OF_INGRESSES: readonly Ignored[] = [
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

/** Annotations of Services of type LoadBalancer that have no effect. */
const OF_SERVICES: readonly Ignored[] = [
  { key: /^load-balancer-source-ranges$/, why: 'use spec.loadBalancerSourceRanges' },
  { key: /^aws-load-balancer-type$/, why: 'use spec.loadBalancerClass' },
  { key: /^aws-load-balancer-internal$/, why: 'use aws-load-balancer-scheme' },
  { key: /^aws-load-balancer-proxy-protocol$/, why: 'use aws-load-balancer-target-group-attributes' },
  { key: /^aws-load-balancer-(access-log-enabled|access-log-s3-bucket-(name|prefix)|cross-zone-load-balancing-enabled)$/, why: 'use aws-load-balancer-attributes' },
  { key: /^aws-load-balancer-disable-nlb-sg$/, why: 'its Network Load Balancers always have security groups' },
];

/** Whether EKS Auto Mode reads an annotation. */
export function isReadByAutoMode(key: string, value: string): boolean {
  return whyIgnored(key, value) === undefined;
}

function whyIgnored(key: string, text: string): string | undefined {
  const [table, prefix] = key.startsWith(NLB_PREFIX) ? [OF_SERVICES, NLB_PREFIX] : [OF_INGRESSES, ALB_PREFIX];
  const suffix = key.startsWith(prefix) ? key.slice(prefix.length) : '';
  return table.find(({ key: own, value }) => own.test(suffix) && (value === undefined || value.test(text)))?.why;
}

/** The annotations of an Ingress, or of a Service of type LoadBalancer, without effect. */
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
