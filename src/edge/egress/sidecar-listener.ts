// The listeners of a sidecar, where they are told one by one: what leaves a pod by which port, and what comes in.
import type { SidecarSpecEgress, SidecarSpecIngress, SidecarSpecIngressTls } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isIpAddress } from '../../base/host';
import { requirePort } from '../../base/number';
import { requireProps, STRING } from '../../base/prop-types';
import { type ConnectionPool, renderConnectionPool } from '../traffic-policy/connection-pool';
import type { Fields } from '../wire/istio-fields';
import { isHttpFamily, isTlsFamily, MeshProtocol } from './mesh-protocol';
import { requireSidecarHosts } from './sidecar-host';

/** How the traffic of a listener gets to the sidecar. */
export enum CaptureMode {
  /** As the pod is set up. */
  DEFAULT = 'DEFAULT',
  /** Redirected by iptables. */
  IPTABLES = 'IPTABLES',
  /** Not redirected: applications connect to the listener themselves. */
  NONE = 'NONE',
}

/** A listener for what leaves the pods by one port. */
export interface SidecarEgressListener {
  /** Services that the listener knows: `namespace/host`, `./*` for those of the own namespace, `istio-system/*`. */
  readonly hosts: string[];

  /** What is spoken. */
  readonly protocol: MeshProtocol;

  /**
   * Port of the services, and of the listener.
   *
   * @default - none, with a Unix socket in `bind`
   */
  readonly port?: number;

  /**
   * An IP address that the listener is bound to, or `unix:///path` or `unix://@name` instead of a port.
   *
   * @default - decided by Istio from the services and the capture mode
   */
  readonly bind?: string;

  /**
   * How the traffic gets to the listener. IPTABLES does not go with a Unix socket.
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

/** A listener for what comes into the pods. Where there is one, only the ports that are listed have settings of their own. */
export interface SidecarIngressListener {
  /** Port that the connections come in by. */
  readonly port: number;

  /** What is spoken. */
  readonly protocol: MeshProtocol;

  /**
   * Where the application listens: `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:8080` or `:8080` for the address of the pod, or a Unix socket.
   *
   * @default - the same port of the pod
   */
  readonly defaultEndpoint?: string;

  /**
   * IP address that the listener is bound to.
   *
   * @default - the address of the pod
   */
  readonly bind?: string;

  /**
   * How the traffic gets to the listener.
   *
   * @default CaptureMode.DEFAULT
   */
  readonly captureMode?: CaptureMode;

  /**
   * Bounds on connections and requests to the application.
   *
   * @default - those of the whole sidecar
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * TLS that the sidecar itself ends, for clients outside the mesh. HTTPS and TLS ports only, and mutual TLS of the mesh has to be off there.
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

/** TLS that a sidecar ends itself, with certificates from files in its container. */
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

/** Writes a listener with a port or a Unix socket. */
export function renderEgressListener(prop: string, listener: SidecarEgressListener, namespace: string): Fields<SidecarSpecEgress> {
  const { port, bind, captureMode, protocol } = listener;
  const socket = bind?.startsWith('unix://');
  if (socket ? port !== undefined : port === undefined) {
    throw InvalidProps.conflict(`${prop}.port`, port, socket ? 'cannot be set with a Unix socket' : 'must be a port from 1 to 65535, or a Unix socket in bind');
  }
  if (socket) {
    requireSocket(`${prop}.bind`, bind!);
  } else if (bind !== undefined && !isIpAddress(bind)) {
    throw InvalidProps.value(`${prop}.bind`, bind, 'must be an IP address, or unix:// with a path');
  }
  if (socket && captureMode === CaptureMode.IPTABLES) {
    throw InvalidProps.value(`${prop}.captureMode`, captureMode, 'must be DEFAULT or NONE with a Unix socket');
  }
  return {
    port: { number: socket ? 0 : requirePort(`${prop}.port`, port!), protocol, name: portName(prop, listener, socket ? 'socket' : `${port}`) },
    bind,
    captureMode,
    hosts: requireSidecarHosts(`${prop}.hosts`, listener.hosts, namespace),
  };
}

/** Writes a listener for what comes in. */
export function renderIngressListener(prop: string, listener: SidecarIngressListener): Fields<SidecarSpecIngress> {
  const { port, protocol, bind, captureMode, connectionPool, tls } = listener;
  if (bind !== undefined && !isIpAddress(bind)) {
    throw InvalidProps.value(`${prop}.bind`, bind, 'must be an IP address');
  }
  if (tls !== undefined && !isTlsFamily(protocol)) {
    throw InvalidProps.conflict(`${prop}.tls`, 'TLS', `cannot be set on a port of protocol ${protocol}; HTTPS or TLS ports only`);
  }
  if (connectionPool?.http !== undefined && !isHttpFamily(protocol)) {
    throw InvalidProps.conflict(`${prop}.connectionPool.http`, connectionPool.http,
      `cannot be set on a port of protocol ${protocol}, where requests are not seen`);
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
  const made = name ?? `${protocol.toLowerCase()}-${suffix}`;
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(made)) {
    throw InvalidProps.value(`${prop}.portName`, name, 'must be 1 to 63 lower case letters, digits and hyphens, no hyphen at an end');
  }
  return made;
}

function requireSocket(prop: string, socket: string): void {
  if (!/^unix:\/\/(@[^]*|\/[^]*[^/])$/.test(socket)) {
    throw InvalidProps.value(prop, socket, 'must be unix:// with an absolute path that does not end in a slash, or with @ and a name');
  }
}

function requireEndpoint(prop: string, endpoint: string): string {
  if (endpoint.startsWith('unix://')) {
    requireSocket(prop, endpoint);
    return endpoint;
  }
  const [, port] = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\]|):(\d{1,5})$/.exec(endpoint) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535) {
    throw InvalidProps.value(prop, endpoint, 'must be a port behind 127.0.0.1:, [::1]:, 0.0.0.0:, [::]: or : alone, or unix:// with a path');
  }
  return endpoint;
}

function requireFile(prop: string, file: string): string {
  requireProps(STRING, file, '', prop);
  if (!/^\/[^]*[^/]$/.test(file)) {
    throw InvalidProps.value(prop, file, 'must be the absolute path of a file in the container of the sidecar');
  }
  return file;
}
