// Small edges, for tests of diagrams.
import type { Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';
import { EDGE, app, istio, security } from '../mesh/small-mesh';
import type { Diagram } from '../../src/output/diagram/diagram';
import { diagramOf } from '../../src/output/diagram/diagram-of';

/** An Ingress for HTTPS to the gateway. */
export function ingress(name = 'edge', host = 'a.example.com', annotations = ''): string {
  return `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: ${name}, namespace: edge, annotations: {
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]', alb.ingress.kubernetes.io/ssl-redirect: "443",
    alb.ingress.kubernetes.io/load-balancer-name: ${name},
    alb.ingress.kubernetes.io/certificate-arn: "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000",
    alb.ingress.kubernetes.io/target-type: ip, alb.ingress.kubernetes.io/backend-protocol: HTTPS${annotations}}},
    spec: {ingressClassName: alb, rules: [{host: ${host}, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: gw, port: {number: 443}}}}]}}]}}\n---\n`;
}

export const GATEWAY = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], '
  + 'tls: {mode: SIMPLE, credentialName: tls}}]}', 'edge');

/** A canary with a mirror, a redirect, and a route to a subset that does not exist. */
export const ROUTES = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: ['
  + '{match: [{uri: {exact: /old}}], redirect: {uri: /new}}, {match: [{uri: {prefix: /dead}}], route: [{destination: {host: web, subset: v9}}]}, '
  + '{match: [{uri: {prefix: /a}}, {uri: {prefix: /b}}], route: [{destination: {host: web}, weight: 80}, {destination: {host: other}, weight: 20}], '
  + 'mirrors: [{destination: {host: copy}, percentage: {value: 10}}]}]}');

export const STRICT = security('PeerAuthentication', 'strict', '{mtls: {mode: STRICT}}');

/** The objects of a small edge. */
export const SMALL: readonly string[] = [
  ingress(), EDGE, GATEWAY, ROUTES, STRICT, app('web', 'shop', { sidecar: true }), app('other'), app('copy', 'shop', { sidecar: true }),
];

export function read(...objects: readonly string[]): Manifest[] {
  return readYaml(objects.join('\n---\n'), 'edge.yaml');
}

/** The diagram of some objects, with a request on it. */
export function drawn(objects: readonly string[], line?: string): Diagram {
  const models = prepareTrace(read(...objects));
  return diagramOf(models, line === undefined ? undefined : trace(models, line));
}
