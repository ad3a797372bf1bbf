// From a JSON schema and a value that fits: values that break one bound each.

/** The part of JSON schema that the catalogue uses; bounds below `x-aws` are those of AWS. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Record<string, JsonSchema>;
  readonly items?: JsonSchema;
  readonly 'x-aws'?: JsonSchema;
}

/** A value that has to be refused, and the bound that it breaks. */
export interface Neighbour {
  readonly why: string;
  readonly json: unknown;
}

/** One neighbour for each bound that the value touches. */
export function refusedNeighbours(schema: JsonSchema, value: unknown, at = ''): Neighbour[] {
  const bounds = { ...schema, ...schema['x-aws'] };
  const out: Neighbour[] = [];
  const refuse = (why: string, json: unknown) => out.push({ why: `${at}: ${why}`, json });
  if (typeof schema.type === 'string') {
    refuse(`not ${schema.type}`, schema.type === 'string' ? 1 : 'x');
  }
  if (bounds.enum) {
    refuse('enum', `${bounds.enum[0]}x`);
  }
  if (bounds.pattern) {
    refuse('pattern', '\n');
  }
  if (bounds.minimum !== undefined) {
    refuse('minimum', bounds.minimum - 1);
  }
  if (bounds.maximum !== undefined) {
    refuse('maximum', bounds.maximum + 1);
  }
  if (bounds.minLength) {
    refuse('minLength', '');
  }
  if (bounds.maxLength !== undefined) {
    refuse('maxLength', String(value).padEnd(bounds.maxLength + 1, 'A'));
  }
  if (Array.isArray(value)) {
    if (bounds.minItems) {
      refuse('minItems', []);
    }
    if (bounds.maxItems !== undefined) {
      refuse('maxItems', Array.from({ length: bounds.maxItems + 1 }, () => value[0]));
    }
    refusedNeighbours(schema.items!, value[0], `${at}[0]`).forEach(({ why, json }) => out.push({ why, json: [json, ...value.slice(1)] }));
  } else if (typeof value === 'object' && value !== null) {
    if (bounds.maxProperties !== undefined) {
      refuse('maxProperties', Object.fromEntries(Array.from({ length: bounds.maxProperties + 1 }, (_, index) => [`a${index}`, 'a'])));
    }
    for (const name of schema.required ?? []) {
      refuse(`without ${name}`, { ...value, [name]: undefined });
    }
    for (const [name, own] of Object.entries(value)) {
      const inner = schema.properties?.[name];
      (inner ? refusedNeighbours(inner, own, `${at}.${name}`) : []).forEach(({ why, json }) => out.push({ why, json: { ...value, [name]: json } }));
    }
  }
  return out;
}
