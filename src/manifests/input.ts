// The input of checks and models: a construct, plain objects, or manifests that were read before.
import { UnreadableManifest } from '../base/errors';
import { ConstructLike, isConstruct, readConstructs } from './constructs';
import { Manifest } from './manifest';
import { PlainObject, isObject } from './plain-json';

/** A construct such as a cdk8s `App`, Kubernetes objects as `Testing.synth(chart)` returns them, or manifests. */
export type Input = ConstructLike | readonly (Manifest | PlainObject)[];

/** Wraps Kubernetes objects as manifests. They have no file, so findings show only their names. */
export function readObjects(objects: readonly unknown[]): Manifest[] {
  return objects.map((object, index) => {
    if (!isObject(object)) {
      throw new UnreadableManifest(`entry ${index} is not a Kubernetes object`, '(objects)');
    }
    return isManifest(object) ? object : { object, origin: {} };
  });
}

/** The manifests of an input. @throws UnreadableManifest for anything else */
export function manifestsOf(input: Input): Manifest[] {
  if (Array.isArray(input)) {
    return readObjects(input);
  }
  if (isConstruct(input)) {
    return readConstructs(input);
  }
  throw new UnreadableManifest('the input must be a construct or a list of Kubernetes objects', '(input)');
}

function isManifest(value: PlainObject): value is PlainObject & Manifest {
  return isObject(value.object) && isObject(value.origin) && !('apiVersion' in value);
}
