// Shares of requests as text.

/** Weights are whole numbers below 2^32, so a smaller share is the rounding of sums. */
const SMALLEST_PERCENT = 1e-8;

/** The share of a weight in all weights, in percent with one decimal: `33.3 %`. */
export function showShare(weight: number, weights: readonly number[]): string {
  const total = weights.reduce((sum, one) => sum + one, 0);
  return `${total === 0 ? 0 : percentText(100 * weight / total, 1)} %`;
}

/** A percentage, rounded. It has more decimals where it would become 0 or 100 without being that: `0.0001`, `99.9999`. */
export function percentText(percent: number, decimals: number): string {
  const rounded = Math.round(percent * 10 ** decimals) / 10 ** decimals;
  const isLost = (rounded === 0 || rounded === 100) && Math.abs(percent - rounded) > SMALLEST_PERCENT;
  return isLost ? percentText(percent, decimals + 1) : rounded.toFixed(decimals).replace(/\.?0+$/, '');
}
