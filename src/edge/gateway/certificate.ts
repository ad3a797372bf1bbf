// The certificate of the gateway's HTTPS server, issued by cert-manager. Plain objects, so the build does not need its CRDs.
// Facts: cert-manager 1.18, apis/certmanager/v1 (Certificate, Issuer), and docs/configuration/selfsigned.
import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, requireHosts } from '../../base/host';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { requireProps } from '../../base/prop-types';
import { wholeSeconds } from '../wire/duration';
import { PlainObject } from '../wire/plain-object';

/** Scope of a cert-manager issuer. */
export enum IssuerKind {
  /** Its own namespace, which must be the gateway's. */
  ISSUER = 'Issuer',
  /** Every namespace. */
  CLUSTER_ISSUER = 'ClusterIssuer',
}

/** 100 years, which a Go duration can represent. */
const MAX_SECONDS = 3_153_600_000;

/** Validity of a certificate. */
export interface SelfSignedCertificateOptions {
  /**
   * Validity of the certificate, in whole seconds, from one hour to 100 years.
   *
   * @default Duration.days(90)
   */
  readonly duration?: Duration;

  /**
   * How long before expiry the certificate is renewed, in whole seconds, at least five minutes and less than `duration`.
   *
   * @default - one third of `duration`
   */
  readonly renewBefore?: Duration;
}

/** A certificate signed by a cert-manager issuer. */
export interface IssuedCertificateOptions extends SelfSignedCertificateOptions {
  /** Kind of the issuer. */
  readonly kind: IssuerKind;

  /** Name of the issuer. */
  readonly name: string;

  /**
   * DNS names of the certificate.
   *
   * @default - behind an ALB, the cluster DNS name of the gateway's Service; behind a Network Load Balancer, the hosts of the edge
   */
  readonly dnsNames?: string[];
}

/** The gateway that needs a certificate. */
export interface CertificateRequest {
  readonly namespace: string;
  readonly secretName: string;
  /** Name of the gateway, for labels and the subject. */
  readonly gatewayName: string;
  /** Default DNS names of the certificate. */
  readonly dnsNames: readonly string[];
  /** Whether clients verify it. An ALB does not verify the certificates of its targets. */
  readonly verified: boolean;
}

/**
 * How the gateway's certificate is issued. Without one, the Secret must already exist.
 *
 * The key is ECDSA P-256. An ALB accepts P-256, P-384 and RSA from its targets, but not Ed25519. Every renewal creates a new key.
 *
 * An ALB does not verify the name, issuer or expiry of its targets' certificates. Between the ALB and the gateway, a certificate provides
 * encryption but no authentication, so a self-signed certificate is sufficient. Security groups control what can reach the gateway.
 */
export abstract class GatewayCertificate {
  /**
   * A self-signed certificate: a cert-manager `Issuer` and `Certificate` in the namespace of the gateway's pods. For the hop from an ALB to
   * the gateway; clients would not trust it.
   *
   * @throws InvalidProps for a duration that cert-manager would reject
   */
  public static selfSigned(options: SelfSignedCertificateOptions = {}): GatewayCertificate {
    return new CertManagerCertificate(requireProps('SelfSignedCertificateOptions', options, '', 'options'));
  }

  /**
   * A certificate from an existing cert-manager issuer: a `Certificate` in the namespace of the gateway's pods.
   *
   * @throws InvalidProps for names or durations that cert-manager would reject
   */
  public static issuedBy(options: IssuedCertificateOptions): GatewayCertificate {
    return new CertManagerCertificate(options, requireProps('IssuedCertificateOptions', options, '', 'options'));
  }

  /** @internal */
  public abstract _render(scope: Construct, request: CertificateRequest): void;
}

class CertManagerCertificate extends GatewayCertificate {
  private readonly seconds: number;
  private readonly renewSeconds: number;

  public constructor(options: SelfSignedCertificateOptions, private readonly issuer?: IssuedCertificateOptions) {
    super();
    const duration = options.duration ?? Duration.days(90);
    this.seconds = wholeSeconds('duration', duration, 3600, MAX_SECONDS);
    this.renewSeconds = options.renewBefore === undefined
      ? Math.max(300, Math.floor(this.seconds / 3))
      : wholeSeconds('renewBefore', options.renewBefore, 300, this.seconds - 1);
    if (issuer) {
      requireDnsSubdomain('name', issuer.name);
      requireNames('dnsNames', issuer.dnsNames);
    }
  }

  public override _render(scope: Construct, { namespace, secretName, gatewayName, dnsNames, verified }: CertificateRequest): void {
    const path = scope.node.path;
    if (verified && !this.issuer) {
      throw InvalidProps.value('certificate', 'GatewayCertificate.selfSigned()',
        'must be GatewayCertificate.issuedBy(…), because without an ALB clients verify the certificate of the gateway', path);
    }
    const names = this.issuer?.dnsNames ?? dnsNames.filter(name => name !== ANY_HOST);
    if (names.length === 0) {
      throw InvalidProps.missing('certificate.dnsNames', 'when the edge serves every host', path);
    }
    const metadata = { name: secretName, namespace, labels: recommendedLabels(gatewayName, 'gateway') };
    if (!this.issuer) {
      new PlainObject(scope, 'Issuer', { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata, spec: { selfSigned: {} } });
    }
    new PlainObject(scope, 'Certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata,
      spec: {
        secretName,
        dnsNames: [...names],
        // A self-signed certificate without a subject has an empty issuer, which some TLS libraries reject.
        ...(this.issuer ? {} : { subject: { organizations: [gatewayName] } }),
        duration: goDuration(this.seconds),
        renewBefore: goDuration(this.renewSeconds),
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        usages: ['digital signature', 'server auth'],
        issuerRef: { group: 'cert-manager.io', kind: this.issuer?.kind ?? IssuerKind.ISSUER, name: this.issuer?.name ?? secretName },
      },
    });
  }
}

function requireNames(prop: string, names: string[] | undefined): void {
  if (names !== undefined && requireHosts(prop, names).includes(ANY_HOST)) {
    throw InvalidProps.value(`${prop}[${names.indexOf(ANY_HOST)}]`, ANY_HOST, 'must be a host name, or a wildcard such as *.example.com');
  }
}

/** The canonical form in which Kubernetes stores a duration, so GitOps tools see no difference. */
function goDuration(seconds: number): string {
  return `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60}m${seconds % 60}s`;
}
