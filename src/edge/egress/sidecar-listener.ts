// Explicit listeners of a sidecar, for outbound and inbound traffic.
import type { SidecarSpecEgress, SidecarSpecIngress, SidecarSpecIngressTls } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isIpAddress } from '../../base/ip';
import { requirePort } from '../../base/number';
import { requireProps, STRING } from '../../base/prop-types';
import { type ConnectionPool, renderConnectionPool } from '../traffic-policy/connection-pool';
import type { Fields } from '../wire/istio-fields';
import { isHttpFamily, isTlsFamily, MeshProtocol } from './mesh-protocol';
import { requireSidecarHosts } from './sidecar-host';

/** How traffic is captured for a listener. */
export enum CaptureMode {
  /** As configured for the pod. */
  DEFAULT = 'DEFAULT',
  /** Redirected by iptables. */
  IPTABLES = 'IPTABLES',
  /** Not captured: applications connect to the listener explicitly. */
  NONE = 'NONE',
}

/** A listener for outbound traffic on one port. */
export interface SidecarEgressListener {
  /** Services that are reachable through the listener: `namespace/host`, `./*` for the same namespace, `istio-system/*`. */
  readonly hosts: string[];

  /** Protocol of the port. */
  readonly protocol: MeshProtocol;

  /**
   * Port of the services and of the listener.
   *
   * @default - none; required unless `bind` is a Unix socket
   */
  readonly port?: number;

  /**
   * IP address to bind to, or `unix:///path` or `unix://@name` instead of a port.
   *
   * @default - chosen by Istio, depending on the services and the capture mode
   */
  readonly bind?: string;

  /**
   * How traffic is captured for the listener. IPTABLES is not available for a Unix socket.
   *
   * @default CaptureMode.DEFAULT
   */
  readonly captureMode?: CaptureMode;

  /**
   * Name of the port.
   *
   * @default - protocol and number in lower case
   */
  readonly portName?: string;
}

/** A listener for inbound traffic. If you declare any, only the declared ports have their own settings. */
export interface SidecarIngressListener {
  /** Port of the inbound connections. */
  readonly port: number;

  /** Protocol of the port. */
  readonly protocol: MeshProtocol;

  /**
   * Where the application listens: `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:8080` or `:8080` for the pod's address, or a Unix socket.
   *
   * @default - the same port of the pod
   */
  readonly defaultEndpoint?: string;

  /**
   * IP address to bind to.
   *
   * @default - the address of the pod
   */
  readonly bind?: string;

  /**
   * How traffic is captured for the listener.
   *
   * @default CaptureMode.DEFAULT
   */
  readonly captureMode?: CaptureMode;

  /**
   * Limits on connections and requests to the application.
   *
   * @default - the limits of the whole sidecar
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * TLS termination by the sidecar, for clients outside the mesh. Only for HTTPS and TLS ports, and mesh mutual TLS has to be off for the port.
   *
   * @default - none
   */
  readonly tls?: SidecarTls;

  /**
   * Name of the port.
   *
   * @default - protocol and number in lower case
   */
  readonly portName?: string;
}

/** TLS termination by a sidecar, with certificates from files in its container. */
export class SidecarTls {
  /** Clients verify the sidecar. */
  public static simple(serverCertificate: string, privateKey: string): SidecarTls {
    return new SidecarTls({
      mode: 'SIMPLE',
      serverCertificate: requireFile('serverCertificate', serverCertificate),
      privateKey: requireFile('privateKey', privateKey),
    });
  }

  /** Clients verify the sidecar, and the sidecar verifies them. */
  public static mutual(serverCertificate: string, privateKey: string, caCertificates: string): SidecarTls {
    return new SidecarTls({
      mode: 'MUTUAL',
      serverCertificate: requireFile('serverCertificate', serverCertificate),
      privateKey: requireFile('privateKey', privateKey),
      caCertificates: requireFile('caCertificates', caCertificates),
    });
  }

  private constructor(private readonly fields: Fields<SidecarSpecIngressTls>) {}

  /** @internal */
  public _render(): Fields<SidecarSpecIngressTls> {
    return this.fields;
  }
}

