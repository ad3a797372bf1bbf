// Ingresses that the AWS Load Balancer Controller serves, with every Service that they send requests to.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { actionKey, forwardTargets } from './forward-action';
import { ALB_CONTROLLER, CLASS_ANNOTATION } from './ingress-class';
import { Manifest, annotationsOf, nameOf, namespaceOf } from './manifest';
import { PlainObject, asInteger, asList, asObject, asText } from './plain-json';
import { pointer } from './pointer';

/** The backend port name that sends the controller to an `actions.` annotation instead of a Service. */
const USE_ANNOTATION = 'use-annotation';

/** A Service that an Ingress sends requests to. */
export interface Backend {
  /** Pointer to the backend, or to the annotation that names the Service. */
  readonly pointer: string;
  readonly service: string;
  /** Number or name; absent when unreadable. */
  readonly port?: number | string;
}

/** An Ingress of the controller, read tolerantly. */
export interface Ingress {
  readonly manifest: Manifest;
  readonly namespace: string;
  readonly backends: readonly Backend[];
}

/**
 * Reads the Ingresses that the controller serves, as far as manifests tell: the class annotation says `alb`, the named
 * IngressClass belongs to the controller or is called `alb`, or no class speaks against it and an annotation of the
 * controller is present (AWS Load Balancer Controller 3.5.0 pkg/ingress/group_loader.go).
 */
export function readIngresses(manifests: readonly Manifest[], classes: readonly Manifest[]): Ingress[] {
  const controllers = new Map<string, Set<unknown>>();
  for (const ingressClass of classes) {
    const known = controllers.get(nameOf(ingressClass)) ?? new Set();
    controllers.set(nameOf(ingressClass), known.add(asObject(ingressClass.object.spec).controller));
  }
  return manifests.filter(manifest => isServedByAlb(manifest, controllers))
    .map(manifest => ({ manifest, namespace: namespaceOf(manifest), backends: readBackends(manifest) }));
}

function isServedByAlb(manifest: Manifest, controllers: ReadonlyMap<string, ReadonlySet<unknown>>): boolean {
  const annotations = annotationsOf(manifest);
  const marked = annotations.some(([key]) => key.startsWith(ALB_PREFIX));
  const oldClass = annotations.find(([key]) => key === CLASS_ANNOTATION)?.[1];
  if (oldClass !== undefined) {
    return oldClass === 'alb' || marked;
  }
  const className = asText(asObject(manifest.object.spec).ingressClassName);
  const known = className === undefined ? undefined : controllers.get(className);
  return known?.has(ALB_CONTROLLER) ?? (className === 'alb' || marked);
}

function readBackends(manifest: Manifest): Backend[] {
  const spec = asObject(manifest.object.spec);
  const backends = [
    // networking.k8s.io/v1beta1 calls it `backend`.
    ...['defaultBackend', 'backend'].flatMap(field => readBackend(manifest, asObject(spec[field]), `/spec/${field}`)),
    ...asList(spec.rules).flatMap((rule, i) => asList(asObject(asObject(rule).http).paths)
      .flatMap((path, j) => readBackend(manifest, asObject(asObject(path).backend), `/spec/rules/${i}/http/paths/${j}/backend`))),
  ];
  return withoutRepeats(backends);
}

/** An action that several backends use is reported once, at its annotation. */
function withoutRepeats(backends: readonly Backend[]): Backend[] {
  const seen = new Set<string>();
  return backends.filter(backend => {
    const key = JSON.stringify([backend.pointer, backend.service, backend.port]);
    return !seen.has(key) && seen.add(key);
  });
}

function readBackend(manifest: Manifest, backend: PlainObject, place: string): Backend[] {
  const service = asObject(backend.service);
  const name = asText(service.name) ?? asText(backend.serviceName);
  const { number, name: portName } = asObject(service.port);
  const port = asInteger(number) ?? asText(portName) ?? asInteger(backend.servicePort) ?? asText(backend.servicePort);
  if (!name) {
    return [];
  }
  return port === USE_ANNOTATION
    ? forwardTargets(manifest, name).map(target => ({ pointer: pointer('metadata', 'annotations', actionKey(name)), ...target }))
    : [{ pointer: place, service: name, port }];
}
