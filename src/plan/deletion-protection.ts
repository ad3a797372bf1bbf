// Deletion protection: what keeps the controller from deleting a load balancer, and what does not.
import { NLB_TABLE } from '../base/nlb-annotations/annotations';
import { Kind, kindOf } from '../manifests/kind';
import type { Manifest } from '../manifests/manifest';
import { attributeOf, type LoadBalancer } from './load-balancer';
import { orRefusal, type Refusal } from './refusal';
import { AnnotationReader, Settings } from './settings';

const ATTRIBUTE = 'deletion_protection.enabled';

/** What Go reads as false. */
const FALSE = /^(0|f|F|false|FALSE|False)$/;

/**
 * Why the controller refuses to let go of a deleted Ingress, or of the load balancer of a Service that is deleted or has none any more: its own
 * annotation turns on deletion protection, or cannot be read (3.5.0 pkg/ingress/model_builder.go:297, pkg/service/model_builder.go:247). What
 * IngressClassParams turn on does not count, nor does what AWS has.
 */
export function deletionRefusal(manifest: Manifest): Refusal | undefined {
  return kindOf(manifest) === Kind.SERVICE ? refusalOf(new AnnotationReader(manifest, NLB_TABLE), 'delete the load balancer of this Service')
    : refusalOf(new Settings(manifest), 'let go of this Ingress');
}

function refusalOf(
  settings: AnnotationReader<{ readonly loadBalancerAttributes?: Readonly<Record<string, string>> }>, what: string,
): Refusal | undefined {
  return orRefusal(() => {
    const value = settings.get('loadBalancerAttributes')?.[ATTRIBUTE];
    return value === undefined || FALSE.test(value) ? undefined
      : settings.refusal('loadBalancerAttributes', `turns on deletion protection: the controller refuses to ${what} until the annotation is changed`);
  });
}

/** Whether AWS protects a load balancer. The controller turns that off before it deletes one (3.5.0 pkg/deploy/elbv2/load_balancer_synthesizer.go:73). */
export function isProtected(loadBalancer: LoadBalancer): boolean {
  return attributeOf(loadBalancer, ATTRIBUTE) === 'true';
}
