// An object that is plain JSON, as all objects of an edge are.
import { ApiObject, type ApiObjectProps, App, ImplicitTokenResolver, type JsonPatch, Lazy, LazyResolver, NumberStringUnionResolver } from 'cdk8s';
import type { Construct } from 'constructs';

const BUILT_IN = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/**
 * Renders like an `ApiObject`, byte for byte, but does not look for lazy values: cdk8s asks every resolver of the app about every value,
 * and searches the app anew for each (cdk8s 2.70 src/resolve.ts), which is most of the time of a large synth. Where an app has resolvers
 * of its own, or the object JSON patches, it is rendered by cdk8s.
 */
export class PlainObject extends ApiObject {
  private patched = false;
  private readonly fields: () => object;

  /**
   * @param manifest the object: plain objects, lists, texts, numbers and booleans only
   * @param spec makes the spec anew at every rendering, where it grows; by default it is that of the manifest
   */
  public constructor(scope: Construct, id: string, manifest: ApiObjectProps, spec?: () => object) {
    super(scope, id, spec ? { ...manifest, spec: Lazy.any({ produce: spec }) } : manifest);
    this.fields = spec ? () => ({ ...manifest, spec: spec() }) : () => manifest;
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
    const rest = ordered({ ...this.fields(), apiVersion: undefined, kind: undefined, metadata: undefined }) as object;
    return { apiVersion, kind, metadata: ordered(this.metadata.toJson()), ...rest };
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
