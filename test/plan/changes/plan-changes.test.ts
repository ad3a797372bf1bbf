// What an apply changes: two plans compared as the controller compares its plan with AWS.
import { readYaml } from '../../../src/manifests/yaml';
import { planChanges } from '../../../src/plan/changes/plan-changes';
import type { ControllerOptions } from '../../../src/plan/controller-options';
import { planOf } from '../../../src/plan/plan';
import { ingressYaml, path } from '../ingress-yaml';

const service = (name = 'web', targetPort = 8080) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { type: NodePort, ports: [{ name: http, port: 80, targetPort: ${targetPort}, nodePort: 31000 }] }
`;

const ingress = (annotations: Readonly<Record<string, string>> = {}, paths = [path('/a')], name = 'web') => ingressYaml(annotations, paths, { name });

const nlb = (annotations: Readonly<Record<string, string>> = {}, spec = '') => `
apiVersion: v1
kind: Service
metadata:
  name: tcp
  namespace: shop
  annotations: ${JSON.stringify(Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`service.beta.kubernetes.io/aws-load-balancer-${key}`, value])))}
spec: { type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb, ports: [{ port: 80, targetPort: 8080 }]${spec} }
`;

const ingressClass = (name: string, controller: string, parameters = '') => `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: ${name} }
spec: { controller: ${controller}${parameters} }
`;
const NGINX = ingressClass('nginx', 'k8s.io/ingress-nginx');
const paramsOf = (name: string) => `, parameters: { apiGroup: elbv2.k8s.aws, kind: IngressClassParams, name: ${name} }`;
const BROKEN_CLASS = ingressClass('broken', 'ingress.k8s.aws/alb', ', parameters: { apiGroup: example.com, kind: Other, name: x }');
const ALB_CLASS = `${ingressClass('alb', 'ingress.k8s.aws/alb', paramsOf('protected'))}---
apiVersion: elbv2.k8s.aws/v1beta1
kind: IngressClassParams
metadata: { name: protected }
spec: { loadBalancerAttributes: [{ key: deletion_protection.enabled, value: "true" }] }
`;

function changedPlans(before: string[], after: string[], controller?: ControllerOptions) {
  const [old, now] = [before, after].map(texts => planOf(readYaml(texts.join('---'), 'a.yaml'), { controller }));
  return planChanges(old, now, { controller });
}

function changes(before: string[], after: string[], controller?: ControllerOptions) {
  return changedPlans(before, after, controller).loadBalancers;
}

/** The only load balancer after a change of annotations. */
function annotated(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, controller?: ControllerOptions) {
  return changes([service(), ingress(before)], [service(), ingress(after)], controller)[0];
}

const effects = (fields: readonly { readonly path: string; readonly effect: string }[]) => fields.map(({ path: own, effect }) => `${own} ${effect}`);

describe('load balancers', () => {
  test('the same objects change nothing, in whatever order', () => {
    const objects = [service(), ingress(), nlb()];
    expect(changes(objects, [...objects].reverse())).toMatchObject([{ change: 'unchanged', fields: [], listeners: [], targetGroups: [] }, { change: 'unchanged' }]);
  });

  test('are created, deleted, and made anew when an Ingress goes to another group, because the group is what the controller finds them by', () => {
    expect(changes([], [service(), ingress()])).toMatchObject([{ change: 'created', group: 'shop/web', after: { type: 'application' } }]);
    expect(changes([service(), ingress()], [service()])).toMatchObject([{ change: 'deleted', group: 'shop/web', before: { type: 'application' } }]);
    expect(changes([service(), ingress()], [service(), ingress({ 'group.name': 'public' })])).toMatchObject([
      { change: 'created', group: 'public' }, { change: 'deleted', group: 'shop/web' },
    ]);
  });

  test('a deletion that the annotation of the object itself protects is refused, and so is everything else of the group', () => {
    const protection = { 'load-balancer-attributes': 'deletion_protection.enabled=true' };
    const refused = { change: 'refused', refused: { severity: 'refused', reach: 'group', pointer: '/metadata/annotations/alb.ingress.kubernetes.io~1load-balancer-attributes' } };
    expect(changes([service(), ingress(protection)], [service()])).toMatchObject([{ ...refused, group: 'shop/web', before: { type: 'application' } }]);
    const grouped = (own: Readonly<Record<string, string>>, name: string) => ingress({ 'group.name': 'g', ...own }, [path('/a')], name);
    const both = [service(), grouped({}, 'one'), grouped(protection, 'two')];
    expect(changes(both, [service(), grouped({}, 'one')])).toMatchObject([{ ...refused, group: 'g' }]);
    expect(changes(both, [service(), grouped(protection, 'two')])).toMatchObject([{ change: 'updated' }]);
    const [event] = changedPlans(both, [service()]).events.filter(({ severity }) => severity === 'refused');
    expect(event.reason).toBe('turns on deletion protection: the controller refuses to let go of this Ingress until the annotation is changed');
  });

  test('deletion protection prevents neither a move to another group nor another scheme, and class params do not count', () => {
    const protection = { 'load-balancer-attributes': 'deletion_protection.enabled=true' };
    expect(changes([service(), ingress(protection)], [service(), ingress({ ...protection, 'group.name': 'g' })])).toMatchObject([
      { change: 'created', group: 'g' }, { change: 'deleted', group: 'shop/web' },
    ]);
    expect(annotated(protection, { ...protection, scheme: 'internet-facing' })).toMatchObject({ change: 'replaced' });
    expect(changes([service(), ingress(protection)], [service(), ingress({ ...protection }).replace('ingressClassName: alb', 'ingressClassName: nginx'), NGINX])).toMatchObject([
      { change: 'deleted' },
    ]);
    expect(changes([service(), ingress(), ALB_CLASS], [service()])).toMatchObject([{ change: 'deleted', before: { attributes: [{ value: 'true' }] } }]);
  });

  test('of a Service, the new annotations decide if it has no load balancer any more, and the old ones if it is gone', () => {
    const protection = { attributes: 'deletion_protection.enabled=true' };
    const clusterIP = (own: Readonly<Record<string, string>>) => nlb(own).replace('type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb', 'type: ClusterIP');
    expect(changes([nlb(protection)], [])).toMatchObject([{ change: 'refused', refused: { pointer: '/metadata/annotations/service.beta.kubernetes.io~1aws-load-balancer-attributes' } }]);
    expect(changes([nlb(protection)], [clusterIP(protection)])).toMatchObject([{ change: 'refused' }]);
    expect(changes([nlb(protection)], [clusterIP({})])).toMatchObject([{ change: 'deleted' }]);
    expect(changes([nlb()], [])).toMatchObject([{ change: 'deleted' }]);
    expect(changes([nlb(protection)], [nlb(protection)])).toMatchObject([{ change: 'unchanged' }]);
  });

  test('what EKS Auto Mode does with a protected load balancer is not published', () => {
    const autoMode = nlb({ attributes: 'deletion_protection.enabled=true' }).replace('service.k8s.aws/nlb', 'eks.amazonaws.com/nlb');
    expect(changes([autoMode], [])).toMatchObject([{ change: 'deleted', before: { autoMode: true } }]);
  });

  test('an Ingress whose new class does not exist keeps its load balancer, because the controller does not count that as leaving', () => {
    const missing = ingress().replace('ingressClassName: alb', 'ingressClassName: broken');
    expect(changes([service(), ingress()], [service(), missing, BROKEN_CLASS])).toMatchObject([{ change: 'refused', refused: { pointer: '/spec/ingressClassName' } }]);
  });

  test('a Service and an Ingress of one name have load balancers of their own', () => {
    expect(changes([nlb()], [nlb(), service(), ingress({}, [path('/a')], 'tcp')])).toMatchObject([
      { change: 'created', type: 'application', group: 'shop/tcp' }, { change: 'unchanged', type: 'network', group: 'shop/tcp' },
    ]);
  });

  test('another scheme replaces it, and everything else takes effect with the new one', () => {
    const { change, fields } = annotated({ 'scheme': 'internal', 'load-balancer-name': 'a', 'wafv2-acl-arn': 'arn:aws:wafv2:x' }, { 'scheme': 'internet-facing', 'load-balancer-name': 'b' });
    expect(change).toBe('replaced');
    expect(effects(fields)).toEqual(['/name updated', '/scheme replaced', '/webAcl updated']);
  });

  test('the name stays, and so does what is no longer set', () => {
    const { change, fields } = annotated({
      'load-balancer-name': 'a', 'wafv2-acl-arn': 'arn:aws:wafv2:x', 'waf-acl-id': 'x', 'shield-advanced-protection': 'true',
      'load-balancer-attributes': 'idle_timeout.timeout_seconds=30', 'minimum-load-balancer-capacity': 'CapacityUnits=100',
    }, { 'load-balancer-name': 'b' });
    expect(change).toBe('unchanged');
    expect(effects(fields)).toEqual([
      '/attributes/idle_timeout.timeout_seconds kept', '/capacityUnits kept', '/name kept', '/shield kept', '/webAcl kept', '/webAclClassic kept',
    ]);
    expect(fields[4].why).toBe('the controller does not remove it when the setting is gone: set none instead');
  });

  test('attributes, tags, subnets, security groups and the address type change in place; the order of lists does not matter', () => {
    const { change, fields } = annotated(
      { 'subnets': 'subnet-a, subnet-b', 'security-groups': 'sg-a, sg-b', 'tags': 'team=a', 'ip-address-type': 'ipv4' },
      { 'subnets': 'subnet-b, subnet-c', 'security-groups': 'sg-b, sg-a', 'tags': 'team=b', 'ip-address-type': 'dualstack' });
    expect(change).toBe('updated');
    expect(effects(fields)).toEqual(['/ipAddressType updated', '/subnets/subnet-a updated', '/subnets/subnet-c updated', '/tags/team updated']);
  });

  test('an existing load balancer keeps its subnets when none are named any more, and nobody knows what naming them changes', () => {
    expect(effects(annotated({ subnets: 'subnet-a, subnet-b' }, {}).fields)).toEqual(['/subnets kept']);
    expect(annotated({}, { subnets: 'subnet-a, subnet-b' })).toMatchObject({ change: 'updated', fields: [{ path: '/subnets', before: 'found by AWS', effect: 'updated' }] });
    expect(effects(annotated({ subnets: 'subnet-a, subnet-b' }, { scheme: 'internet-facing' }).fields)).toEqual(['/scheme replaced', '/subnets updated']);
  });

  test('a refusal changes nothing, and an old one leaves open what AWS has', () => {
    const broken = ingress({ 'ssl-redirect': '443' });
    expect(changes([service(), ingress()], [service(), broken])).toMatchObject([{ change: 'refused', before: { type: 'application' }, refused: { reach: 'group' } }]);
    expect(changes([service(), broken], [service(), broken])).toMatchObject([{ change: 'refused', group: 'shop/web' }]);
    expect(changes([service(), broken], [service(), ingress()])).toMatchObject([{ change: 'unknown', after: { type: 'application' } }]);
    expect(changes([service(), broken], [service()])).toMatchObject([{ change: 'unknown', group: 'shop/web' }]);
  });

  test('the frontend of an Application Load Balancer is one of its own', () => {
    expect(changes([service(), ingress()], [service(), ingress({ 'enable-frontend-nlb': 'true' })])).toMatchObject([
      { change: 'unchanged', type: 'application' }, { change: 'created', type: 'network' },
    ]);
  });

  test('of a Network Load Balancer, Elastic IPs change only together with subnets', () => {
    const of = (subnets: string, ips: string) => nlb({ 'scheme': 'internet-facing', 'subnets': subnets, 'eip-allocations': ips });
    expect(effects(changes([of('subnet-a', 'eipalloc-1')], [of('subnet-a', 'eipalloc-2')])[0].fields)).toEqual(['/subnets/subnet-a/allocationID kept']);
    expect(effects(changes([of('subnet-a', 'eipalloc-1')], [of('subnet-a, subnet-b', 'eipalloc-2, eipalloc-3')])[0].fields)).toEqual([
      '/subnets/subnet-a/allocationID updated', '/subnets/subnet-b/allocationID updated',
    ]);
  });

  test('a Network Load Balancer that was created without security groups cannot get one', () => {
    const gate = { featureGates: { NLBSecurityGroup: false } };
    const [old] = [planOf(readYaml(nlb(), 'a.yaml'), { controller: gate })];
    const [{ change, fields }] = planChanges(old, planOf(readYaml(nlb(), 'a.yaml'))).loadBalancers;
    expect(change).toBe('updated');
    expect(effects(fields)).toContain('/securityGroups/managed refused');
  });
});

describe('target groups', () => {
  test.each([
    ['backend-protocol', 'HTTP', 'HTTPS', '/protocol'],
    ['backend-protocol-version', 'HTTP1', 'HTTP2', '/protocolVersion'],
    ['target-type', 'ip', 'instance', '/targetType'],
  ])('another %s replaces them', (key, before, after, field) => {
    const { change, targetGroups } = annotated({ [key]: before }, { [key]: after });
    expect(change).toBe('updated');
    expect(targetGroups).toMatchObject([{ change: 'replaced', id: 'shop/web-web:80' }]);
    expect(effects(targetGroups[0].fields)).toContain(`${field} replaced`);
  });

  test('health check and attributes change in place; the port and attributes that are no longer set stay', () => {
    const before = { 'target-type': 'ip', 'healthcheck-path': '/a', 'target-group-attributes': 'slow_start.duration_seconds=30,stickiness.enabled=true' };
    const after = { 'target-type': 'ip', 'healthcheck-path': '/b', 'target-group-attributes': 'stickiness.enabled=false' };
    const [{ targetGroups: [{ change, fields }] }] = changes([service(), ingress(before)], [service('web', 8081), ingress(after)]);
    expect(change).toBe('updated');
    expect(effects(fields)).toEqual([
      '/attributes/slow_start.duration_seconds kept', '/attributes/stickiness.enabled updated', '/healthCheck/path updated',
      '/opened/TCP 8080 from backend updated', '/opened/TCP 8081 from backend updated', '/port kept',
    ]);
  });

  test('are made anew for another port of the Service, because it is in their id', () => {
    const other = path('/a', { port: 'name: http' });
    expect(changes([service(), ingress()], [service(), ingress({}, [other])])[0].targetGroups).toMatchObject([
      { change: 'created', id: 'shop/web-web:http' }, { change: 'deleted', id: 'shop/web-web:80' },
    ]);
  });

  test('a new one gets the requests of the old one where rules with the same conditions forward to it', () => {
    const [http, https] = [path('/a', { port: 'name: http' }), path('/b')];
    const sourcesOf = (before: readonly string[], after: readonly string[], own: Readonly<Record<string, string>> = {}) => (
      changes([service(), ingress(own, [...before])], [service(), service('other'), ingress(own, [...after])])[0].targetGroups
        .filter(({ change }) => change === 'created').map(({ id, takesRequestsFrom }) => [id, takesRequestsFrom]));
    expect(sourcesOf([path('/a')], [http])).toEqual([['shop/web-web:http', ['shop/web-web:80']]]);
    expect(sourcesOf([path('/a'), https], [http, https])).toEqual([['shop/web-web:http', ['shop/web-web:80']]]);
    // Other requests, or another listener.
    expect(sourcesOf([https], [https, http])).toEqual([['shop/web-web:http', undefined]]);
    expect(sourcesOf([https], [http])).toEqual([['shop/web-web:http', undefined]]);
  });

  test('a new one with weight 0 gets no requests, and one with a share gets some', () => {
    const action = (weight: number) => JSON.stringify({
      type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'web', servicePort: 80, weight: 1 }, { serviceName: 'web', servicePort: 'http', weight }] },
    });
    const split = path('/a', { backend: 'split', port: 'name: use-annotation' });
    const created = (weight: number) => changes([service(), ingress()], [service(), ingress({ 'actions.split': action(weight) }, [split])])[0].targetGroups
      .map(({ change, id, takesRequestsFrom }) => [change, id, takesRequestsFrom]);
    expect(created(0)).toEqual([['created', 'shop/web-web:http', undefined]]);
    expect(created(1)).toEqual([['created', 'shop/web-web:http', ['shop/web-web:80']]]);
  });

  test('without a feature gate, another health check replaces them', () => {
    const gate = { featureGates: { NLBHealthCheckAdvancedConfig: false } };
    expect(annotated({}, { 'healthcheck-interval-seconds': '20' }, gate).targetGroups).toMatchObject([{ change: 'replaced' }]);
    expect(annotated({}, { 'healthcheck-interval-seconds': '20' }).targetGroups).toMatchObject([{ change: 'updated' }]);
  });

  test('the webhook of the controller refuses another address family', () => {
    const ipv6 = service().replace('type: NodePort', 'type: NodePort, ipFamilies: [IPv6]');
    const dual = ingress({ 'ip-address-type': 'dualstack' });
    expect(effects(changes([service(), dual], [ipv6, dual])[0].targetGroups[0].fields)).toEqual(['/ipAddressType refused']);
  });
});

describe('listeners', () => {
  test('are found by port, and change in place', () => {
    const certificates = { 'certificate-arn': 'arn:a, arn:b' };
    const { listeners } = annotated({ ...certificates, 'listen-ports': '[{"HTTP":80},{"HTTPS":443}]' }, {
      'certificate-arn': 'arn:c, arn:b', 'listen-ports': '[{"HTTPS":443},{"HTTP":8080}]', 'ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    expect(listeners).toMatchObject([{ change: 'deleted', port: 80 }, { change: 'updated', port: 443, rules: [] }, { change: 'created', port: 8080 }]);
    expect(effects(listeners[1].fields)).toEqual(['/defaultCertificate updated', '/sslPolicy updated']);
  });

  test('keep attributes and mutual TLS that are no longer set, unless a gate says otherwise', () => {
    const before = {
      'listen-ports': '[{"HTTPS":443}]', 'certificate-arn': 'arn:a', 'mutual-authentication': '[{"port":443,"mode":"passthrough"}]',
      'listener-attributes.HTTPS-443': 'routing.http.response.server.enabled=false',
    };
    const after = { 'listen-ports': '[{"HTTPS":443}]', 'certificate-arn': 'arn:a' };
    const { change, listeners } = annotated(before, after);
    expect(change).toBe('unchanged');
    expect(effects(listeners[0].fields)).toEqual(['/attributes/routing.http.response.server.enabled kept', '/mutualAuthentication kept']);
    expect(effects(annotated(before, after, { featureGates: { EnhancedDefaultBehavior: true } }).listeners[0].fields)).toContain('/mutualAuthentication updated');
  });
});

describe('rules', () => {
  const rules = (before: string[], after: string[], tags: [string, string] = ['', '']) => changes(
    [service(), service('other'), ingress(tags[0] ? { tags: tags[0] } : {}, before)],
    [service(), service('other'), ingress(tags[1] ? { tags: tags[1] } : {}, after)],
  )[0].listeners.flatMap(own => own.rules);
  const words = (found: ReturnType<typeof rules>) => found.map(({ change, priority, previousPriority }) => `${change} ${previousPriority ? `${previousPriority} → ` : ''}${priority}`);

  test('a rule in front moves the others', () => {
    expect(words(rules([path('/a'), path('/b')], [path('/new'), path('/a'), path('/b')]))).toEqual(['created 1', 'moved 1 → 2', 'moved 2 → 3']);
  });

  test('a rule less moves the others, and its priority is free', () => {
    expect(words(rules([path('/a'), path('/b'), path('/c')], [path('/b'), path('/c')]))).toEqual(['moved 2 → 1', 'moved 3 → 2', 'deleted 1']);
  });

  test('a rule at the same priority changes in place', () => {
    const [rule] = rules([path('/a')], [path('/a', { backend: 'other' })]);
    expect(rule).toMatchObject({ change: 'updated', priority: 1 });
    expect(effects(rule.fields)).toEqual(['/actions/0/forwardConfig/targetGroups/0/targetGroup updated']);
  });

  test('rules with equal settings are matched one to one', () => {
    expect(words(rules([path('/a'), path('/a')], [path('/a')]))).toEqual(['deleted 2']);
    expect(words(rules([path('/a')], [path('/a'), path('/a')]))).toEqual(['created 2']);
  });

  test('a replaced target group does not list the rules that forward to it', () => {
    const [{ listeners, targetGroups }] = changes([service(), ingress()], [service(), ingress({ 'backend-protocol': 'HTTPS' })]);
    expect([listeners, targetGroups.length]).toEqual([[], 1]);
  });

  test('new tags reach only rules that move or change', () => {
    const [kept] = rules([path('/a')], [path('/a')], ['team=a', 'team=b']);
    expect([kept.change, effects(kept.fields)]).toEqual(['unchanged', ['/tags/team kept']]);
    const [, moved] = rules([path('/a')], [path('/b'), path('/a')], ['team=a', 'team=b']);
    expect([moved.change, effects(moved.fields)]).toEqual(['moved', ['/tags/team updated']]);
  });

  test('stickiness that is no longer set stays on', () => {
    const action = (stickiness: object) => JSON.stringify({
      type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'web', servicePort: 80 }], ...stickiness },
    });
    const own = path('/a', { backend: 'x', port: 'name: use-annotation' });
    const [before, after] = [{ targetGroupStickinessConfig: { enabled: true, durationSeconds: 60 } }, {}].map(stickiness => ingress({ 'actions.x': action(stickiness) }, [own]));
    const [{ rules: [rule] }] = changes([service(), before], [service(), after])[0].listeners;
    expect([rule.change, new Set(rule.fields.map(({ effect }) => effect))]).toEqual(['unchanged', new Set(['kept'])]);
    expect(changes([service(), after], [service(), before])[0].listeners[0].rules[0].change).toBe('updated');
  });
});

describe('TargetGroupBindings', () => {
  const binding = (spec: string) => `
