// The input of a check run: a construct, plain objects, or manifests that were read before.
import { UnreadableManifest } from '../base/errors';
import { ConstructLike, isConstruct, readConstructs } from '../manifests/constructs';
import { Manifest } from '../manifests/manifest';
import { Model } from './model';
import { PlainObject, isObject } from '../manifests/plain-json';

/** A construct such as a cdk8s `App`, Kubernetes objects as `Testing.synth(chart)` returns them, manifests, or a model. */
export type Input = Model | ConstructLike | readonly (Manifest | PlainObject)[];

/** Wraps Kubernetes objects as manifests. They have no file, so findings show only their names. */
export function readObjects(objects: readonly unknown[]): Manifest[] {
  return objects.map((object, index) => {
    if (!isObject(object)) {
      throw new UnreadableManifest(`entry ${index} is not a Kubernetes object`, '(objects)');
    }
    return isManifest(object) ? object : { object, origin: {} };
  });
}

/** The model of an input. */
export function modelOf(input: Input): Model {
  if (input instanceof Model) {
    return input;
  }
  if (Array.isArray(input)) {
    return new Model(readObjects(input));
  }
  if (isConstruct(input)) {
    return new Model(readConstructs(input));
  }
  throw new UnreadableManifest('the input must be a construct or a list of Kubernetes objects', '(input)');
}

function isManifest(value: PlainObject): value is PlainObject & Manifest {
  return isObject(value.object) && isObject(value.origin) && !('apiVersion' in value);
}
