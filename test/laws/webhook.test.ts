// The checker of the webhook's rules, on objects that break one of them: a rule that never speaks would prove nothing.
import { refusedByWebhook } from './webhook';

const object = (kind: string, spec: object, metadata: object = {}) => ({ kind, metadata: { name: 'a', namespace: 'shop', ...metadata }, spec });
const destination = { host: 'cart.shop.svc.cluster.local' };
const route = [{ destination }];
const virtualService = (spec: object) => object('VirtualService', { hosts: ['a.test'], gateways: ['gw/door'], http: [{ route }], ...spec });
const http = (entry: object) => virtualService({ http: [{ route, ...entry }] });
const server = (entry: object) => object('Gateway', { servers: [{ hosts: ['shop/a.test'], port: { name: 'http', number: 80, protocol: 'HTTP' }, ...entry }] });
const rule = (spec: object) => object('DestinationRule', { host: 'cart.shop', ...spec });
const policy = (trafficPolicy: object) => rule({ trafficPolicy });
const service = (spec: object) => object('ServiceEntry', { hosts: ['a.test'], ports: [{ name: 'http', number: 80, protocol: 'HTTP' }], resolution: 'DNS', ...spec });
const authorization = (spec: object) => object('AuthorizationPolicy', { rules: [{}], ...spec });

test.each([
  ['VS-001', virtualService({ hosts: undefined })],
  ['VS-006', virtualService({ gateways: ['mesh'], http: [{ route, match: [{ headers: { '@request.auth.claims[group]': { exact: 'a' } } }] }] })],
  ['VS-009', virtualService({ hosts: ['*'], gateways: undefined })],
  ['VS-010', virtualService({ hosts: ['a.test', '*.test'] })],
  ['VS-016', http({ delegate: { name: 'a' } })],
  ['VS-018', http({ redirect: { uri: '/' } })],
  ['VS-019', virtualService({ http: [{ redirect: { uri: '/' }, fault: { abort: { httpStatus: 500 } } }] })],
  ['VS-023', virtualService({ http: [{ directResponse: { status: 200 }, fault: { abort: { httpStatus: 500 } } }] })],
  ['VS-025', virtualService({ http: [{ name: 'a' }] })],
  ['VS-028', http({ match: [{ headers: { 'a b': { exact: 'a' } } }] })],
  ['VS-029', http({ match: [{ headers: { a: { regex: '(?=a)' } } }] })],
  ['VS-042', http({ headers: { request: { set: { a: '50%' } } } })],
  ['VS-043', http({ headers: { request: { remove: ['Host'] } } })],
  ['VS-049', http({ corsPolicy: { allowOrigins: [{ exact: '*' }], allowMethods: ['get'] } })],
  ['VS-053', http({ corsPolicy: { allowOrigins: [{ exact: '*' }], maxAge: '1500ms' } })],
  ['VS-060', http({ fault: { delay: { fixedDelay: '1s', percentage: { value: 0.00001 } } } })],
  ['VS-082', http({ retries: { attempts: 0, retryOn: '5xx' } })],
  ['VS-084', http({ retries: { attempts: 1, retryOn: '5xx, reset' } })],
  ['VS-090', http({ rewrite: { authority: 'a.b' }, headers: { request: { set: { host: 'c.d' } } } })],
  ['VS-096', virtualService({ http: [{ route: [{ destination, weight: 0 }, { destination, weight: 0 }] }] })],
  ['VS-097', http({ timeout: '0s' })],
  ['VS-103', virtualService({ http: undefined, tls: [{ match: [{ sniHosts: ['b.test'] }], route }] })],
  ['VS-120', virtualService({ exportTo: ['.', 'shop'] })],
  ['GW-005', server({ hosts: ['shop/localhost'] })],
  ['GW-015', server({ port: { name: 'https', number: 443, protocol: 'HTTPS' } })],
  ['GW-016', server({ tls: { mode: 'SIMPLE', credentialName: 'a' } })],
  ['DR-004', rule({ workloadSelector: { matchLabels: { a: 'b' } }, exportTo: ['*'] })],
  ['DR-008', rule({ subsets: [{ name: 'v1.2' }] })],
  ['DR-013', policy({})],
  ['DR-014', policy({ tunnel: { targetHost: 'a.b', targetPort: 1 }, proxyProtocol: { version: 'V1' } })],
  ['DR-024', policy({ outlierDetection: { consecutiveLocalOriginFailures: 1 } })],
  ['DR-041', policy({ connectionPool: { tcp: { idleTimeout: '1us' } } })],
  ['DR-059', policy({ loadBalancer: { localityLbSetting: { distribute: [{ from: 'a', to: { b: 99 } }] } } })],
  ['DR-073', policy({ tls: { mode: 'SIMPLE', insecureSkipVerify: true, caCertificates: '/a' } })],
  ['DR-076', policy({ tls: { mode: 'MUTUAL' } })],
  ['SE-013', service({ addresses: ['10.0.0.0/8'] })],
  ['SE-035', service({ hosts: ['*.test'] })],
  ['SE-048', service({ hosts: ['a.test', 'b.test'], ports: [{ name: 'tcp', number: 1, protocol: 'TCP' }] })],
  ['SC-027', object('Sidecar', { egress: [{ hosts: ['./*'] }, { hosts: ['./*'], port: { number: 80, protocol: 'HTTP', name: 'http' } }] })],
  ['AP-010', authorization({ action: 'CUSTOM', provider: { name: 'a' }, rules: [{ from: [{ source: { principals: ['a'] } }] }] })],
  ['AP-013', authorization({ provider: { name: 'a' } })],
  ['AP-031', authorization({ rules: [{ to: [{ operation: { paths: ['/{**}/{*}'] } }] }] })],
  ['PA-001', object('PeerAuthentication', { portLevelMtls: { 80: { mode: 'STRICT' } } })],
  ['TM-010', object('Telemetry', { tracing: [{ randomSamplingPercentage: 101 }] })],
])('%s is reported', (id, broken) => {
  expect(refusedByWebhook(broken).join()).toMatch(new RegExp(`${id}\\b`));
});

test.each([virtualService({}), server({}), rule({}), service({}), authorization({})])('the object that they are made of is taken: %#', good => {
  expect(refusedByWebhook(good)).toEqual([]);
});
