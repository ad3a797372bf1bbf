// How risky a change is: which part of the traffic path it touches.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { asObject, type PlainObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';
import type { FieldChange } from './fields';

/** What a change touches, the riskiest first. */
export enum Risk {
  /** Deletes or replaces a load balancer or a target group, or everything in a namespace. */
  LOAD_BALANCER = 'load-balancer',
  /** Changes where connections are accepted: listeners, hosts and certificates of load balancers, servers of Gateways. */
  LISTENER = 'listener',
  /** Changes what is encrypted between workloads. */
  MTLS = 'mtls',
  /** Changes who may call. */
  AUTHORIZATION = 'authorization',
  /** Changes where requests are routed. */
  ROUTE = 'route',
  /** Anything else. */
  OTHER = 'other',
}

/** All risks, the highest first. */
export const RISKS: readonly Risk[] = Object.values(Risk);

/** An object before and after; one of the two is absent when it was added or removed. */
export interface ObjectPair {
  readonly before?: PlainObject;
  readonly after?: PlainObject;
}

/** The annotations that decide which load balancer or target group an Ingress gets (AWS Load Balancer Controller 3.5, docs/guide/ingress/annotations.md). */
const REPLACING = ['scheme', 'group.name', 'target-type', 'backend-protocol', 'backend-protocol-version', 'target-node-labels'];

const ALB = `/metadata/annotations${pointer(ALB_PREFIX)}`;
const NLB = `/metadata/annotations${pointer('service.beta.kubernetes.io/aws-load-balancer-')}`;

const AUTHORIZATION = new Set([
  'AuthorizationPolicy', 'RequestAuthentication', 'NetworkPolicy', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'ServiceAccount',
]);
const ROUTES = new Set([
  'VirtualService', 'DestinationRule', 'ServiceEntry', 'Sidecar', 'WorkloadEntry', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute',
]);
const DELETES_LOAD_BALANCER = new Set(['Ingress', 'Namespace', 'IngressClass', 'IngressClassParams', 'TargetGroupBinding']);

/** The risk of an object that was added or removed. */
export function riskOfObject(pair: ObjectPair): Risk {
  const object = pair.after ?? pair.before!;
  const kind = String(object.kind);
  if (pair.after === undefined && (DELETES_LOAD_BALANCER.has(kind) || isLoadBalancer(object))) {
    return Risk.LOAD_BALANCER;
  }
  return kind === 'Gateway' || kind === 'Ingress' || isLoadBalancer(object) ? Risk.LISTENER
    : kind === 'PeerAuthentication' || (kind === 'DestinationRule' && mentionsTls(object)) ? Risk.MTLS
      : riskOfKind(kind);
}

/** The risk of a field that changed. */
export function riskOfField(pair: ObjectPair, { path, before, after }: FieldChange): Risk {
  const kind = String((pair.after ?? pair.before!).kind);
  switch (kind) {
    case 'Ingress':
      return riskInIngress(path);
    case 'IngressClassParams':
      return /^\/spec\/(scheme|group|targetType|loadBalancerName)/.test(path) ? Risk.LOAD_BALANCER : path.startsWith('/spec/') ? Risk.LISTENER : Risk.OTHER;
    case 'IngressClass':
    case 'TargetGroupBinding':
      return path.startsWith('/spec') ? Risk.LOAD_BALANCER : Risk.OTHER;
    case 'Service':
      return riskInService(pair, path);
    case 'Gateway':
      return path.startsWith('/spec') ? Risk.LISTENER : Risk.OTHER;
    case 'PeerAuthentication':
      return path.startsWith('/spec') ? Risk.MTLS : Risk.OTHER;
    case 'DestinationRule':
      return /\/tls(\/|$)/.test(path) || mentionsTls(before) || mentionsTls(after) ? Risk.MTLS : path.startsWith('/spec') ? Risk.ROUTE : Risk.OTHER;
    default:
      return path.startsWith('/metadata/') ? Risk.OTHER : riskOfKind(kind);
  }
}

function riskInIngress(path: string): Risk {
  if (path.startsWith(ALB)) {
    const name = path.slice(ALB.length);
    return REPLACING.includes(name) ? Risk.LOAD_BALANCER
      : name.startsWith('auth-') ? Risk.AUTHORIZATION
        : /^(actions|conditions|transforms)\./.test(name) ? Risk.ROUTE
          : Risk.LISTENER;
  }
  if (path === '/spec/ingressClassName' || path === `/metadata/annotations${pointer('kubernetes.io/ingress.class')}`) {
    return Risk.LOAD_BALANCER;
  }
  return /^\/spec\/rules\/\d+(\/host)?$/.test(path) || path.startsWith('/spec/tls') ? Risk.LISTENER
    : path.startsWith('/spec') ? Risk.ROUTE : Risk.OTHER;
}

function riskInService({ before, after }: ObjectPair, path: string): Risk {
  if (!isLoadBalancer(before) && !isLoadBalancer(after)) {
    return Risk.OTHER;
  }
  const annotation = path.startsWith(NLB) ? path.slice(NLB.length) : '';
  if (/^\/spec\/(type|loadBalancerClass)$/.test(path) || ['type', 'scheme', 'internal', 'nlb-target-type'].includes(annotation)) {
    return isLoadBalancer(before) ? Risk.LOAD_BALANCER : Risk.LISTENER;
  }
  return annotation !== '' || path.startsWith('/spec/ports') || path.startsWith('/spec/loadBalancerSourceRanges') ? Risk.LISTENER : Risk.OTHER;
}

function riskOfKind(kind: string): Risk {
  return kind === 'PeerAuthentication' ? Risk.MTLS
    : AUTHORIZATION.has(kind) ? Risk.AUTHORIZATION
      : ROUTES.has(kind) ? Risk.ROUTE
        : Risk.OTHER;
}

function isLoadBalancer(object: PlainObject | undefined): boolean {
  return object?.kind === 'Service' && asObject(object.spec).type === 'LoadBalancer';
}

function mentionsTls(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    && Object.entries(value).some(([key, inner]) => key === 'tls' || mentionsTls(inner));
}
