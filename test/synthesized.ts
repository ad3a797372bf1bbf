// What parts write, as plain objects.
import { ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A plain Kubernetes object. */
export interface Synthesized {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly [field: string]: any;
}

/** An empty chart in an app of its own, for a part to stand in. */
export function emptyChart(id = 'chart', namespace?: string): Chart {
  return new Chart(new App(), id, { namespace, disableResourceNameHashes: true });
}

/** The API objects below a construct, in the order in which they were made. */
export function apiObjects(construct: IConstruct): ApiObject[] {
  return construct.node.findAll().filter(each => ApiObject.isApiObject(each));
}

/** All objects below a construct, those of one kind, or those of one kind and name. */
export function synthesized(construct: IConstruct, kind?: string, name?: string): Synthesized[] {
  return apiObjects(construct)
    .map(object => object.toJson() as Synthesized)
    .filter(object => (kind === undefined || object.kind === kind) && (name === undefined || object.metadata.name === name));
}

/** The only object of a kind below a construct. */
export function theOnly(construct: IConstruct, kind: string): Synthesized {
  const found = synthesized(construct, kind);
  if (found.length !== 1) {
    throw new Error(`expected one ${kind}, found ${found.length}`);
  }
  return found[0];
}

/** The recommended labels of an object. */
export function labels(name: string, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'edge',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
