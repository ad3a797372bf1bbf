// The fields of an app's output that a controller in the cluster sets, so that GitOps tools can be told to leave them alone.
import { ApiObject, type App } from 'cdk8s';
import { serviceFqdn } from '../../base/kubernetes-name';
import { annotationOf } from '../annotation';
import { WEIGHTS_ELSEWHERE } from '../../edge/routing/route-list';

/** Fields of one object that are not the program's to set. */
export interface ManagedFields {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** The fields as JSON pointers (RFC 6901) to what the output has, for Flux. */
  readonly pointers: readonly string[];
  /** The fields as expressions of jq, for Argo CD. They know routes and subsets by name, so they hold wherever those stand in their list. */
  readonly expressions: readonly string[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly http?: readonly Http[];
    readonly host?: string;
    readonly subsets?: readonly { readonly name: string; readonly labels?: object }[];
  };
}

interface Http {
  readonly name?: string;
  readonly route?: readonly { readonly destination: Destination; readonly weight?: number }[];
}

interface Destination {
  readonly host: string;
  readonly subset?: string;
}

/** The label by which Argo Rollouts tells the pods of two subsets apart (Argo Rollouts 1.9 docs/features/traffic-management/istio.md). */
const ROLLOUTS_LABEL = 'rollouts-pod-template-hash';

/** All such fields: weights of routes, and what Argo Rollouts writes its label into in the subsets which these routes lead to. */
export function managedElsewhere(app: App): ManagedFields[] {
  const ofKind = (kind: string) => app.node.findAll().filter(each => ApiObject.isApiObject(each)).filter(each => each.kind === kind);
  const services = ofKind('VirtualService').flatMap(object => {
    const names = annotationOf(object, WEIGHTS_ELSEWHERE)?.split(',').map(name => name.trim()) ?? [];
    const manifest = names.length > 0 ? object.toJson() as Manifest : undefined;
    const routes = manifest ? routesOf(manifest, names) : [];
    return manifest && routes.length > 0 ? [{ manifest, routes }] : [];
  });
  if (services.length === 0) {
    return [];
  }
  const destinations = services.flatMap(({ manifest, routes }) => routes.flatMap(({ http }) => http.route ?? []).map(({ destination: { host, subset } }) => (
    { host: complete(host, manifest), subset })));
  return [
    ...services.map(({ manifest, routes }) => weightsOf(manifest, routes)),
    ...ofKind('DestinationRule').map(rule => labelsOf(rule.toJson() as Manifest, destinations)).filter(({ expressions }) => expressions.length > 0),
  ];
}

interface PlacedRoute {
  readonly http: Http;
  readonly index: number;
}

function routesOf({ spec }: Manifest, names: readonly string[]): PlacedRoute[] {
  const isManaged = ({ name, route = [] }: Http) => name !== undefined && names.includes(name) && route.length > 0;
  return (spec?.http ?? []).map((http, index) => ({ http, index })).filter(({ http }) => isManaged(http));
}

function weightsOf({ kind, metadata: { name, namespace } }: Manifest, routes: readonly PlacedRoute[]): ManagedFields {
  return {
    kind, name, namespace,
    pointers: routes.flatMap(({ http, index }) => (http.route ?? []).flatMap(({ weight }, place) => (
      weight === undefined ? [] : [`/spec/http/${index}/route/${place}/weight`]))),
    expressions: routes.map(({ http }) => `.spec.http[] | select(.name == ${JSON.stringify(http.name)}) | .route[].weight`),
  };
}

/** A host as Istio completes it, where one without a dot was written by hand. */
function complete(host: string, { metadata: { namespace = 'default' } }: Manifest): string {
  return host.includes('.') ? host : serviceFqdn(host, namespace);
}

function labelsOf(rule: Manifest, destinations: readonly { readonly host: string; readonly subset?: string }[]): ManagedFields {
  const { kind, metadata: { name, namespace }, spec } = rule;
  const led = new Set(destinations.filter(({ host }) => host === complete(spec?.host ?? '', rule)).map(({ subset }) => subset));
  const subsets = (spec?.subsets ?? []).map((subset, index) => ({ subset, index })).filter(({ subset }) => led.has(subset.name));
  return {
    kind, name, namespace,
    // Not the one label: Flux cannot apply an object of which Git lacks what is ignored (fluxcd/pkg ssa 0.76, manager_apply.go).
    pointers: subsets.filter(({ subset }) => subset.labels !== undefined).map(({ index }) => `/spec/subsets/${index}/labels`),
    expressions: subsets.map(({ subset }) => `.spec.subsets[] | select(.name == ${JSON.stringify(subset.name)}) | .labels[${JSON.stringify(ROLLOUTS_LABEL)}]`),
  };
}
