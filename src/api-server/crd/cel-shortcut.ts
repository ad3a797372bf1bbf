// Rules that need no CEL: the forms that most rules of Istio's CRDs have, decided for the values that most manifests have.
import { asObject, isObject } from '../../manifests/plain-json';

/** `(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1`. */
const AT_MOST_ONE = /^\(has\(self\.\w+\) \? 1 : 0\)(?: \+ \(has\(self\.\w+\) \? 1 : 0\))* <= 1$/;

/** `has(self.a) ? … : true`. */
const ONLY_IF_SET = /^has\(self\.(\w+)\) \? [^]* : true$/;

/** The same with what is in parentheses left out: there is no other question in between. */
const ONE_QUESTION = /^has_ \? [^?:]* : true$/;

/** Whether a value certainly satisfies a rule. False also for what only CEL decides. */
export type Shortcut = (value: unknown) => boolean;

/** Rules that nearly every Gateway or VirtualService meets. Durations in hours are shorter than the longest that Go has. */
const FREQUENT: ReadonlyMap<string, Shortcut> = new Map<string, Shortcut>([
  ["duration(self) >= duration('1ms')", value => typeof value === 'string' && /^[1-9]\d{0,5}(ms|s|m|h)$/.test(value)],
  ['0 < self && self <= 65535', value => typeof value === 'number' && 0 < value && value <= 65535],
  ['self.all(key, !key.contains("*"))', value => isObject(value) && !Object.keys(value).some(key => key.includes('*'))],
  ['!self.contains("*")', value => typeof value === 'string' && !value.includes('*')],
]);

/** The shortcut of a rule, if it has one. */
export function shortcutOf(expression: string): Shortcut | undefined {
  if (AT_MOST_ONE.test(expression)) {
    const names = [...expression.matchAll(/self\.(\w+)/g)].map(([, name]) => name);
    return value => names.filter(name => Object.hasOwn(asObject(value), name)).length <= 1;
  }
  const [, condition] = ONLY_IF_SET.exec(expression) ?? [];
  const isOptional = condition !== undefined && ONE_QUESTION.test(withoutParentheses(expression));
  return isOptional ? value => !Object.hasOwn(asObject(value), condition) : FREQUENT.get(expression);
}

function withoutParentheses(expression: string): string {
  const shorter = expression.replace(/\([^()]*\)/g, '_');
  return shorter === expression ? expression : withoutParentheses(shorter);
}
