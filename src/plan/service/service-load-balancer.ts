// The Network Load Balancer of a Service (AWS Load Balancer Controller 3.5.0 pkg/service/model_builder.go, model_build_load_balancer.go).
import { AlbScheme, IpAddressType } from '../../base/alb-annotations/words';
import { toAttributes } from '../attributes';
import type { Attribute, LoadBalancer } from '../load-balancer';
import { generatedName, hashOf } from '../names';
import type { PlanEvent } from '../refusal';
import { requireRoutingPolicy } from '../routing-policy';
import { addressesOf } from './service-addresses';
import type { ServiceBuild } from './service-build';
import { listenersOf } from './service-listeners';
import { securityGroupsOf } from './service-security-groups';
import { ServiceTargetGroups } from './service-target-groups';

/** The load balancer of a Service, and the ports without effect. */
export interface BuiltService {
  readonly loadBalancer: LoadBalancer;
  readonly ignored: readonly PlanEvent[];
}

/** @throws Refusal for what makes the controller give up */
export function buildServiceLoadBalancer(build: ServiceBuild): BuiltService {
  const { settings, id, manifest, tags } = build;
  const scheme = schemeOf(build);
  const ipAddressType = settings.get('ipAddressType') ?? IpAddressType.IPV4;
  const { subnets, enablePrefixForIpv6SourceNat } = addressesOf(build, scheme, ipAddressType);
  const attributes = attributesOf(build);
  const securityGroups = securityGroupsOf(build, ipAddressType);
  const name = nameOfLoadBalancer(build, scheme);
  const targetGroups = new ServiceTargetGroups(build, { scheme, ipAddressType, subnets, securityGroups });
  const { listeners, ignored } = listenersOf(build, targetGroups);
  const loadBalancer: LoadBalancer = {
    type: 'network',
    group: id,
    members: [manifest],
    name,
    scheme,
    ipAddressType,
    subnets,
    securityGroups: securityGroups.ids,
    managedSecurityGroup: securityGroups.managed,
    attributes,
    tags,
    capacityUnits: capacityOf(build),
    enablePrefixForIpv6SourceNat,
    securityGroupsInboundRulesOnPrivateLink: settings.get('inboundRulesOnPrivateLinkTraffic'),
    createdCertificates: [],
    listeners,
    targetGroups: [...targetGroups.made.values()],
    unknown: build.unknown,
  };
  return { loadBalancer, ignored };
}

/** The old key counts only without the new one (:244). */
function schemeOf({ settings, options }: ServiceBuild): string {
  const written = settings.get('scheme');
  if (written !== undefined) {
    return written;
  }
  const internal = settings.get('internal');
  return internal === undefined ? options.defaultScheme : internal ? AlbScheme.INTERNAL : AlbScheme.INTERNET_FACING;
}

/** Annotations for single attributes win over the map (:478). */
function attributesOf({ settings }: ServiceBuild): Attribute[] {
  const attributes = settings.get('loadBalancerAttributes') ?? {};
  requireRoutingPolicy(attributes, reason => settings.refusal('loadBalancerAttributes', reason));
  const crossZone = settings.get('crossZone');
  const [bucket, prefix] = [settings.get('accessLogBucketName'), settings.get('accessLogBucketPrefix')];
  const logs = settings.get('accessLogEnabled') === true ? {
    'access_logs.s3.enabled': 'true',
    ...bucket === undefined ? {} : { 'access_logs.s3.bucket': bucket },
    ...prefix === undefined ? {} : { 'access_logs.s3.prefix': prefix },
  } : {};
  return toAttributes({ ...attributes, ...logs, ...crossZone === undefined ? {} : { 'load_balancing.cross_zone.enabled': String(crossZone) } });
}

function capacityOf(build: ServiceBuild): number | undefined {
  const units = build.isOn('LBCapacityReservation') ? build.settings.get('minimumLoadBalancerCapacity')?.CapacityUnits : undefined;
  return units === undefined ? undefined : Number(units);
}

function nameOfLoadBalancer(build: ServiceBuild, scheme: string): string {
  const { settings, options, namespace, name, manifest } = build;
  const written = settings.get('loadBalancerName');
  if (written === undefined) {
    return generatedName(namespace, name, hashOf([options.clusterName, build.uidOf(manifest), scheme]));
  }
  if (new TextEncoder().encode(written).length > 32) {
    throw settings.refusal('loadBalancerName', `must have at most 32 characters; got ${written}`);
  }
  return written;
}
