// The weights of a route are all zero, or one is negative.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** Istio 1.30: pkg/config/validation/validation.go validateHTTPRouteDestinations and validateRouteDestinations. */
export const zeroWeights: Check = {
  id: 'zero-weights',
  severity: 'error',
  title: 'The weights of a route are all zero, or one is negative',
  why: 'Istio\'s admission webhook rejects the VirtualService. Without the webhook, the proxies reject the whole route configuration, so '
    + 'later changes to other routes have no effect either. A weight that is not set counts as 0.',
  fix: 'Set a weight from 0 to 100 for every destination, so that they add up to 100. A single destination needs no weight.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],
  reach: 'field',

  *run({ virtualServices }) {
    for (const { manifest, routes } of virtualServices) {
      for (const { pointer, weights } of routes) {
        for (const weight of weights) {
          if (weight.value !== undefined && weight.value < 0) {
            yield { manifest, pointer: weight.pointer, message: `weight ${weight.value} is negative; a weight must be an integer of 0 or more` };
          }
        }
        if (weights.length > 1 && weights.every(weight => weight.value === 0)) {
          yield { manifest, pointer: `${pointer}/route`, message: `the weights of all ${weights.length} destinations are 0 or not set` };
        }
      }
    }
  },
};
