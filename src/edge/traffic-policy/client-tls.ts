// TLS from a client to a workload outside the mesh: without a sidecar, or outside the cluster.
import type { DestinationRuleSpecTrafficPolicyTls, DestinationRuleSpecTrafficPolicyTlsMode } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isDnsLabel, requireSecretName } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
import type { Fields } from '../wire/istio-fields';
import { requireUnique } from '../wire/bounds';

/** Which server a client requests, and which certificate it expects. */
export interface ServerNameOptions {
  /**
   * Server name (SNI) that the client sends.
   *
   * @default - the host of the request
   */
  readonly sni?: string;

  /**
   * Names, one of which the server's certificate must contain.
   *
   * @default - the host of the request; for mutual TLS of the mesh, the workload's service accounts
   */
  readonly subjectAltNames?: string[];
}

/** How the server's certificate is verified. */
export interface SimpleTlsOptions extends ServerNameOptions {
  /**
   * Name of the Secret with the CA certificate (key `cacert` or `ca.crt`), in the namespace of the client; or
   * `configmap://namespace/name`, in the namespace of the DestinationRule.
   *
   * Only gateways and the pods of a client policy read it. Any other sidecar ignores it and sends plaintext
   * (Istio 1.30, pilot/pkg/networking/core/cluster_tls.go).
   *
   * @default - none
   */
  readonly credentialName?: string;

  /**
   * Path of the CA certificate file in the client's proxy.
   *
   * @default - the CAs that the proxy's operating system trusts
   */
  readonly caCertificates?: string;

  /**
   * Path of the certificate revocation list in the client's proxy.
   *
   * @default - no revocation list
   */
  readonly caCrl?: string;

  /**
   * Accepts any certificate: the connection is encrypted, but the server is not authenticated.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** How the server's certificate is verified, and which certificate the client presents. */
export interface MutualTlsOptions extends SimpleTlsOptions {
  /**
   * Path of the client certificate file in its proxy.
   *
   * @default - the certificate in the Secret of `credentialName`
   */
  readonly clientCertificate?: string;

  /**
   * Path of the client's private key file in its proxy.
   *
   * @default - the private key in the Secret of `credentialName`
   */
  readonly privateKey?: string;
}

const FILES = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const;
const CONFIG_MAP = 'configmap://';

/** Server names, including those of Istio's own clusters, such as `outbound_.443_._.shop.example.com`. */
const SERVER_NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?)*$/;

/**
 * TLS settings of a client (Istio 1.30, ClientTLSSettings).
 *
 * Between pods with sidecars Istio uses mTLS automatically, and detects which pods have no sidecar.
 */
export class ClientTls {
  /** Plaintext, overriding the mesh. */
  public static disable(): ClientTls {
    return new ClientTls('DISABLE');
  }

  /** TLS with a server certificate. @throws InvalidProps for a value that Istio would refuse */
  public static simple(options: SimpleTlsOptions = {}): ClientTls {
    const checked = requireProps('SimpleTlsOptions', options, '', 'options');
    requireVerification(checked, ['caCertificates', 'credentialName', 'subjectAltNames']);
    return new ClientTls('SIMPLE', { ...checked, clientCertificate: undefined, privateKey: undefined });
  }

  /** Mutual TLS with your own certificates. @throws InvalidProps for a value that Istio would refuse, and if the client certificate is missing */
  public static mutual(options: MutualTlsOptions): ClientTls {
    const checked = requireProps('MutualTlsOptions', options, '', 'options');
    if (checked.credentialName === undefined) {
      requireFiles(checked);
    } else if (checked.credentialName.startsWith(CONFIG_MAP)) {
      throw InvalidProps.value('credentialName', checked.credentialName, 'must be the name of a Secret, because a ConfigMap has no private key');
    }
    requireVerification(checked, ['caCertificates', 'subjectAltNames']);
    return new ClientTls('MUTUAL', checked);
  }

  /**
   * Mutual TLS with the mesh's certificates, to every pod. Pods without a sidecar cannot accept it.
   *
   * @throws InvalidProps for a value that Istio would refuse
   */
  public static istioMutual(options: ServerNameOptions = {}): ClientTls {
    const { sni, subjectAltNames } = requireProps('ServerNameOptions', options, '', 'options');
    return new ClientTls('ISTIO_MUTUAL', { sni, subjectAltNames });
  }

  /** Whether it uses the mesh's certificates. @internal */
  public readonly _ofMesh: boolean;

  private constructor(private readonly mode: `${DestinationRuleSpecTrafficPolicyTlsMode}`, private readonly options: MutualTlsOptions = {}) {
    const { sni, subjectAltNames, credentialName } = options;
    if (sni !== undefined && !SERVER_NAME.test(sni)) {
      throw InvalidProps.value('sni', sni, 'must be a server name such as api.example.com');
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
    throw InvalidProps.value('subjectAltNames', names, 'must have at least one entry; leave it unset to expect the host of the request');
  }
  names.forEach((name, index) => {
    if (!/^\S+$/.test(name)) {
      throw InvalidProps.value(`subjectAltNames[${index}]`, name, 'must be a certificate name without spaces, such as api.example.com');
    }
  });
  requireUnique('subjectAltNames', names);
}

function requirePath(prop: string, path: string | undefined): void {
  if (path !== undefined && !/^\/\S+$/.test(path)) {
    throw InvalidProps.value(prop, path, 'must be the absolute path of a file in the proxy, such as /etc/certs/tls.pem');
  }
}

function requireCredential(name: string, options: MutualTlsOptions): void {
  const file = FILES.find(each => options[each] !== undefined);
  if (file !== undefined) {
    throw InvalidProps.conflict(file, options[file], 'cannot be set together with credentialName, which provides all files');
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
      throw InvalidProps.missing(file, 'unless credentialName is set');
    }
  }
}

/** Istio refuses verification settings together with insecureSkipVerify. */
function requireVerification(options: SimpleTlsOptions, useless: readonly (keyof SimpleTlsOptions)[]): void {
  const found = options.insecureSkipVerify ? useless.find(prop => options[prop] !== undefined) : undefined;
  if (found !== undefined) {
    throw InvalidProps.conflict(found, options[found], 'cannot be set with insecureSkipVerify, which turns off verification');
  }
}
