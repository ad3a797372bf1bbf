// TLS termination at a gateway behind a Network Load Balancer: versions, cipher suites and client certificates.
import type { GatewaySpecServersTls } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireSecretName } from '../../base/kubernetes-name';
import type { Fields } from '../wire/istio-fields';
import { requireUnique } from '../wire/bounds';

/** A TLS version. Older versions are not available: Istio 1.30 disables their ciphers, and browsers no longer support them. */
export enum GatewayTlsVersion {
  TLS_1_2 = 'TLSV1_2',
  TLS_1_3 = 'TLSV1_3',
}

/** Client certificates. */
export interface GatewayClientCertificates {
  /**
   * Whether clients without a certificate are rejected. A certificate that a client presents is always verified.
   *
   * @default true
   */
  readonly required?: boolean;

  /**
   * Secret with the CA certificates for client certificates, under the key `ca.crt`, in the namespace of the gateway's pods.
   *
   * @default - the gateway's Secret name with the suffix `-cacert`, or the key `ca.crt` of the gateway's Secret
   */
  readonly caCertCredentialName?: string;

  /**
   * Subject alternative names; the certificate must contain at least one of them exactly.
   *
   * @default - any name
   */
  readonly subjectAltNames?: string[];
}

/** TLS settings for clients. They do not apply behind an ALB, which terminates client TLS; see `AlbOptions.sslPolicy`. */
export interface GatewayTlsOptions {
  /**
   * Minimum version for clients.
   *
   * @default - TLS 1.2, as in Istio 1.30, unless `tlsDefaults` of the mesh differs
   */
  readonly minProtocolVersion?: GatewayTlsVersion;

  /**
   * Maximum version for clients.
   *
   * @default - TLS 1.3
   */
  readonly maxProtocolVersion?: GatewayTlsVersion;

  /**
   * TLS 1.2 cipher suites, by their OpenSSL names. TLS 1.3 cipher suites are not configurable.
   *
   * @default - Istio's defaults
   */
  readonly cipherSuites?: string[];

  /**
   * Client certificates.
   *
   * @default - none
   */
  readonly clientCertificates?: GatewayClientCertificates;
}

/** Cipher suites with forward secrecy that Istio 1.30 accepts without a webhook warning (pkg/config/security). */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
];

/**
 * Renders the TLS settings of a server.
 *
 * @throws InvalidProps for a minimum version above the maximum, unknown or ineffective cipher suites, and empty lists
 */
export function renderGatewayTls(credentialName: string, options: GatewayTlsOptions = {}): Fields<GatewaySpecServersTls> {
  const { minProtocolVersion, maxProtocolVersion, cipherSuites, clientCertificates } = options;
  if (minProtocolVersion === GatewayTlsVersion.TLS_1_3 && maxProtocolVersion === GatewayTlsVersion.TLS_1_2) {
    throw InvalidProps.value('tls.maxProtocolVersion', maxProtocolVersion, `must be at least minProtocolVersion, ${minProtocolVersion}`);
  }
  if (cipherSuites) {
    requireCiphers(cipherSuites, minProtocolVersion);
  }
  return { mode: 'SIMPLE', credentialName, minProtocolVersion, maxProtocolVersion, cipherSuites, ...clientCertificates && renderClients(clientCertificates) };
}

function renderClients({ required = true, caCertCredentialName, subjectAltNames }: GatewayClientCertificates): Fields<GatewaySpecServersTls> {
  if (subjectAltNames && (subjectAltNames.length === 0 || subjectAltNames.includes(''))) {
    throw InvalidProps.value('tls.clientCertificates.subjectAltNames', subjectAltNames, 'must contain at least one name, and no empty names');
  }
  return {
    mode: required ? 'MUTUAL' : 'OPTIONAL_MUTUAL',
    caCertCredentialName: caCertCredentialName && requireSecretName('tls.clientCertificates.caCertCredentialName', caCertCredentialName),
    subjectAltNames,
  };
}

function requireCiphers(ciphers: readonly string[], min: GatewayTlsVersion | undefined): void {
  if (min === GatewayTlsVersion.TLS_1_3) {
    throw InvalidProps.conflict('tls.cipherSuites', ciphers, 'cannot be set when minProtocolVersion is TLSV1_3, whose cipher suites are not configurable');
  }
  if (ciphers.length === 0) {
    throw InvalidProps.value('tls.cipherSuites', ciphers, 'must contain at least one cipher suite');
  }
  ciphers.forEach((cipher, index) => {
    if (!CIPHERS.includes(cipher)) {
      throw InvalidProps.value(`tls.cipherSuites[${index}]`, cipher, `must be one of ${CIPHERS.join(', ')}`);
    }
  });
  requireUnique('tls.cipherSuites', ciphers);
}