apiVersion: elbv2.k8s.aws/v1beta1
kind: TargetGroupBinding
metadata: { name: web, namespace: shop }
spec: ${spec}
`;
  const arn = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;
  const own = (name: string, more: string) => binding(`{ targetGroupARN: "${arn(name)}", serviceRef: { name: web, port: 80 }${more} }`);
  const compared = (before: string, after: string) => {
    const [old, now] = [before, after].map(text => planOf(readYaml(text, 'a.yaml')));
    return planChanges(old, now).targetGroupBindings.map(({ change, fields }) => [change, ...effects(fields)]);
  };

  test('are created, updated and deleted', () => {
    expect(compared('', own('a', ', targetType: ip'))).toEqual([['created']]);
    expect(compared(own('a', ', targetType: ip'), '')).toEqual([['deleted']]);
    expect(compared(own('a', ', targetType: ip'), own('a', ', targetType: ip').replace('port: 80', 'port: 81'))).toEqual([['updated', '/serviceRef/port updated']]);
  });

  test('the webhook refuses another target group, target type or address family; what AWS fills in is no difference', () => {
    expect(compared(own('a', ', targetType: ip'), own('b', ', targetType: instance'))).toEqual([['refused', '/targetGroupARN refused', '/targetType refused']]);
    expect(compared(own('a', ''), own('a', ', targetType: ip'))).toEqual([['unchanged']]);
  });

  test('one that is refused already stays as it was', () => {
    expect(compared(own('a', ', targetType: ip'), binding('{ serviceRef: { name: web, port: 80 } }'))).toEqual([['refused']]);
  });
});
