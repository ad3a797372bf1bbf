// The certificate of the gateway's HTTPS server, where cert-manager makes it: plain objects, so that its CRDs are not needed to build.
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

/** Where an issuer of cert-manager can be used. */
export enum IssuerKind {
  /** In its own namespace, which has to be the gateway's. */
  ISSUER = 'Issuer',
  /** In every namespace. */
  CLUSTER_ISSUER = 'ClusterIssuer',
}

/** A hundred years, which Go can still count in its nanoseconds. */
const MAX_SECONDS = 3_153_600_000;

/** How long a certificate is good. */
export interface SelfSignedCertificateOptions {
  /**
   * How long a certificate is valid, in whole seconds, from an hour to a hundred years.
   *
   * @default Duration.days(90)
   */
  readonly duration?: Duration;

  /**
   * How long before its end it is replaced, in whole seconds, at least five minutes and less than `duration`.
   *
   * @default - a third of `duration`
   */
  readonly renewBefore?: Duration;
}

/** A certificate that an issuer of cert-manager signs. */
export interface IssuedCertificateOptions extends SelfSignedCertificateOptions {
  /** Kind of the issuer. */
  readonly kind: IssuerKind;

  /** Name of the issuer. */
  readonly name: string;

  /**
   * Names that the certificate is for.
   *
   * @default - behind an ALB, the gateway Service's name in the cluster; behind a Network Load Balancer, the hosts of the edge
   */
  readonly dnsNames?: string[];
}

/** What a certificate is needed for. */
export interface CertificateRequest {
  readonly namespace: string;
  readonly secretName: string;
  /** Name of the gateway, for labels and the subject. */
  readonly gatewayName: string;
  /** Names that clients ask for; the certificate is for these where nothing else was said. */
  readonly dnsNames: readonly string[];
  /** Whether anybody checks it. An ALB does not verify the certificates of its targets. */
  readonly verified: boolean;
}

/**
 * Where the gateway's certificate comes from. Without one, the Secret is taken to be there already.
 *
 * The key is ECDSA on P-256, which an ALB accepts from its targets, as it does RSA and P-384, but not Ed25519. It is made anew with
 * every certificate.
 *
 * An ALB does not verify the certificates of its targets: neither name, nor issuer, nor date. Between ALB and gateway a certificate
 * encrypts, and proves nothing; what may reach the gateway is decided by security groups. So a self-signed one is as good as any there.
 */
export abstract class GatewayCertificate {
  /**
   * Signed by itself: an `Issuer` and a `Certificate` of cert-manager, in the namespace of the gateway's pods. For the hop from an ALB
   * to the gateway; clients would not accept it.
   *
   * @throws InvalidProps for a duration that cert-manager would refuse
   */
  public static selfSigned(options: SelfSignedCertificateOptions = {}): GatewayCertificate {
    return new CertManagerCertificate(requireProps('SelfSignedCertificateOptions', options, '', 'options'));
  }

  /**
   * Signed by an issuer of cert-manager that is there already: a `Certificate`, in the namespace of the gateway's pods.
   *
   * @throws InvalidProps for names or durations that cert-manager would refuse
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
        'must be GatewayCertificate.issuedBy(...), or a Secret: without an ALB, clients verify the certificate of the gateway', path);
    }
    const names = this.issuer?.dnsNames ?? dnsNames.filter(name => name !== ANY_HOST);
    if (names.length === 0) {
      throw InvalidProps.value('certificate.dnsNames', undefined, 'must be at least one name, because the edge takes any host', path);
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
        // A certificate that signs itself without a subject has an empty issuer, which TLS libraries may refuse.
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

/** The form in which Kubernetes writes a duration back, so that GitOps sees no difference. */
function goDuration(seconds: number): string {
  return `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60}m${seconds % 60}s`;
}
