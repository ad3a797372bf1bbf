// What becomes of the Secrets that a gateway needs to terminate TLS, as text for people.
import { type Credential, type CredentialState, KEYS } from './credentials';

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

/** What is wrong with a Secret, or may be; nothing for one that istiod delivers. @param gateway the namespace of its pods */
export function credentialText(credential: Credential, gateway: string): string | undefined {
  const { use, namespace, name, state } = credential;
  return state === 'delivered' || state === 'made' ? undefined : `${USES[use]}: Secret ${namespace}/${name} ${STATES[state](credential, gateway)}`;
}
