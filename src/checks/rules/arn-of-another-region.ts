// A load balancer refers to resources of several Regions.
import { Kind } from '../../manifests/kind';
import { isBuilt } from '../../plan/plan';
import type { Check } from '../check';
import { arnsOf, placeOf, regionOf } from '../load-balancers/referenced-arns';

/** A Region, such as us-east-1; anything else is a placeholder. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** ELBv2 API 2015-12-01: certificates, trust stores and target groups are of the Region of the load balancer. WAFv2: so are web ACLs. */
export const arnOfAnotherRegion: Check = {
  id: 'arn-of-another-region',
  severity: 'error',
  title: 'A load balancer refers to resources of several Regions',
  why: 'Certificates, trust stores, web ACLs and target groups have to be in the Region of the load balancer. AWS refuses an ARN of another Region, and the '
    + 'controller stops there (FailedDeployModel): a listener is missing, or the load balancer has no web ACL.',
  fix: 'Use the ARN of a resource in the Region of the cluster. A web ACL for an Application Load Balancer has scope REGIONAL.',
  related: ['E058', 'E099'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ models: { plan } }) {
    for (const loadBalancer of plan.loadBalancers.filter(isBuilt)) {
      const arns = arnsOf(loadBalancer).filter(own => REGION.test(regionOf(own)));
      const regions = arns.map(regionOf);
      const usual = [...new Set(regions)].sort((a, b) => countOf(b, regions) - countOf(a, regions))[0];
      for (const arn of arns) {
        const isGlobal = arn.includes(':wafv2:') && arn.includes(':global/');
        if (regionOf(arn) !== usual || isGlobal) {
          const fault = isGlobal ? 'is a web ACL of scope CLOUDFRONT'
            : `is of Region ${regionOf(arn)}, and other resources of the load balancer are of ${usual}`;
          yield { ...placeOf(arn, loadBalancer.members), message: `${arn} ${fault}` };
        }
      }
    }
  },
};

function countOf(region: string, regions: readonly string[]): number {
  return regions.filter(own => own === region).length;
}
