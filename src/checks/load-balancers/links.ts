// Links: how requests get from load balancers to gateways.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { annotationOf } from '../../manifests/manifest';
import type { Listener } from '../../mesh/listeners';
import type { GatewayProxy } from '../../mesh/proxies';
import type { Service, ServicePort } from '../../mesh/objects/services';
import type { Workload } from '../../mesh/objects/workloads';
import type { LoadBalancer, TargetGroup } from '../../plan/load-balancer';
import { isBuilt } from '../../plan/plan';
import { annotationPointer } from '../../plan/settings';
import type { TargetService } from '../../trace/alb/targets';
import type { TraceModels } from '../../trace/models';
import type { Patch } from '../patch';

/** A target group whose targets are the pods of a gateway. */
export interface Link {
  readonly loadBalancer: LoadBalancer;
  readonly group: TargetGroup;
  /** The Service whose pods are the targets, and its port. */
  readonly service: Service;
  readonly port: ServicePort;
  readonly gateway: Workload;
  readonly proxy: GatewayProxy;
  /** Absent if nothing listens at the port. */
  readonly listener?: Listener;
}

/** A target group, and what fills it. */
export interface FilledGroup extends TargetService {
  readonly loadBalancer: LoadBalancer;
  readonly group: TargetGroup;
}

/** The target groups of all load balancers, those apart whose Service the input lacks. */
export function targetsOf(models: TraceModels): FilledGroup[] {
  return models.plan.loadBalancers.filter(isBuilt).flatMap(loadBalancer => loadBalancer.targetGroups.flatMap((group): FilledGroup[] => {
    const found = models.targetsOf(group);
    return found === undefined ? [] : [{ ...found, loadBalancer, group }];
  }));
}

/** The links of all load balancers. */
export function linksOf(models: TraceModels): Link[] {
  return targetsOf(models).flatMap(({ gateways, loadBalancer, group, service, port }) => gateways.map((gateway): Link => {
    const proxy = models.mesh.gateway(gateway);
    // Where the ages of several Services of the gateway are unknown, each may be the one that decides where the gateway listens.
    const listener = proxy.listenerOn(proxy.targetOf(port)) ?? (models.otherOrders().length > 0 ? proxy.listenerAt(port.port) : undefined);
    return { loadBalancer, group, service, port, gateway, proxy, ...(listener === undefined ? {} : { listener }) };
  }));
}

/** The links of Application Load Balancers to gateways whose pods are in the input. */
export function balancedLinks(links: readonly Link[]): Link[] {
  return links.filter(({ loadBalancer, gateway }) => loadBalancer.type === 'application' && !gateway.isAssumed);
}

/** The scheme in which a load balancer sends requests that it has decrypted or got in plaintext; nothing if it passes connections on. */
export function schemeTo({ loadBalancer: { type }, group: { protocol } }: Link): 'http' | 'https' | undefined {
  return protocol === 'HTTPS' || protocol === 'TLS' ? 'https' : type === 'application' ? 'http' : undefined;
}

/** A link in words, as the subject of a sentence. */
export function linkText({ loadBalancer: { group }, port }: Link): string {
  return `load balancer ${group} to port ${port.port} of the gateway`;
}

/**
 * Patches that set an annotation for the target group of a link: on the Service if it has the annotation, which comes first, else on the Ingress. None if
 * the Ingress has other backends than gateways, because the annotation is for all of them.
 */
export function annotationPatches({ group: { from }, service, loadBalancer }: Link, links: readonly Link[], values: Readonly<Record<string, string>>): Patch[] {
  const groups = loadBalancer.targetGroups.filter(own => own.from.manifest === from.manifest);
  return !groups.every(group => links.some(link => link.group === group)) ? [] : Object.entries(values).map(([name, text]): Patch => {
    const manifest = annotationOf(service.manifest, ALB_PREFIX + name) === undefined ? from.manifest : service.manifest;
    return { manifest, op: 'set', pointer: annotationPointer(name), text };
  });
}
