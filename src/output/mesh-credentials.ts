// The Secrets that a gateway needs to terminate TLS, as text for people: those that are missing, and those that may be.
import { type Credential, type CredentialState, KEYS } from '../mesh/credentials';
import type { GatewayProxy } from '../mesh/proxies';
import { nameOf } from './mesh-policy-text';

/** The Secrets of all servers that have a filter chain. */
export function credentialsOfGateway(proxy: GatewayProxy): readonly Credential[] {
  const servers = new Set(proxy.allListeners().flatMap(({ filterChains }) => filterChains.all.map(({ server }) => server)));
  return [...servers].flatMap(server => proxy.credentials(server));
}

const USES: Readonly<Record<Credential['use'], string>> = { 'certificate': 'Certificate', 'client-ca': 'CA of client certificates' };

const STATES: Readonly<Record<Exclude<CredentialState, 'delivered' | 'made'>, (credential: Credential, gateway: string) => string>> = {
  'unknown': ({ elsewhere }) => {
    const only = elsewhere.length > 0 ? `, which has it only in namespace ${elsewhere.join(', ')}` : '';
    return `is not in the input${only}: unless the cluster has it, TLS handshakes fail`;
  },
  'missing': () => 'does not exist: TLS handshakes fail',
  'other-namespace': (_, gateway) => `is not in namespace ${gateway} of the gateway's pods: TLS handshakes fail`,
  'incomplete': ({ use }) => `has no ${KEYS[use].map(keys => keys.join(' and ')).join(', nor ')}: TLS handshakes fail`,
};

/** A line for each Secret that istiod does not deliver, or may not. */
export function credentialLines(proxy: GatewayProxy): string[] {
  return credentialsOfGateway(proxy).flatMap(credential => {
    const { use, namespace, name, state } = credential;
    return state === 'delivered' || state === 'made' ? []
      : [`  ${USES[use]}: Secret ${namespace}/${name} ${STATES[state](credential, proxy.workload.namespace)}  [${nameOf(credential)} ${credential.pointer}]`];
  });
}
