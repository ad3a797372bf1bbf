// A Service behind an Application Load Balancer has annotations for a Network Load Balancer.
import { NLB_PREFIX } from '../../base/nlb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import { annotationsOf, type Manifest, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { pointer } from '../../manifests/pointer';
import { isBuilt } from '../../plan/plan';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_target_group.go reads ALB annotations only. */
export const nlbAnnotationBehindAlb: Check = {
  id: 'nlb-annotation-behind-alb',
  severity: 'warning',
  title: 'A Service behind an Application Load Balancer has annotations for a Network Load Balancer',
  why: 'Annotations that start with service.beta.kubernetes.io apply only to a load balancer that is made for the Service itself. The target groups of an '
    + 'Ingress ignore them, so their health checks and attributes stay at the defaults.',
  fix: 'Set the ALB annotations on the Ingress or the Service, such as healthcheck-path and healthcheck-port.',
  related: ['E052'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run(subject) {
    const { models: { plan } } = subject;
    const ingresses = new Map<string, Manifest>(plan.loadBalancers.filter(isBuilt).filter(({ type }) => type === 'application').flatMap(({ targetGroups }) => (
      targetGroups.map(({ service, from }) => [`${service?.namespace}/${service?.name}`, from.manifest] as const))));
    const owners = new Set<Manifest>(plan.loadBalancers.flatMap(({ members }) => members));
    for (const manifest of subject.of(Kind.SERVICE)) {
      const ingress = ingresses.get(qualifiedNameOf(manifest));
      if (ingress === undefined || owners.has(manifest) || specOf(manifest).type === 'LoadBalancer') {
        continue;
      }
      for (const [key] of annotationsOf(manifest).filter(([own]) => own.startsWith(`${NLB_PREFIX}aws-load-balancer-`))) {
        const message = `${key.slice(NLB_PREFIX.length)} has no effect on the Application Load Balancer of Ingress ${qualifiedNameOf(ingress)}`;
        yield { manifest, pointer: pointer('metadata', 'annotations', key), message };
      }
    }
  },
};
