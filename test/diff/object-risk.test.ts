// How risky a change is.
import { changedFields } from '../../src/diff/fields';
import { riskOfField, riskOfObject } from '../../src/diff/object-risk';
import { Risk } from '../../src/diff/risk';
import type { PlainObject } from '../../src/manifests/plain-json';

const alb = (name: string) => ({ metadata: { annotations: { [`alb.ingress.kubernetes.io/${name}`]: 'x' } } });
const nlb = (name: string) => ({ metadata: { annotations: { [`service.beta.kubernetes.io/aws-load-balancer-${name}`]: 'x' } }, spec: { type: 'LoadBalancer' } });

test.each<[string, PlainObject, Risk, Risk]>([
  ['Ingress', {}, Risk.LOAD_BALANCER, Risk.LISTENER],
  ['Namespace', {}, Risk.LOAD_BALANCER, Risk.OTHER],
  ['IngressClass', {}, Risk.LOAD_BALANCER, Risk.OTHER],
  ['IngressClassParams', {}, Risk.LOAD_BALANCER, Risk.OTHER],
  ['TargetGroupBinding', {}, Risk.LOAD_BALANCER, Risk.OTHER],
  ['Service', { spec: { type: 'LoadBalancer' } }, Risk.LOAD_BALANCER, Risk.LISTENER],
  ['Service', { spec: { type: 'ClusterIP' } }, Risk.OTHER, Risk.OTHER],
  ['Gateway', {}, Risk.LISTENER, Risk.LISTENER],
  ['PeerAuthentication', {}, Risk.MTLS, Risk.MTLS],
  ['DestinationRule', { spec: { trafficPolicy: { portLevelSettings: [{ tls: { mode: 'DISABLE' } }] } } }, Risk.MTLS, Risk.MTLS],
  ['DestinationRule', { spec: { host: 'a' } }, Risk.ROUTE, Risk.ROUTE],
  ['AuthorizationPolicy', {}, Risk.AUTHORIZATION, Risk.AUTHORIZATION],
  ['ClusterRole', {}, Risk.AUTHORIZATION, Risk.AUTHORIZATION],
  ['VirtualService', {}, Risk.ROUTE, Risk.ROUTE],
  ['ConfigMap', {}, Risk.OTHER, Risk.OTHER],
])('%s %j: removed %s, added %s', (kind, rest, removed, added) => {
  const object = { kind, ...rest };
  expect({ removed: riskOfObject({ before: object }), added: riskOfObject({ after: object }) }).toEqual({ removed, added });
});

test.each<[string, PlainObject, PlainObject, Risk]>([
  ['Ingress', {}, alb('scheme'), Risk.LOAD_BALANCER],
  ['Ingress', {}, alb('group.name'), Risk.LOAD_BALANCER],
  ['Ingress', {}, alb('target-type'), Risk.LOAD_BALANCER],
  ['Ingress', {}, { spec: { ingressClassName: 'alb' } }, Risk.LOAD_BALANCER],
  ['Ingress', {}, { metadata: { annotations: { 'kubernetes.io/ingress.class': 'alb' } } }, Risk.LOAD_BALANCER],
  ['Ingress', {}, alb('listen-ports'), Risk.LISTENER],
  ['Ingress', {}, alb('certificate-arn'), Risk.LISTENER],
  ['Ingress', {}, alb('auth-type'), Risk.AUTHORIZATION],
  ['Ingress', {}, alb('actions.app'), Risk.ROUTE],
  ['Ingress', { spec: { rules: [{ host: 'a' }] } }, { spec: { rules: [{ host: 'b' }] } }, Risk.LISTENER],
  ['Ingress', { spec: { rules: [{ host: 'a' }] } }, { spec: { rules: [{ host: 'a' }, { host: 'b' }] } }, Risk.LISTENER],
  ['Ingress', { spec: { rules: [{ http: { paths: [] } }] } }, { spec: { rules: [{ http: { paths: [{}] } }] } }, Risk.ROUTE],
  ['Ingress', {}, { metadata: { labels: { a: 'b' } } }, Risk.OTHER],
  ['IngressClassParams', {}, { spec: { scheme: 'internal' } }, Risk.LOAD_BALANCER],
  ['IngressClassParams', {}, { spec: { sslPolicy: 'x' } }, Risk.LISTENER],
  ['IngressClass', {}, { spec: { controller: 'x' } }, Risk.LOAD_BALANCER],
  ['TargetGroupBinding', {}, { spec: { targetGroupARN: 'x' } }, Risk.LOAD_BALANCER],
  ['Service', { spec: { type: 'LoadBalancer' } }, { spec: { type: 'ClusterIP' } }, Risk.LOAD_BALANCER],
  ['Service', { spec: { type: 'ClusterIP' } }, { spec: { type: 'LoadBalancer' } }, Risk.LISTENER],
  ['Service', { spec: { type: 'ClusterIP' } }, { spec: { type: 'NodePort' } }, Risk.OTHER],
  ['Service', { spec: { type: 'LoadBalancer' } }, nlb('scheme'), Risk.LOAD_BALANCER],
  ['Service', { spec: { type: 'LoadBalancer' } }, nlb('ssl-cert'), Risk.LISTENER],
  ['Gateway', {}, { spec: { servers: [{}] } }, Risk.LISTENER],
  ['Gateway', {}, { metadata: { labels: { a: 'b' } } }, Risk.OTHER],
  ['PeerAuthentication', {}, { spec: { mtls: { mode: 'STRICT' } } }, Risk.MTLS],
  ['DestinationRule', {}, { spec: { trafficPolicy: { tls: { mode: 'DISABLE' } } } }, Risk.MTLS],
  ['DestinationRule', { spec: { subsets: [] } }, { spec: { subsets: [{ name: 'a', trafficPolicy: { tls: {} } }] } }, Risk.MTLS],
  ['DestinationRule', { spec: { subsets: [] } }, { spec: { subsets: [{ name: 'a' }] } }, Risk.ROUTE],
  ['AuthorizationPolicy', {}, { spec: { action: 'DENY' } }, Risk.AUTHORIZATION],
  ['AuthorizationPolicy', {}, { metadata: { labels: { a: 'b' } } }, Risk.OTHER],
  ['VirtualService', {}, { spec: { hosts: ['a'] } }, Risk.ROUTE],
  ['Deployment', {}, { spec: { replicas: 3 } }, Risk.OTHER],
])('%s: %j → %j is %s', (kind, before, after, risk) => {
  const pair = { before: { kind, ...before }, after: { kind, ...after } };
  expect(changedFields(pair.before, pair.after).map(change => riskOfField(pair, change))).toContain(risk);
});
