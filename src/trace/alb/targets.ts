// Targets of a load balancer: the pods behind a target group, and what they are sent.
import { serviceFqdn } from '../../base/kubernetes-name';
import { namespaceOf } from '../../manifests/manifest';
import { selects } from '../../mesh/config';
import type { Endpoint } from '../../mesh/endpoints';
import type { Mesh } from '../../mesh/mesh';
import type { Service, ServicePort } from '../../mesh/services';
import type { Workload } from '../../mesh/workloads';
import { type LoadBalancer, type TargetGroup, attributeOf } from '../../plan/load-balancer';
import type { PlannedTargetGroupBinding } from '../../plan/webhooks/target-group-binding';
import { type ClientRequest, sentHeaders } from '../client-request';
import { podsBehind } from '../direct-trace';
import { UNKNOWN_ADDRESS } from '../request';

/** A target group as far as traces read it. What fills one that somebody else made is known, and its health check is not. */
export type TracedGroup = Pick<TargetGroup, 'id' | 'protocol' | 'protocolVersion' | 'targetType' | 'attributes' | 'service' | 'from'>
  & Partial<Pick<TargetGroup, 'healthCheck'>>;

/** A target group that the controller fills for a TargetGroupBinding of the input. @param protocol where the binding does not say */
export function boundGroup({ manifest, spec = {} }: PlannedTargetGroupBinding, id: string, protocol: string): TracedGroup {
  const { serviceRef: { name, port } = {}, targetGroupProtocol = protocol, targetType = 'unknown' } = spec;
  const service = name === undefined || port === undefined ? {} : { service: { namespace: namespaceOf(manifest), name, port } };
  return { id, protocol: targetGroupProtocol, targetType, attributes: [], from: { manifest, pointer: '/spec' }, ...service };
}

/** The Service and the port that fill a target group. */
export interface TargetService {
  readonly service: Service;
  readonly port: ServicePort;
  /** The gateways among the pods, those of which only a Gateway tells included. */
  readonly gateways: readonly Workload[];
  /** The other pods. */
  readonly pods: readonly Endpoint[];
}

/** Finds what fills a target group; nothing if the input lacks the Service. */
export function targetServiceOf(mesh: Mesh, { service: wanted }: TracedGroup): TargetService | undefined {
  const { services, settings: { clusterDomain } } = mesh;
  const service = wanted && services.at(serviceFqdn(wanted.name, wanted.namespace, clusterDomain)).find(({ registry }) => registry === 'kubernetes');
  const port = service?.ports.find(own => own.port === wanted!.port || own.name === wanted!.port);
  if (service === undefined || port === undefined) {
    return undefined;
  }
  const { selector } = service;
  const gateways = selector === undefined ? [] : mesh.gatewaysIn(service.namespace).filter(own => selects(selector, own.labels) && own.replicas > 0);
  return { service, port, gateways, pods: podsBehind(mesh, service, port) };
}

/**
 * Why an Application Load Balancer answers 464: the version of the target group does not fit the request
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-464-issues).
 */
export function versionFault({ protocolVersion }: TracedGroup, { scheme, http, method, headers }: ClientRequest, allowsHttp2: boolean): string | undefined {
  // Clients of a load balancer may choose HTTP/2 where it offers that, which it does only in TLS.
  const version = scheme === 'https' && allowsHttp2 ? http ?? '2' : http === '1.0' ? '1.0' : '1.1';
  switch (protocolVersion) {
    case 'GRPC':
      return version !== '2' ? `HTTP/${version} to a target group for gRPC` : method !== 'POST' ? `${method} to a target group for gRPC` : undefined;
    case 'HTTP2':
      return version === '2' ? undefined : `HTTP/${version} to a target group for HTTP/2`;
    default:
      // Not gRPC-Web, which is HTTP.
      return /^application\/grpc(?:[+;]|$)/i.test(headers['content-type'] ?? '') ? 'gRPC to a target group for HTTP/1.1' : undefined;
  }
}

/** The headers that an Application Load Balancer sends: it appends the client, and replaces what clients say of protocol and port. */
export function balancedHeaders(loadBalancer: Pick<LoadBalancer, 'attributes'>, request: ClientRequest): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  // In a loop, because this takes a fifth of the time of a request otherwise.
  const written = request.claims === undefined ? request.headers : sentHeaders(request);
  for (const name of Object.keys(written)) {
    if (name !== 'host') {
      headers[name] = written[name];
    }
  }
  const mode = attributeOf(loadBalancer, 'routing.http.xff_header_processing.mode') ?? 'append';
  if (mode === 'remove') {
    delete headers['x-forwarded-for'];
  } else if (mode === 'append') {
    const [known, peer] = [headers['x-forwarded-for'], request.from ?? UNKNOWN_ADDRESS];
    headers['x-forwarded-for'] = known === undefined ? peer : `${known}, ${peer}`;
  }
  headers['x-forwarded-proto'] = request.scheme;
  headers['x-forwarded-port'] = String(request.port);
  return headers;
}
