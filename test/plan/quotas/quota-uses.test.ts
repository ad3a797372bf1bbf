// AWS quotas, counted in plans.
import { readYaml } from '../../../src/manifests/yaml';
import { planOf } from '../../../src/plan/plan';
import { isRefusedByAws, quotaUses } from '../../../src/plan/quotas/quota-uses';
import { ingressYaml, path } from '../ingress-yaml';

const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { ports: [{ port: 80, targetPort: 8080 }] }
`;

interface Given {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly paths?: readonly string[];
  readonly backends?: readonly string[];
  readonly port?: string;
}

function ingress({ annotations = {}, paths = ['/a'], backends = ['web'], port }: Given): string {
  const all = backends.flatMap(backend => paths.map(value => path(`"${value}"`, { backend, port, type: 'ImplementationSpecific' })));
  return ingressYaml({ 'target-type': 'ip', ...annotations }, all, { host: '' });
}

/** The uses by id, such as `3 ok`. */
function uses(...yaml: string[]) {
  return Object.fromEntries(quotaUses(planOf(readYaml(yaml.join('---'), 'a.yaml'))).map(({ quota, used, level }) => [quota.id, `${used} ${level}`]));
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('listeners, rules without the defaults, target groups and certificates of an Application Load Balancer', () => {
  expect(uses(service('web'), ingress({ paths: ['/a', '/b'], annotations: { 'listen-ports': '[{"HTTP":80},{"HTTPS":443}]', 'certificate-arn': 'arn:a, arn:b, arn:c' } }))).toEqual({
    'application-load-balancers': '1 ok', 'network-load-balancers': '0 ok', 'target-groups': '1 ok',
    'rules-per-application-load-balancer': '4 ok', 'listeners-per-application-load-balancer': '2 ok', 'target-groups-per-application-load-balancer': '1 ok',
    'certificates-per-application-load-balancer': '2 ok', 'mtls-verify-listeners-per-load-balancer': '0 ok', 'rules-per-security-group': '2 ok',
  });
});

test.each([[79, 'ok'], [80, 'near'], [100, 'near'], [101, 'over']])('%s of 100 rules is %s', (count, level) => {
  expect(uses(service('web'), ingress({ paths: numbers(count).map(index => `/${index}`) }))).toMatchObject({ 'rules-per-application-load-balancer': `${count} ${level}` });
});

test('more target groups than an Application Load Balancer can have are refused, more rules only perhaps', () => {
  const names = numbers(101).map(index => `s${index}`);
  const over = quotaUses(planOf(readYaml([...names.map(service), ingress({ backends: names })].join('---'), 'a.yaml'))).filter(({ level }) => level === 'over');
  expect(over.map(use => [use.quota.id, use.used, isRefusedByAws(use)])).toEqual([
    ['rules-per-application-load-balancer', 101, false], ['target-groups-per-application-load-balancer', 101, true],
  ]);
});

test('condition values of a rule are counted over all its conditions, regular expressions included', () => {
  const conditions = JSON.stringify([
    { field: 'host-header', hostHeaderConfig: { regexValues: ['a', 'b'] } },
    { field: 'http-request-method', httpRequestMethodConfig: { values: ['GET'] } },
    { field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } },
    { field: 'query-string', queryStringConfig: { values: [{ key: 'a', value: 'b' }] } },
  ]);
  const [use] = quotaUses(planOf(readYaml([service('web'), ingress({ annotations: { 'conditions.web': conditions } })].join('---'), 'a.yaml')))
    .filter(({ quota }) => quota.id === 'condition-values-per-alb-rule');
  expect(use).toMatchObject({ used: 6, level: 'over', listener: { port: 80 }, rule: { priority: 1 } });
});

test.each([
  ['/*/*/*/*/*', undefined, '5 near'],
  ['/????', '[{"field":"query-string","queryStringConfig":{"values":[{"key":"*","value":"a*"},{"value":"\\\\*"}]}}]', '6 near'],
  ['/*', '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"X-?","values":["******"]}}]', '7 over'],
  ['/*', undefined, undefined],
])('wildcards of a rule with path %s and conditions %s', (path, conditions, expected) => {
  expect(uses(service('web'), ingress({ paths: [path], annotations: conditions ? { 'conditions.web': conditions } : {} }))['condition-wildcards-per-alb-rule']).toBe(expected);
});

test('target groups of one action', () => {
  const targetGroups = numbers(6).map(index => ({ targetGroupARN: `arn:${index}`, weight: 1 }));
  const given = { annotations: { 'actions.web': JSON.stringify({ type: 'forward', forwardConfig: { targetGroups } }) }, port: 'name: use-annotation' };
  expect(uses(ingress(given))).toMatchObject({
    'target-groups-per-action-on-application-load-balancer': '6 over', 'target-groups-per-application-load-balancer': '6 ok',
  });
});

test('listeners that verify client certificates', () => {
  const mutual = JSON.stringify([443, 444, 445].map(port => ({ port, mode: 'verify', trustStore: 'arn:aws:elasticloadbalancing:x:truststore/a' })));
  const annotations = { 'listen-ports': '[{"HTTPS":443},{"HTTPS":444},{"HTTPS":445}]', 'certificate-arn': 'arn:a', 'mutual-authentication': mutual };
  expect(uses(service('web'), ingress({ annotations }))).toMatchObject({ 'mtls-verify-listeners-per-load-balancer': '3 over' });
});

test('inbound rules of the managed security group, for the larger of both address families', () => {
  const cidrs = [...numbers(31).map(index => `10.${index}.0.0/16`), '2001:db8::/32'].join(', ');
  const annotations = { 'listen-ports': '[{"HTTP":80},{"HTTP":8080}]', 'inbound-cidrs': cidrs, 'ip-address-type': 'dualstack' };
  expect(uses(service('web'), ingress({ annotations }))).toMatchObject({ 'rules-per-security-group': '62 over' });
});

test('a frontend counts its Application Load Balancer 50 times for each port, and twice as often across zones', () => {
  const ports = { 'enable-frontend-nlb': 'true', 'listen-ports': JSON.stringify(numbers(8).map(index => ({ HTTP: 8000 + index }))) };
  expect(uses(service('web'), ingress({ annotations: ports }))).toMatchObject({
    'targets-per-availability-zone-per-network-load-balancer': '400 near', 'listeners-per-network-load-balancer': '8 ok', 'network-load-balancers': '1 ok',
  });
  expect(uses(service('web'), ingress({ annotations: { ...ports, 'frontend-nlb-attributes': 'load_balancing.cross_zone.enabled=true' } }))).toMatchObject({
    'targets-per-availability-zone-per-network-load-balancer': '800 over',
  });
});

test('what the controller refuses to build uses nothing', () => {
  expect(uses(service('web'), ingress({ annotations: { 'ssl-redirect': '443' } }))).toEqual({
    'application-load-balancers': '0 ok', 'network-load-balancers': '0 ok', 'target-groups': '0 ok',
  });
});
