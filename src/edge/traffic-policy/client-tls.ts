// The TLS that a client speaks to a workload which the mesh does not encrypt for: one without a sidecar, or outside of the cluster.
import type { DestinationRuleSpecTrafficPolicyTls, DestinationRuleSpecTrafficPolicyTlsMode } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isDnsLabel, requireSecretName } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
import type { Fields } from '../wire/istio-fields';
import { requireUnique } from '../wire/bounds';

/** Whom a client asks for, and expects. */
export interface ServerNameOptions {
  /**
   * Name that the client asks the server for.
   *
   * @default - the host of the request
   */
  readonly sni?: string;

  /**
   * Names of which the server's certificate has to carry one.
   *
   * @default - the host of the request; for mutual TLS of the mesh the service accounts of the workload
   */
  readonly subjectAltNames?: string[];
}

/** How the server's certificate is verified. */
export interface SimpleTlsOptions extends ServerNameOptions {
  /**
   * Name of the Secret with the authority's certificate (key `cacert` or `ca.crt`), in the namespace of the client; or
   * `configmap://namespace/name`, in the namespace of the DestinationRule.
   *
   * Only gateways read it, and the pods of a policy for some clients. Any other sidecar ignores it, and sends plain text
   * (Istio 1.30, pilot/pkg/networking/core/cluster_tls.go).
   *
   * @default - none
   */
  readonly credentialName?: string;

  /**
   * Path of the file with the authority's certificate, in the client's proxy.
   *
   * @default - the authorities that the proxy's operating system trusts
   */
  readonly caCertificates?: string;

  /**
   * Path of the file with the authority's revoked certificates, in the client's proxy.
   *
   * @default - none are revoked
   */
  readonly caCrl?: string;

  /**
   * Takes any certificate: the connection is encrypted, but to whom, nobody knows.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** How the server's certificate is verified, and which one the client shows. */
export interface MutualTlsOptions extends SimpleTlsOptions {
  /**
   * Path of the file with the client's certificate, in its proxy.
   *
   * @default - it is in the Secret of `credentialName`
   */
  readonly clientCertificate?: string;

  /**
   * Path of the file with the client's private key, in its proxy.
   *
   * @default - it is in the Secret of `credentialName`
   */
  readonly privateKey?: string;
}

const FILES = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const;
const CONFIG_MAP = 'configmap://';

/** Names of servers, those of Istio's own clusters included, such as `outbound_.443_._.shop.example.com`. */
const SERVER_NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?)*$/;

/**
 * What a client does about TLS (Istio 1.30, ClientTLSSettings).
 *
 * Between pods with sidecars Istio encrypts by itself, and finds out by itself which pods have none.
 */
export class ClientTls {
  /** Plain text, whatever the mesh would do. */
  public static disable(): ClientTls {
    return new ClientTls('DISABLE');
  }

  /** TLS, in which the server shows its certificate. @throws InvalidProps for a value that Istio would refuse */
  public static simple(options: SimpleTlsOptions = {}): ClientTls {
    const checked = requireProps('SimpleTlsOptions', options, '', 'options');
    requireVerification(checked, ['caCertificates', 'credentialName', 'subjectAltNames']);
    return new ClientTls('SIMPLE', { ...checked, clientCertificate: undefined, privateKey: undefined });
  }

  /** TLS, in which both sides show a certificate. @throws InvalidProps for a value that Istio would refuse, and without a certificate */
  public static mutual(options: MutualTlsOptions): ClientTls {
    const checked = requireProps('MutualTlsOptions', options, '', 'options');
    if (checked.credentialName === undefined) {
      requireFiles(checked);
    } else if (checked.credentialName.startsWith(CONFIG_MAP)) {
      throw InvalidProps.value('credentialName', checked.credentialName, 'must be the name of a Secret: a ConfigMap has no private key');
    }
    requireVerification(checked, ['caCertificates', 'subjectAltNames']);
    return new ClientTls('MUTUAL', checked);
  }

