// Ingresses whose class belongs to EKS Auto Mode.
import { readYaml } from '../../../src/manifests/yaml';
import { renderPlanJson } from '../../../src/output/plan-json';
import { renderPlanText } from '../../../src/output/plan-text';
import { planChanges } from '../../../src/plan/changes/plan-changes';
import type { LoadBalancer } from '../../../src/plan/load-balancer';
import { planOf } from '../../../src/plan/plan';

const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, annotations: { alb.ingress.kubernetes.io/auth-type: oidc } }
spec: { ports: [{ port: 80, targetPort: 8080 }] }
`;

const ingressClass = (controller = 'eks.amazonaws.com/alb', apiGroup = 'eks.amazonaws.com') => `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: auto }
spec: { controller: ${controller}, parameters: { apiGroup: ${apiGroup}, kind: IngressClassParams, name: edge } }
`;

const params = (spec: string, apiVersion = 'eks.amazonaws.com/v1') => `
apiVersion: ${apiVersion}
kind: IngressClassParams
metadata: { name: edge }
spec: ${spec}
`;

const ingress = (annotations: Readonly<Record<string, string>> = {}, className = 'auto', name = 'web') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: shop
  annotations: ${JSON.stringify(Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`alb.ingress.kubernetes.io/${key}`, value])))}
spec:
  ingressClassName: ${className}
  rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;

const planned = (...yaml: string[]) => planOf(readYaml([SERVICE, ...yaml].join('---'), 'a.yaml'), { controller: { clusterName: 'c', defaultTags: { a: 'b' } } });
const balancer = (...yaml: string[]) => planned(...yaml).loadBalancers[0] as LoadBalancer;

test('the load balancer is marked, has ip targets by default, and flags of the other controller do not count', () => {
  const own = balancer(ingressClass(), params('{ scheme: internet-facing }'), ingress());
  expect(own).toMatchObject({ autoMode: true, scheme: 'internet-facing', tags: {}, targetGroups: [{ targetType: 'ip' }] });
  expect(own.name).toBe('k8s-shop-web-…');
  expect(own.unknown[0]).toContain('EKS Auto Mode');
});

test('class params are read in the words of EKS Auto Mode, and fields that it does not have are not read', () => {
  const own = balancer(ingressClass(), params(`{
    certificateARNs: [arn:a], certificateArn: [arn:b], sslPolicy: ELBSecurityPolicy-2016-08, group: { name: public },
    subnets: { matchTags: [{ key: team, values: [a] }] }, prefixListsIDs: [pl-1], tags: [{ key: owner, value: b }] }`), ingress());
  expect(own).toMatchObject({
    group: 'public', tags: { owner: 'b' }, listeners: [{ port: 443, protocol: 'HTTPS', certificates: [{ certificateARN: 'arn:a' }] }],
  });
  expect(own.unknown).toContain('the subnets: those with the tags that the class params name');
  expect(own.managedSecurityGroup?.inbound).toEqual([{ protocol: 'tcp', port: 443, cidrIP: '0.0.0.0/0' }]);
});

test('params of the open-source controller with the same name are others', () => {
  const both = [params('{ scheme: internal }', 'elbv2.k8s.aws/v1beta1'), params('{ scheme: internet-facing }')];
  expect(balancer(ingressClass(), ...both, ingress()).scheme).toBe('internet-facing');
  expect(balancer(ingressClass('ingress.k8s.aws/alb', 'elbv2.k8s.aws'), ...both, ingress({ 'target-type': 'ip' }))).toMatchObject({ scheme: 'internal' });
  expect(planned(ingressClass('ingress.k8s.aws/alb'), ...both, ingress()).events[0].reason).toContain('no IngressClassParams');
});

test.each([
  ['group.name', 'public', 'grouped by spec.group'],
  ['waf-acl-id', 'x', 'wafv2-acl-arn'],
  ['shield-advanced-protection', 'true', 'Shield'],
  ['auth-type', 'oidc', 'without one'],
  ['listener-attributes.HTTP-80', 'not a map', 'attributes of listeners'],
  ['transforms.web', '[]', 'rewrite'],
  ['jwt-validation', '{}', 'validate tokens'],
])('%s is ignored, even if it cannot be read', (key, value, reason) => {
  const { loadBalancers: [own], events } = planned(ingressClass(), params('{}'), ingress({ [key]: value, 'listen-ports': '[{"HTTP":80},{"HTTPS":443}]', 'certificate-arn': 'arn:a' }));
  expect(own).toMatchObject({ group: 'shop/web', webAclClassic: undefined, shield: undefined });
  expect((own as LoadBalancer).listeners.map(({ attributes, rules: [{ actions, transforms }] }) => [attributes, actions.length, transforms])).toEqual([[[], 1, []], [[], 1, []]]);
  expect(events).toMatchObject([{ severity: 'ignored', reach: 'ingress', reason: expect.stringContaining(reason), pointer: `/metadata/annotations/alb.ingress.kubernetes.io~1${key}` }]);
});

test('parameters that it does not have are ignored', () => {
  expect(planned(ingressClass(), params('{ sslPolicy: x, scheme: internal }'), ingress()).events).toMatchObject([
    { severity: 'ignored', pointer: '/spec/sslPolicy', reason: 'EKS Auto Mode has no parameter sslPolicy' }]);
});

test('a login with Cognito may work, and is planned', () => {
  const cognito = { 'auth-type': 'cognito', 'auth-idp-cognito': '{"userPoolARN":"a","userPoolClientID":"b","userPoolDomain":"c"}' };
  const own = balancer(ingressClass(), params('{}'), ingress({ ...cognito, 'listen-ports': '[{"HTTPS":443}]', 'certificate-arn': 'arn:a' }).replace('name: web, port', 'name: other, port'));
  expect(own.listeners[0].rules[0].actions.map(({ type }) => type)).toEqual(['authenticate-cognito', 'forward']);
});

test('Ingresses of both controllers do not share a load balancer, and cannot hand it over', () => {
  const open = ingress({ 'group.name': 'public', 'target-type': 'ip' }, 'alb', 'open');
  const auto = [ingressClass(), params('{ group: { name: public } }'), ingress()];
  const plan = planned(open, ...auto);
  expect(plan.loadBalancers).toMatchObject([{ group: 'public' }, { group: 'public', autoMode: true }]);
  expect(planChanges(planned(open), planned(...auto)).loadBalancers.map(({ change }) => change)).toEqual(['created', 'deleted']);
});

test('text and JSON say whose load balancer it is', () => {
  const plan = planned(ingressClass(), params('{}'), ingress());
  expect(renderPlanText(plan)).toContain('Application Load Balancer k8s-shop-web-…, for Ingress shop/web (a.yaml:17), by EKS Auto Mode\n');
  expect(JSON.parse(renderPlanJson(plan))).toMatchObject({ loadBalancers: [{ autoMode: true }] });
  const refused = planned(ingressClass(), params('{}'), ingress({ 'ssl-redirect': '443' }));
  expect(renderPlanText(refused)).toContain('refused. EKS Auto Mode changes nothing for Ingress shop/web.\n');
  expect(JSON.parse(renderPlanJson(refused))).toMatchObject({ loadBalancers: [{ autoMode: true, refused: { reach: 'group' } }] });
});

test('Network Load Balancers of EKS Auto Mode are not planned', () => {
  const [own] = planned('\napiVersion: v1\nkind: Service\nmetadata: { name: tcp }\nspec: { type: LoadBalancer, loadBalancerClass: eks.amazonaws.com/nlb }\n').unmanaged;
  expect(own.reason).toBe('has loadBalancerClass eks.amazonaws.com/nlb, which belongs to EKS Auto Mode, whose Network Load Balancers are not planned');
});
