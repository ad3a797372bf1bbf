// Values that many kinds have: names, ports, labels and selectors, as Kubernetes 1.34 validates them (k8s.io/apimachinery/pkg/util/validation).
import { isCidr, isIpAddress } from '../../base/ip';
import { isDnsLabel, isDnsSubdomain, isServiceName } from '../../base/kubernetes-name';
import { hasPlaceholder } from '../../manifests/placeholder';
import { isLabelValue, isQualifiedName } from '../metadata-faults';
import { type PlainObject, asList, asObject } from '../../manifests/plain-json';
import type { Field } from './field';

const LETTERS = 'lowercase letters, digits and hyphens, starting and ending with a letter or digit';

/** What a name may be, by the rule that it follows. */
const NAMES = {
  label: { test: isDnsLabel, expected: `1 to 63 ${LETTERS}` },
  subdomain: { test: isDnsSubdomain, expected: `1 to 253 ${LETTERS.replace('and hyphens', 'hyphens and dots')}` },
  service: { test: isServiceName, expected: '1 to 63 lowercase letters, digits and hyphens, starting with a letter' },
  segment: { test: (text: string) => text !== '.' && text !== '..' && !/[/%]/.test(text), expected: 'a name without / and %' },
  key: { test: (text: string) => isConfigKey(text), expected: '1 to 253 letters, digits, -, _ and ., other than . and .. and not starting with ..' },
  qualified: { test: isQualifiedName, expected: 'at most 63 letters, digits, -, _ and ., after an optional DNS name and /' },
} as const;

/** Rules that names follow. */
export type NameRule = keyof typeof NAMES;

/** A key of a ConfigMap or Secret (IsConfigMapKey). */
function isConfigKey(text: string): boolean {
  return /^[-._a-zA-Z0-9]{1,253}$/.test(text) && text !== '.' && !text.startsWith('..');
}

/** Refuses a string that does not follow the rule. An absent one is not looked at. */
export function checkName(field: Field, rule: NameRule): void {
  if (field.isSet && !NAMES[rule].test(field.text)) {
    field.mustBe(NAMES[rule].expected);
  }
}

/** Refuses a missing or empty string, and one that does not follow the rule. */
export function requireName(field: Field, rule: NameRule): void {
  if (field.text === '') {
    field.require();
  } else {
    checkName(field, rule);
  }
}

/** Refuses the keys of a map that do not follow the rule. */
export function checkKeys(map: Field, rule: NameRule): void {
  map.entries.filter(([key]) => !NAMES[rule].test(key)).forEach(([key, field]) => field.refuse(`the key must be ${NAMES[rule].expected}; got ${key}`));
}

/** Refuses a string that is set and not one of those. */
export function oneOf(field: Field, values: readonly string[], mayBeEmpty = true): void {
  if (field.isSet && !(mayBeEmpty && field.text === '') && !values.includes(field.text)) {
    field.mustBe(`one of ${values.join(', ')}`);
  }
}

/** Refuses a number that is set and not within the bounds. */
export function between(field: Field, min: number, max = Infinity): void {
  const { number } = field;
  if (number !== undefined && (number < min || number > max)) {
    field.mustBe(max === Infinity ? `at least ${min}` : `from ${min} to ${max}`);
  }
}

/** Refuses a port number. */
export function checkPort(field: Field): void {
  between(field, 1, 65535);
}

/** Refuses a port name: an IANA service name (RFC 6335). */
export function checkPortName(field: Field): void {
  const { text } = field;
  if (field.isSet && !(/^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/.test(text) && /[a-z]/.test(text) && !text.includes('--'))) {
    field.mustBe(/^\d+$/.test(text) ? 'a number without quotes, or a name with a letter'
      : '1 to 15 lowercase letters, digits and single hyphens, with at least one letter');
  }
}

/** Refuses a port that is given by number or name. */
export function checkPortOrName(field: Field): void {
  (typeof field.value === 'number' ? checkPort : checkPortName)(field);
}

