// An object whose spec is plain JSON, for the kinds of which an edge has thousands, or thousands of entries in one.
import { ApiObject, type ApiObjectProps, App, ImplicitTokenResolver, type JsonPatch, Lazy, LazyResolver, NumberStringUnionResolver } from 'cdk8s';
import type { Construct } from 'constructs';

const BUILT_IN = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/**
 * Renders like an `ApiObject`, byte for byte, but does not look for lazy values in its spec: cdk8s asks every resolver of the app
 * about every value, and searches the app anew for each (cdk8s 2.70 src/resolve.ts), which is most of the time of a large synth.
 * Where an app has resolvers of its own, or the object JSON patches, it is rendered by cdk8s.
 */
export class PlainObject extends ApiObject {
  private patched = false;
  private readonly spec: () => object;

  /**
   * @param manifest the object without its spec
   * @param spec makes the spec anew at every call; plain objects, lists, texts, numbers and booleans only
   */
  public constructor(scope: Construct, id: string, manifest: ApiObjectProps, spec: () => object) {
    super(scope, id, { ...manifest, spec: Lazy.any({ produce: spec }) });
    this.spec = spec;
  }

  public override addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
  }

  public override toJson(): unknown {
    const custom = App.of(this).resolvers.some(resolver => !BUILT_IN.some(builtIn => resolver instanceof builtIn));
    if (this.patched || custom || process.env.CDK8S_DISABLE_SORT) {
      return super.toJson();
    }
    const { apiVersion, kind } = this;
    return { apiVersion, kind, metadata: ordered(this.metadata.toJson()), spec: ordered(this.spec()) };
  }
}

/** A copy with sorted keys and without what is not there, as cdk8s writes it. */
function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value ?? undefined;
  }
  if (Array.isArray(value)) {
    return value.map(ordered);
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const part = ordered((value as Record<string, unknown>)[key]);
    if (part !== undefined) {
      copy[key] = part;
    }
  }
  return copy;
}
