// Credentials: the Secrets that a gateway needs to terminate TLS, which istiod reads for it and delivers over SDS.
import { addTo } from '../base/multimap';
import { Kind, kindOf } from '../manifests/kind';
import { type Manifest, nameOf, namespaceOf, qualifiedNameOf } from '../manifests/manifest';
import { asObject, asText } from '../manifests/plain-json';
import type { Elsewhere } from '../unknown/elsewhere';
import type { Place } from './objects/config';
import { type Server, isTlsServer, terminates } from './objects/gateways';
import type { Workload } from './objects/workloads';

/**
 * What becomes of a Secret. `made`: another object makes it, such as a Certificate. `unknown`: the input lacks it, and the cluster may have it.
 * `missing`, `other-namespace` (than that of the gateway's pods) and `incomplete` (it lacks the keys): istiod does not deliver it, and Envoy closes each
 * connection to the server during the TLS handshake.
 */
export type CredentialState = 'delivered' | 'made' | 'unknown' | 'missing' | 'other-namespace' | 'incomplete';

/** A Secret that a server needs. Its place is the `tls` of the server. */
export interface Credential extends Place {
  /** Its own certificate, or the CA that signs those of its clients. */
  readonly use: 'certificate' | 'client-ca';
  readonly namespace: string;
  readonly name: string;
  readonly state: CredentialState;
  /** Namespaces in which the input has a Secret with the name, if it is needed in another one. */
  readonly elsewhere: readonly string[];
}

/** The keys of each use, the first ones first (Istio 1.30, pilot/pkg/credentials/kube/secrets.go ExtractCertInfo, ExtractRoot). */
export const KEYS: Readonly<Record<Credential['use'], readonly (readonly string[])[]>> = {
  'certificate': [['tls.crt', 'tls.key'], ['cert', 'key']],
  'client-ca': [['ca.crt'], ['cacert']],
};

/** Name of the resource that has only the CA (Istio 1.30, pilot/pkg/model/credentials/resource.go SdsCaSuffix). */
const CA_SUFFIX = '-cacert';

/** The Secrets of the input, as gateways get them. */
export class Credentials {
  private readonly secrets = new Map<string, Manifest>();
  private readonly namespaces = new Map<string, string[]>();

  public constructor(manifests: readonly Manifest[], private readonly elsewhere: Elsewhere) {
    for (const manifest of manifests.filter(own => kindOf(own) === Kind.SECRET)) {
      this.secrets.set(qualifiedNameOf(manifest), manifest);
      addTo(this.namespaces, nameOf(manifest), namespaceOf(manifest));
    }
  }

  /** The Secrets that a server of a gateway needs. Other sources, such as files and the mesh's own certificates, are not listed. */
  public of(server: Server, gateway: Workload): readonly Credential[] {
    const { tls } = server;
    if (tls === undefined || !isTlsServer(server) || !terminates(server) || tls.mode === 'ISTIO_MUTUAL' || tls.credentialNames.length === 0) {
      return [];
    }
    // Several certificates have one CA: that of the first (Istio 1.30, pilot/pkg/security/model/authentication.go:273-307).
    const ca = tls.caCertCredentialName ?? `${tls.credentialNames[0]}${CA_SUFFIX}`;
    return [
      ...tls.credentialNames.map(name => ['certificate', name] as const),
      // A name without the suffix gets a certificate in place of a CA; what Envoy makes of that is not modeled.
      ...(tls.mode === 'MUTUAL' || tls.mode === 'OPTIONAL_MUTUAL') && ca.endsWith(CA_SUFFIX) ? [['client-ca', ca] as const] : [],
    ].flatMap(([use, written]) => {
      const named = secretOf(written, gateway.namespace);
      return named === undefined ? [] : [{ ...this.find(use, named, gateway), manifest: server.manifest, pointer: `${server.pointer}/tls` }];
    });
  }

  private find(use: Credential['use'], { namespace, name }: Named, gateway: Workload): Omit<Credential, keyof Place> {
    const names = use === 'client-ca' ? [name, name.slice(0, -CA_SUFFIX.length)] : [name];
    const base = { use, namespace, name: names.at(-1)!, elsewhere: [] };
    // Where the pods of an assumed gateway run is a guess.
    const known = (state: CredentialState) => (gateway.isAssumed ? 'unknown' : state);
    if (namespace !== gateway.namespace) {
      return { ...base, state: known('other-namespace') };
    }
    const ids = names.map(own => `${namespace}/${own}`);
    const found = ids.map(id => this.secrets.get(id)).find(own => own !== undefined);
    if (found !== undefined) {
      return { ...base, state: hasKeys(found, use) ? 'delivered' : 'incomplete' };
    }
    const state = names.some(own => this.elsewhere.makesSecret(own, namespace)) ? 'made'
      : names.some(own => this.elsewhere.mayHaveSecret(own, namespace)) ? 'unknown' : known('missing');
    return { ...base, state, elsewhere: [...new Set(names.flatMap(own => this.namespaces.get(own) ?? []))] };
  }
}

/** Whether the gateway is guaranteed to lack the Secret. */
export function isUndelivered({ state }: Credential): boolean {
  return state === 'missing' || state === 'other-namespace' || state === 'incomplete';
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** The Secret of a name, in the namespace of the gateway's pods unless it names another (Istio 1.30, resource.go ParseResourceName). */
function secretOf(written: string, own: string): Named | undefined {
  const [, scheme = 'kubernetes', path] = /^(?:([a-z-]+):\/\/)?(.*)$/s.exec(written)!;
  if (scheme !== 'kubernetes' && scheme !== 'kubernetes-gateway') {
    return undefined;
  }
  const [first, second] = path.split('/');
  return second === undefined ? { namespace: own, name: first } : { namespace: first, name: second };
}

/** A value that is not text, as of a template, may be anything but empty. */
function hasKeys({ object: { data, stringData } }: Manifest, use: Credential['use']): boolean {
  const values = { ...asObject(data), ...asObject(stringData) };
  return KEYS[use].some(keys => keys.every(key => values[key] !== undefined && values[key] !== null && asText(values[key]) !== ''));
}
