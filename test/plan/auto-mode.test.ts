// Ingresses whose class, and Services whose load balancer class, belong to EKS Auto Mode.
import { readYaml } from '../../src/manifests/yaml';
import { renderPlanJson } from '../../src/output/plan-json';
import { renderPlanText } from '../../src/output/plan-text';
import type { ControllerOptions } from '../../src/plan/controller-options';
import { planChanges } from '../../src/plan/changes/plan-changes';
import type { LoadBalancer } from '../../src/plan/load-balancer';
import { planOf } from '../../src/plan/plan';
import { ingressYaml, path } from './ingress-yaml';

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

const ingress = (annotations: Readonly<Record<string, string>> = {}, className = 'auto', name = 'web', backend = 'web') => (
  ingressYaml(annotations, [path('/', { type: 'Prefix', backend })], { className, name }));

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
  const own = balancer(ingressClass(), params('{}'), ingress({ ...cognito, 'listen-ports': '[{"HTTPS":443}]', 'certificate-arn': 'arn:a' }, 'auto', 'web', 'other'));
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

describe('a Service with the class of EKS Auto Mode', () => {
  const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';
  const service = (annotations: Readonly<Record<string, string>> = {}, spec = 'loadBalancerClass: eks.amazonaws.com/nlb') => `
apiVersion: v1
kind: Service
metadata: { name: tcp, namespace: shop, annotations: ${JSON.stringify(annotations)} }
spec: { type: LoadBalancer, ${spec}, ports: [{ port: 443, targetPort: 8443, nodePort: 30443 }] }
---`;

  test('gets a Network Load Balancer with IP targets, marked', () => {
    const plan = planned(service());
    expect(plan.unmanaged).toEqual([]);
    expect(plan.loadBalancers).toMatchObject([{
      type: 'network', autoMode: true, scheme: 'internal', targetGroups: [{ targetType: 'ip', port: 8443 }],
      unknown: expect.arrayContaining(['what EKS Auto Mode does differently: this is what the open-source controller builds, except for documented differences']),
    }]);
    expect(renderPlanText(plan)).toContain('Network Load Balancer k8s-shop-tcp-…, for Service shop/tcp (a.yaml:7), by EKS Auto Mode\n');
  });

  test('also where EKS gives the class to Services without one, and whatever the flags of the other controller', () => {
    const yaml = service({}, 'externalTrafficPolicy: Local');
    const planWith = (controller: ControllerOptions) => planOf(readYaml(yaml, 'a.yaml'), { controller }).loadBalancers;
    expect(planWith({})).not.toMatchObject([{ autoMode: true }]);
    expect(planWith({ loadBalancerClass: 'eks.amazonaws.com/nlb', defaultTargetType: 'instance', featureGates: { EnableServiceController: false } }))
      .toMatchObject([{ autoMode: true, targetGroups: [{ targetType: 'ip' }] }]);
  });

  test('may ask for targets by node port', () => {
    expect(balancer(service({ [`${AWS}nlb-target-type`]: 'instance' }))).toMatchObject({ targetGroups: [{ targetType: 'instance', port: 30443 }] });
  });

  test.each([
    ['service.beta.kubernetes.io/load-balancer-source-ranges', '10.0.0.0/8', 'use spec.loadBalancerSourceRanges'],
    [`${AWS}type`, 'external', 'use spec.loadBalancerClass'],
    [`${AWS}internal`, 'false', 'use aws-load-balancer-scheme'],
    [`${AWS}proxy-protocol`, '*', 'use aws-load-balancer-target-group-attributes'],
    [`${AWS}access-log-enabled`, 'true', 'use aws-load-balancer-attributes'],
    [`${AWS}access-log-s3-bucket-name`, 'logs', 'use aws-load-balancer-attributes'],
    [`${AWS}cross-zone-load-balancing-enabled`, 'true', 'use aws-load-balancer-attributes'],
    [`${AWS}disable-nlb-sg`, 'true', 'its Network Load Balancers always have security groups'],
  ])('%s has no effect', (key, value, why) => {
    const { loadBalancers, events } = planned(service({ [key]: value }));
    const shown = (own: unknown) => JSON.stringify(own, (name, entry: unknown) => (name === 'manifest' || name === 'members' ? undefined : entry));
    expect(shown(loadBalancers)).toBe(shown(planned(service()).loadBalancers));
    expect(events).toMatchObject([{ severity: 'ignored', reason: `EKS Auto Mode ignores it: ${why}`, pointer: `/metadata/annotations/${key.replace('/', '~1')}` }]);
  });

  test('is not taken for the Ingress of the same name, nor for the Service of the other controller', () => {
    const both = [ingressClass(), params('{}'), ingress({}, 'auto', 'tcp'), service()];
    expect(planChanges(planned(...both), planned(...both)).loadBalancers.map(({ type, change }) => [type, change])).toEqual([
      ['application', 'unchanged'], ['network', 'unchanged']]);
    expect(planChanges(planned(service({}, 'externalTrafficPolicy: Cluster')), planned(service())).loadBalancers.map(({ change }) => change)).toEqual(['created', 'deleted']);
  });

  test('is refused like any other, and marked', () => {
    expect(planned(service({ [`${AWS}scheme`]: 'public' })).loadBalancers).toMatchObject([{ autoMode: true, refused: { reach: 'group' } }]);
  });
});
