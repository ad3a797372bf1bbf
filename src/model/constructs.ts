// From a construct tree to manifests. Constructs are recognised by shape, so that the reading wing needs no cdk8s.
import { UnreadableManifest } from '../base/errors';
import { Manifest } from './manifest';
import { isObject } from './plain-json';

/** A cdk8s `App`, `Chart` or any other construct: all that is needed of it. */
export interface ConstructLike {
  readonly node: { readonly path: string; findAll(): readonly ConstructLike[] };
}

interface ApiObjectLike extends ConstructLike {
  toJson(): unknown;
}

/** Whether the value is a construct, of whichever copy of the constructs package. */
export function isConstruct(value: unknown): value is ConstructLike {
  return isObject(value) && isObject(value.node) && typeof value.node.findAll === 'function';
}

/**
 * Reads the API objects below a construct, in tree order.
 *
 * Only `ApiObject.toJson()` is called: a chart's `toJson()` validates the app, which inside a validation would recurse
 * (cdk8s 2.70 src/chart.ts).
 *
 * @throws UnreadableManifest when an object cannot render itself
 */
export function readConstructs(root: ConstructLike): Manifest[] {
  return root.node.findAll().filter(isApiObject).map(construct => ({
    object: render(construct),
    origin: { construct: construct.node.path },
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
    throw new UnreadableManifest(`cannot render itself: ${error instanceof Error ? error.message : String(error)}`, construct.node.path);
  }
  if (!isObject(object)) {
    throw new UnreadableManifest('renders to something that is no object', construct.node.path);
  }
  return object;
}
