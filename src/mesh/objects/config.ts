// The objects that istiod reads, sorted as istiod sorts them: older first, then by name, then by namespace.
import { addTo } from '../../base/multimap';
import { Kind, kindOf } from '../../manifests/kind';
import { Manifest, nameOf, namespaceOf } from '../../manifests/manifest';
import { PlainObject, asObject, asText } from '../../manifests/plain-json';
import { Created, CreationOrder, USUAL_ORDER } from './creation-order';
import { refusalOf } from '../validation/webhook';

/** Labels, and what selects by them. */
export type Labels = ReadonlyMap<string, string>;

/** Where a record was read: a manifest and a JSON pointer into it. */
export interface Place {
  readonly manifest: Manifest;
  readonly pointer: string;
}

/** One object of a kind that istiod reads. */
export interface Config extends Created {
  readonly kind: Kind;
  readonly spec: PlainObject;
}

/** Why the cluster does not have an object. */
export interface Refusal extends Place {
  /** `schema`: the API server, because of a fault in one field. `webhook`: Istio's webhook. */
  readonly by: 'schema' | 'webhook';
  /** The webhook's own words. */
  readonly message: string;
}

/** All objects of the input, by kind. */
export class Configs {
  /** The objects that the webhook refuses. */
  public readonly refusals: readonly Refusal[];
  private readonly byKind = new Map<Kind, Config[]>();

  /**
   * @param isAdmitted whether the cluster has all objects, even those that the webhook refuses
   * @param order in which they were created
   */
  public constructor(manifests: readonly Manifest[], isAdmitted = false, public readonly order: CreationOrder = USUAL_ORDER) {
    const refusals: Refusal[] = [];
    for (const manifest of manifests) {
      const kind = kindOf(manifest);
      if (kind !== undefined) {
        const config = readConfig(manifest, kind);
        const message = isAdmitted || manifest.hasValidSpec === true ? undefined : refusalOf(kind, config.spec, config.name, config.namespace);
        if (message === undefined) {
          addTo(this.byKind, kind, config);
        } else {
          refusals.push({ manifest, pointer: '', by: 'webhook', message });
        }
      }
    }
    this.refusals = refusals;
    this.byKind.forEach(configs => configs.sort((a, b) => order.compare(a, b)));
  }

  /** The objects of the kinds, those of highest precedence first. */
  public of(...kinds: readonly Kind[]): readonly Config[] {
    const found = kinds.map(kind => this.byKind.get(kind) ?? []);
    return found.length === 1 ? found[0] : found.flat();
  }
}

/** The text entries of an object of labels or a selector; others are skipped. */
export function readLabels(value: unknown): Labels {
  return new Map(Object.entries(asObject(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** Whether the labels include all of the selector. An empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  for (const [key, value] of selector) {
    if (labels.get(key) !== value) {
      return false;
    }
  }
  return true;
}

/** The key of a label in an index by namespace and label. */
export function labelKey(namespace: string, [key, value]: readonly [key: string, value: string]): string {
  return `${namespace}/${key}=${value}`;
}

/** The labels of an object. */
export function labelsOf(manifest: Manifest): Labels {
  return readLabels(asObject(manifest.object.metadata).labels);
}

function readConfig(manifest: Manifest, kind: Kind): Config {
  const created = Date.parse(asText(asObject(manifest.object.metadata).creationTimestamp) ?? '');
  return {
    manifest, kind, namespace: namespaceOf(manifest), name: nameOf(manifest), spec: asObject(manifest.object.spec),
    ...(Number.isNaN(created) ? {} : { created }),
  };
}
