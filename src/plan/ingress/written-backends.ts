// The backends of an Ingress as written, whether its load balancer can be built or not.
import { type Manifest, specOf } from '../../manifests/manifest';
import { asInteger, asList, asObject, asText, isObject, type PlainObject } from '../../manifests/plain-json';

/** The port name that refers to an `actions.` annotation. */
export const USE_ANNOTATION = 'use-annotation';

/** A backend that is a Service, or an action. */
export interface WrittenBackend {
  readonly name: string;
  readonly port: number | string;
  readonly pointer: string;
  /** Absent for the default backend. */
  readonly rule?: { readonly host: string; readonly path: string; readonly pathType: string };
}

/** The backends of the rules in order, then the default backend. */
export function backendsOf(manifest: Manifest): WrittenBackend[] {
  const { rules, defaultBackend, backend } = specOf(manifest);
  const ofRules = asList(rules).map(asObject).flatMap(({ host, http }, index) => asList(asObject(http).paths).map(asObject).flatMap((path, at) => {
    const rule = { host: asText(host) ?? '', path: asText(path.path) ?? '', pathType: asText(path.pathType) ?? 'ImplementationSpecific' };
    return readBackend(manifest, path.backend, `/spec/rules/${index}/http/paths/${at}/backend`, rule);
  }));
  return [...ofRules, ...readBackend(manifest, defaultBackend ?? backend, defaultBackend === undefined ? '/spec/backend' : '/spec/defaultBackend')];
}

function readBackend(manifest: Manifest, value: unknown, pointer: string, rule?: WrittenBackend['rule']): WrittenBackend[] {
  const service = serviceOf(manifest, asObject(value));
  return isObject(service) ? [{ name: asText(service.name) ?? '', port: portOf(asObject(service.port)), pointer, rule }] : [];
}

/** The Service of a backend; v1beta1 writes `serviceName` and `servicePort`. */
export function serviceOf({ object }: Manifest, { service, serviceName, servicePort }: PlainObject): unknown {
  return object.apiVersion !== 'networking.k8s.io/v1beta1' || serviceName === undefined ? service
    : { name: serviceName, port: typeof servicePort === 'number' ? { number: servicePort } : { name: servicePort } };
}

/** The port of a backend, by name or number; 0 if neither is set. */
export function portOf({ name, number }: PlainObject): number | string {
  return asText(name) || (asInteger(number) ?? 0);
}
