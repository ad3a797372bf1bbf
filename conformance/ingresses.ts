// Random Ingresses, Services and classes that people could write, right ones and wrong ones.
import * as fc from 'fast-check';
import { ALB_TABLE } from '../src/base/alb-annotations/annotations';
import { authAnnotations, backendAnnotations, frontendAnnotations, ingressAnnotations, TLS } from './alb-annotations';
import { someOf } from './annotation-values';
import { ingressClasses } from './ingress-classes';
import { mostly } from './rule-annotations';

const NAMESPACES = ['shop', 'shop', 'shop', 'team-a'];
const HOSTS = ['shop.example.com', 'www.example.com', '*.example.com', 'api.example.com', undefined, 'shop.example.com', 'a.nocert.example', ''];
const PATHS = ['/img/*', '/a?c', '', '/^v[0-9]+$', '/*', undefined, '/api*', '/ü'];
const PATH_TYPES = ['Prefix', 'Exact', 'ImplementationSpecific', undefined];

const backend = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      name: fc.constantFrom('web', 'web', 'web', 'api', 'api', 'gone'),
      port: mostly<object>(fc.constantFrom({ number: 80 }, { name: 'http' }), fc.constantFrom({ number: 8080 }, { name: 'gone' }, { name: 'status' },
        { number: 15021 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ name: fc.constantFrom('act', 'act', 'none', 'web', 'none.x'), port: fc.constant({ name: 'use-annotation' }) }) },
).map(service => ({ service }));

const path = fc.record({
  path: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('/', '/api', '/api/', '/api/v2') }, { weight: 1, arbitrary: fc.constantFrom(...PATHS) }),
  pathType: fc.constantFrom(...PATH_TYPES),
  backend,
});

const rule = fc.record({
  host: fc.constantFrom(...HOSTS),
  http: fc.option(fc.record({ paths: fc.array(path, { minLength: 1, maxLength: 4 }) }), { nil: undefined, freq: 9 }),
});

/** Now and then an Ingress is being deleted, or was a member of a group. */
const lifecycle = mostly<object>(
  fc.constant({}),
  fc.constantFrom({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['group.ingress.k8s.aws/public'] },
    { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['ingress.k8s.aws/resources'] }),
  fc.constantFrom({ finalizers: ['group.ingress.k8s.aws/public'] }, { finalizers: ['ingress.k8s.aws/resources'] },
    { finalizers: ['group.ingress.k8s.aws/internal', 'x/y'] }),
);

const annotations = fc.tuple(
  someOf(ingressAnnotations, 6),
  fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: someOf(authAnnotations, 4) }),
  fc.oneof({ weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: someOf(frontendAnnotations, 4).map(own => ({ [ALB_TABLE.keyOf('enableFrontendNlb')]: 'true', ...own })) }),
  fc.constantFrom(...TLS),
).map(parts => Object.assign({}, ...parts.reverse()) as Record<string, string>);

const ingress = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  namespace: fc.constantFrom(...NAMESPACES),
  className: fc.constantFrom('alb', 'alb', 'alb', 'corp', 'corp', undefined, 'gone'),
  oldClass: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, undefined, 'alb', 'nginx', ''),
  lifecycle,
  own: annotations,
  targetType: fc.constantFrom(undefined, 'ip', 'ip'),
  isGrouped: fc.boolean(),
  rules: fc.array(rule, { maxLength: 3 }),
  defaultBackend: fc.option(backend, { nil: undefined, freq: 4 }),
  tls: fc.constantFrom(undefined, undefined, [{ hosts: ['tls.example.com'] }], [{ hosts: ['shop.example.com'], secretName: 'tls' }, {}]),
}).map(({ name, namespace, className, oldClass, lifecycle: own, own: written, targetType, isGrouped, rules, defaultBackend, tls }) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name, namespace, ...own,
    annotations: {
      ...targetType === undefined ? {} : { [ALB_TABLE.keyOf('targetType')]: targetType },
      ...written,
      ...isGrouped ? { [ALB_TABLE.keyOf('groupName')]: 'public' } : {},
      ...oldClass === undefined ? {} : { 'kubernetes.io/ingress.class': oldClass },
    },
  },
  spec: { ingressClassName: className, rules, defaultBackend, tls },
}));

const HTTP = { name: 'http', port: 80 };
const STATUS = { name: 'status', port: 15021, targetPort: 15021 };

const service = (name: string) => fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  type: fc.constantFrom('ClusterIP', 'NodePort', 'NodePort', 'LoadBalancer', undefined, 'NodePort', 'NodePort', 'ExternalName'),
  targetPort: fc.constantFrom<number | string | undefined>(8080, 8080, 'web', undefined),
  nodePort: fc.constantFrom(undefined, undefined, undefined, 30080),
  status: fc.constantFrom([STATUS], [STATUS], [], [{ ...STATUS, targetPort: 'status' }], [{ ...STATUS, targetPort: '15021' }]),
  own: someOf(backendAnnotations, 2),
  ipFamilies: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, ['IPv6'], ['IPv4', 'IPv6']),
  rest: fc.constantFrom({}, {}, {}, { loadBalancerClass: 'x/y' }, { allocateLoadBalancerNodePorts: false }),
}).map(({ namespace, type, targetPort, nodePort, status, own, ipFamilies, rest }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, annotations: own },
  spec: {
    type, ports: [{ ...HTTP, targetPort, nodePort: type === 'NodePort' ? nodePort : undefined }, ...status],
    ...type === 'ExternalName' ? { externalName: 'example.org' } : { ipFamilies },
    ...type === 'LoadBalancer' ? rest : {},
  },
}));

const secret = (name: string, namespace: string, stringData: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData });

const SECRETS = [
  secret('oidc', 'shop', { clientID: 'a', clientSecret: 'b' }),
  { ...secret('oidc', 'team-a', {}), data: { clientID: 'YQ==', clientSecret: 'Yg==' } },
  secret('old-oidc', 'shop', { clientId: 'a', clientSecret: 'b' }),
  secret('half', 'shop', { clientID: 'a' }),
];

const namespaces = fc.constantFrom([], [], [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'shop', stage: 'prod' } } }]);

/** The objects of an input: one to four Ingresses, the Services behind them, and a class. */
export const ingressObjects: fc.Arbitrary<readonly object[]> = fc.record({
  ingresses: fc.uniqueArray(ingress, { minLength: 1, maxLength: 4, selector: ({ metadata: { name, namespace } }) => `${namespace}/${name}` }),
  services: fc.tuple(service('web'), service('api')),
  classes: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: ingressClasses }),
  namespaces,
}).map(({ ingresses, services, classes, namespaces: own }) => [...own, ...classes, ...services, ...SECRETS, ...ingresses]);
