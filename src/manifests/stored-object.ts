// What the API server refuses to store: values of a wrong type in metadata and in the fields of built-in kinds that the models read, names that are
// missing, API versions that are gone, and what else it refuses of an Ingress (Kubernetes 1.34). Fields of CRDs are not looked at.
import { type Manifest } from './manifest';
import { type StoreFault, metadataFaultsOf } from './metadata-faults';
import { asList, asObject, asText, isObject, type PlainObject } from './plain-json';
import { pointer } from './pointer';

/** The type of a value: of a scalar, of the items of a list, of the values of a map, or of the fields of an object. */
type Shape =
  | 'string' | 'integer' | 'integer or string'
  | { readonly items: Shape }
  | { readonly values: Shape }
  | { readonly fields: { readonly [field: string]: Shape } };

type Path = readonly (string | number)[];

const TEXTS: Shape = { values: 'string' };

const METADATA: Shape = { fields: { name: 'string', generateName: 'string', namespace: 'string', annotations: TEXTS, labels: TEXTS } };

const BACKEND: Shape = {
  fields: { service: { fields: { name: 'string', port: { fields: { name: 'string', number: 'integer' } } } }, resource: { fields: {} } },
};

const PATH: Shape = { fields: { path: 'string', pathType: 'string', backend: BACKEND } };

const SELECTOR: Shape = { fields: { matchLabels: TEXTS } };

const POD: Shape = { fields: { serviceAccountName: 'string', containers: { items: { fields: { name: 'string', image: 'string' } } } } };

const TEMPLATE: Shape = { fields: { metadata: METADATA, spec: POD } };

const WORKLOAD: Shape = { fields: { selector: SELECTOR, template: TEMPLATE } };

/** The shape of the spec, by API version and kind. */
const SPECS: { readonly [kind: string]: Shape } = {
  'networking.k8s.io/v1 Ingress': {
    fields: {
      ingressClassName: 'string',
      defaultBackend: BACKEND,
      rules: { items: { fields: { host: 'string', http: { fields: { paths: { items: PATH } } } } } },
      tls: { items: { fields: { hosts: { items: 'string' }, secretName: 'string' } } },
    },
  },
  'networking.k8s.io/v1 IngressClass': { fields: { controller: 'string', parameters: { fields: { apiGroup: 'string', kind: 'string', name: 'string' } } } },
  'v1 Service': {
    fields: {
      type: 'string', loadBalancerClass: 'string', clusterIP: 'string', externalName: 'string', externalTrafficPolicy: 'string', selector: TEXTS,
      loadBalancerSourceRanges: { items: 'string' },
      ports: { items: { fields: {
        name: 'string', protocol: 'string', appProtocol: 'string', port: 'integer', nodePort: 'integer', targetPort: 'integer or string',
      } } },
    },
  },
  'v1 Pod': POD,
  'apps/v1 DaemonSet': WORKLOAD,
  'apps/v1 Deployment': WORKLOAD,
  'apps/v1 ReplicaSet': WORKLOAD,
  'apps/v1 StatefulSet': WORKLOAD,
  'batch/v1 Job': WORKLOAD,
};

/** API versions that no API server serves any more, the kinds that it had in them, and since which version of Kubernetes it does not. */
const GONE: { readonly [apiVersion: string]: { readonly kinds: RegExp; readonly since: string; readonly now: string } } = {
  'extensions/v1beta1': { kinds: /^Ingress$/, since: '1.22', now: 'networking.k8s.io/v1' },
  'networking.k8s.io/v1beta1': { kinds: /^Ingress(Class)?$/, since: '1.22', now: 'networking.k8s.io/v1' },
  'apps/v1beta1': { kinds: /^(Deployment|StatefulSet)$/, since: '1.16', now: 'apps/v1' },
  'apps/v1beta2': { kinds: /^(DaemonSet|Deployment|ReplicaSet|StatefulSet)$/, since: '1.16', now: 'apps/v1' },
};

/** Why the API server refuses an object, in the order of its fields; empty if nothing is known against it. */
export function storeFaultsOf({ object }: Manifest): StoreFault[] {
  const [apiVersion, kind] = [asText(object.apiVersion) ?? '', asText(object.kind) ?? ''];
  const gone = Object.hasOwn(GONE, apiVersion) ? GONE[apiVersion] : undefined;
  if (gone !== undefined && gone.kinds.test(kind)) {
    return [{ pointer: '/apiVersion', message: `must be ${gone.now}; got ${apiVersion}, which Kubernetes does not serve since ${gone.since}` }];
  }
  const faults = shapeFaults(METADATA, object.metadata, ['metadata']);
  const { name, generateName } = asObject(object.metadata);
  if (isUnset(name) && isUnset(generateName)) {
    faults.push({ pointer: '/metadata/name', message: 'is required' });
  }
  const type = `${apiVersion} ${kind}`;
  if (faults.length === 0) {
    faults.push(...metadataFaultsOf(type, asObject(object.metadata)));
  }
  if (Object.hasOwn(SPECS, type)) {
    faults.push(...shapeFaults(SPECS[type], object.spec, ['spec']));
  }
  return type === 'networking.k8s.io/v1 Ingress' && faults.length === 0 ? ingressFaults(asObject(object.spec)) : faults;
}