/** Refuses what is neither a percentage nor an integer of at least 0 (k8s.io/kubernetes/pkg/apis/apps/validation, ValidatePositiveIntOrPercent). */
export function checkIntegerOrPercent(field: Field, isLimited: boolean): void {
  between(field, 0);
  if (typeof field.value === 'string') {
    const [, percent] = /^(\d+)%$/.exec(field.text) ?? [];
    if (percent === undefined) {
      field.mustBe('a percentage such as 25%, or an integer without quotes');
    } else if (isLimited && Number(percent) > 100) {
      field.mustBe('at most 100%');
    }
  }
}

/** Whether an integer or a percentage is zero. */
export function isZero(value: unknown): boolean {
  return value === 0 || /^0+%?$/.test(String(value));
}

/** Refuses an address. */
export function checkIp(field: Field): void {
  if (field.isSet && !isIpAddress(withoutZeros(field.text))) {
    field.mustBe('an IP address');
  }
}

/** In the kinds that are older than the strict rules, numbers may start with zeros (IsValidIPForLegacyField, IsValidCIDRForLegacyField). */
function withoutZeros(text: string): string {
  return text.replace(/(^|[./])0+(?=\d)/g, '$1');
}

/** Refuses a CIDR block. */
export function checkCidr(field: Field, text = field.text): void {
  if (field.isSet && !isCidr(withoutZeros(text))) {
    field.mustBe('a CIDR block such as 10.9.8.0/24');
  }
}

/** Refuses labels with keys or values that no label can have. */
export function checkLabels(labels: Field): void {
  checkKeys(labels, 'qualified');
  labels.entries.filter(([, value]) => !isLabelValue(value.text)).forEach(([, value]) => {
    value.mustBe('empty, or at most 63 letters, digits, -, _ and ., starting and ending with a letter or digit');
  });
}

/** Refuses the keys of annotations, in which the case of letters does not matter. */
export function checkAnnotationKeys(annotations: Field): void {
  annotations.entries.filter(([key]) => !isQualifiedName(key.toLowerCase())).forEach(([key, field]) => {
    field.refuse(`the key must be ${NAMES.qualified.expected}; got ${key}`);
  });
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Refuses a label selector (k8s.io/apimachinery/pkg/apis/meta/v1/validation). */
export function checkSelector(selector: Field): void {
  checkLabels(selector.at('matchLabels'));
  for (const requirement of selector.at('matchExpressions').items) {
    checkRequirement(requirement, OPERATORS);
  }
}

/** Refuses one expression of a selector. */
export function checkRequirement(requirement: Field, operators: readonly string[], withValues = true): void {
  const [operator, values] = [requirement.at('operator'), requirement.at('values')];
  oneOf(operator, operators, false);
  operator.require();
  checkCount(operator.text, values);
  requireName(requirement.at('key'), 'qualified');
  if (withValues) {
    values.items.filter(({ text }) => !isLabelValue(text)).forEach(value => value.mustBe('a label value: at most 63 letters, digits, -, _ and .'));
  }
}

function checkCount(operator: string, values: Field): void {
  const { length } = values.items;
  if (['In', 'NotIn'].includes(operator) && length === 0) {
    values.refuse(`is required when the operator is ${operator}`);
  } else if (['Exists', 'DoesNotExist'].includes(operator) && length > 0) {
    values.refuse(`cannot be set when the operator is ${operator}`);
  } else if (['Gt', 'Lt'].includes(operator) && length !== 1) {
    values.refuse(`must have exactly one value when the operator is ${operator}`);
  }
}

/** Whether a selector certainly does not match labels: no expression is incomplete, and no tool fills in something later. */
export function isMismatch(selector: PlainObject, labels: PlainObject): boolean {
  const expressions = asList(selector.matchExpressions).map(asObject);
  const isMatch = Object.entries(asObject(selector.matchLabels)).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
    && expressions.every(expression => meets(expression, labels));
  return !isMatch && !hasPlaceholder(JSON.stringify([selector, labels]));
}

function meets({ key, operator, values }: PlainObject, labels: PlainObject): boolean {
  const own = Object.hasOwn(labels, String(key)) ? labels[String(key)] : undefined;
  switch (operator) {
    case 'In': return asList(values).length === 0 || (own !== undefined && asList(values).includes(own));
    case 'NotIn': return own === undefined || !asList(values).includes(own);
    case 'Exists': return own !== undefined;
    case 'DoesNotExist': return own === undefined;
    default: return true;
  }
}
