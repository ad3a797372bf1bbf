// Rules that need no CEL: the forms that most rules of Istio's CRDs have, decided for the values that most manifests have.
import { asObject } from '../../manifests/plain-json';

/** `(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1`. */
const AT_MOST_ONE = /^\(has\(self\.\w+\) \? 1 : 0\)(?: \+ \(has\(self\.\w+\) \? 1 : 0\))* <= 1$/;

/** `has(self.a) ? … : true`. */
const ONLY_IF_SET = /^has\(self\.(\w+)\) \? [^]* : true$/;

/** The same with what is in parentheses left out: there is no other question in between. */
const ONE_QUESTION = /^has_ \? [^?:]* : true$/;

/** Whether a value certainly satisfies a rule. False also for what only CEL decides. */
export function certainlyHolds(expression: string, value: unknown): boolean {
  const object = asObject(value);
  if (AT_MOST_ONE.test(expression)) {
    return [...expression.matchAll(/self\.(\w+)/g)].filter(([, name]) => Object.hasOwn(object, name)).length <= 1;
  }
  const [, condition] = ONLY_IF_SET.exec(expression) ?? [];
  return condition !== undefined && ONE_QUESTION.test(withoutParentheses(expression)) && !Object.hasOwn(object, condition);
}

function withoutParentheses(expression: string): string {
  const shorter = expression.replace(/\([^()]*\)/g, '_');
  return shorter === expression ? expression : withoutParentheses(shorter);
}
