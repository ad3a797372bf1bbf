// Shares of requests as text for people.

/** The share of a weight in all weights, in percent with one decimal: `33.3 %`. */
export function showShare(weight: number, weights: readonly number[]): string {
  const total = weights.reduce((sum, one) => sum + one, 0);
  return `${total === 0 ? 0 : Math.round(1000 * weight / total) / 10} %`;
}
