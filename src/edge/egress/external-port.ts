// One port of an external service: what applications connect to, and where the connection goes.
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { ClientTls } from '../traffic-policy/client-tls';
import { isHttpFamily, isTlsFamily, MeshProtocol } from './mesh-protocol';

/** One port of an external service. */
export interface ExternalPort {
  /** Port that applications in the mesh connect to. */
  readonly number: number;

  /** Protocol that applications in the mesh speak on the port. */
  readonly protocol: MeshProtocol;

  /**
   * Name of the port, 1 to 62 lower-case letters, digits and hyphens.
   *
   * @default - protocol and number in lower case, such as https-443
   */
  readonly name?: string;

  /**
   * Port of the endpoints behind the host.
   *
   * @default - 443 for port 80 with `tls`, otherwise the same number
   */
  readonly targetPort?: number;

  /**
   * TLS origination by the sidecar: applications send plain HTTP inside the mesh, so that routes and metrics see the requests.
   * `ClientTls.simple()` uses the host of the request as SNI and verifies its certificate with the operating system's CA certificates
   * (Istio 1.21 or later). This adds the only DestinationRule for the host. If you need other policies as well, use `Subsets` with
   * `withoutSidecar` instead.
   *
   * @default - none; what the application sends is forwarded unchanged
   */
  readonly tls?: ClientTls;
}

/** A port with its name. */
export type NamedPort = ExternalPort & { readonly name: string };

/** Returns the ports with their names. @throws InvalidProps for values that Istio would reject */
export function requireExternalPorts(ports: readonly ExternalPort[], path: string): NamedPort[] {
  if (ports.length === 0 || ports.length > 256) {
    throw InvalidProps.value('ports', ports, 'must contain 1 to 256 ports', path);
  }
  const named = ports.map((port, index): NamedPort => {
    const { number, protocol, tls, name = `${protocol.toLowerCase()}-${number}`, targetPort = tls && number === 80 ? 443 : undefined } = port;
    requirePort(`ports[${index}].number`, number, path);
    if (!/^[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?$/.test(name)) {
      throw InvalidProps.value(`ports[${index}].name`, name,
        'must consist of 1 to 62 lower-case letters, digits and hyphens, and must not start or end with a hyphen', path);
    }
    const same = ports.findIndex(other => other.number === number);
    if (same !== index) {
      throw InvalidProps.duplicate(`ports[${index}].number`, number, `the number of ports[${same}]`, path);
    }
    if (tls && isTlsFamily(protocol)) {
      throw InvalidProps.conflict(`ports[${index}].tls`, tls, `cannot be set when protocol is ${protocol}, where the application originates TLS`, path);
    }
    return { number, protocol, name, targetPort: targetPort === undefined ? undefined : requirePort(`ports[${index}].targetPort`, targetPort, path), tls };
  });
  named.forEach(({ name }, index) => {
    const same = named.findIndex(other => other.name === name);
    if (same !== index) {
      throw InvalidProps.duplicate(`ports[${index}].name`, name, `the name of ports[${same}]`, path);
    }
  });
  return named;
}

/**
 * What the target of an HTTP route must be instead, if it cannot be this port: without TLS origination by the proxy, requests would arrive
 * as plaintext.
 */
export function neededForRequests({ number, protocol, tls }: ExternalPort): string | undefined {
  return isHttpFamily(protocol) || tls !== undefined ? undefined
    : `a port for plain HTTP, and port ${number} has protocol ${protocol}; `
      + 'declare it as HTTP (with `tls` if the host expects TLS), or use a TlsRoute or TcpRoute';
}

/** A service whose ports may have TLS. */
interface Service {
  readonly hosts: readonly string[];
  readonly namespace: string;
  readonly ports: readonly ExternalPort[];
}

/** Throws for TLS that a sidecar cannot originate from the one DestinationRule of a service. */
export function requireClientTls({ hosts, namespace, ports }: Service, path: string): void {
  ports.forEach(({ tls }, index) => {
    if (tls === undefined) {
      return;
    }
    const prop = `ports[${index}].tls`;
    if (hosts.length > 1) {
      throw InvalidProps.value('hosts', hosts, `must be a single host when ${prop} is set, because a DestinationRule applies to one host`, path);
    }
    if (tls._ofMesh) {
      throw InvalidProps.value(prop, tls,
        'must be traffic.ClientTls.simple(…) or traffic.ClientTls.mutual(…), because hosts outside the mesh do not accept its certificates', path);
    }
    const { credentialName } = tls._render(prop, namespace);
    if (credentialName !== undefined) {
      throw InvalidProps.conflict(`${prop}.credentialName`, credentialName,
        'cannot be set here, because sidecars ignore the Secret and send plaintext; use files of the proxy, or declare Subsets with withoutSidecar '
        + 'for a gateway that reads the Secret', path);
    }
  });
}
