// The weights of a route are relative shares that do not read as percentages.
import { Kind } from '../../model/kind';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go; each share is weight / sum. */
export const weightsNot100: Check = {
  id: 'weights-not-100',
  severity: 'warning',
  title: 'The weights of a route do not add up to 100',
  why: 'Istio divides each weight by their sum. Weights that look like percentages then stand for other shares, usually because one '
    + 'of them was changed and its counterpart was not.',
  fix: 'Write weights that add up to 100.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run(model) {
    for (const { manifest, routes } of model.virtualServices) {
      for (const { pointer, weights } of routes.filter(route => route.weights.length > 1)) {
        const values = weights.map(weight => weight.value ?? NaN);
        const sum = values.reduce((total, value) => total + value, 0);
        // Equal shares are equal however one reads them.
        const areEqual = new Set(values).size === 1;
        // Unreadable weights make the sum NaN; zero sums and negative weights belong to zero-weights.
        if (sum > 0 && sum !== 100 && !areEqual && values.every(value => value >= 0)) {
          const shares = values.map(value => `${value} (${Math.round((value / sum) * 1000) / 10} %)`).join(', ');
          yield { manifest, pointer: `${pointer}/route`, message: `the weights add up to ${sum}, not 100; the shares are ${shares}` };
        }
      }
    }
  },
};
