// What an HTTPS listener does with client certificates (mutual TLS at the load balancer).
import { AdvertiseTrustStoreCaNames, MutualAuthenticationMode } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import type { MutualAuthentication } from '../../base/alb-annotations/listener';
import { requireProps } from '../../base/prop-types';

/** How client certificates are verified. */
export interface VerifyClientCertificatesOptions {
  /** ARN or name of the trust store that holds the CA certificates. */
  readonly trustStore: string;

  /**
   * Whether to accept expired certificates.
   *
   * @default false
   */
  readonly ignoreExpiry?: boolean;

  /**
   * Whether to send the CA names to clients, so that they can choose a certificate.
   *
   * @default false
   */
  readonly advertiseTrustStoreCaNames?: boolean;
}

/** Name of a trust store (ELBv2 API 2015-12-01: 32 characters, single hyphens inside), or its ARN. */
const TRUST_STORE = /^(?:(?=.{1,32}$)(?:[A-Za-z0-9]+-)*[A-Za-z0-9]+|arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:truststore\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16})$/;

/**
 * What an HTTPS listener does with client certificates (AWS Load Balancer Controller 3.5.0, pkg/ingress/model_build_listener.go:384).
 * The gateway receives them in X-Amzn-Mtls-Clientcert… headers, never in X-Forwarded-Client-Cert, and can trust these headers only
 * if no request can bypass this listener.
 */
export class ClientCertificates {
  /** Clients need a certificate that the trust store validates; others are rejected in the TLS handshake. */
  public static verify(options: VerifyClientCertificatesOptions): ClientCertificates {
    const { trustStore, ignoreExpiry, advertiseTrustStoreCaNames: advertise } = requireProps('VerifyClientCertificatesOptions', options, '', 'options');
    if (trustStore === undefined || !TRUST_STORE.test(trustStore)) {
      throw InvalidProps.value('trustStore', trustStore, 'must be the ARN of a trust store or its name: 1 to 32 letters, digits and single inner hyphens');
    }
    return new ClientCertificates({
      mode: MutualAuthenticationMode.VERIFY,
      trustStore,
      ignoreClientCertificateExpiry: ignoreExpiry,
      advertiseTrustStoreCaNames: advertise === undefined ? undefined : advertise ? AdvertiseTrustStoreCaNames.ON : AdvertiseTrustStoreCaNames.OFF,
    });
  }

  /**
   * Clients may present any certificate, or none: **nobody verifies it**, neither the load balancer nor Istio. The whole chain is forwarded
   * in X-Amzn-Mtls-Clientcert, for an application that verifies it.
   */
  public static passthrough(): ClientCertificates {
    return new ClientCertificates({ mode: MutualAuthenticationMode.PASSTHROUGH });
  }

  /** Explicitly off. Removing the annotation would leave the previous setting in AWS. */
  public static off(): ClientCertificates {
    return new ClientCertificates({ mode: MutualAuthenticationMode.OFF });
  }

  /** Whether clients without a valid certificate are rejected in the handshake. @internal */
  public get _verifies(): boolean {
    return this.settings.mode === MutualAuthenticationMode.VERIFY;
  }

  private constructor(private readonly settings: Omit<MutualAuthentication, 'port'>) {}

  /** @internal */
  public _render(port: number): MutualAuthentication {
    return { port, ...this.settings };
  }
}
