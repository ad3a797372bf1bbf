// `alb-istio plan --against` as text and as JSON.
import { readYaml } from '../../src/manifests/yaml';
import { renderPlanChangesJson } from '../../src/output/plan-changes-json';
import { renderPlanChangesText } from '../../src/output/plan-changes-text';
import { planChanges } from '../../src/plan/changes/plan-changes';
import { planOf } from '../../src/plan/plan';

const shop = (annotations: string, hosts: string[], name = 'web') => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: shop
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
${annotations.split('\n').filter(line => line !== '').map(line => `    alb.ingress.kubernetes.io/${line}\n`).join('')}spec:
  ingressClassName: alb
  rules:
${hosts.map(host => `    - host: ${host}\n      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }] }`).join('\n')}
`;

const changes = (before: string, after: string) => planChanges(planOf(readYaml(before, 'old.yaml')), planOf(readYaml(after, 'new.yaml')));

test('an update says what AWS changes, what it replaces, and what it keeps', () => {
  const before = shop('load-balancer-name: shop\nload-balancer-attributes: idle_timeout.timeout_seconds=30', ['a.example.com', 'b.example.com']);
  const after = shop('backend-protocol: HTTPS\ninbound-cidrs: 10.0.0.0/8', ['a.example.com', 'b.example.com']);
  expect(renderPlanChangesText(changes(before, after))).toBe(`\
Load balancers: 1 updated
Target groups of these: 1 replaced

~ Application Load Balancer shop, for Ingress shop/web (new.yaml:7): updated
    attribute idle_timeout.timeout_seconds removed; it was "30" (kept: the controller does not reset an attribute that is no longer set)
    inbound rule tcp 80 from 0.0.0.0/0 removed
    inbound rule tcp 80 from 10.0.0.0/8 added
    name: "shop" → "k8s-shop-web-…" (kept: AWS cannot rename a load balancer: only a new one gets the name)
  -/+ target group of Service shop/web:80: replaced
      An outage: requests fail until the new targets are registered and healthy.
      health check protocol: "HTTP" → "HTTPS"
      protocol: "HTTP" → "HTTPS" (replaced: AWS cannot change it, and the controller makes a new target group)
`);
});

test('rules that only move in a row are one line', () => {
  const hosts = ['a', 'b', 'c', 'd'].map(name => `${name}.example.com`);
  expect(renderPlanChangesText(changes(shop('', hosts), shop('', ['new.example.com', ...hosts.slice(0, 3), 'e.example.com'])))).toBe(`\
Load balancers: 1 updated

