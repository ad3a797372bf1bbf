// The weights of a route leave nobody to send requests to.
import { Kind } from '../../model/kind';
import type { Check } from '../check';

/** Istio 1.30: pkg/config/validation/validation.go validateHTTPRouteDestinations and validateRouteDestinations. */
export const zeroWeights: Check = {
  id: 'zero-weights',
  severity: 'error',
  title: 'The weights of a route are all zero, or one is negative',
  why: 'Istio\'s admission webhook refuses the VirtualService, and where it is not asked the proxies refuse the whole route '
    + 'configuration, so that later changes to other routes have no effect either. A missing weight counts as 0.',
  fix: 'Give every destination a weight, 0 to 100, so that they add up to 100. A single destination needs none.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run(model) {
    for (const { manifest, routes } of model.virtualServices) {
      for (const { pointer, weights } of routes) {
        const negative = weights.filter(weight => weight.value !== undefined && weight.value < 0);
        for (const weight of negative) {
          yield { manifest, pointer: weight.pointer, message: `weight ${weight.value} is negative; allowed are whole numbers from 0` };
        }
        if (weights.length > 1 && weights.every(weight => weight.value === 0)) {
          yield { manifest, pointer: `${pointer}/route`, message: `the weights of all ${weights.length} destinations are 0 or missing` };
        }
      }
    }
  },
};
