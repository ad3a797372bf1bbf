// A redirect to HTTPS is set for a load balancer that does not listen on HTTP.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_listener.go: ssl-redirect replaces the rules of HTTP listeners, and makes none. */
export const redirectWithoutHttpListener: Check = {
  id: 'redirect-without-http-listener',
  severity: 'warning',
  title: 'The load balancer has no HTTP listener that ssl-redirect could change',
  why: 'The annotation ssl-redirect changes what HTTP listeners do, and adds none. Without one, connections to http:// time out instead of being redirected.',
  fix: 'Add {"HTTP": 80} to listen-ports, or remove ssl-redirect.',
  related: ['E056', 'E057'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest, settings, loadBalancer: { listeners } = { listeners: [] }, isDecided } of members) {
      if (isDecided && settings.readable('sslRedirect') !== undefined && listeners.length > 0 && !listeners.some(({ protocol }) => protocol === 'HTTP')) {
        const ports = listeners.map(({ protocol, port }) => `${protocol} ${port}`).join(', ');
        const message = `the load balancer has no HTTP listener that ssl-redirect could change; its listeners: ${ports}`;
        yield { manifest, pointer: settings.pointer('sslRedirect'), message };
      }
    }
  },
};
