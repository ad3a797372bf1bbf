// Targets of a load balancer: the pods behind a target group, and what they are sent.
import { serviceFqdn } from '../../base/kubernetes-name';
import { once } from '../../base/once';
import { namespaceOf } from '../../manifests/manifest';
import { selects } from '../../mesh/objects/config';
import type { Endpoint } from '../../mesh/objects/endpoints';
import type { Mesh } from '../../mesh/mesh';
import type { Service, ServicePort } from '../../mesh/objects/services';
import type { Workload } from '../../mesh/objects/workloads';
import { type Listener, type LoadBalancer, type TargetGroup, attributeOf } from '../../plan/load-balancer';
import type { PlannedTargetGroupBinding } from '../../plan/webhooks/target-group-binding';
import { type ClientRequest, sentHeaders } from '../client-request';
import { podsBehind } from '../direct-trace';
import { UNKNOWN_ADDRESS } from '../request';
import { UNKNOWN_VALUE } from '../policies/unknown-values';
import type { Entrance } from './load-balancers';

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
  // Browsers, curl and gRPC choose HTTP/2 where the load balancer offers it, which it does only in TLS.
  const version = scheme === 'https' && allowsHttp2 ? http ?? '2' : http === '1.0' ? '1.0' : '1.1';
  switch (protocolVersion) {
    case 'GRPC':
      return version !== '2' ? `HTTP/${version} to a target group for gRPC` : method !== 'POST' ? `${method} to a target group for gRPC` : undefined;
    case 'HTTP2':
      return version === '2' ? undefined : `HTTP/${version} to a target group for HTTP/2`;
    default:
      // Not gRPC-Web, which is HTTP.
      return headers['content-type'] !== undefined && /^application\/grpc(?:[+;]|$)/i.test(headers['content-type']) ? 'gRPC to a target group for HTTP/1.1' : undefined;
  }
}

/**
 * The headers that an Application Load Balancer sends: it appends the client, replaces what clients say of protocol and port, and adds its own, whose values
 * it makes.
 */
export function balancedHeaders({ loadBalancer, listener }: Balancer, request: ClientRequest, isLoggedIn: boolean): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const { xffMode, addsPort, dropsInvalid, added, ofCertificate } = once(HANDLING, listener, () => handlingOf(loadBalancer, listener));
  // In a loop, because this takes a fifth of the time of a request otherwise.
  const written = request.claims === undefined ? request.headers : sentHeaders(request);
  for (const name of Object.keys(written)) {
    if (name !== 'host' && (!dropsInvalid || /^[-A-Za-z0-9]+$/.test(name))) {
      headers[name] = written[name];
    }
  }
  if (xffMode === 'remove') {
    delete headers['x-forwarded-for'];
  } else if (xffMode === 'append') {
    const [known, address] = [headers['x-forwarded-for'], request.from ?? UNKNOWN_ADDRESS];
    const peer = addsPort ? `${address}:${UNKNOWN_VALUE}` : address;
    headers['x-forwarded-for'] = known === undefined ? peer : `${known}, ${peer}`;
  }
  headers['x-forwarded-proto'] = request.scheme;
  // Behind a Network Load Balancer, the client has dialed another one.
  headers['x-forwarded-port'] = String(listener.port);
  for (const name of added) {
    headers[name] = UNKNOWN_VALUE;
  }
  for (const name of [...isLoggedIn ? OF_LOGIN : NO_NAMES, ...request.hasCertificate === true ? ofCertificate : NO_NAMES]) {
    headers[name] = UNKNOWN_VALUE;
  }
  return headers;
}

type Balancer = Pick<Entrance, 'loadBalancer' | 'listener'>;

/** What a listener does with headers. */
interface HeaderHandling {
  readonly xffMode: string;
  /** Whether the port of the client, which is not in the input, follows its address. */
  readonly addsPort: boolean;
  readonly dropsInvalid: boolean;
  /** To all requests. */
  readonly added: readonly string[];
  /** To those of clients with a certificate. */
  readonly ofCertificate: readonly string[];
}

const HANDLING = new WeakMap<Listener, HeaderHandling>();

const NO_NAMES: readonly string[] = [];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#user-claims-encoding */
const OF_LOGIN = ['x-amzn-oidc-accesstoken', 'x-amzn-oidc-identity', 'x-amzn-oidc-data'];

const OF_TLS = ['x-amzn-tls-version', 'x-amzn-tls-cipher-suite'];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html#mtls-http-headers */
const OF_CERTIFICATE: Readonly<Record<string, readonly string[]>> = {
  passthrough: ['x-amzn-mtls-clientcert'],
  verify: ['serial-number', 'issuer', 'subject', 'validity', 'leaf'].map(part => `x-amzn-mtls-clientcert-${part}`),
};

function handlingOf(loadBalancer: LoadBalancer, listener: Listener): HeaderHandling {
  const isOn = (key: string) => attributeOf(loadBalancer, key) === 'true';
  // A listener may send its headers under other names.
  const named = (name: string) => attributeOf(listener, `routing.http.request.${name.replaceAll('-', '_')}.header_name`)?.toLowerCase() ?? name;
  const { protocol, mutualAuthentication: { mode = '' } = {} } = listener;
  return {
    xffMode: attributeOf(loadBalancer, 'routing.http.xff_header_processing.mode') ?? 'append',
    addsPort: isOn('routing.http.xff_client_port.enabled'),
    dropsInvalid: isOn('routing.http.drop_invalid_header_fields.enabled'),
    added: ['x-amzn-trace-id', ...protocol === 'HTTPS' && isOn('routing.http.x_amzn_tls_version_and_cipher_suite.enabled') ? OF_TLS.map(named) : []],
    ofCertificate: Object.hasOwn(OF_CERTIFICATE, mode) ? OF_CERTIFICATE[mode].map(named) : [],
  };
}
