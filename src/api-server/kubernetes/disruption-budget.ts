// What the API server refuses of a PodDisruptionBudget (Kubernetes 1.34.1 pkg/apis/policy/validation/validation.go).
import type { Field } from './field';
import { checkIntegerOrPercent, checkSelector, oneOf } from './values';

/** ValidatePodDisruptionBudgetSpec. */
export function checkDisruptionBudget(budget: Field): void {
  const spec = budget.at('spec');
  const [available, unavailable] = [spec.at('minAvailable'), spec.at('maxUnavailable')];
  if (available.isSet && unavailable.isSet) {
    spec.refuse('cannot have both minAvailable and maxUnavailable');
  }
  checkIntegerOrPercent(available, true);
  checkIntegerOrPercent(unavailable, true);
  checkSelector(spec.at('selector'));
  oneOf(spec.at('unhealthyPodEvictionPolicy'), ['AlwaysAllow', 'IfHealthyBudget'], false);
}
