// Istio's validating webhook refuses an object.
import { containsPlaceholder } from '../../manifests/placeholder';
import { Kind, kindOf } from '../../manifests/kind';
import { nameOf, namespaceOf, specOf } from '../../manifests/manifest';
import { faultPlaces } from '../../mesh/validation/fault-places';
import { isAboutWeights } from '../../mesh/validation/virtual-services';
import { webhookFaultsOf } from '../../mesh/validation/webhook';
import type { Check } from '../check';

/** Istio 1.30: pkg/config/validation/validation.go. The CRD of PeerAuthentication has all of its rules; zero-weights reports weights. */
export const refusedByIstioWebhook: Check = {
  id: 'refused-by-istio-webhook',
  severity: 'error',
  title: 'Istio\'s webhook refuses an object',
  why: 'The schema allows the object, but istiod does not: kubectl apply fails with "admission webhook validation.istio.io denied the request". If the '
    + 'object exists already, the cluster keeps its previous version. Without the webhook, istiod ignores the object or a part of it.',
  fix: 'Change the field as the message says.',
  related: ['E024', 'IST0106'],
  about: [
    Kind.AUTHORIZATION_POLICY, Kind.DESTINATION_RULE, Kind.GATEWAY, Kind.REQUEST_AUTHENTICATION, Kind.SERVICE_ENTRY, Kind.SIDECAR,
    Kind.VIRTUAL_SERVICE, Kind.WORKLOAD_ENTRY,
  ],
  reads: [],
  reach: 'object',

  *run({ models: { mesh: { refusals } } }) {
    for (const { manifest, by } of refusals) {
      const spec = specOf(manifest);
      if (by === 'webhook' && !containsPlaceholder(spec)) {
        const places = faultPlaces(spec, own => webhookFaultsOf(kindOf(manifest)!, own, nameOf(manifest), namespaceOf(manifest)));
        for (const { pointer, message, value } of places.filter(own => !isAboutWeights(own.message))) {
          yield { manifest, pointer, message: message + found(message, value) };
        }
      }
    }
  },
};

/** The value, unless the message has it. */
function found(message: string, value: unknown): string {
  return typeof value === 'object' || message.includes(String(value)) ? '' : `; got ${JSON.stringify(value)}`;
}
