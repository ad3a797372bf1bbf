// `alb-istio plan` as text and as JSON.
import { readYaml } from '../../src/manifests/yaml';
import { renderPlanJson } from '../../src/output/plan-json';
import { renderPlanText } from '../../src/output/plan-text';
import { planOf } from '../../src/plan/plan';

const SHOP = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP":80},{"HTTPS":443}]'
    alb.ingress.kubernetes.io/ssl-redirect: "443"
    alb.ingress.kubernetes.io/actions.old: '{"type":"fixed-response","fixedResponseConfig":{"statusCode":"410","messageBody":"gone"}}'
spec:
  ingressClassName: alb
  rules:
    - host: shop.example.com
      http:
        paths:
          - { path: /old, pathType: Exact, backend: { service: { name: old, port: { name: use-annotation } } } }
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
`;

test('all rules that redirects make useless are on one line', () => {
  const redirected = SHOP.replace(/ssl-redirect: .*/, 'actions.ssl-redirect: \'{"type":"redirect","redirectConfig":{"protocol":"HTTPS","port":"443","statusCode":"HTTP_301"}}\'')
    .replace('        paths:\n', '        paths:\n          - { path: /, pathType: Prefix, backend: { service: { name: ssl-redirect, port: { name: use-annotation } } } }\n');
  expect(renderPlanText(planOf(readYaml(redirected, 'shop.yaml'))).split('\n\n').at(-1)).toBe('shop.yaml:7: Ingress shop/web: redirects make rules useless, which '
    + 'are left out: port 80 without /spec/rules/0/http/paths/2; port 443 without /spec/rules/0/http/paths/0\n');
});

const BROKEN = SHOP.replace('"443"', '"8443"');

test('a load balancer is a table of its listeners and rules, its target groups, and what is known after apply', () => {
  expect(renderPlanText(planOf(readYaml(SHOP, 'shop.yaml')))).toBe(`\
