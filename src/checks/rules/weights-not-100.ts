// The weights of a route do not add up to 100, so they are not percentages.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go; each share is weight / sum. */
export const weightsNot100: Check = {
  id: 'weights-not-100',
  severity: 'warning',
  title: 'The weights of a route do not add up to 100',
  why: 'Istio divides each weight by their sum, so the weights look like percentages but the shares are different. Usually one weight was '
    + 'changed and another was not.',
  fix: 'Set weights that add up to 100, or to 1000 for tenths of a percent.',
  related: ['E124'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],
  reach: 'field',

  *run({ virtualServices }) {
    for (const { manifest, routes } of virtualServices) {
      for (const { pointer, weights } of routes) {
        if (weights.length <= 1) {
          continue;
        }
        const values = weights.map(weight => weight.value ?? NaN);
        const sum = values.reduce((total, value) => total + value, 0);
        // Weights of 1000 are tenths of a percent, and so on.
        const isPercentage = [100, 1_000, 10_000, 100_000, 1_000_000].includes(sum);
        // Equal weights are equal shares, whatever their sum.
        const areEqual = new Set(values).size === 1;
        // An unreadable weight makes the sum NaN; zero-weights reports zero sums and negative weights.
        if (sum > 0 && !isPercentage && !areEqual && values.every(value => value >= 0)) {
          const shares = values.map(value => `${value} (${Math.round((value / sum) * 1000) / 10} %)`).join(', ');
          yield { manifest, pointer: `${pointer}/route`, message: `the weights add up to ${sum}, not 100; the shares are ${shares}` };
        }
      }
    }
  },
};