~ Application Load Balancer k8s-shop-web-…, for Ingress shop/web (new.yaml:7): updated
  ~ HTTP 80: updated
    + rule 1  host new.example.com, path /*  → Service shop/web:80
    > rules 1 to 3 become 2 to 4
    + rule 5  host e.example.com, path /*  → Service shop/web:80
    - rule 4  host d.example.com, path /*  → Service shop/web:80
`);
  const [swapped, kept] = [['b.example.com', 'a.example.com'], ['a.example.com', 'b.example.com']].map(own => shop('', own));
  expect(renderPlanChangesText(changes(kept, swapped))).toContain(`
    > rule 2 becomes 1  host b.example.com, path /*  → Service shop/web:80
    > rule 1 becomes 2  host a.example.com, path /*  → Service shop/web:80
`);
});

test('a rule and a default action that change show what they were', () => {
  const text = renderPlanChangesText(changes(shop('', ['a.example.com']), shop('', ['b.example.com']).replace('spec:\n  ingressClassName: alb', `spec:
  ingressClassName: alb
  defaultBackend: { service: { name: web, port: { number: 80 } } }`)));
  expect(text).toContain(`
  ~ HTTP 80: updated
      default → Service shop/web:80
        before: → 404
    ~ rule 1  host b.example.com, path /*  → Service shop/web:80
        before: host a.example.com, path /*  → Service shop/web:80
`);
});

test('outages come first, refusals follow, and what does not change is only counted', () => {
  const before = [shop('scheme: internal', ['a.example.com']), shop('', ['b.example.com'], 'same'), shop('', ['c.example.com'], 'bad'), shop('', [], 'gone')];
  const after = [shop('', ['n.example.com'], 'new'), shop('scheme: internet-facing', ['a.example.com']), before[1], shop('ssl-redirect: "443"', [], 'bad')];
  expect(renderPlanChangesText(changes(before.join('---'), after.join('---')))).toBe(`\
Load balancers: 1 deleted, 1 replaced, 1 refused, 1 created, 1 unchanged

- Application Load Balancer k8s-shop-gone-…, for Ingress shop/gone (old.yaml:62): deleted

-/+ Application Load Balancer k8s-shop-web-…, for Ingress shop/web (new.yaml:25): replaced
    An outage: there is no load balancer until the new one is active and DNS points to it.
    scheme: "internal" → "internet-facing" (replaced: AWS cannot change it: the controller deletes the load balancer, and then creates a new one with another DNS name)

! Application Load Balancer k8s-shop-bad-…, for Ingress shop/bad (old.yaml:44): refused
    AWS keeps what it has, and nothing changes until the cause is fixed.
    new.yaml:62: Ingress shop/bad annotation alb.ingress.kubernetes.io/ssl-redirect: port 443 must be an HTTPS listener of the load balancer (refused)

+ Application Load Balancer k8s-shop-new-…, for Ingress shop/new (new.yaml:7): created
    internal, HTTP 80, 1 rule
`);
});

test('nothing before and after is said to be nothing', () => {
  expect(renderPlanChangesText(changes('', ''))).toBe('No load balancer, before or after.\n');
});

test('names cannot break the lines of the text', () => {
  const text = renderPlanChangesText(changes('', shop('load-balancer-name: "a\\nb"', ['a.example.com'])));
  expect(text).toContain('Load Balancer a\\u000ab, for');
});

test('the JSON has fields with their effects, rules before and after, and whole load balancers that exist on one side only', () => {
  const changed = changes(shop('tags: team=a', ['a.example.com']), `${shop('tags: team=b', ['b.example.com'])}---${shop('', [], 'new')}`);
  const json = JSON.parse(renderPlanChangesJson(changed)) as { readonly loadBalancers: readonly { readonly [key: string]: unknown }[] };
  expect(json).toMatchObject({
    schemaVersion: 1,
    loadBalancers: [
      { change: 'created', type: 'application', group: 'shop/new', after: { scheme: 'internal', listeners: [{ port: 80 }] } },
      {
        change: 'updated', type: 'application', group: 'shop/web', name: 'k8s-shop-web-…', members: [{ kind: 'Ingress', namespace: 'shop', name: 'web' }],
        fields: [{ path: '/tags/team', before: 'a', after: 'b', effect: 'updated' }],
        listeners: [{
          change: 'updated', port: 80, protocol: 'HTTP',
          rules: [{ change: 'updated', priority: 1, before: { from: { origin: { file: 'old.yaml' } } }, after: { from: { pointer: '/spec/rules/0/http/paths/0' } } }],
        }],
        targetGroups: [{ change: 'updated', id: 'shop/web-web:80', fields: [{ path: '/tags/team' }] }],
      },
    ],
    events: [],
  });
  expect(json.loadBalancers[1].after).toBeUndefined();
});

test('TargetGroupBindings that change follow the load balancers', () => {
  const binding = (port: number) => `
apiVersion: elbv2.k8s.aws/v1beta1
kind: TargetGroupBinding
metadata: { name: web, namespace: shop }
spec: { targetGroupARN: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/0123456789abcdef", targetType: ip, serviceRef: { name: web, port: ${port} } }
`;
  expect(renderPlanChangesText(changes(binding(80), binding(81)))).toBe(`\
No load balancer, before or after.

~ TargetGroupBinding shop/web (new.yaml:2): updated
    serviceRef port: 80 → 81
`);
  expect(JSON.parse(renderPlanChangesJson(changes(binding(80), binding(81))))).toMatchObject({
    targetGroupBindings: [{ change: 'updated', object: { name: 'web' }, origin: { file: 'new.yaml' }, fields: [{ path: '/serviceRef/port', effect: 'updated' }] }],
  });
});

test('an Ingress that moves to another group gets another load balancer, which costs an outage', () => {
  const moved = renderPlanChangesText(changes(shop('group.name: a', ['a.example.com']), shop('group.name: b', ['a.example.com'])));
  expect(moved).toContain(`: deleted
    Ingress shop/web moves to load balancer k8s-b-…, which is created and has another DNS name.
    An outage: the old DNS name is gone before DNS points to the new one.
`);
});

test('an Ingress that leaves a group, or joins one, gets another load balancer, too', () => {
  const [one, two] = ['one', 'two'].map(name => shop('group.name: g', [`${name}.example.com`], name));
  const alone = shop('', ['two.example.com'], 'two');
  expect(renderPlanChangesText(changes(`${one}---${two}`, `${one}---${alone}`))).toContain(`
~ Application Load Balancer k8s-g-…, for Ingress shop/one (new.yaml:7): updated
    Ingress shop/two moves to load balancer k8s-shop-two-…, which is created and has another DNS name.
    An outage: the rules are gone from the old load balancer before DNS points to the new one.
    member Ingress shop/two removed
`);
  expect(renderPlanChangesText(changes(`${one}---${alone}`, `${one}---${two}`))).toContain(`: deleted
    Ingress shop/two moves to load balancer k8s-g-…, which has another DNS name.
    An outage: the old DNS name is gone before DNS points to the new one.
`);
});

test('deletion protection: whether it prevents the deletion is said of each', () => {
  const protection = 'load-balancer-attributes: deletion_protection.enabled=true';
  expect(renderPlanChangesText(changes(shop(protection, ['a.example.com']), ''))).toBe(`\
Load balancers: 1 refused

! Application Load Balancer k8s-shop-web-…, for Ingress shop/web (old.yaml:7): refused
    AWS keeps what it has, and nothing changes until the cause is fixed.
    old.yaml:7: Ingress shop/web annotation alb.ingress.kubernetes.io/load-balancer-attributes: turns on deletion protection: the controller refuses to let go of this Ingress until the annotation is changed (refused)
`);
  const turnedOff = '    Deletion protection does not prevent it: the controller turns it off.\n';
  expect(renderPlanChangesText(changes(shop(protection, []), shop(`${protection}\nscheme: internet-facing`, [])))).toContain(`: replaced
    An outage: there is no load balancer until the new one is active and DNS points to it.
${turnedOff}`);
  expect(renderPlanChangesText(changes(shop(protection, []), shop(`${protection}\ngroup.name: g`, [])))).toContain(`: deleted\n${turnedOff}`);
  expect(renderPlanChangesText(changes(shop('', []), shop('group.name: g', [])))).not.toContain('Deletion protection');
  const autoMode = `
apiVersion: v1
kind: Service
metadata:
  name: tcp
  namespace: shop
  annotations: { service.beta.kubernetes.io/aws-load-balancer-attributes: deletion_protection.enabled=true }
spec: { type: LoadBalancer, loadBalancerClass: eks.amazonaws.com/nlb, ports: [{ port: 80, targetPort: 8080 }] }
`;
  expect(renderPlanChangesText(changes(autoMode, ''))).toContain(`: deleted
    Deletion protection is on, and whether EKS Auto Mode turns it off is not known.
`);
});

test('a new target group that gets the requests of another one costs an outage', () => {
  const [before, after] = ['number: 80', 'name: http'].map(port => (
    shop('', ['a.example.com']).replace('{ port: 80, ', '{ name: http, port: 80, ').replace('port: { number: 80 }', `port: { ${port} }`)));
  const [change] = changes(before, after).loadBalancers;
  expect(renderPlanChangesText(changes(before, after))).toContain(`
  + target group of Service shop/web:http: created, for requests that Service shop/web:80 gets now
      An outage: requests fail until the new targets are registered and healthy.
  - target group of Service shop/web:80: deleted
`);
  expect(JSON.parse(renderPlanChangesJson(changes(before, after)))).toMatchObject({
    loadBalancers: [{ targetGroups: [{ change: 'created', takesRequestsFrom: ['shop/web-web:80'] }, { change: 'deleted' }] }],
  });
  expect(change.targetGroups[1].takesRequestsFrom).toBeUndefined();
});

test('what the API server refuses changes nothing, and is said once', () => {
  const text = renderPlanChangesText(changes(shop('ssl-redirect: "443"', []), shop('ssl-redirect: 443', [])));
  expect(text.match(/must be a string/g)).toHaveLength(1);
});
