// Percentages of requests, with Envoy's precision.
import { InvalidProps } from '../../base/errors';

/** Renders a percentage for Istio: 0, or 0.0001 to 100, because Envoy truncates to millionths. @throws InvalidProps for other values */
export function renderPercentage(prop: string, percentage: number): { value: number } {
  if (typeof percentage !== 'number' || !(percentage === 0 || (percentage >= 0.0001 && percentage <= 100))) {
    throw InvalidProps.value(prop, percentage, 'must be 0 or a number from 0.0001 to 100');
  }
  return { value: percentage };
}
