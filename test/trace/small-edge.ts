// A small edge for tests of traces: an Ingress in front of the gateway `edge/gw`, which routes to apps of the namespace `shop`.
import { type Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { describeEnds } from '../../src/trace/expectation';
import { type TraceOptions } from '../../src/trace/models';
import { type Trace, trace } from '../../src/trace/trace';
import { type TraceEnd } from '../../src/trace/hops/trace-end';
import { type Annotations, backend, ingress as ingressObject } from '../manifests';
import { EDGE, app, istio } from '../mesh/small-mesh';

/** The port of HTTPS, any host. */
export const SECURE_GATEWAY = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], '
  + 'tls: {mode: SIMPLE, credentialName: tls}}]}', 'edge');

/** A VirtualService for `a.example.com` at the gateway. */
export const routes = (http: string, name = 'vs', created = '') => istio('VirtualService', name, `{hosts: [a.example.com], gateways: [edge/gw], http: [${http}]}`, 'shop', created);

export const to = (host: string) => `route: [{destination: {host: ${host}}}]`;

/** Everything behind the load balancer: all requests for `a.example.com` go to `s1`. */
export const MESH = [EDGE, SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1'), app('s2')];

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000';

/** The paths of an Ingress rule. */
export const path = (own: string, service: string, port: number | string = 443, pathType = 'Prefix') => ({ path: own, pathType, backend: backend(service, port) });

/** An Ingress for `a.example.com` with listeners 80 and 443, which sends everything to the gateway in HTTPS. */
export function ingress(annotations: Annotations = {}, rules: readonly object[] = [{ host: 'a.example.com', http: { paths: [path('/', 'gw')] } }], name = 'edge/edge'): string {
  return yaml(ingressObject(name, {
    'listen-ports': '[{"HTTP": 80}, {"HTTPS": 443}]', 'certificate-arn': CERTIFICATE, 'target-type': 'ip', 'backend-protocol': 'HTTPS', ...annotations,
  }, { ingressClassName: 'alb', rules }));
}

/** A Service that gets a Network Load Balancer in front of the gateway. */
export function networkService(annotations: Annotations = {}, ports: readonly object[] = [{ name: 'https', port: 443, targetPort: 8443 }]): string {
  const prefixed = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`service.beta.kubernetes.io/aws-load-balancer-${key}`, value]));
  return yaml({
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'gw', namespace: 'edge', annotations: { ...prefixed } },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb', selector: { app: 'gw' }, ports },
  });
}

/** The Deployment of the gateway without its Service. */
export const GATEWAY_PODS = EDGE.slice(EDGE.indexOf('---') + 4);

export function yaml(object: object): string {
  return JSON.stringify(object);
}

export function manifests(...objects: readonly string[]): Manifest[] {
  return readYaml(objects.join('\n---\n'), 'edge.yaml');
}

export function traceOf(objects: readonly string[], line: string, options: TraceOptions = {}): Trace {
  return trace(manifests(...objects), line, options);
}

/** The ends of a request in words. */
export function endsOf(objects: readonly string[], line: string): string {
  return describeEnds(traceOf(objects, line).ends);
}

/** The only end of a request. */
export function endOf(objects: readonly string[], line: string): TraceEnd {
  const { ends } = traceOf(objects, line);
  if (ends.length !== 1) {
    throw new Error(`expected one end, found ${describeEnds(ends)}`);
  }
  return ends[0];
}