/** Renders a listener with a port or a Unix socket. */
export function renderEgressListener(prop: string, listener: SidecarEgressListener, namespace: string): Fields<SidecarSpecEgress> {
  const { port, bind, captureMode, protocol } = listener;
  const socket = bind?.startsWith('unix://');
  if (socket && port !== undefined) {
    throw InvalidProps.conflict(`${prop}.port`, port, 'cannot be set when bind is a Unix socket');
  }
  if (!socket && port === undefined) {
    throw InvalidProps.missing(`${prop}.port`, 'unless bind is a Unix socket');
  }
  if (socket) {
    requireSocket(`${prop}.bind`, bind!);
  } else if (bind !== undefined && !isIpAddress(bind)) {
    throw InvalidProps.value(`${prop}.bind`, bind, 'must be an IP address or unix:// with a path');
  }
  if (socket && captureMode === CaptureMode.IPTABLES) {
    throw InvalidProps.conflict(`${prop}.captureMode`, captureMode, 'cannot be IPTABLES when bind is a Unix socket');
  }
  return {
    port: { number: socket ? 0 : requirePort(`${prop}.port`, port!), protocol, name: portName(prop, listener, socket ? 'socket' : `${port}`) },
    bind,
    captureMode,
    hosts: requireSidecarHosts(`${prop}.hosts`, listener.hosts, namespace),
  };
}

/** Renders a listener for inbound traffic. */
export function renderIngressListener(prop: string, listener: SidecarIngressListener): Fields<SidecarSpecIngress> {
  const { port, protocol, bind, captureMode, connectionPool, tls } = listener;
  if (bind !== undefined && !isIpAddress(bind)) {
    throw InvalidProps.value(`${prop}.bind`, bind, 'must be an IP address');
  }
  if (tls !== undefined && !isTlsFamily(protocol)) {
    throw InvalidProps.conflict(`${prop}.tls`, 'TLS', `cannot be set when protocol is ${protocol}; only HTTPS and TLS ports support it`);
  }
  if (connectionPool?.http !== undefined && !isHttpFamily(protocol)) {
    throw InvalidProps.conflict(`${prop}.connectionPool.http`, connectionPool.http,
      `cannot be set when protocol is ${protocol}, because Istio does not see the requests`);
  }
  return {
    port: { number: requirePort(`${prop}.port`, port), protocol, name: portName(prop, listener, `${port}`) },
    bind,
    captureMode,
    defaultEndpoint: listener.defaultEndpoint === undefined ? undefined : requireEndpoint(`${prop}.defaultEndpoint`, listener.defaultEndpoint),
    connectionPool: connectionPool && renderConnectionPool(`${prop}.connectionPool`, connectionPool),
    tls: tls?._render(),
  };
}

function portName(prop: string, { portName: name, protocol }: { readonly portName?: string; readonly protocol: MeshProtocol }, suffix: string): string {
  const settled = name ?? `${protocol.toLowerCase()}-${suffix}`;
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(settled)) {
    throw InvalidProps.value(`${prop}.portName`, name,
      'must consist of 1 to 63 lower-case letters, digits and hyphens, and must not start or end with a hyphen');
  }
  return settled;
}

function requireSocket(prop: string, socket: string): void {
  if (!/^unix:\/\/(@[^]*|\/[^]*[^/])$/.test(socket)) {
    throw InvalidProps.value(prop, socket, 'must be unix:// followed by an absolute path without a trailing slash, or by @ and a name');
  }
}

function requireEndpoint(prop: string, endpoint: string): string {
  if (endpoint.startsWith('unix://')) {
    requireSocket(prop, endpoint);
    return endpoint;
  }
  const [, port] = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\]|):(\d{1,5})$/.exec(endpoint) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535) {
    throw InvalidProps.value(prop, endpoint, 'must be a port after 127.0.0.1:, [::1]:, 0.0.0.0:, [::]: or a single :, or unix:// with a path');
  }
  return endpoint;
}

function requireFile(prop: string, file: string): string {
  requireProps(STRING, file, '', prop);
  if (!/^\/[^]*[^/]$/.test(file)) {
    throw InvalidProps.value(prop, file, 'must be the absolute path of a file in the sidecar container');
  }
  return file;
}
