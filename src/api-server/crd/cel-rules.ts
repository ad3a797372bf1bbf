// The CEL rules of a schema, each with its position in the schema.
import { asList, asObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import type { CelSelf } from './cel';
import { type Shortcut, shortcutOf } from './cel-shortcut';
import type { SchemaFault, StructuralSchema, ValidationRule } from './structural-schema';

/** Returns the rules that a value violates. The value must be valid according to the rest of the schema. */
export type CompiledRules = (value: unknown) => readonly SchemaFault[];

interface Rule {
  readonly expression: string;
  readonly message: string;
  readonly shortcut: Shortcut | undefined;
}

/** The part of a schema that contains rules. */
interface Branch {
  readonly schema: StructuralSchema;
  readonly rules: readonly Rule[];
  readonly fields: readonly (readonly [string, Branch])[];
  readonly entries?: Branch;
  readonly items?: Branch;
}

type Path = readonly (string | number)[];

/** The CEL library is loaded for the first rule that is compiled. */
function cel(): typeof import('./cel') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./cel') as typeof import('./cel');
}

/**
 * Compiles all rules of a schema except transition rules (with `oldSelf`): a manifest has no older version.
 *
 * @param when `at-use` compiles a rule when it is first evaluated
 * @throws Error for a rule that cannot be parsed or uses an unsupported feature
 */
export function compileRules(schema: StructuralSchema, when: 'now' | 'at-use' = 'now'): CompiledRules {
  const root = branchOf(schema);
  if (when === 'now' && root !== undefined) {
    compileAll(root);
  }
  return value => {
    const faults: SchemaFault[] = [];
    if (root !== undefined) {
      visit(root, value, undefined, [], faults);
    }
    return faults;
  };
}

function compileAll({ rules, fields, entries, items }: Branch): void {
  rules.forEach(({ expression }) => cel().compileRule(expression));
  [...fields.map(([, field]) => field), ...entries ? [entries] : [], ...items ? [items] : []].forEach(compileAll);
}

function branchOf(schema: StructuralSchema): Branch | undefined {
  const rules = (schema['x-kubernetes-validations'] ?? []).filter(({ rule }) => !/\boldSelf\b/.test(rule)).map(toRule);
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const branch = branchOf(field);
    return branch === undefined ? [] : [[name, branch] as const];
  });
  const { additionalProperties } = schema;
  const entries = typeof additionalProperties === 'object' ? branchOf(additionalProperties) : undefined;
  const items = schema.items && branchOf(schema.items);
  if (rules.length > 0) {
    rejectOtherTypes(schema);
  }
  return rules.length + fields.length > 0 || entries || items ? { schema, rules, fields, entries, items } : undefined;
}

/** The fields of a rule that are supported. Our CRDs do not use the other fields of Kubernetes 1.33. */
const RULE_FIELDS = ['rule', 'message'];

function toRule(rule: ValidationRule): Rule {
  const other = Object.keys(rule).find(key => !RULE_FIELDS.includes(key));
  if (other !== undefined) {
    throw new Error(`unsupported: ${other} of the rule ${rule.rule}`);
  }
  if (/__\w+__/.test(rule.rule)) {
    throw new Error(`unsupported: a field name with escapes in the rule ${rule.rule}`);
  }
  return { expression: rule.rule, message: rule.message ?? `failed rule: ${rule.rule}`, shortcut: shortcutOf(rule.rule) };
}

/** String formats that have another type in Kubernetes CEL (k8s.io/apiserver/pkg/cel/common/schemas.go). */
const TYPED_FORMATS = ['byte', 'date', 'date-time', 'duration'];

function rejectOtherTypes(schema: StructuralSchema): void {
  if (schema.type === 'string' && TYPED_FORMATS.includes(schema.format ?? '')) {
    throw new Error(`unsupported: a rule for a string with the format ${schema.format}`);
  }
  const { additionalProperties } = schema;
  const below = [...Object.values(schema.properties ?? {}), ...(typeof additionalProperties === 'object' ? [additionalProperties] : [])];
  [...below, ...(schema.items ? [schema.items] : [])].forEach(rejectOtherTypes);
}

/**
 * Visits what has rules, which is nearly all of an object. Loops rather than chains of callbacks: they halve its time.
 *
 * @param path of the value; one list that changes
 * @param known the value as rules read it, if the rules of something above it have read it
 */
function visit(branch: Branch, value: unknown, known: CelSelf | undefined, path: (string | number)[], faults: SchemaFault[]): void {
  if (value === null) {
    return;
  }
  const { schema, rules, fields, entries, items } = branch;
  const object = asObject(value);
  let self = known;
  for (const rule of rules) {
    if (rule.shortcut?.(value) !== true) {
      self ??= cel().toCel(schema, value);
      faults.push(...broken(rule, self, path));
    }
  }
  const below = (next: Branch, step: string | number, field: unknown): void => {
    path.push(step);
    visit(next, field, partOf(self, step), path, faults);
    path.pop();
  };
  for (const [name, field] of fields) {
    if (Object.hasOwn(object, name)) {
      below(field, name, object[name]);
    }
  }
  if (entries) {
    for (const name of Object.keys(object)) {
      if (!Object.hasOwn(schema.properties ?? {}, name)) {
        below(entries, name, object[name]);
      }
    }
  }
  if (items) {
    asList(value).forEach((item, index) => below(items, index, item));
  }
}

function partOf(self: CelSelf | undefined, step: string | number): CelSelf | undefined {
  return self instanceof Map ? self.get(String(step)) as CelSelf : Array.isArray(self) ? self[Number(step)] as CelSelf : undefined;
}

function broken({ expression, message }: Rule, self: CelSelf, path: Path): SchemaFault[] {
  const result = cel().compileRule(expression)(self);
  const why = 'error' in result ? ` (${result.error})` : '';
  return result.holds ? [] : [{ kind: 'cel', pointer: pointer(...path), message: `${message}${why}`, rule: expression }];
}
