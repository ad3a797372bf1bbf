// Stickiness of a load balancer binds clients to gateway pods, not to those of the application.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import { pointer } from '../../manifests/pointer';
import { annotationOf } from '../../manifests/manifest';
import { attributeOf } from '../../plan/load-balancer';
import type { Check } from '../check';
import { forwardsOf } from '../routes/forwards';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#sticky-sessions */
export const stickinessEndsAtGateway: Check = {
  id: 'stickiness-ends-at-gateway',
  severity: 'warning',
  title: 'Stickiness of the load balancer ends at the gateway',
  why: 'The cookie of the load balancer binds a client to a pod of the gateway, which still spreads its requests over all pods of the application. '
    + 'sessionAffinity of the Service has no effect either, because the gateway connects to the pods itself.',
  fix: 'Set trafficPolicy.loadBalancer.consistentHash.httpCookie in a DestinationRule for the Service, and remove the stickiness of the load balancer.',
  related: ['E128'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.DESTINATION_RULE, Kind.GATEWAY, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links, models: { mesh } }) {
    const key = `${ALB_PREFIX}target-group-attributes`;
    for (const { group, proxy, service, listener } of links.filter(link => attributeOf(link.group, 'stickiness.enabled') === 'true')) {
      const tables = listener?.filterChains.all.map(({ routeConfig }) => routeConfig) ?? [];
      const behind = forwardsOf(mesh).filter(own => own.proxy === proxy && tables.includes(own.table)).map(({ cluster }) => cluster);
      const spread = behind.find(({ endpoints }) => endpoints.reduce((sum, { count }) => sum + count, 0) > 1);
      // With a hash for one of the Services, the author knows where sessions are bound.
      if (spread !== undefined && behind.every(({ balancer }) => balancer !== 'RING_HASH' && balancer !== 'MAGLEV')) {
        const manifest = annotationOf(service.manifest, key) === undefined ? group.from.manifest : service.manifest;
        const place = annotationOf(manifest, key) === undefined ? group.from.pointer : pointer('metadata', 'annotations', key);
        const message = `stickiness.enabled=true binds clients to pods of the gateway, which spreads their requests over those of ${spread.service.hostname}`;
        yield { manifest, pointer: place, message };
      }
    }
  },
};
