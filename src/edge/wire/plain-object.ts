// An API object that is plain JSON, like all objects of an edge.
import { ApiObject, type ApiObjectProps, App, ImplicitTokenResolver, type JsonPatch, Lazy, LazyResolver, NumberStringUnionResolver } from 'cdk8s';
import type { Construct } from 'constructs';

const BUILT_IN = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/**
 * Renders like an `ApiObject`, byte for byte, but without resolving lazy values: cdk8s calls every resolver of the app for every value and
 * looks up the app each time (cdk8s 2.70 src/resolve.ts), which dominates the time of a large synth. If the app has its own resolvers or
 * the object has JSON patches, cdk8s renders it.
 */
export class PlainObject extends ApiObject {
  private patched = false;
  private readonly fields: () => object;

  /**
   * @param manifest the object: only plain objects, lists, strings, numbers and booleans
   * @param spec called at every synth, for a spec that grows; by default the spec of the manifest
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

/** A copy with sorted keys and without undefined and null values, as cdk8s renders it. */
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
