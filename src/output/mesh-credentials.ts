// The Secrets that a gateway needs to terminate TLS, as text for people: those that are missing, and those that may be.
import { credentialText } from '../mesh/credential-text';
import type { Credential } from '../mesh/credentials';
import type { GatewayProxy } from '../mesh/proxies';
import { nameOf } from './mesh-policy-text';

/** The Secrets of all servers that have a filter chain. */
export function credentialsOfGateway(proxy: GatewayProxy): readonly Credential[] {
  const servers = new Set(proxy.allListeners().flatMap(({ filterChains }) => filterChains.all.map(({ server }) => server)));
  return [...servers].flatMap(server => proxy.credentials(server));
}

/** A line for each Secret that istiod does not deliver, or may not. */
export function credentialLines(proxy: GatewayProxy): string[] {
  return credentialsOfGateway(proxy).flatMap(credential => {
    const text = credentialText(credential, proxy.workload.namespace);
    return text === undefined ? [] : [`  ${text}  [${nameOf(credential)} ${credential.pointer}]`];
  });
}
