// The risk of annotations and labels that change what an object does.
import { changedFields } from '../../src/diff/fields';
import { riskOfField } from '../../src/diff/object-risk';
import { RISKS, Risk } from '../../src/diff/risk';
import type { PlainObject } from '../../src/manifests/plain-json';

const ALB_ATTRIBUTES = 'alb.ingress.kubernetes.io/load-balancer-attributes';
const NLB_ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-attributes';
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const FLUX_PRUNE = 'kustomize.toolkit.fluxcd.io/prune';
const LOAD_BALANCER = { spec: { type: 'LoadBalancer' } };
const ISTIO = { apiVersion: 'networking.istio.io/v1' };

/** The highest risk of a change between two versions, in both directions. */
function riskOf(before: PlainObject, after: PlainObject): Risk {
  const [there, back] = [[before, after], [after, before]].map(([one, other]) => changedFields(one, other)
    .map(change => riskOfField({ before: one, after: other }, change)).sort((a, b) => RISKS.indexOf(a) - RISKS.indexOf(b))[0]);
  expect(there).toBe(back);
  return there;
}

test.each<[string, string, Risk, PlainObject?]>([
  ['AuthorizationPolicy', 'istio.io/dry-run', Risk.AUTHORIZATION],
  ['AuthorizationPolicy', 'example.com/owner', Risk.OTHER],
  ['ConfigMap', 'istio.io/dry-run', Risk.OTHER],
  ['Namespace', 'istio-injection', Risk.MTLS],
  ['Namespace', 'istio.io/rev', Risk.MTLS],
  ['Namespace', 'istio.io/dataplane-mode', Risk.MTLS],
  ['Namespace', 'istio.io/use-waypoint', Risk.AUTHORIZATION],
  ['Namespace', 'topology.istio.io/network', Risk.ROUTE],
  ['Namespace', 'example.com/owner', Risk.OTHER],
  ['Pod', 'sidecar.istio.io/inject', Risk.MTLS],
  ['Pod', FLUX_PRUNE, Risk.OTHER],
  ['WorkloadEntry', 'security.istio.io/tlsMode', Risk.MTLS],
  ['Deployment', 'sidecar.istio.io/inject', Risk.OTHER],
  ['Service', 'networking.istio.io/exportTo', Risk.ROUTE],
  ['Service', 'istio.io/use-waypoint', Risk.AUTHORIZATION],
  ['ServiceEntry', 'istio.io/use-waypoint', Risk.AUTHORIZATION],
  ['VirtualService', 'istio.io/rev', Risk.ROUTE, ISTIO],
  ['AuthorizationPolicy', 'istio.io/rev', Risk.AUTHORIZATION, { apiVersion: 'security.istio.io/v1' }],
  ['ConfigMap', 'istio.io/rev', Risk.OTHER],
  ['ClusterRole', 'rbac.authorization.k8s.io/aggregate-to-admin', Risk.AUTHORIZATION],
  ['ServiceAccount', 'eks.amazonaws.com/role-arn', Risk.AUTHORIZATION],
  ['IngressClass', 'ingressclass.kubernetes.io/is-default-class', Risk.LOAD_BALANCER],
  ['Gateway', 'networking.istio.io/service-type', Risk.LOAD_BALANCER],
  ['Gateway', 'cert-manager.io/cluster-issuer', Risk.LISTENER],
  ['Ingress', 'cert-manager.io/cluster-issuer', Risk.LISTENER],
  ['Ingress', 'external-dns.kubernetes.io/hostname', Risk.LISTENER],
  ['Service', 'external-dns.alpha.kubernetes.io/hostname', Risk.LISTENER, LOAD_BALANCER],
  ['Service', 'alb.ingress.kubernetes.io/target-type', Risk.LOAD_BALANCER],
  ['Service', 'alb.ingress.kubernetes.io/healthcheck-path', Risk.LISTENER],
  ['Service', 'service.beta.kubernetes.io/load-balancer-source-ranges', Risk.LISTENER, LOAD_BALANCER],
  ['Ingress', FLUX_PRUNE, Risk.LOAD_BALANCER],
  ['Ingress', 'kustomize.toolkit.fluxcd.io/reconcile', Risk.LOAD_BALANCER],
  ['Namespace', 'argocd.argoproj.io/hook', Risk.LOAD_BALANCER],
  ['Service', 'helm.sh/resource-policy', Risk.LOAD_BALANCER, LOAD_BALANCER],
  ['AuthorizationPolicy', FLUX_PRUNE, Risk.AUTHORIZATION],
  ['ConfigMap', FLUX_PRUNE, Risk.OTHER],
  ['Ingress', 'argocd.argoproj.io/sync-wave', Risk.OTHER],
])('%s with %s: %s', (kind, name, risk, rest = {}) => {
  const [bare, empty, set] = [{}, { annotations: null }, { annotations: { [name]: 'x' } }].map(metadata => ({ kind, ...rest, metadata }));
  expect(riskOf(bare, set)).toBe(risk);
  expect(riskOf(empty, set)).toBe(risk);
  expect(riskOf({ kind, ...rest, metadata: { labels: { [name]: 'x' } } }, { kind, ...rest, metadata: { labels: { [name]: 'z' } } }))
    .toBe(/^(alb|service\.beta)\./.test(name) ? Risk.OTHER : risk);
});