Application Load Balancer k8s-shop-web-…, for Ingress shop/web (shop.yaml:7)
  scheme internal, ipv4
  security groups managed, backend
  inbound tcp 80, 443 from 0.0.0.0/0

  HTTP 80
    default                                    → redirect to port 443, protocol HTTPS (301)
  HTTPS 443, ELBSecurityPolicy-2016-08, certificates: those of ACM for shop.example.com
    1        host shop.example.com, path /old  → 410 "gone"
    2        host shop.example.com, path /*    → Service shop/web:80
    default                                    → 404

  Target groups
    k8s-shop-web-…  shop/web:80  ip HTTP 8080  health: HTTP traffic port / expects 200 every 15 s

  Known after apply
    the ACM certificates for shop.example.com
    the … in names: a hash of the cluster's name and the UIDs of Services
    the subnets: discovered by their role tags for scheme internal
`);
});

test('the Network Load Balancer in front of a load balancer follows it', () => {
  const fronted = SHOP.replace('annotations:', 'annotations:\n    alb.ingress.kubernetes.io/enable-frontend-nlb: "true"');
  const text = renderPlanText(planOf(readYaml(fronted, 'shop.yaml')));
  expect(text.slice(text.indexOf('Network'), text.indexOf('\n\n  Known after apply', text.indexOf('Network')))).toBe(`\
Network Load Balancer k8s-shop-web-…-nlb, for Ingress shop/web (shop.yaml:7)
  scheme internal, ipv4
  security groups managed, backend

  TCP 80
    default    → the Application Load Balancer:80
  TCP 443
    default    → the Application Load Balancer:443

  Target groups
    k8s-shop-web-…  the Application Load Balancer:80   alb TCP 80   health: HTTP traffic port / expects 200 every 15 s
    k8s-shop-web-…  the Application Load Balancer:443  alb TCP 443  health: HTTP traffic port / expects 200 every 15 s`);
});

test('a refusal names the object, the place and the reason, and says that nothing changes', () => {
  expect(renderPlanText(planOf(readYaml(BROKEN, 'shop.yaml')))).toBe(`\
Load balancer of shop/web: refused. The controller changes nothing for Ingress shop/web.
  shop.yaml:7: Ingress shop/web annotation alb.ingress.kubernetes.io/ssl-redirect: port 8443 must be an HTTPS listener of the load balancer
`);
});

test('an input without Ingresses of the controller says so', () => {
  expect(renderPlanText(planOf([]))).toBe('No load balancer: no Ingress or Service here belongs to the AWS Load Balancer Controller.\n');
});

test('a name with control characters stays on its line', () => {
  expect(renderPlanText(planOf(readYaml(SHOP.replace('host: shop.example.com', 'host: "shop\\u001b[31m.example.com"'), 'shop.yaml')))).not.toContain('\u001b');
});

test('JSON has the load balancers in the shape of the ELBv2 API, with the object and pointer that each rule comes from', () => {
  const { schemaVersion, loadBalancers: [balancer], events } = JSON.parse(renderPlanJson(planOf(readYaml(SHOP, 'shop.yaml'))));
  expect({ schemaVersion, events, listeners: balancer.listeners.map(({ port, rules }: any) => [port, rules.length]) }).toEqual({
    schemaVersion: 1, events: [], listeners: [[80, 0], [443, 2]],
  });
  expect(balancer.listeners[1].rules[1]).toEqual({
    priority: 2,
    conditions: [{ field: 'host-header', hostHeaderConfig: { values: ['shop.example.com'] } }, { field: 'path-pattern', pathPatternConfig: { values: ['/*'] } }],
    actions: [{ type: 'forward', forwardConfig: { targetGroups: [{ targetGroup: 'shop/web-web:80' }] } }],
    transforms: [],
    tags: {},
    from: {
      object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'shop', name: 'web' },
      pointer: '/spec/rules/0/http/paths/1',
      origin: { file: 'shop.yaml', document: 2, line: 7 },
    },
  });
});

const OTHERS = `
apiVersion: v1
kind: Service
metadata:
  name: edge
  namespace: shop
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip
    service.beta.kubernetes.io/aws-load-balancer-healthcheck-protocol: http
spec: { type: LoadBalancer, ports: [{ name: https, port: 443, targetPort: 8443 }] }
---
apiVersion: v1
kind: Service
metadata: { name: other, namespace: shop }
spec: { type: LoadBalancer, loadBalancerClass: example.com/lb, ports: [{ port: 80 }] }
---
apiVersion: elbv2.k8s.aws/v1beta1
kind: TargetGroupBinding
metadata: { name: bound, namespace: shop }
spec: { targetGroupARN: "arn:aws:x", targetType: ip, serviceRef: { name: edge, port: 443 } }
---
apiVersion: elbv2.k8s.aws/v1beta1
kind: TargetGroupBinding
metadata: { name: lost, namespace: shop }
spec: { serviceRef: { name: edge, port: 443 } }
`;

test('Services, bindings, what other controllers get and what webhooks refuse are in the text', () => {
  expect(renderPlanText(planOf(readYaml(OTHERS, 'others.yaml')))).toBe(`\
Network Load Balancer k8s-shop-edge-…, for Service shop/edge (others.yaml:2)
  scheme internal, ipv4
  security groups managed, backend
  inbound tcp 443 from 0.0.0.0/0

  TCP 443
    default    → Service shop/edge:443

  Target groups
    k8s-shop-edge-…  shop/edge:443  ip TCP 8443  health: HTTP traffic port / expects 200-399 every 10 s, proxy_protocol_v2.enabled=false

  Known after apply
    the subnets: discovered by their role tags for scheme internal
    the … in names: a hash of the cluster's name and the UIDs of Services

TargetGroupBinding shop/bound: Service edge:443 → arn:aws:x (ip)
  known after apply: the type, protocol and VPC of target group arn:aws:x
Service shop/other has loadBalancerClass example.com/lb, which belongs to another controller (no load balancer)
others.yaml:22: TargetGroupBinding shop/lost /spec: must have targetGroupARN or targetGroupName (refused at apply by mtargetgroupbinding.elbv2.k8s.aws)
`);
});

test('JSON has the bindings of the input, and what other controllers get', () => {
  const { targetGroupBindings, unmanaged } = JSON.parse(renderPlanJson(planOf(readYaml(OTHERS, 'others.yaml'))));
  expect(targetGroupBindings.map(({ object, spec, refused }: any) => [object.name, spec?.targetType, refused?.webhook])).toEqual([
    ['bound', 'ip', undefined], ['lost', undefined, 'mtargetgroupbinding.elbv2.k8s.aws'],
  ]);
  expect(unmanaged.map(({ object, isInvalid }: any) => [object.name, isInvalid])).toEqual([['other', false]]);
});

const shared = (name: string) => SHOP.replace(/name: web/g, `name: ${name}`).replace('annotations:', `annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/inbound-cidrs: 10.0.0.0/8, 192.168.0.0/16`);

test('rules of several Ingresses say where they are from', () => {
  const text = renderPlanText(planOf(readYaml(`${shared('a')}---${shared('b')}`, 'shop.yaml')));
  expect(text).toContain('\n  inbound tcp 80, 443 from 10.0.0.0/8, 192.168.0.0/16\n');
  expect(text).toContain('\n    4        host shop.example.com, path /*    → Service shop/b:80  (Ingress shop/b)\n');
});

test('what the controller refuses comes first', () => {
  const lines = renderPlanText(planOf(readYaml(`${SHOP}---${BROKEN.replace(/name: web/g, 'name: zoo')}`, 'shop.yaml'))).split('\n');
  expect([lines[0], lines[3]]).toEqual([
    'Load balancer of shop/zoo: refused. The controller changes nothing for Ingress shop/zoo.', 'Application Load Balancer k8s-shop-web-…, for Ingress shop/web (shop.yaml:7)',
  ]);
});

test('quotas of AWS are shown near and over the limit', () => {
  const path = (value: string) => `- { path: ${value}, pathType: Exact, backend: { service: { name: web, port: { number: 80 } } } }`;
  const conditions = JSON.stringify([{ field: 'path-pattern', pathPatternConfig: { values: ['/b', '/c', '/d', '/e*'] } }]);
  const many = Array.from({ length: 90 }, (_, index) => path(`/page-${index}`)).join('\n          ');
  const over = SHOP.replace('annotations:', `annotations:\n    alb.ingress.kubernetes.io/conditions.web: '${conditions}'`);
  expect(renderPlanText(planOf(readYaml(over, 'shop.yaml')))).toContain(`
  AWS quotas
    over: 6 of 5 condition values of one rule, HTTPS 443 rule 2 from shop.yaml:7 (AWS refuses it, and the deployment stops there)
`);
  const plan = planOf(readYaml(SHOP.replace(/- \{ path: \/,.*/, many), 'shop.yaml'));
  expect(renderPlanText(plan)).toContain('\n    near: 91 of 100 rules (AWS raises it on request)\n');
  expect((JSON.parse(renderPlanJson(plan)) as { readonly quotas: unknown }).quotas).toContainEqual({
    id: 'rules-per-application-load-balancer', what: 'rules', limit: 100, adjustable: true, guide: 'ALB', used: 91, level: 'near',
    loadBalancer: { type: 'application', group: 'shop/web', name: 'k8s-shop-web-…' },
  });
});

