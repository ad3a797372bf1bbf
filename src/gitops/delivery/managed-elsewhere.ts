// The fields of an app's output that a controller in the cluster sets, so that GitOps tools can ignore them.
import { ApiObject, type App } from 'cdk8s';
import { WEIGHTS_ELSEWHERE } from '../../edge/routing/route-list';
import { completeHost } from '../../base/istio/names';
import { type Manifest, annotationsOf, namespaceOf, objectNameOf, specOf } from '../../manifests/manifest';
import { asList, asObject, asText, isObject } from '../../manifests/plain-json';
import { type Route, type VirtualService, readVirtualServices } from '../../manifests/virtual-service';
import { annotationOf } from '../sync-annotations';

/** Fields of one object that the program does not set. */
export interface ManagedFields {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** The fields as JSON pointers (RFC 6901) to existing values, for Flux. */
  readonly pointers: readonly string[];
  /** The fields as jq expressions, for Argo CD. They select routes and subsets by name, so their order does not matter. */
  readonly expressions: readonly string[];
}

/** The label by which Argo Rollouts distinguishes the pods of two subsets (Argo Rollouts 1.9 docs/features/traffic-management/istio.md). */
const ROLLOUTS_LABEL = 'rollouts-pod-template-hash';

/** All such fields: the weights of routes, and the labels of their subsets, to which Argo Rollouts adds its own. */
export function managedElsewhere(app: App): ManagedFields[] {
  const objects = app.node.findAll().filter(each => ApiObject.isApiObject(each));
  const services = objects.filter(object => object.kind === 'VirtualService' && annotationOf(object, WEIGHTS_ELSEWHERE) !== undefined);
  const managed = readVirtualServices(services.map(manifestOf)).map(({ manifest, routes }) => ({ manifest, routes: managedRoutes(manifest, routes) }))
    .filter(({ routes }) => routes.length > 0);
  if (managed.length === 0) {
    return [];
  }
  const subsets = new Set(managed.flatMap(({ routes }) => routes).flatMap(({ destinations, weights }) => (
    // Mirrors come after the destinations, and have no weights.
    destinations.slice(0, weights.length).map(({ completeHost, subset }) => subsetKey(completeHost, subset)))));
  const rules = objects.filter(object => object.kind === 'DestinationRule').map(rule => readSubsets(manifestOf(rule)));
  return [
    ...managed.map(({ manifest, routes }) => weightsOf(manifest, routes)),
    ...rules.map(rule => ({ rule, own: rule.subsets.filter(({ name }) => subsets.has(subsetKey(rule.host, name))) }))
      .filter(({ own }) => own.length > 0).map(({ rule, own }) => labelsOf(rule, own)),
  ];
}

/** The subsets that a DestinationRule declares for a host. */
interface DeclaredSubsets {
  readonly manifest: Manifest;
  readonly host: string;
  readonly subsets: readonly DeclaredSubset[];
}

interface DeclaredSubset {
  readonly pointer: string;
  readonly name: string;
  readonly hasLabels: boolean;
}

function readSubsets(manifest: Manifest): DeclaredSubsets {
  const { host, subsets } = specOf(manifest);
  return {
    manifest,
    host: completeHost(asText(host) ?? '', namespaceOf(manifest)),
    subsets: asList(subsets).map(asObject).flatMap(({ name, labels }, index) => {
      const text = asText(name);
      return text === undefined ? [] : [{ pointer: `/spec/subsets/${index}`, name: text, hasLabels: labels !== undefined && labels !== null }];
    }),
  };
}

function manifestOf(object: ApiObject): Manifest {
  const rendered: unknown = object.toJson();
  return { object: isObject(rendered) ? rendered : {}, origin: { construct: object.node.path } };
}

function managedRoutes(manifest: Manifest, routes: VirtualService['routes']): Route[] {
  const value = annotationsOf(manifest).find(([key]) => key === WEIGHTS_ELSEWHERE)?.[1];
  const names = typeof value === 'string' ? value.split(',').map(name => name.trim()) : [];
  return routes.filter(({ name, pointer, weights }) => name !== undefined && names.includes(name) && weights.length > 0 && pointer.startsWith('/spec/http/'));
}

function subsetKey(host: string, subset: string | undefined): string {
  return JSON.stringify([host, subset]);
}

function weightsOf(manifest: Manifest, routes: readonly Route[]): ManagedFields {
  const { kind, name, namespace } = objectNameOf(manifest);
  return {
    kind, name, namespace,
    pointers: routes.flatMap(({ weights }) => weights).filter(({ isSet }) => isSet).map(({ pointer }) => pointer),
    expressions: routes.map(route => `.spec.http[] | select(.name == ${JSON.stringify(route.name)}) | .route[].weight`),
  };
}

function labelsOf({ manifest }: DeclaredSubsets, subsets: readonly DeclaredSubset[]): ManagedFields {
  const { kind, name, namespace } = objectNameOf(manifest);
  return {
    kind, name, namespace,
    // Not only the one label: Flux cannot apply an object if Git lacks the ignored field (fluxcd/pkg ssa 0.76, manager_apply.go).
    pointers: subsets.filter(({ hasLabels }) => hasLabels).map(({ pointer }) => `${pointer}/labels`),
    expressions: subsets.map(subset => `.spec.subsets[] | select(.name == ${JSON.stringify(subset.name)}) | .labels[${JSON.stringify(ROLLOUTS_LABEL)}]`),
  };
}
