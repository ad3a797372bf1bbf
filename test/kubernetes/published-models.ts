// The validators that npm packages carry: what values the kinds of Kubernetes take, and the whole spec of custom kinds.
import Ajv, { type ErrorObject, type SchemaObject } from 'ajv';
import { type PlainObject, asObject } from '../../src/manifests/plain-json';
import { faultText } from './schema-error';

/** The packages with the validators of custom kinds, by API group. */
const CUSTOM: readonly (readonly [group: RegExp, name: string])[] = [
  [/(^|\.)toolkit\.fluxcd\.io$/, '@kubernetes-models/flux-cd'],
  [/^argoproj\.io$/, '@kubernetes-models/argo-cd'],
  [/^cert-manager\.io$/, '@kubernetes-models/cert-manager'],
];

/** A class of those packages. It validates what it is called on. */
interface Model {
  readonly prototype: { validate(this: unknown): void };
}

const STRING = { type: 'string' };

/**
 * Fields below `spec` that are newer than the packages. Source: fluxcd/kustomize-controller, api/v1/kustomization_types.go. The first two
 * since 1.5 (`WaitForTermination` since 1.6), the last since 1.9.
 */
const NEWER: Readonly<Record<string, Readonly<Record<string, SchemaObject>>>> = {
  'kustomize.toolkit.fluxcd.io/v1 Kustomization': {
    deletionPolicy: { enum: ['MirrorPrune', 'Delete', 'WaitForTermination', 'Orphan'] },
    healthCheckExprs: { type: 'array', items: textsIn(['apiVersion', 'kind', 'inProgress', 'failed', 'current'], ['apiVersion', 'kind', 'current']) },
    ignore: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          paths: { type: 'array', items: STRING },
          target: textsIn(['group', 'version', 'kind', 'name', 'namespace', 'annotationSelector', 'labelSelector'], []),
        },
        required: ['paths'],
        additionalProperties: false,
      },
    },
  },
};

function textsIn(names: readonly string[], required: readonly string[]): SchemaObject {
  return { type: 'object', properties: Object.fromEntries(names.map(name => [name, STRING])), required, additionalProperties: false };
}

/** What is wrong with the values of an object of Kubernetes itself; nothing where the package has no such kind. */
export function kubernetesValueFaults(object: PlainObject): string[] | undefined {
  return validatorIn('kubernetes-models', object)?.(object);
}

/** What is wrong with the spec of a custom object, its fields and their values; nothing where no package has such a kind. */
export function customFaults(object: PlainObject): string[] | undefined {
  const group = String(object.apiVersion).split('/')[0];
  const found = CUSTOM.find(([pattern]) => pattern.test(group));
  const validate = found && validatorIn(found[1], object);
  return validate && [...validate(object), ...newerFaults(object), ...unknownFields(object, validate)];
}

type Validate = (value: unknown) => string[];

function validatorIn(name: string, { apiVersion, kind }: PlainObject): Validate | undefined {
  const model = modelIn(`${name}/${apiVersion}/${kind}`, String(kind));
  return model && (value => {
    try {
      model.prototype.validate.call(value);
      return [];
    } catch (error) {
      const { errors } = error as { errors?: ErrorObject[] };
      if (errors === undefined) {
        throw error;
      }
      return errors.map(faultText);
    }
  });
}

function modelIn(path: string, kind: string): Model | undefined {
  try {
    return jest.requireActual<Record<string, Model>>(path)[kind];
  } catch (error) {
    if ((error as { code?: string }).code === 'MODULE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}

function newerOf({ apiVersion, kind }: PlainObject): Readonly<Record<string, SchemaObject>> {
  return NEWER[`${apiVersion} ${kind}`] ?? {};
}

function newerFaults(object: PlainObject): string[] {
  const spec = asObject(object.spec);
  return Object.entries(newerOf(object)).filter(([field]) => field in spec).flatMap(([field, schema]) => {
    const validate = new Ajv({ allErrors: true }).compile(schema);
    return validate(spec[field]) ? [] : validate.errors!.map(error => `/spec/${field}${faultText(error)}`);
  });
}

/**
 * The validators let fields pass that they do not know, so they are watched: a field that one never looks at, in an object of which it
 * looks at any, is unknown to it.
 */
function unknownFields(object: PlainObject, validate: Validate): string[] {
  const seen = new Map<string, Seen>();
  validate(watched(object, '', seen));
  const newer = Object.keys(newerOf(object)).map(field => `/spec/${field}`);
  return [...seen].flatMap(([pointer, { fields, read }]) => (read.size === 0 ? [] : fields.filter(field => !read.has(field)).map(field => `${pointer}/${field}`)))
    .filter(pointer => !newer.includes(pointer))
    .map(pointer => `${pointer}: no such field`);
}

interface Seen {
  readonly fields: readonly string[];
  readonly read: Set<PropertyKey>;
}

function watched(value: unknown, pointer: string, seen: Map<string, Seen>): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { read } = seen.get(pointer) ?? seen.set(pointer, { fields: Object.keys(value), read: new Set() }).get(pointer)!;
  return new Proxy(value, {
    get(target, field) {
      read.add(field);
      return watched(Reflect.get(target, field), `${pointer}/${String(field)}`, seen);
    },
  });
}
