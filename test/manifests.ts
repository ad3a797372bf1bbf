// Builders of Kubernetes objects for tests. Each takes a name, or `namespace/name`, and the spec that the test is about.
import { Subject } from '../src/checks/subject';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, unknown>> };
  readonly [field: string]: unknown;
}

export type Annotations = Readonly<Record<string, unknown>>;

const ALB_PREFIX = 'alb.ingress.kubernetes.io/';

/** Any object; {@link name} may include the namespace. */
export function object(apiVersion: string, kind: string, name: string, spec?: object, annotations?: Annotations): KubernetesObject {
  const [own, namespace] = name.split('/').reverse();
  return { apiVersion, kind, metadata: { name: own, ...(namespace ? { namespace } : {}), ...(annotations ? { annotations } : {}) }, ...(spec ? { spec } : {}) };
}

export function namespace(name: string): KubernetesObject {
  return object('v1', 'Namespace', name);
}

/** A Service with these port numbers. */
export function service(name: string, ports: readonly number[] = [80], spec: object = {}): KubernetesObject {
  return object('v1', 'Service', name, { ports: ports.map(port => ({ port })), ...spec });
}

export function virtualService(name: string, spec: object, annotations?: Annotations): KubernetesObject {
  return object('networking.istio.io/v1', 'VirtualService', name, spec, annotations);
}

/** One destination in the `route` list of a VirtualService. */
export function to(host: string, { port, subset, weight }: { port?: number; subset?: string; weight?: number } = {}): object {
  const destination = { host, ...(port === undefined ? {} : { port: { number: port } }), ...(subset === undefined ? {} : { subset }) };
  return { destination, ...(weight === undefined ? {} : { weight }) };
}

export function destinationRule(name: string, spec: object): KubernetesObject {
  return object('networking.istio.io/v1', 'DestinationRule', name, spec);
}

/** A Gateway with a server for each port number. */
export function gateway(name: string, selector: Readonly<Record<string, string>>, ports: readonly number[] = [443]): KubernetesObject {
  return object('networking.istio.io/v1', 'Gateway', name, { selector, servers: ports.map(number => ({ port: { number, name: `http-${number}`, protocol: 'HTTP' }, hosts: ['*/*'] })) });
}

/** An Ingress of class `alb`; annotation keys may omit the prefix of the controller. */
export function ingress(name: string, annotations: Annotations = {}, spec: object = { ingressClassName: 'alb' }): KubernetesObject {
  const prefixed = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key.includes('/') ? key : ALB_PREFIX + key, value]));
  return object('networking.k8s.io/v1', 'Ingress', name, spec, prefixed);
}

/** The backend of an Ingress. */
export function backend(serviceName: string, port: number | string): object {
  return { service: { name: serviceName, port: typeof port === 'number' ? { number: port } : { name: port } } };
}

/** An IngressClass, with its IngressClassParams if it has any. */
export function ingressClass(name: string, params?: object, controller = 'ingress.k8s.aws/alb', annotations: Annotations = {}): KubernetesObject[] {
  const parameters = params && { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name };
  return [
    object('networking.k8s.io/v1', 'IngressClass', name, { controller, parameters }, annotations),
    ...params ? [object('elbv2.k8s.aws/v1beta1', 'IngressClassParams', name, params)] : [],
  ];
}

/** What checks read of some objects. */
export function subjectOf(...objects: readonly object[]): Subject {
  return new Subject(objects.map(own => ({ object: own as KubernetesObject, origin: {} })));
}