test('what the API server refuses is refused with the value, and the controller changes nothing', () => {
  const text = renderPlanText(planOf(readYaml(SHOP.replace('"443"', '443'), 'shop.yaml')));
  expect(text).toBe(`\
Load balancer of shop/web: refused. The controller changes nothing for Ingress shop/web.
  shop.yaml:7: Ingress shop/web annotation alb.ingress.kubernetes.io/ssl-redirect: must be a string; got the number 443: put it in quotes \
(refused at apply by the API server)
`);
  expect(renderPlanText(planOf(readYaml(SHOP.replace('networking.k8s.io/v1', 'extensions/v1beta1'), 'shop.yaml')))).toBe(`\
No load balancer.

shop.yaml:7: Ingress shop/web /apiVersion: must be networking.k8s.io/v1; got extensions/v1beta1, which Kubernetes does not serve since 1.22 \
(refused at apply by the API server)
`);
  const service = SHOP.replace('name: web, namespace: shop', 'name: web, namespace: shop, labels: { a: 1 }');
  expect(renderPlanText(planOf(readYaml(service, 'shop.yaml')))).toContain('Service shop/web /metadata/labels/a: must be a string; got the number 1');
  expect(planOf(readYaml(service), { admitted: true }).events).toEqual([]);
});

test('logins that let requests through, rewrites, stickiness, attributes, client certificates and missing Services are in the text', () => {
  const annotations = `annotations:
    alb.ingress.kubernetes.io/auth-type: oidc
    alb.ingress.kubernetes.io/auth-on-unauthenticated-request: allow
    alb.ingress.kubernetes.io/auth-idp-oidc: '{"issuer":"i","authorizationEndpoint":"a","tokenEndpoint":"t","userInfoEndpoint":"u","secretName":"s"}'
    alb.ingress.kubernetes.io/transforms.web: '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[{"regex":"^/api/(.*)","replace":"/$1"}]}}]'
    alb.ingress.kubernetes.io/target-group-attributes: stickiness.enabled=true
    alb.ingress.kubernetes.io/listener-attributes.HTTPS-443: routing.http.response.server.enabled=false
    alb.ingress.kubernetes.io/mutual-authentication: '[{"port":443,"mode":"passthrough"}]'
    alb.ingress.kubernetes.io/tags: team=shop
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:1:certificate/a`;
  const full = SHOP.replace('annotations:', annotations).replace('targetPort: 8080', 'targetPort: http');
  const text = renderPlanText(planOf(readYaml(full, 'shop.yaml')));
  expect(text).toContain('→ rewrite of the URL ~ ^/api/(.*) to "/$1", then login (oidc; requests without a login get through), then Service shop/web:80');
  expect(text).toContain('  tags team=shop\n');
  expect(text).toContain(', client certificates: passthrough, routing.http.response.server.enabled=false\n');
  expect(text).toContain('ip HTTP (named port, of each pod)  health: HTTP traffic port / expects 200 every 15 s, stickiness.enabled=true\n');
  expect(renderPlanText(planOf(readYaml(full.replace('unauthenticated-request: allow', 'unauthenticated-request: deny'))))).toContain('get 401');
  const other = SHOP.replace('name: web, namespace: shop', 'name: other, namespace: shop');
  expect(renderPlanText(planOf(readYaml(other)))).toContain('→ Service shop/web:80 (not in the input)\n');
  const sticky = SHOP.replace('"type":"fixed-response","fixedResponseConfig":{"statusCode":"410","messageBody":"gone"}', '"type":"forward","forwardConfig":'
    + '{"targetGroups":[{"serviceName":"web","servicePort":"80"}],"targetGroupStickinessConfig":{"enabled":true,"durationSeconds":60}}');
  expect(renderPlanText(planOf(readYaml(sticky)))).toContain('→ Service shop/web:80 (a client keeps its target group for 60 s)\n');
});

