// What the API server refuses of the scheduling of pods (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, validateAffinity and others).
import { isLabelValue } from '../metadata-faults';
import type { Field } from './field';
import { between, checkName, checkRequirement, checkSelector, oneOf, requireName } from './values';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

const NODE_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

/** Refuses the affinity, the spread and the tolerations of a pod. */
export function checkScheduling(spec: Field): void {
  checkNodeAffinity(spec.at('affinity', 'nodeAffinity'));
  checkPodAffinity(spec.at('affinity', 'podAffinity'));
  checkPodAffinity(spec.at('affinity', 'podAntiAffinity'));
  checkSpread(spec.at('topologySpreadConstraints'));
  spec.at('tolerations').items.forEach(checkToleration);
}

function checkNodeAffinity(affinity: Field): void {
  const required = affinity.at(REQUIRED);
  if (required.isSet) {
    required.at('nodeSelectorTerms').require();
  }
  required.at('nodeSelectorTerms').items.forEach(term => term.at('matchExpressions').items.forEach(each => checkRequirement(each, NODE_OPERATORS)));
  for (const preferred of affinity.at(PREFERRED).items) {
    checkWeight(preferred.at('weight'));
    // An invalid value of a preference is kept for the sake of old objects.
    preferred.at('preference', 'matchExpressions').items.forEach(each => checkRequirement(each, NODE_OPERATORS, false));
  }
}

function checkPodAffinity(affinity: Field): void {
  affinity.at(REQUIRED).items.forEach(checkTerm);
  for (const preferred of affinity.at(PREFERRED).items) {
    checkWeight(preferred.at('weight'));
    checkTerm(preferred.at('podAffinityTerm'));
  }
}

function checkWeight(weight: Field): void {
  if (weight.isSet) {
    between(weight, 1, 100);
  } else {
    weight.require('a number from 1 to 100');
  }
}

function checkTerm(term: Field): void {
  checkSelector(term.at('labelSelector'));
  checkSelector(term.at('namespaceSelector'));
  term.at('namespaces').items.forEach(namespace => checkName(namespace, 'label'));
  requireName(term.at('topologyKey'), 'qualified');
}

function checkSpread(constraints: Field): void {
  const seen = new Set<string>();
  for (const constraint of constraints.items) {
    const [skew, topologyKey, action, domains] = ['maxSkew', 'topologyKey', 'whenUnsatisfiable', 'minDomains'].map(key => constraint.at(key));
    if (skew.isSet) {
      between(skew, 1);
    } else {
      skew.require();
    }
    topologyKey.require();
    action.require('DoNotSchedule or ScheduleAnyway');
    oneOf(action, ['DoNotSchedule', 'ScheduleAnyway']);
    between(domains, 1);
    if (domains.isSet && action.text === 'ScheduleAnyway') {
      domains.refuse('cannot be set when whenUnsatisfiable is ScheduleAnyway');
    }
    const key = `${topologyKey.text} ${action.text}`;
    if (seen.has(key)) {
      constraint.refuse(`must be the only constraint with topologyKey ${topologyKey.text} and whenUnsatisfiable ${action.text}`);
    }
    seen.add(key);
    ['nodeAffinityPolicy', 'nodeTaintsPolicy'].forEach(policy => oneOf(constraint.at(policy), ['Honor', 'Ignore'], false));
    checkSelector(constraint.at('labelSelector'));
  }
}

function checkToleration(toleration: Field): void {
  const [key, operator, value, effect, seconds] = ['key', 'operator', 'value', 'effect', 'tolerationSeconds'].map(name => toleration.at(name));
  oneOf(operator, ['Equal', 'Exists']);
  oneOf(effect, ['NoExecute', 'NoSchedule', 'PreferNoSchedule']);
  if (key.text !== '') {
    checkName(key, 'qualified');
  } else if (operator.text !== 'Exists') {
    operator.refuse('must be Exists when there is no key');
  }
  if (seconds.isSet && effect.text !== 'NoExecute') {
    seconds.refuse('cannot be set unless the effect is NoExecute');
  }
  if (operator.text === 'Exists' && value.text !== '') {
    value.refuse('cannot be set when the operator is Exists');
  } else if (!isLabelValue(value.text)) {
    value.mustBe('a label value: at most 63 letters, digits, -, _ and .');
  }
}
