// How risky it is to add, remove or change an object.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { asObject, type PlainObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';
import { type FieldChange, leaves } from './fields';
import { riskOfMetadata } from './metadata-risk';
import { type ObjectPair, Risk, higherRisk } from './risk';

/** The annotations that decide which load balancer or target group an Ingress gets (AWS Load Balancer Controller 3.5, docs/guide/ingress/annotations.md). */
const REPLACING = ['scheme', 'group.name', 'target-type', 'backend-protocol', 'backend-protocol-version', 'target-node-labels'];

const ALB = `/metadata/annotations${pointer(ALB_PREFIX)}`;
const NLB = `/metadata/annotations${pointer('service.beta.kubernetes.io/aws-load-balancer-')}`;

const SOURCE_RANGES = `/metadata/annotations${pointer('service.beta.kubernetes.io/load-balancer-source-ranges')}`;

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

/** The risk of a field that changed. Where a whole object appears in place of null, the riskiest of its fields counts. */
export function riskOfField(pair: ObjectPair, change: FieldChange): Risk {
  const removal = riskOfObject({ before: pair.before ?? pair.after });
  return partsOf(change).map(part => higherRisk(riskOfPart(pair, part), riskOfMetadata(pair, part, removal) ?? Risk.OTHER)).reduce(higherRisk);
}

/** The change itself, and the fields below it. */
function partsOf(change: FieldChange): FieldChange[] {
  const parts = new Map<string, FieldChange>([[change.path, change]]);
  for (const side of ['before', 'after'] as const) {
    const found = leaves(change.path, change[side]).filter(([path]) => path !== change.path);
    found.forEach(([path, value]) => parts.set(path, { path, ...parts.get(path), [side]: value }));
  }
  return [...parts.values()];
}

function riskOfPart(pair: ObjectPair, { path, before, after }: FieldChange): Risk {
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
    return riskOfAlbAnnotation(path.slice(ALB.length));
  }
  if (path === '/spec/ingressClassName' || path === `/metadata/annotations${pointer('kubernetes.io/ingress.class')}`) {
    return Risk.LOAD_BALANCER;
  }
  return /^\/spec\/rules\/\d+(\/host)?$/.test(path) || path.startsWith('/spec/tls') ? Risk.LISTENER
    : path.startsWith('/spec') ? Risk.ROUTE : Risk.OTHER;
}

function riskOfAlbAnnotation(name: string): Risk {
  return REPLACING.includes(name) ? Risk.LOAD_BALANCER
    : name.startsWith('auth-') ? Risk.AUTHORIZATION
      : /^(actions|conditions|transforms)\./.test(name) ? Risk.ROUTE
        : Risk.LISTENER;
}

/** The annotations of a Service override those of the Ingress (AWS Load Balancer Controller 3.5 pkg/ingress/model_build_target_group.go). */
function riskInService({ before, after }: ObjectPair, path: string): Risk {
  if (path.startsWith(ALB)) {
    return riskOfAlbAnnotation(path.slice(ALB.length));
  }
  if (!isLoadBalancer(before) && !isLoadBalancer(after)) {
    return Risk.OTHER;
  }
  const annotation = path.startsWith(NLB) ? path.slice(NLB.length) : '';
  if (/^\/spec\/(type|loadBalancerClass)$/.test(path) || ['type', 'scheme', 'internal', 'nlb-target-type'].includes(annotation)) {
    return isLoadBalancer(before) ? Risk.LOAD_BALANCER : Risk.LISTENER;
  }
  const isListener = annotation !== '' || path === SOURCE_RANGES || path.startsWith('/spec/ports') || path.startsWith('/spec/loadBalancerSourceRanges');
  return isListener ? Risk.LISTENER : Risk.OTHER;
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