/** Like an empty text, `null` is the same as nothing. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Whether a value has a shape, without finding out where it has not: nearly all have. */
function fits(shape: Shape, value: unknown): boolean {
  if (value === undefined || value === null) {
    return true;
  }
  if (typeof shape === 'string') {
    return shape === 'string' ? typeof value === 'string' : Number.isInteger(value) || (shape === 'integer or string' && typeof value === 'string');
  }
  if ('items' in shape) {
    return Array.isArray(value) && value.every(item => fits(shape.items, item));
  }
  if (!isObject(value)) {
    return false;
  }
  for (const key in value) {
    const own = shapeOf(shape, key);
    if (own !== undefined && !fits(own, value[key])) {
      return false;
    }
  }
  return true;
}

/** The shape of a value of a map or object. */
function shapeOf(shape: Exclude<Shape, string | { readonly items: Shape }>, key: string): Shape | undefined {
  return 'values' in shape ? shape.values : Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
}

/** The faults of a value, where it does not have the shape. */
function shapeFaults(shape: Shape, value: unknown, path: Path): StoreFault[] {
  if (fits(shape, value)) {
    return [];
  }
  const fault = (expected: string, hint = '') => [{ pointer: pointer(...path), message: `must be ${expected}; got ${shown(value)}${hint}` }];
  if (shape === 'string') {
    return fault('a string', typeof value === 'object' ? '' : ': put it in quotes');
  }
  if (typeof shape === 'string') {
    return fault(`an ${shape}`, typeof value === 'string' && /^\d+$/.test(value) ? ': remove the quotes' : '');
  }
  if ('items' in shape) {
    return Array.isArray(value) ? value.flatMap((item, index) => shapeFaults(shape.items, item, [...path, index])) : fault('a list');
  }
  return !isObject(value) ? fault('an object') : Object.entries(value).flatMap(([key, field]) => {
    const own = shapeOf(shape, key);
    return own === undefined ? [] : shapeFaults(own, field, [...path, key]);
  });
}

function shown(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value)}`;
}

const PATH_TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'];

/** What the API server refuses of paths and backends (Kubernetes 1.34.1 pkg/apis/networking/validation/validation.go:468, :507). */
function ingressFaults({ defaultBackend, rules }: PlainObject): StoreFault[] {
  return [
    ...defaultBackend === undefined || defaultBackend === null ? [] : backendFaults(asObject(defaultBackend), '/spec/defaultBackend'),
    ...asList(rules).map(rule => asList(asObject(asObject(rule).http).paths)).flatMap((paths, index) => paths.map(asObject).flatMap((path, at) => {
      if (isFine(path)) {
        return [];
      }
      const place = `/spec/rules/${index}/http/paths/${at}`;
      return [...pathFaults(path, place), ...backendFaults(asObject(path.backend), `${place}/backend`)];
    })),
  ];
}

/** Whether a path is one of those that nearly all are. */
function isFine({ path, pathType, backend }: PlainObject): boolean {
  const { service, resource } = asObject(backend);
  const { name, port } = asObject(service);
  const { name: portName, number } = asObject(port);
  return (pathType === 'Prefix' || pathType === 'Exact') && typeof path === 'string' && path.startsWith('/') && resource === undefined && !isUnset(name)
    && (portName === undefined ? typeof number === 'number' && number > 0 : portName !== '' && portName !== null && number === undefined);
}

function pathFaults({ path, pathType }: PlainObject, place: string): StoreFault[] {
  if (isUnset(pathType)) {
    return [{ pointer: `${place}/pathType`, message: `is required: one of ${PATH_TYPES.join(', ')}` }];
  }
  if (!PATH_TYPES.includes(String(pathType))) {
    return [{ pointer: `${place}/pathType`, message: `must be one of ${PATH_TYPES.join(', ')}; got ${String(pathType)}` }];
  }
  const text = asText(path) ?? '';
  const mayBeEmpty = pathType === 'ImplementationSpecific';
  return text.startsWith('/') || (mayBeEmpty && text === '') ? [] : [{ pointer: `${place}/path`, message: `must start with /; got "${text}"` }];
}

function backendFaults({ service, resource }: PlainObject, place: string): StoreFault[] {
  if (isObject(service) === isObject(resource)) {
    return [{ pointer: place, message: isObject(service) ? 'cannot have both service and resource' : 'must have service or resource' }];
  }
  if (!isObject(service)) {
    return [];
  }
  const { name, number } = asObject(service.port);
  const hasNumber = number !== undefined && number !== null && number !== 0;
  return [
    ...isUnset(service.name) ? [{ pointer: `${place}/service/name`, message: 'is required' }] : [],
    ...isUnset(name) !== hasNumber ? [{
      pointer: `${place}/service/port`,
      message: hasNumber ? `cannot have both name and number; got ${String(name)} and ${String(number)}` : 'must have name or number',
    }] : [],
  ];
}
