// What an object says about itself, before it is written.
import type { ApiObject } from 'cdk8s';

/** An annotation that an object has already. */
export function annotationOf(object: ApiObject, name: string): string | undefined {
  return (object.metadata.toJson() as { readonly annotations?: Readonly<Record<string, string>> } | undefined)?.annotations?.[name];
}
