// One port of an external service: what applications ask for, and where it leads.
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { ClientTls } from '../traffic-policy/client-tls';
import { isHttpFamily, isTlsFamily, MeshProtocol } from './mesh-protocol';

/** One port of an external service. */
export interface ExternalPort {
  /** Port that applications in the mesh ask for. */
  readonly number: number;

  /** What applications in the mesh speak on it. */
  readonly protocol: MeshProtocol;

  /**
   * Name of the port, 1 to 62 letters, digits and hyphens.
   *
   * @default - protocol and number in lower case, such as https-443
   */
  readonly name?: string;

  /**
   * Port of the addresses behind the host.
   *
   * @default - 443 for port 80 with `tls`, otherwise the same number
   */
  readonly targetPort?: number;

  /**
   * TLS that the sidecar opens to the host, so that applications send plain HTTP inside the mesh, and routes and metrics see the requests.
   * `ClientTls.simple()` asks for the host of the request and verifies its certificate with the authorities that the proxy's operating
   * system trusts (Istio 1.21 or later). It makes the one DestinationRule of the host; for other policies beside it declare `Subsets`
   * with `withoutSidecar` instead.
   *
   * @default - none; what the application sends goes on as it is
   */
  readonly tls?: ClientTls;
}

/** A port with its name. */
export type NamedPort = ExternalPort & { readonly name: string };

/** Returns the ports with their names, or throws for what Istio would refuse. */
export function requireExternalPorts(ports: readonly ExternalPort[], path: string): NamedPort[] {
  if (ports.length === 0 || ports.length > 256) {
    throw InvalidProps.value('ports', ports, 'must be 1 to 256 ports', path);
  }
  const named = ports.map((port, index): NamedPort => {
    const { number, protocol, tls, name = `${protocol.toLowerCase()}-${number}`, targetPort = tls && number === 80 ? 443 : undefined } = port;
    requirePort(`ports[${index}].number`, number, path);
    if (!/^[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?$/.test(name)) {
      throw InvalidProps.value(`ports[${index}].name`, name, 'must be 1 to 62 lower case letters, digits and hyphens, no hyphen at an end', path);
    }
    if (ports.findIndex(other => other.number === number) !== index) {
      throw InvalidProps.value(`ports[${index}].number`, number, 'must be every number once', path);
    }
    if (tls && isTlsFamily(protocol)) {
      throw InvalidProps.conflict(`ports[${index}].tls`, tls, `cannot be set on a port of protocol ${protocol}: the application opens TLS itself`, path);
    }
    return { number, protocol, name, targetPort: targetPort === undefined ? undefined : requirePort(`ports[${index}].targetPort`, targetPort, path), tls };
  });
  const second = named.findIndex(({ name }, index) => named.findIndex(other => other.name === name) !== index);
  if (second >= 0) {
    throw InvalidProps.value(`ports[${second}].name`, named[second].name, 'must be every name once', path);
  }
  return named;
}

/** Returns what a port would have to be to take requests of HTTP routes: without TLS of the proxy they would arrive as plain text. */
export function neededForRequests({ number, protocol, tls }: ExternalPort): string | undefined {
  return isHttpFamily(protocol) || tls !== undefined ? undefined
    : `a port that takes plain HTTP: port ${number} speaks ${protocol}; `
      + 'declare it as HTTP, with `tls` where the host speaks TLS, or take a TlsRoute or TcpRoute';
}

/** A service whose ports may have TLS. */
interface Service {
  readonly hosts: readonly string[];
  readonly namespace: string;
  readonly ports: readonly ExternalPort[];
}

/** Throws for TLS that a sidecar cannot open from the one DestinationRule of a service. */
export function requireClientTls({ hosts, namespace, ports }: Service, path: string): void {
  ports.forEach(({ tls }, index) => {
    if (tls === undefined) {
      return;
    }
    const prop = `ports[${index}].tls`;
    if (hosts.length > 1) {
      throw InvalidProps.value('hosts', hosts, 'must be one host where a port has tls: every host has a DestinationRule of its own', path);
    }
    if (tls._ofMesh) {
      throw InvalidProps.value(prop, tls, 'must be ClientTls.simple(…) or ClientTls.mutual(…): the mesh has no certificates for others', path);
    }
    const { credentialName } = tls._render(prop, namespace);
    if (credentialName !== undefined) {
      throw InvalidProps.value(`${prop}.credentialName`, credentialName,
        'must be files of the proxy: sidecars ignore a Secret here and send plain text; for a gateway that reads it, declare Subsets with withoutSidecar',
        path);
    }
  });
}
