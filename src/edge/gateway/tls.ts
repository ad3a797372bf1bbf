// How a gateway behind a Network Load Balancer ends the clients' TLS: versions, ciphers, and certificates that clients have to show.
import type { GatewaySpecServersTls } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireSecretName } from '../../base/kubernetes-name';
import type { Fields } from '../wire/istio-fields';
import { requireUnique } from '../wire/bounds';

/** A version of TLS. Older ones are not offered: their ciphers are switched off in Istio 1.30, and browsers have dropped them. */
export enum GatewayTlsVersion {
  TLS_1_2 = 'TLSV1_2',
  TLS_1_3 = 'TLSV1_3',
}

/** Certificates of clients. */
export interface GatewayClientCertificates {
  /**
   * Whether a client without a certificate is turned away. One that is shown has to be good either way.
   *
   * @default true
   */
  readonly required?: boolean;

  /**
   * Secret with the authorities that clients' certificates come from, under the key `ca.crt`, in the namespace of the gateway's pods.
   *
   * @default - the gateway's own Secret with `-cacert` behind its name, or its key `ca.crt`
   */
  readonly caCertCredentialName?: string;

  /**
   * Names of which the certificate has to carry one, exactly.
   *
   * @default - any name
   */
  readonly subjectAltNames?: string[];
}

/** The choices about TLS with clients. Behind an ALB there are none: it ends the clients' TLS itself, see `AlbOptions.sslPolicy`. */
export interface GatewayTlsOptions {
  /**
   * Lowest version that clients may speak.
   *
   * @default - TLS 1.2, as in Istio 1.30, unless the mesh has other `tlsDefaults`
   */
  readonly minProtocolVersion?: GatewayTlsVersion;

  /**
   * Highest version that clients may speak.
   *
   * @default - TLS 1.3
   */
  readonly maxProtocolVersion?: GatewayTlsVersion;

  /**
   * Ciphers of TLS 1.2, as OpenSSL names them. Those of TLS 1.3 cannot be chosen.
   *
   * @default - Istio's own
   */
  readonly cipherSuites?: string[];

  /**
   * Certificates that clients have to show.
   *
   * @default - none
   */
  readonly clientCertificates?: GatewayClientCertificates;
}

/** Ciphers that Istio 1.30 takes (pkg/config/security, webhook warnings left out), without those that offer no forward secrecy. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
];

/**
 * Writes the TLS part of a server.
 *
 * @throws InvalidProps for a lowest version above the highest, ciphers that are none or have no effect, and empty lists
 */
export function renderGatewayTls(credentialName: string, options: GatewayTlsOptions = {}): Fields<GatewaySpecServersTls> {
  const { minProtocolVersion, maxProtocolVersion, cipherSuites, clientCertificates } = options;
  if (minProtocolVersion === GatewayTlsVersion.TLS_1_3 && maxProtocolVersion === GatewayTlsVersion.TLS_1_2) {
    throw InvalidProps.value('tls.maxProtocolVersion', maxProtocolVersion, `must be ${minProtocolVersion}, the lowest version`);
  }
  if (cipherSuites) {
    requireCiphers(cipherSuites, minProtocolVersion);
  }
  return { mode: 'SIMPLE', credentialName, minProtocolVersion, maxProtocolVersion, cipherSuites, ...clientCertificates && renderClients(clientCertificates) };
}

function renderClients({ required = true, caCertCredentialName, subjectAltNames }: GatewayClientCertificates): Fields<GatewaySpecServersTls> {
  if (subjectAltNames && (subjectAltNames.length === 0 || subjectAltNames.includes(''))) {
    throw InvalidProps.value('tls.clientCertificates.subjectAltNames', subjectAltNames, 'must be at least one name, none of them empty');
  }
  return {
    mode: required ? 'MUTUAL' : 'OPTIONAL_MUTUAL',
    caCertCredentialName: caCertCredentialName && requireSecretName('tls.clientCertificates.caCertCredentialName', caCertCredentialName),
    subjectAltNames,
  };
}

function requireCiphers(ciphers: readonly string[], min: GatewayTlsVersion | undefined): void {
  if (min === GatewayTlsVersion.TLS_1_3) {
    throw InvalidProps.conflict('tls.cipherSuites', ciphers, 'cannot be set where TLS 1.3 is the lowest version: its ciphers cannot be chosen');
  }
  if (ciphers.length === 0) {
    throw InvalidProps.value('tls.cipherSuites', ciphers, 'must be at least one cipher');
  }
  ciphers.forEach((cipher, index) => {
    if (!CIPHERS.includes(cipher)) {
      throw InvalidProps.value(`tls.cipherSuites[${index}]`, cipher, `must be one of ${CIPHERS.join(', ')}`);
    }
  });
  requireUnique('tls.cipherSuites', ciphers);
}
