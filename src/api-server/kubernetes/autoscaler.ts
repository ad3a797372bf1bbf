// What the API server refuses of a HorizontalPodAutoscaler (Kubernetes 1.34.1 pkg/apis/autoscaling/validation/validation.go).
import type { Field } from './field';
import { nanosOf } from './quantity';
import { checkResourceName } from './resources';
import { between, oneOf, requireName } from './values';

/** The field of each type of metric. */
const SOURCES: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource', External: 'external', Object: 'object', Pods: 'pods', Resource: 'resource',
};

/** Versions 1 and 2: the metrics of version 1 are one field. */
export function checkAutoscaler(autoscaler: Field): void {
  const spec = autoscaler.at('spec');
  const [least, most] = [spec.at('minReplicas'), spec.at('maxReplicas')];
  checkReplicas(least, most, spec.at('metrics').items.map(metric => metric.at('type').text));
  checkTarget(spec.at('scaleTargetRef'));
  if (!/^[^/]+\/[^/]*$/.test(spec.at('scaleTargetRef', 'apiVersion').text)) {
    spec.at('scaleTargetRef', 'apiVersion').mustBe('an API version with a group, such as apps/v1');
  }
  spec.at('metrics').items.forEach(checkMetric);
  between(spec.at('targetCPUUtilizationPercentage'), 1);
  checkScaling(spec.at('behavior', 'scaleUp'));
  checkScaling(spec.at('behavior', 'scaleDown'));
}

function checkReplicas(least: Field, most: Field, metrics: readonly string[]): void {
  // Zero needs the feature gate HPAScaleToZero, and a metric that exists without pods.
  if (!(least.number === 0 && (metrics.includes('Object') || metrics.includes('External')))) {
    between(least, 1);
  }
  if (!most.isSet) {
    most.require();
  } else if (most.number! < 1) {
    between(most, 1);
  } else if (most.number! < (least.number ?? 1)) {
    most.mustBe(`at least minReplicas, which is ${least.number}`);
  }
}

function checkTarget(target: Field): void {
  requireName(target.at('kind'), 'segment');
  requireName(target.at('name'), 'segment');
}

function checkMetric(metric: Field): void {
  const [type, present] = [metric.at('type'), Object.values(SOURCES).filter(name => metric.at(name).isSet)];
  type.require(`one of ${Object.keys(SOURCES).join(', ')}`);
  oneOf(type, Object.keys(SOURCES));
  const expected = Object.hasOwn(SOURCES, type.text) ? SOURCES[type.text] : undefined;
  if (expected === undefined) {
    return;
  }
  const source = metric.at(expected);
  source.require(`the type is ${type.text}`);
  present.filter(name => name !== expected).forEach(name => metric.at(name).refuse(`cannot be set when the type is ${type.text}`));
  if (source.isSet) {
    checkSource(source, expected);
  }
}

function checkSource(source: Field, name: string): void {
  const target = source.at('target');
  checkMetricTarget(target);
  if (name === 'resource' || name === 'containerResource') {
    source.at('name').require();
    mustHave(target, ['averageUtilization', 'averageValue']);
    if (target.at('averageUtilization').isSet && target.at('averageValue').isSet) {
      target.at('averageValue').refuse('cannot be set together with averageUtilization');
    }
    if (name === 'containerResource') {
      if (source.at('name').text !== '') {
        checkResourceName(source.at('name').text, source.at('name'));
      }
      requireName(source.at('container'), 'label');
    }
    return;
  }
  requireName(source.at('metric', 'name'), 'segment');
  if (name === 'object') {
    checkTarget(source.at('describedObject'));
  }
  mustHave(target, name === 'pods' ? ['averageValue'] : ['averageValue', 'value']);
  if (name === 'external' && target.at('value').isSet && target.at('averageValue').isSet) {
    target.at('value').refuse('cannot be set together with averageValue');
  }
}

function mustHave(target: Field, names: readonly string[]): void {
  if (!names.some(name => target.at(name).isSet)) {
    target.refuse(`must have ${names.join(' or ')}`);
  }
}

function checkMetricTarget(target: Field): void {
  const type = target.at('type');
  type.require('one of Utilization, Value, AverageValue');
  oneOf(type, ['Utilization', 'Value', 'AverageValue']);
  between(target.at('averageUtilization'), 1);
  ['value', 'averageValue'].map(name => target.at(name)).filter(({ value, isSet }) => isSet && (nanosOf(value) ?? 1n) <= 0n).forEach(field => {
    field.mustBe('greater than 0');
  });
}

/** The longest window and period of scaling (MaxStabilizationWindowSeconds, MaxPeriodSeconds). */
const [LONGEST_WINDOW, LONGEST_PERIOD] = [3600, 1800];

function checkScaling(rules: Field): void {
  between(rules.at('stabilizationWindowSeconds'), 0, LONGEST_WINDOW);
  oneOf(rules.at('selectPolicy'), ['Disabled', 'Max', 'Min'], false);
  const policies = rules.at('policies');
  if (policies.isSet && policies.items.length === 0) {
    policies.refuse('must have at least one policy');
  }
  for (const policy of policies.items) {
    const [type, value, period] = [policy.at('type'), policy.at('value'), policy.at('periodSeconds')];
    [type, value, period].forEach(field => field.require());
    oneOf(type, ['Percent', 'Pods']);
    between(value, 1);
    between(period, 1, LONGEST_PERIOD);
  }
  if ((nanosOf(rules.at('tolerance').value) ?? 0n) < 0n) {
    rules.at('tolerance').mustBe('at least 0');
  }
}