test('two Ingresses with a target group of the same Service are told apart, and a line names ten Ingresses at most', () => {
  const grouped = (name: string) => SHOP.split('---')[1].replace('name: web', `name: ${name}`).replace('/old', `/${name}`)
    .replace('annotations:', 'annotations:\n    alb.ingress.kubernetes.io/group.name: g');
  const text = renderPlanText(planOf(readYaml([SHOP.split('---')[0], ...Array.from({ length: 12 }, (_, index) => grouped(`i${index}`))].join('---'))));
  expect(text).toContain('  shop/web:80 for Ingress shop/i0 ');
  expect(text).toContain('  shop/web:80 for Ingress shop/i11 ');
  expect(text).toContain('Ingress shop/i6, Ingress shop/i7 and 2 more (group g)');
});

test('of an object that is given twice, the last one counts', () => {
  const [, ingress] = SHOP.split('---');
  const open = ingress.replace('annotations:', 'annotations:\n    alb.ingress.kubernetes.io/scheme: internet-facing');
  const { loadBalancers, events } = planOf([...readYaml(SHOP, 'a.yaml'), ...readYaml(open, 'b.yaml')]);
  expect(loadBalancers).toMatchObject([{ scheme: 'internet-facing', group: 'shop/web' }]);
  expect(events).toMatchObject([{ severity: 'ignored', reason: 'is given twice: the same object at b.yaml:2 replaces it', manifest: { origin: { file: 'a.yaml' } } }]);
});
