// Shares of requests in percent, as Envoy counts them.
import { InvalidProps } from '../../base/errors';

/** Returns the percentage as Istio writes it, or throws: 0, or from 0.0001 to 100. Envoy counts in millionths and cuts off what is less. */
export function renderPercentage(prop: string, percentage: number): { value: number } {
  if (typeof percentage !== 'number' || !(percentage === 0 || (percentage >= 0.0001 && percentage <= 100))) {
    throw InvalidProps.value(prop, percentage, 'must be 0, or a number from 0.0001 to 100');
  }
  return { value: percentage };
}
