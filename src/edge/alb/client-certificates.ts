// What an HTTPS listener does with the certificates of clients (mutual TLS at the load balancer).
import { AdvertiseTrustStoreCaNames, MutualAuthenticationMode } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import type { MutualAuthentication } from '../../base/alb-annotations/listener';
import { requireProps } from '../../base/prop-types';

/** How client certificates are verified. */
export interface VerifyClientCertificatesOptions {
  /** ARN or name of the trust store, which has the certificates of the authorities. */
  readonly trustStore: string;

  /**
   * Whether certificates that have expired still pass.
   *
   * @default false
   */
  readonly ignoreExpiry?: boolean;

  /**
   * Whether clients are told the names of the authorities, so that they can choose a certificate.
   *
   * @default false
   */
  readonly advertiseTrustStoreCaNames?: boolean;
}

/** Name of a trust store (ELBv2 API 2015-12-01: 32 characters, single hyphens inside), or its ARN. */
const TRUST_STORE = /^(?:(?=.{1,32}$)(?:[A-Za-z0-9]+-)*[A-Za-z0-9]+|arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:truststore\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16})$/;

/**
 * What an HTTPS listener does with client certificates (AWS Load Balancer Controller 3.5.0, pkg/ingress/model_build_listener.go:384).
 * The gateway gets them in X-Amzn-Mtls-Clientcert… headers, never in X-Forwarded-Client-Cert, and can believe these headers only
 * where no request comes past this listener.
 */
export class ClientCertificates {
  /** Clients need a certificate that the trust store vouches for; the others are refused in the handshake. */
  public static verify(options: VerifyClientCertificatesOptions): ClientCertificates {
    const { trustStore, ignoreExpiry, advertiseTrustStoreCaNames: advertise } = requireProps('VerifyClientCertificatesOptions', options, '', 'options');
    if (trustStore === undefined || !TRUST_STORE.test(trustStore)) {
      throw InvalidProps.value('trustStore', trustStore, 'must be the ARN of a trust store, or its name: 1 to 32 letters, digits and single hyphens inside');
    }
    return new ClientCertificates({
      mode: MutualAuthenticationMode.VERIFY,
      trustStore,
      ignoreClientCertificateExpiry: ignoreExpiry,
      advertiseTrustStoreCaNames: advertise === undefined ? undefined : advertise ? AdvertiseTrustStoreCaNames.ON : AdvertiseTrustStoreCaNames.OFF,
    });
  }

  /**
   * Clients may have any certificate, or none: **nobody verifies it**, neither the load balancer nor Istio. The whole chain is handed
   * on in X-Amzn-Mtls-Clientcert, for an application that verifies it itself.
   */
  public static passthrough(): ClientCertificates {
    return new ClientCertificates({ mode: MutualAuthenticationMode.PASSTHROUGH });
  }

  /** Clients are not asked, written out: what was on stays on in AWS when the annotation just goes away. */
  public static off(): ClientCertificates {
    return new ClientCertificates({ mode: MutualAuthenticationMode.OFF });
  }

  /** Whether clients without a good certificate are refused in the handshake. @internal */
  public get _verifies(): boolean {
    return this.settings.mode === MutualAuthenticationMode.VERIFY;
  }

  private constructor(private readonly settings: Omit<MutualAuthentication, 'port'>) {}

  /** @internal */
  public _render(port: number): MutualAuthentication {
    return { port, ...this.settings };
  }
}
