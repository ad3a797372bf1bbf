// Health checks that cannot succeed: warnings at the target group, for gateways and for pods.
import { type Annotations } from '../../manifests';
import { EDGE, app, istio, security } from '../../mesh/small-mesh';
import { SECURE_GATEWAY, ingress, networkService, path, routes, to, traceOf, GATEWAY_PODS } from '../small-edge';
import { appliedFolders, committedManifests } from '../../committed-manifests';
import type { Hop } from '../../../src/trace/hops/hop';
import { type TraceModels, prepareTrace } from '../../../src/trace/models';
import { trace } from '../../../src/trace/trace';

const REST = [SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1')];
/** A filter chain warns of Secrets that the input lacks. */
const atTargets = ({ at, warning }: Hop) => (at === 'target-group' && warning !== undefined ? [warning] : []);
const warnings = (objects: readonly string[], line = 'GET https://a.example.com/') => traceOf(objects, line).hops.flatMap(atTargets);
const ofGateway = (annotations: Annotations) => warnings([ingress(annotations), EDGE, ...REST]);

test.each<[annotations: Annotations, warning: string]>([
  [{ 'healthcheck-port': '15021', 'healthcheck-protocol': 'HTTP', 'healthcheck-path': '/healthz/ready' }, ''],
  [{ 'healthcheck-port': '15021', 'healthcheck-protocol': 'HTTPS', 'healthcheck-path': '/healthz/ready' },
    'the health check HTTPS:15021/healthz/ready never succeeds: port 15021 speaks plaintext'],
  [{ 'healthcheck-port': '15021', 'healthcheck-protocol': 'HTTP', 'healthcheck-path': '/ready' },
    'the health check HTTP:15021/ready never succeeds: port 15021 answers 404 to all paths but /healthz/ready'],
  [{ 'healthcheck-port': '15021', 'healthcheck-protocol': 'HTTP', 'healthcheck-path': '/ready', 'success-codes': '200,400-404' }, ''],
  [{ 'healthcheck-port': '15021', 'healthcheck-protocol': 'HTTP', 'healthcheck-path': 'healthz/ready' },
    'the health check HTTP:15021 healthz/ready never succeeds: AWS refuses the path healthz/ready, because it does not start with a slash: /healthz/ready'],
  [{ 'healthcheck-port': '9999' }, 'the health check HTTPS:9999/ never succeeds: nothing listens on port 9999 of the gateway'],
  [{}, 'the health check HTTPS:8443/ never succeeds: the gateway answers 404'],
  [{ 'success-codes': '200,404' }, ''],
  [{ 'healthcheck-protocol': 'HTTP' }, 'the health check HTTP:8443/ never succeeds: the gateway closes the connection (plaintext to TLS)'],
  [{ 'healthcheck-port': '15020', 'healthcheck-protocol': 'HTTP' }, ''],
])('gateway, %j: %s', (annotations, warning) => {
  expect(ofGateway(annotations)).toEqual(warning === '' ? [] : [warning]);
});

test('a route for any host that serves the path of the check makes it succeed', () => {
  const any = istio('VirtualService', 'any', `{hosts: ["*"], gateways: [edge/gw], http: [{${to('s1')}}]}`);
  expect(warnings([ingress(), EDGE, SECURE_GATEWAY, any, app('s1')])).toEqual([]);
});

test('a pod that demands mTLS of the mesh fails checks by HTTP, and passes those by TCP', () => {
  const strict = security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}');
  const objects = [ingress({ 'backend-protocol': 'HTTP' }, [{ http: { paths: [path('/', 's1', 80)] } }], 'shop/edge'), app('s1', 'shop', { sidecar: true })];
  expect(warnings([...objects, strict])).toEqual(['the health check HTTP:8080/ never succeeds: the sidecar demands mTLS of the mesh, which a load balancer does not speak']);
  expect(warnings(objects)).toEqual([]);
});

test('a Network Load Balancer that checks by TCP has no warning', () => {
  expect(warnings([networkService({ 'nlb-target-type': 'ip' }), GATEWAY_PODS, ...REST])).toEqual([]);
});

/** A request for each host and each listener of the load balancers. */
function requestsTo({ loadBalancers, mesh }: TraceModels): string[] {
  const routed = mesh.virtualServices.all.flatMap(({ hosts }) => hosts).map(host => (host === '*' ? 'any.example.com' : host.replace('*', 'any')));
  return loadBalancers.built.flatMap(({ group, listeners }) => listeners.flatMap(({ port, protocol }) => [...new Set(routed)]
    .map(host => `GET ${protocol === 'HTTP' ? 'http' : 'https'}://${host}:${port}/ via=load-balancer:${group}`)));
}

test.each(appliedFolders())('no trace of dist/%s has a warning of a health check', folder => {
  const models = prepareTrace(committedManifests(folder));
  const traces = requestsTo(models).map(line => trace(models, line));
  expect(traces.length).toBeGreaterThan(0);
  expect(traces.flatMap(({ request, hops }) => hops.flatMap(atTargets).map(warning => `${request}: ${warning}`))).toEqual([]);
  expect(traces.some(({ hops }) => hops.some(({ at }) => at === 'target-group'))).toBe(true);
});