test.each([
  ['sidecar.istio.io/inject', Risk.MTLS], ['istio.io/rev', Risk.MTLS], ['traffic.sidecar.istio.io/excludeInboundPorts', Risk.MTLS],
  ['inject.istio.io/templates', Risk.MTLS], ['ambient.istio.io/bypass-inbound-capture', Risk.MTLS], ['istio.io/use-waypoint', Risk.AUTHORIZATION],
  ['version', Risk.OTHER], [FLUX_PRUNE, Risk.OTHER],
])('pods of a Deployment with %s: %s', (name, risk) => {
  const of = (labels: PlainObject) => ({ kind: 'Deployment', spec: { template: { metadata: { labels } } } });
  expect(riskOf(of({}), of({ [name]: 'false' }))).toBe(risk);
});

test.each<[string, string, string, string, Risk]>([
  ['Ingress', SYNC_OPTIONS, 'ServerSideApply=true, Prune=confirm', 'ServerSideApply=true', Risk.LOAD_BALANCER],
  ['Ingress', SYNC_OPTIONS, 'Prune=false', 'Prune=false,Replace=true', Risk.LOAD_BALANCER],
  ['Ingress', SYNC_OPTIONS, 'Prune=false,Delete=false', 'Delete=false, Prune=false, ServerSideApply=true', Risk.OTHER],
  ['Ingress', ALB_ATTRIBUTES, 'deletion_protection.enabled=true', 'idle_timeout.timeout_seconds=5,deletion_protection.enabled=false', Risk.LOAD_BALANCER],
  ['Ingress', ALB_ATTRIBUTES, 'deletion_protection.enabled=true', 'idle_timeout.timeout_seconds=5, deletion_protection.enabled=true', Risk.LISTENER],
  ['Service', NLB_ATTRIBUTES, 'deletion_protection.enabled=true', 'deletion_protection.enabled=false', Risk.LOAD_BALANCER],
])('%s, %s: %s → %s: %s', (kind, name, before, after, risk) => {
  const of = (value: string) => ({ kind, ...LOAD_BALANCER, metadata: { annotations: { [name]: value } } });
  expect(riskOf(of(before), of(after))).toBe(risk);
});

test('deletion protection by IngressClassParams', () => {
  const of = (...attributes: [string, string][]) => ({ kind: 'IngressClassParams', spec: { loadBalancerAttributes: attributes.map(([key, value]) => ({ key, value })) } });
  expect(riskOf(of(['deletion_protection.enabled', 'true']), of())).toBe(Risk.LOAD_BALANCER);
  expect(riskOf(of(['deletion_protection.enabled', 'true']), of(['deletion_protection.enabled', 'false']))).toBe(Risk.LOAD_BALANCER);
  expect(riskOf(of(['deletion_protection.enabled', 'true']), of(['a', 'b'], ['deletion_protection.enabled', 'true']))).toBe(Risk.LISTENER);
});