  /**
   * Mutual TLS with the certificates of the mesh, to every pod: one without a sidecar does not understand it.
   *
   * @throws InvalidProps for a value that Istio would refuse
   */
  public static istioMutual(options: ServerNameOptions = {}): ClientTls {
    const { sni, subjectAltNames } = requireProps('ServerNameOptions', options, '', 'options');
    return new ClientTls('ISTIO_MUTUAL', { sni, subjectAltNames });
  }

  /** Whether it is with the certificates of the mesh. @internal */
  public readonly _ofMesh: boolean;

  private constructor(private readonly mode: `${DestinationRuleSpecTrafficPolicyTlsMode}`, private readonly options: MutualTlsOptions = {}) {
    const { sni, subjectAltNames, credentialName } = options;
    if (sni !== undefined && !SERVER_NAME.test(sni)) {
      throw InvalidProps.value('sni', sni, 'must be the name of a server, such as api.example.com');
    }
    if (subjectAltNames !== undefined) {
      requireNames(subjectAltNames);
    }
    FILES.forEach(file => requirePath(file, options[file]));
    if (credentialName !== undefined) {
      requireCredential(credentialName, options);
    }
    this._ofMesh = mode === 'ISTIO_MUTUAL';
  }

  /** @param namespace that of the DestinationRule @internal */
  public _render(prop: string, namespace: string): Fields<DestinationRuleSpecTrafficPolicyTls> {
    const { sni, subjectAltNames, credentialName, insecureSkipVerify, caCertificates, caCrl, clientCertificate, privateKey } = this.options;
    if (credentialName?.startsWith(CONFIG_MAP) && !credentialName.startsWith(`${CONFIG_MAP}${namespace}/`)) {
      throw InvalidProps.value(`${prop}.credentialName`, credentialName,
        `must be a ConfigMap in the namespace of the DestinationRule: ${CONFIG_MAP}${namespace}/…`);
    }
    return { mode: this.mode, sni, subjectAltNames, credentialName, insecureSkipVerify, caCertificates, caCrl, clientCertificate, privateKey };
  }
}

function requireNames(names: readonly string[]): void {
  if (names.length === 0) {
    throw InvalidProps.value('subjectAltNames', names, 'must be at least one name, or nothing for the host of the request');
  }
  names.forEach((name, index) => {
    if (!/^\S+$/.test(name)) {
      throw InvalidProps.value(`subjectAltNames[${index}]`, name, 'must be a name of a certificate, without blanks, such as api.example.com');
    }
  });
  requireUnique('subjectAltNames', names);
}

function requirePath(prop: string, path: string | undefined): void {
  if (path !== undefined && !/^\/\S+$/.test(path)) {
    throw InvalidProps.value(prop, path, 'must be the path of a file in the proxy, such as /etc/certs/tls.pem');
  }
}

function requireCredential(name: string, options: MutualTlsOptions): void {
  const file = FILES.find(each => options[each] !== undefined);
  if (file !== undefined) {
    throw InvalidProps.conflict(file, options[file], 'cannot be set beside credentialName, which holds everything');
  }
  if (!name.startsWith(CONFIG_MAP)) {
    requireSecretName('credentialName', name);
    return;
  }
  const [namespace, configMap, ...rest] = name.slice(CONFIG_MAP.length).split('/');
  if (!isDnsLabel(namespace) || rest.length > 0) {
    throw InvalidProps.value('credentialName', name, `must be ${CONFIG_MAP}namespace/name, or the name of a Secret`);
  }
  requireSecretName('credentialName', configMap);
}

function requireFiles(options: MutualTlsOptions): void {
  for (const file of ['clientCertificate', 'privateKey'] as const) {
    if (options[file] === undefined) {
      throw InvalidProps.value(file, undefined, 'must be the path of a file, or credentialName');
    }
  }
}

/** Istio refuses to verify and not to verify at once. */
function requireVerification(options: SimpleTlsOptions, useless: readonly (keyof SimpleTlsOptions)[]): void {
  const found = options.insecureSkipVerify ? useless.find(prop => options[prop] !== undefined) : undefined;
  if (found !== undefined) {
    throw InvalidProps.conflict(found, options[found], 'cannot be set with insecureSkipVerify, which verifies nothing');
  }
}
