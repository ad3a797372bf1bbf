// Client certificates are demanded on a port that is not an HTTPS listener of the Ingress.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_listener.go:340 reads the entries of its own HTTPS ports only. */
export const mutualAuthenticationWithoutListener: Check = {
  id: 'mutual-authentication-without-listener',
  severity: 'error',
  title: 'Client certificates are demanded on a port that is not an HTTPS listener of the Ingress',
  why: 'The controller applies an entry of mutual-authentication only to an HTTPS port in listen-ports of the same Ingress, and ignores others without an '
    + 'error. Clients without a certificate are then served.',
  fix: 'Correct the port, or add it to listen-ports as HTTPS.',
  related: ['E094'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest, settings, loadBalancer, isDecided } of members) {
      const own = settings.readable('listenPorts')?.filter(({ protocol }) => protocol === 'HTTPS').map(({ port }) => port)
        ?? (isDecided ? loadBalancer?.listeners.filter(({ protocol }) => protocol === 'HTTPS').map(({ port }) => port) : undefined);
      const lost = own === undefined ? [] : settings.readable('mutualAuthentication')?.filter(({ port, mode }) => mode !== 'off' && !own.includes(port)) ?? [];
      for (const { port, mode } of lost) {
        const known = own!.length === 0 ? 'it has none' : `its HTTPS ports: ${own!.join(', ')}`;
        const message = `mode ${mode} for port ${port} has no effect, because the Ingress does not listen on HTTPS ${port}; ${known}`;
        yield { manifest, pointer: settings.pointer('mutualAuthentication'), message };
      }
    }
  },
};
