// Faults between two objects, which no single prop can refuse: the checks find them at synth, and in anybody's YAML.
import { App } from 'cdk8s';
import { type AlbOptions } from '../../src/edge/alb/options';
import { AlbIstioEdge, AlbScheme, IngressGroup, RouteTarget } from '../../src/index';
import { check, readYaml } from '../../src/inspect';
import { refusal } from '../refusal';
import { CART, edge, PREFIX } from './edges';

/** The errors and warnings of a run, by check. */
const found = (input: Parameters<typeof check>[0]) => [...new Set(check(input).findings.map(({ id, severity }) => `${severity} ${id}`))];

/** Two edges that share a load balancer. */
function shared(first: AlbOptions, second: AlbOptions): App {
  const app = new App();
  const group = new IngressGroup(app, 'Group', { groupName: 'shop' });
  [first, second].forEach((options, index) => new AlbIstioEdge(app, `edge-${index}`, {
    hosts: [`${index}.example.com`], edgeName: `edge-${index}`, gateway: { credentialName: 'tls' }, alb: { group, ...options },
  }));
  return app;
}

const DISAGREEMENTS: [string, AlbOptions, AlbOptions][] = [
  ['scheme', { scheme: AlbScheme.INTERNAL }, { scheme: AlbScheme.INTERNET_FACING }],
  ['loadBalancerName', { loadBalancerName: 'a' }, { loadBalancerName: 'b' }],
  ['sslPolicy', {}, { sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }],
];

test.each(DISAGREEMENTS)('members of a group with different %s are refused (E065)', (prop, first, second) => {
  expect(refusal(() => shared(first, second))).toMatchObject({ prop, path: 'edge-1/Alb' });
  expect(() => shared(first, first).synthYaml()).not.toThrow();
});

test.each(DISAGREEMENTS)('members of a group in two apps with different %s are found by a check (E065)', (_, first, second) => {
  const yaml = [first, second].map((options, index) => {
    const app = new App();
    const alb = { group: IngressGroup.fromName('shop'), groupOrder: index, ...options };
    new AlbIstioEdge(app, 'edge', { hosts: [`${index}.example.com`], edgeName: `edge-${index}`, gateway: { credentialName: 'tls' }, alb });
    return app.synthYaml();
  });
  expect(found(readYaml(yaml.join('\n---\n'), 'both.yaml'))).toEqual(['error conflicting-group-members']);
});

test('weights that do not add up to 100 are a warning (E124)', () => {
  const split = (weight: number) => {
    const made = edge();
    made.addRoute('A', { target: RouteTarget.split([{ subset: CART.subset('v1'), weight: 80 }, { subset: CART.subset('v2'), weight }]) });
    return made.node.root;
  };
  expect(found(split(10))).toEqual(['warning weights-not-100']);
  expect(found(split(20))).toEqual([]);
});

const SERVICE = 'kind: Service\napiVersion: v1\nmetadata: { name: gw, namespace: front }\nspec: { ports: [{ name: http, port: 80 }, { name: https, port: 443 }] }\n';
const NAMESPACE = (name: string) => `---\nkind: Namespace\napiVersion: v1\nmetadata: { name: ${name} }\n`;

function ingress(namespace: string, port: number, key = 'scheme', value = 'internal'): string {
  return `${SERVICE}${NAMESPACE('front')}${NAMESPACE(namespace)}---\nkind: Ingress\napiVersion: networking.k8s.io/v1\n`
    + `metadata: { name: edge, namespace: ${namespace}, annotations: { ${PREFIX}target-type: ip, ${PREFIX}${key}: '${value}' } }\n`
    + `spec: { ingressClassName: alb, rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: gw, port: { number: ${port} } } } }] } }] }\n`
    + `---\nkind: Service\napiVersion: v1\nmetadata: { name: web, namespace: ${namespace} }\nspec: { ports: [{ port: 80 }] }\n`;
}

function route(host: string, rest: string): string {
  return `${SERVICE}${NAMESPACE('front')}---\nkind: VirtualService\napiVersion: networking.istio.io/v1\nmetadata: { name: shop, namespace: front }\n`
    + `spec: { hosts: [a.b], gateways: [front/gw], http: [{ route: [{ destination: { host: ${host}${rest} } }] }] }\n`
    + '---\nkind: DestinationRule\napiVersion: networking.istio.io/v1\nmetadata: { name: gw, namespace: front }\nspec: { host: gw.front.svc.cluster.local, subsets: [{ name: v1 }] }\n'
    + '---\nkind: Gateway\napiVersion: networking.istio.io/v1\nmetadata: { name: gw, namespace: front }\n'
    + 'spec: { selector: { a: b }, servers: [{ port: { number: 8080, name: http, protocol: HTTP }, hosts: ["*"] }] }\n';
}

const FQDN = 'gw.front.svc.cluster.local';

test.each([
  ['dangling-backend', 'E046', ingress('other', 443)],
  ['dangling-backend', 'E047', ingress('front', 8443)],
  ['dangling-destination', 'E033', route(FQDN, '')],
  ['dangling-destination', 'E034', route('gw.front', ', port: { number: 80 }')],
  ['malformed-annotation', 'E051', ingress('front', 443, 'scheme', 'Internal')],
  ['malformed-annotation', 'E053', ingress('front', 443, 'listen-ports', '[{"HTTP":80}')],
  ['malformed-annotation', 'E066', ingress('front', 443, 'group.name', 'Shop')],
  ['unknown-subset', 'E035', route(FQDN, ', port: { number: 80 }, subset: v2')],
])('%s finds it in YAML of any origin (%s)', (id, _, yaml) => {
  expect(found(readYaml(yaml, 'bad.yaml'))).toEqual([`error ${id}`]);
});

test('the same YAML without the fault has no finding', () => {
  expect([ingress('front', 443), route(FQDN, ', port: { number: 80 }, subset: v1')].flatMap(yaml => found(readYaml(yaml, 'good.yaml')))).toEqual([]);
});

test('ignored-by-controller finds what EKS Auto Mode ignores (E080)', () => {
  const ofAutoMode = (key: string, value: string) => found(readYaml(`${ingress('front', 443, key, value)}---\nkind: IngressClass\napiVersion: networking.k8s.io/v1\n`
    + 'metadata: { name: alb }\nspec: { controller: eks.amazonaws.com/alb }\n', 'bad.yaml'));
  expect(ofAutoMode('shield-advanced-protection', 'true')).toEqual(['warning ignored-by-controller']);
  expect(ofAutoMode('scheme', 'internal')).toEqual([]);
});
