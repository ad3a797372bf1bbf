// An API object that is plain JSON, like all objects of an edge.
import {
  ApiObject, type ApiObjectMetadataDefinition, type ApiObjectProps, App, ImplicitTokenResolver, type JsonPatch, Lazy, LazyResolver, NumberStringUnionResolver,
} from 'cdk8s';
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

  /** Whether nothing changes the spec that its maker validated: the checks at synth, half of whose time is validation, need not do it again. */
  public get writesValidSpec(): boolean {
    return !this.patched && App.of(this).resolvers.every(resolver => BUILT_IN.some(builtIn => resolver instanceof builtIn));
  }

  public override toJson(): unknown {
    if (!this.writesValidSpec || process.env.CDK8S_DISABLE_SORT) {
      return super.toJson();
    }
    const { apiVersion, kind } = this;
    const rest = ordered({ ...this.fields(), apiVersion: undefined, kind: undefined, metadata: undefined }) as object;
    return { apiVersion, kind, metadata: metadataOf(this.metadata), ...rest };
  }
}

/** The private fields of cdk8s 2.70 that hold the metadata of an object. */
interface MetadataFields {
  readonly labels?: object;
  readonly annotations?: object;
  readonly finalizers?: readonly unknown[];
  readonly ownerReferences?: readonly unknown[];
  readonly _additionalAttributes?: object;
}

/** The metadata of almost every object. */
const USUAL: readonly string[] = ['name', 'namespace', 'labels', 'annotations'];

/**
 * Renders metadata like cdk8s, whose resolvers take half of the time of a VirtualService with one route. cdk8s renders everything but names,
 * labels and annotations that are strings, and everything if it keeps metadata in other fields than 2.70.
 */
function metadataOf(metadata: ApiObjectMetadataDefinition): unknown {
  const { name, namespace } = metadata;
  const { labels, annotations, finalizers, ownerReferences, _additionalAttributes: others } = metadata as unknown as MetadataFields;
  const isUsual = typeof name === 'string' && (namespace === undefined || typeof namespace === 'string')
    && isTexts(labels) && isTexts(annotations) && finalizers?.length === 0 && ownerReferences?.length === 0
    && typeof others === 'object' && Object.keys(others).every(key => USUAL.includes(key));
  return isUsual ? ordered({ annotations: orAbsent(annotations), labels: orAbsent(labels), name, namespace }) : ordered(metadata.toJson());
}

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every(text => typeof text === 'string');
}

/** cdk8s omits empty maps in metadata. */
function orAbsent(map: object): object | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
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
