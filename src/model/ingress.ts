// Ingresses that the AWS Load Balancer Controller manages: their class, their annotations, their backends, and the Services behind these.
import { ALB_PREFIX, type DecodedAnnotations, decodeAlbAnnotations } from '../base/alb-annotations/annotations';
import type { ActionSettings } from '../base/alb-annotations/rule';
import type { ClassOf, IngressClasses } from './ingress-class';
import { Manifest, annotationsOf, namespaceOf } from '../manifests/manifest';
import { PlainObject, asInteger, asList, asObject, asText, isObject } from '../manifests/plain-json';
import { pointer } from '../manifests/pointer';

/** The backend port name that refers the controller to an `actions.` annotation instead of a Service. */
const USE_ANNOTATION = 'use-annotation';

/** The path type whose paths may be regular expressions; also what an omitted path type means. */
const IMPLEMENTATION_SPECIFIC = 'ImplementationSpecific';

/** A backend of an Ingress, as declared. */
export interface Backend {
  readonly pointer: string;
  /** Name of the Service, or of the action if {@link usesAction}; absent if unreadable. */
  readonly name?: string;
  /** Number or name of the port; absent if unreadable. */
  readonly port?: number | string;
  /** The backend is the action in the annotation with its name. */
  readonly usesAction: boolean;
  /** The path of the backend may be a regular expression. */
  readonly mayBeRegex: boolean;
}

/** A Service that receives requests of an Ingress, directly or from a forward action. */
export interface ForwardTarget {
  /** Pointer to the backend, or to the annotation with the action. */
  readonly pointer: string;
  readonly service: string;
  /** Number or name; absent if unreadable. */
  readonly port?: number | string;
}

/** An Ingress that the controller manages, read tolerantly. */
export interface Ingress {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly ofClass: ClassOf;
  /** The annotations as the controller reads them, and those that it rejects. */
  readonly annotations: DecodedAnnotations;
  readonly backends: readonly Backend[];
  readonly targets: readonly ForwardTarget[];
}

/** Reads the Ingresses that the controller manages; {@link IngressClasses.of} decides which ones. */
export function readIngresses(manifests: readonly Manifest[], classes: IngressClasses): Ingress[] {
  return manifests.flatMap(manifest => {
    const ofClass = classes.of(manifest);
    return ofClass === undefined ? [] : [readIngress(manifest, ofClass)];
  });
}

function readIngress(manifest: Manifest, ofClass: ClassOf): Ingress {
  const texts = annotationsOf(manifest).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const annotations = decodeAlbAnnotations(Object.fromEntries(texts), 'read');
  const backends = readBackends(asObject(manifest.object.spec));
  return { manifest, namespace: namespaceOf(manifest), ofClass, annotations, backends, targets: targetsOf(backends, annotations.settings.actions ?? {}) };
}

function readBackends(spec: PlainObject): Backend[] {
  // networking.k8s.io/v1beta1 calls the default backend `backend`.
  const defaults = ['defaultBackend', 'backend'].filter(field => isObject(spec[field]));
  return [
    ...defaults.map(field => readBackend(asObject(spec[field]), `/spec/${field}`, false)),
    ...asList(spec.rules).flatMap((rule, i) => asList(asObject(asObject(rule).http).paths).map(asObject).map(({ backend, path, pathType }, j) => (
      readBackend(asObject(backend), `/spec/rules/${i}/http/paths/${j}/backend`, Boolean(asText(path)) && isImplementationSpecific(pathType))))),
  ];
}

function isImplementationSpecific(pathType: unknown): boolean {
  return [undefined, IMPLEMENTATION_SPECIFIC].includes(asText(pathType));
}

/** Reads a backend; v1beta1 writes `serviceName` and `servicePort`. */
function readBackend(backend: PlainObject, place: string, mayBeRegex: boolean): Backend {
  const service = asObject(backend.service);
  const { number, name: portName } = asObject(service.port);
  const port = asInteger(number) ?? asText(portName) ?? asInteger(backend.servicePort) ?? asText(backend.servicePort);
  return { pointer: place, name: asText(service.name) ?? asText(backend.serviceName), port, usesAction: port === USE_ANNOTATION, mayBeRegex };
}

/** An action that several backends use is listed once. */
function targetsOf(backends: readonly Backend[], actions: { readonly [name: string]: ActionSettings }): ForwardTarget[] {
  const targets = new Map<string, ForwardTarget>();
  for (const { pointer: place, name, port, usesAction } of backends.filter(backend => backend.name)) {
    const own = !usesAction ? [{ pointer: place, service: name!, port }] : Object.hasOwn(actions, name!) ? forwardTargets(actions[name!], name!) : [];
    own.forEach(target => targets.set(JSON.stringify([target.pointer, target.service, target.port]), target));
  }
  return [...targets.values()];
}

/** The Services of a forward action. The controller reads a port of digits as a number (3.5.0 pkg/ingress/enhanced_backend_builder.go). */
function forwardTargets({ type, forwardConfig }: ActionSettings, name: string): ForwardTarget[] {
  const place = pointer('metadata', 'annotations', `${ALB_PREFIX}actions.${name}`);
  const targets = type === 'forward' ? forwardConfig?.targetGroups ?? [] : [];
  return targets.flatMap(({ serviceName, servicePort }) => (serviceName
    ? [{ pointer: place, service: serviceName, port: typeof servicePort === 'string' && /^\d+$/.test(servicePort) ? Number(servicePort) : servicePort }]
    : []));
}
