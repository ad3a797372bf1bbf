// The risk of annotations and labels that change what an object does: they switch policies, sidecars, hosts or protection on and off.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { EXTERNAL_DNS_PREFIXES } from '../base/external-dns';
import { asList, asObject, asText } from '../manifests/plain-json';
import type { FieldChange } from './fields';
import { type ObjectPair, Risk } from './risk';

const NLB_ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-attributes';

/** Without a sidecar or ztunnel, a pod neither encrypts nor enforces policies (Istio 1.30 pkg/kube/inject/inject.go; istio.io/api label and annotation). */
const MESH_OF_PODS = /^(sidecar\.istio\.io\/(inject|interceptionMode)|istio\.io\/(rev|dataplane-mode)|inject\.istio\.io\/templates|security\.istio\.io\/tlsMode|(traffic\.sidecar|ambient)\.istio\.io\/.*)$/;
const MESH_OF_NAMESPACES = /^(istio-injection|istio\.io\/(rev|dataplane-mode))$/;

/** A waypoint enforces the policies of layer 7 (Istio 1.30 pilot/pkg/serviceregistry/ambient/waypoints.go). */
const WAYPOINT = /^istio\.io\/(use-waypoint|use-waypoint-namespace|ingress-use-waypoint)$/;

/** Who sees a Service, and which of its endpoints are used (Istio 1.30 pilot/pkg/serviceregistry/kube/conversion.go). */
const REACH = /^(networking\.istio\.io\/(exportTo|traffic-distribution)|istio\.io\/global|topology\.istio\.io\/network)$/;

/**
 * What deletes, replaces or protects an object: Argo CD 3.5 docs/user-guide/resource_hooks.md, kustomize-controller 1.9
 * docs/spec/v1/kustomizations.md, Helm docs/howto/charts_tips_and_tricks.md.
 */
const GUARD = /^(argocd\.argoproj\.io\/(hook|hook-delete-policy)|kustomize\.toolkit\.fluxcd\.io\/(prune|force|reconcile)|helm\.sh\/(resource-policy|hook|hook-delete-policy))$/;
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** Annotations and labels of the object itself, by kind. */
const BY_KIND: Readonly<Record<string, readonly (readonly [RegExp, Risk])[]>> = {
  // In dry-run mode, a policy only logs what it would deny (Istio 1.30 pilot/pkg/security/authz/builder/builder.go:154).
  AuthorizationPolicy: [[/^istio\.io\/dry-run$/, Risk.AUTHORIZATION]],
  ClusterRole: [[/^rbac\.authorization\.k8s\.io\/aggregate-to-/, Risk.AUTHORIZATION]],
  ServiceAccount: [[/^eks\.amazonaws\.com\//, Risk.AUTHORIZATION]],
  Namespace: [[MESH_OF_NAMESPACES, Risk.MTLS], [WAYPOINT, Risk.AUTHORIZATION], [REACH, Risk.ROUTE]],
  Service: [[WAYPOINT, Risk.AUTHORIZATION], [REACH, Risk.ROUTE]],
  ServiceEntry: [[WAYPOINT, Risk.AUTHORIZATION]],
  IngressClass: [[/^ingressclass\.kubernetes\.io\/is-default-class$/, Risk.LOAD_BALANCER]],
  // The type of the Service that Istio creates for it (Istio 1.30 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go).
  Gateway: [[/^networking\.istio\.io\/service-type$/, Risk.LOAD_BALANCER], [/^cert-manager\.io\//, Risk.LISTENER]],
  Ingress: [[/^cert-manager\.io\//, Risk.LISTENER]],
};

/**
 * The risk of a change of one annotation, label or load balancer attribute; `undefined` if it is not known to change any behavior.
 *
 * @param removal the risk of deleting the object, which is what guards protect against
 */
export function riskOfMetadata(pair: ObjectPair, change: FieldChange, removal: Risk): Risk | undefined {
  const object = (pair.after ?? pair.before)!;
  const kind = String(object.kind);
  if (kind === 'IngressClassParams' && change.path.startsWith('/spec/loadBalancerAttributes')) {
    const [before, after] = [pair.before, pair.after].map(own => protectionInParams(own));
    return before === after ? undefined : Risk.LOAD_BALANCER;
  }
  const [, of, escaped] = /^(.*)\/metadata\/(?:annotations|labels)\/([^/]+)$/.exec(change.path) ?? [];
  if (of === undefined) {
    return undefined;
  }
  const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
  if (of.endsWith('/template') || (of === '' && ['Pod', 'WorkloadEntry'].includes(kind)) || (of === '/spec' && kind === 'WorkloadGroup')) {
    const inMesh = MESH_OF_PODS.test(name) ? Risk.MTLS : WAYPOINT.test(name) ? Risk.AUTHORIZATION : REACH.test(name) ? Risk.ROUTE : undefined;
    return inMesh ?? (of === '' ? riskOfGuard(name, change, removal) : undefined);
  }
  if (of !== '') {
    return undefined;
  }
  if ([`${ALB_PREFIX}load-balancer-attributes`, NLB_ATTRIBUTES].includes(name)) {
    return protectionIn(change.before) === protectionIn(change.after) ? undefined : Risk.LOAD_BALANCER;
  }
  if (EXTERNAL_DNS_PREFIXES.some(prefix => name.startsWith(prefix))) {
    return Risk.LISTENER;
  }
  // An istiod ignores objects for another revision.
  if (name === 'istio.io/rev' && /^[^/]*\.istio\.io\//.test(String(object.apiVersion))) {
    return removal;
  }
  return (BY_KIND[kind] ?? []).find(([pattern]) => pattern.test(name))?.[1] ?? riskOfGuard(name, change, removal);
}

function riskOfGuard(name: string, { before, after }: FieldChange, removal: Risk): Risk | undefined {
  return GUARD.test(name) || (name === SYNC_OPTIONS && guardsIn(before) !== guardsIn(after)) ? removal : undefined;
}

/** The options with which Argo CD deletes or replaces an object, or does not (Argo CD 3.5 docs/user-guide/sync-options.md). */
function guardsIn(options: unknown): string {
  return (asText(options) ?? '').split(',').map(option => option.trim()).filter(option => /^(Prune|Delete|Replace|Force)=/.test(option)).sort().join();
}

function protectionIn(attributes: unknown): string | undefined {
  return /(?:^|,)\s*deletion_protection\.enabled\s*=\s*([^,\s]*)/.exec(asText(attributes) ?? '')?.[1];
}

function protectionInParams(params: unknown): unknown {
  const attributes = asList(asObject(asObject(params).spec).loadBalancerAttributes).map(asObject);
  return attributes.find(({ key }) => key === 'deletion_protection.enabled')?.value;
}
