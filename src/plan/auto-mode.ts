// What EKS Auto Mode does differently from the open-source controller. AWS runs it, without published source or version; facts are from the EKS user guide
// (pages auto-configure-alb, auto-configure-nlb and auto-networking, 2024-12 to 2025-08) and from issues, which are named where they are used.
import { whyAutoModeIgnores } from '../base/nlb-annotations/auto-mode';
import { annotationsOf, type Manifest, specOf } from '../manifests/manifest';
import { asObject, asText, type PlainObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';
import { type ControllerSettings, controllerSettings } from './controller-options';
import type { LoadBalancer } from './load-balancer';
import type { PlanEvent } from './refusal';

/** What nobody outside of AWS knows of a load balancer of EKS Auto Mode. */
const UNKNOWN = 'what EKS Auto Mode does differently: this is what the open-source controller builds, except for documented differences';

/** The annotations of an Ingress, or of a Service of type LoadBalancer, without effect. */
export function ignoredByAutoMode(manifest: Manifest): PlanEvent[] {
  return annotationsOf(manifest).flatMap(([key, value]): PlanEvent[] => {
    const why = whyAutoModeIgnores(key, String(value));
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
