// CEL rules of CRDs. The only file that imports the CEL library; it registers the functions that Kubernetes adds to CEL.
import { CelInput, CelScalar, celEnv, celFunc, celMethod, isCelError, mapType, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { matchesPart } from '../../base/re2';
import { asList, asObject } from '../../manifests/plain-json';
import { parseGoUrl } from './go-url';
import { StructuralSchema, fieldSchema } from './structural-schema';

/** A value that CEL rules can read. */
export type CelSelf = CelInput;

/** Whether a value satisfies a rule, or why the rule cannot be evaluated. */
export type Verdict = { readonly holds: boolean } | { readonly holds: false; readonly error: string };

/** A compiled rule, to evaluate for any number of values. */
export type CompiledRule = (self: CelSelf) => Verdict;

/** The library does not support custom types, so a URL is a map of its parts. */
const URL_TYPE = mapType(CelScalar.STRING, CelScalar.STRING);

const ENVIRONMENT = celEnv({
  funcs: [
    ...strings,
    celFunc('isURL', [CelScalar.STRING], CelScalar.BOOL, text => parseGoUrl(text) !== undefined),
    celFunc('url', [CelScalar.STRING], URL_TYPE, text => new Map([['scheme', urlOf(text).scheme]])),
    celMethod('getScheme', URL_TYPE, [], CelScalar.STRING, function () { return String(this.get('scheme')); }),
    // The library brings a fork of the RE2 engine. The bundle omits the fork (scripts/bundle.ts), so rules use the engine of this package.
    celMethod('matches', CelScalar.STRING, [CelScalar.STRING], CelScalar.BOOL, function (pattern) { return matchesPart(pattern, this); }),
    // The library converts strings as JavaScript does: '' to 0, ' 80' and '0x50' to 80.
    celFunc('int', [CelScalar.STRING], CelScalar.INT, toInt),
  ],
});

function urlOf(text: string): { readonly scheme: string } {
  const url = parseGoUrl(text);
  if (url === undefined) {
    throw new Error(`"${text}" is not a URL`);
  }
  return url;
}

/** Go's `strconv.ParseInt(text, 10, 64)`, which cel-go calls. */
function toInt(text: string): bigint {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (value === undefined || BigInt.asIntN(64, value) !== value) {
    throw new Error(`"${text}" is not a 64-bit integer`);
  }
  return value;
}

const COMPILED = new Map<string, CompiledRule>();

/**
 * Compiles an expression over `self`, once.
 *
 * @throws Error if the expression cannot be parsed
 */
export function compileRule(expression: string): CompiledRule {
  const rule = COMPILED.get(expression) ?? compile(expression);
  COMPILED.set(expression, rule);
  return rule;
}

function compile(expression: string): CompiledRule {
  const program = plan(ENVIRONMENT, parse(expression));
  return self => {
    const result = program({ self });
    if (isCelError(result)) {
      return { holds: false, error: result.message };
    }
    return typeof result === 'boolean' ? { holds: result } : { holds: false, error: 'the result of the rule is not a boolean' };
  };
}

/**
 * A JSON value with the types of its schema: Kubernetes reads a number as `int` if the schema says integer, else as `double`, and CEL does
 * not compare either with a literal of the other type. A rule does not see fields that the schema does not define.
 */
export function toCel(schema: StructuralSchema, value: unknown): CelSelf {
  if (Array.isArray(value)) {
    const items = schema.items;
    return items ? asList(value).map(item => toCel(items, item)) : [];
  }
  if (typeof value === 'object' && value !== null) {
    const fields = new Map<string, CelSelf>();
    for (const [key, field] of Object.entries(asObject(value))) {
      const known = fieldSchema(schema, key);
      if (known !== undefined) {
        fields.set(key, toCel(known, field));
      }
    }
    return fields;
  }
  // Go reads both signs for micro, the library only one of them.
  if (typeof value === 'string' && value.endsWith('s') && value.includes('\u03bcs')) {
    return value.replaceAll('\u03bcs', '\u00b5s');
  }
  const isInteger = schema.type === 'integer' || (schema['x-kubernetes-int-or-string'] === true && Number.isInteger(value));
  return isInteger && typeof value === 'number' ? BigInt(value) : value as CelSelf;
}
