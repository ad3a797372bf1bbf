// From a construct tree to manifests. Constructs are recognized by shape, so that no import of cdk8s is needed.
import { UnreadableManifest } from '../base/errors';
import { Manifest } from './manifest';
import { isObject } from './plain-json';

/** A cdk8s `App`, `Chart` or any other construct, reduced to what is needed here. */
export interface ConstructLike {
  readonly node: { readonly path: string; findAll(): readonly ConstructLike[] };
}

interface ApiObjectLike extends ConstructLike {
  /** Whether what it renders has a spec that the API server and webhooks admit. */
  readonly writesValidSpec?: unknown;
  toJson(): unknown;
}

/** Whether the value is a construct, from any copy of the constructs package. */
export function isConstruct(value: unknown): value is ConstructLike {
  return isObject(value) && isObject(value.node) && typeof value.node.findAll === 'function';
}

/**
 * Reads the API objects below a construct, in tree order.
 *
 * Calls only `ApiObject.toJson()`: `toJson()` of a chart validates the app, which would recurse inside a validation (cdk8s 2.70
 * src/chart.ts).
 *
 * @throws UnreadableManifest if an object cannot be rendered
 */
export function readConstructs(root: ConstructLike): Manifest[] {
  return root.node.findAll().filter(isApiObject).map(construct => ({
    object: render(construct),
    origin: { construct: construct.node.path },
    ...construct.writesValidSpec === true ? { hasValidSpec: true } : {},
  }));
}

function isApiObject(construct: ConstructLike): construct is ApiObjectLike {
  const { apiVersion, kind, toJson } = construct as Partial<Record<'apiVersion' | 'kind' | 'toJson', unknown>>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof toJson === 'function';
}

function render(construct: ApiObjectLike): Manifest['object'] {
  let object: unknown;
  try {
    object = construct.toJson();
  } catch (error) {
    throw new UnreadableManifest(`cannot be rendered: ${error instanceof Error ? error.message : String(error)}`, construct.node.path);
  }
  if (!isObject(object)) {
    throw new UnreadableManifest('does not render to an object', construct.node.path);
  }
  return object;
}
