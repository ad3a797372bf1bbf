// What the API server refuses of Services, Ingresses and the other kinds of an edge. The words are ours; the verdicts are those of Kubernetes 1.34.1.
import { faultsForModels } from '../../../src/api-server/admission';
import { type Change, faultsAfter } from './changed';

const metadata = { name: 'shop', namespace: 'shop' };

const service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'shop' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } };

test.each<[string, Change, string]>([
  ['no port', ({ spec }) => { spec.ports = []; }, '/spec/ports: is required'],
  ['port 0', ({ spec }) => { spec.ports[0].port = 0; }, '/spec/ports/0/port: must be from 1 to 65535; got 0'],
  ['a port name with capitals', ({ spec }) => { spec.ports[0].name = 'HTTP'; }, '/spec/ports/0/name: must be 1 to 63 lowercase letters'],
  ['a second port without name', ({ spec }) => { spec.ports.push({ port: 81 }); }, '/spec/ports/1/name: is required'],
  ['a port twice', ({ spec }) => { spec.ports.push({ name: 'b', port: 80 }); }, '/spec/ports/1/port: must be unique'],
  ['a target port in quotes', ({ spec }) => { spec.ports[0].targetPort = '8080'; }, '/spec/ports/0/targetPort: must be a number without quotes, or a name with a letter'],
  ['a protocol in lower case', ({ spec }) => { spec.ports[0].protocol = 'tcp'; }, '/spec/ports/0/protocol: must be one of SCTP, TCP, UDP; got tcp'],
  ['an appProtocol with a space', ({ spec }) => { spec.ports[0].appProtocol = 'h2 c'; }, '/spec/ports/0/appProtocol: must be at most 63'],
  ['a node port of ClusterIP', ({ spec }) => { spec.ports[0].nodePort = 30080; }, '/spec/ports/0/nodePort: cannot be set when the type is ClusterIP'],
  ['a node port outside of the range', ({ spec }) => { spec.type = 'NodePort'; spec.ports[0].nodePort = 32768; }, '/spec/ports/0/nodePort: must be from 30000 to 32767'],
  ['a misspelt type', ({ spec }) => { spec.type = 'Loadbalancer'; }, '/spec/type: must be one of ClusterIP, ExternalName, LoadBalancer, NodePort'],
  ['a traffic policy of ClusterIP', ({ spec }) => { spec.externalTrafficPolicy = 'Local'; }, '/spec/externalTrafficPolicy: cannot be set when the type is ClusterIP'],
  ['a class of NodePort', ({ spec }) => { spec.type = 'NodePort'; spec.loadBalancerClass = 'a/b'; }, '/spec/loadBalancerClass: cannot be set when the type is NodePort'],
  ['a source range without length', ({ spec }) => { Object.assign(spec, { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0'] }); },
    '/spec/loadBalancerSourceRanges/0: must be a CIDR block'],
  ['a health check port of NodePort', ({ spec }) => { Object.assign(spec, { type: 'NodePort', healthCheckNodePort: 30090 }); }, '/spec/healthCheckNodePort: cannot be set'],
  ['an unknown family policy', ({ spec }) => { spec.ipFamilyPolicy = 'DualStack'; }, '/spec/ipFamilyPolicy: must be one of'],
  ['an unknown distribution', ({ spec }) => { spec.trafficDistribution = 'Local'; }, '/spec/trafficDistribution: must be one of'],
  ['a label value with a space', ({ spec }) => { spec.selector.app = 'sh op'; }, '/spec/selector/app: must be empty, or at most 63'],
  ['matchLabels', ({ spec }) => { spec.selector = { matchLabels: { a: 'b' } }; }, '/spec/selector/matchLabels: must be a string; got an object'],
  ['no external name', ({ spec }) => { spec.type = 'ExternalName'; }, '/spec/externalName: is required'],
  ['a headless NodePort', ({ spec }) => { Object.assign(spec, { type: 'NodePort', clusterIP: 'None' }); }, '/spec/clusterIP: cannot be None when the type is NodePort'],
  ['a loopback address', ({ spec }) => { spec.externalIPs = ['127.0.0.1']; }, '/spec/externalIPs/0: must be an address that is neither'],
])('a Service with %s', (_, change, fault) => {
  expect(faultsAfter(service, change)).toEqual([expect.stringContaining(fault)]);
});

test.each<[string, Change]>([
  ['a target port of 0', ({ spec }) => { spec.ports[0].targetPort = 0; }],
  ['the same port of two protocols', ({ spec }) => { spec.ports.push({ name: 'b', port: 80, protocol: 'UDP' }); }],
  ['no port and no address', ({ spec }) => { Object.assign(spec, { ports: null, clusterIP: 'None' }); }],
  ['an external name with a dot at its end', ({ spec }) => { Object.assign(spec, { type: 'ExternalName', externalName: 'a.example.com.', ports: [] }); }],
  ['a source range with spaces', ({ spec }) => { Object.assign(spec, { type: 'LoadBalancer', loadBalancerSourceRanges: [' 10.0.0.0/8 '] }); }],
])('a Service with %s is accepted', (_, change) => {
  expect(faultsAfter(service, change)).toEqual([]);
});

const backend = { service: { name: 'shop', port: { number: 80 } } };
const ingress = {
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata,
  spec: { ingressClassName: 'alb', tls: [{ hosts: ['*.example.com'] }], rules: [{ host: '*.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
};

test.each<[string, Change, string]>([
  ['neither rules nor backend', ({ spec }) => { delete spec.rules; }, '/spec: must have defaultBackend or rules'],
  ['an address as host', ({ spec }) => { spec.rules[0].host = '10.0.0.1'; }, '/spec/rules/0/host: must be a DNS name, not an IP address; got 10.0.0.1'],
  ['a host with a port', ({ spec }) => { spec.rules[0].host = 'a.example.com:80'; }, '/spec/rules/0/host: must be a DNS name: '],
  ['a star within a host', ({ spec }) => { spec.rules[0].host = 'a*.example.com'; }, '/spec/rules/0/host: must be a DNS name with * as its first label alone'],
  ['a host of TLS with capitals', ({ spec }) => { spec.tls[0].hosts = ['Example.com']; }, '/spec/tls/0/hosts/0: must be a DNS name'],
  ['an empty list of paths', ({ spec }) => { spec.rules[0].http.paths = []; }, '/spec/rules/0/http/paths: is required'],
  ['a path with two slashes', ({ spec }) => { spec.rules[0].http.paths[0].path = '/a//b'; }, '/spec/rules/0/http/paths/0/path: must not contain //; got "/a//b"'],
  ['a port name of 21 characters', ({ spec }) => { spec.rules[0].http.paths[0].backend.service.port = { name: 'a-very-long-port-name' }; }, 'port/name: must be 1 to 15'],
  ['a class with capitals', ({ spec }) => { spec.ingressClassName = 'ALB'; }, '/spec/ingressClassName: must be 1 to 253'],
  ['another class in the annotation', ({ metadata: own }) => { own.annotations = { 'kubernetes.io/ingress.class': 'nginx' }; }, 'must be the same as spec.ingressClassName'],
])('an Ingress with %s', (_, change, fault) => {
  expect(faultsAfter(ingress, change)).toEqual([expect.stringContaining(fault)]);
});

test('a valid Ingress has no fault', () => {
  expect(faultsAfter(ingress)).toEqual([]);
});

test('a model reads an Ingress whose fault is elsewhere than in its paths and backends', () => {
  const kept = (spec: object) => faultsForModels({ object: { ...ingress, spec }, origin: { file: 'a', document: 1, line: 1 } }).map(({ pointer }) => pointer);
  expect(kept({ ...ingress.spec, ingressClassName: 'ALB', misspelt: 1 })).toEqual([]);
  expect(kept({ ...ingress.spec, defaultBackend: {} })).toEqual(['/spec/defaultBackend']);
  expect(kept({ ...ingress.spec, rules: [{ host: 1 }] })).toEqual(['/spec/rules/0/host']);
});

const of = (type: string, rest: object) => {
  const [apiVersion, kind] = type.split(' ');
  return { apiVersion, kind, metadata, ...rest };
};
const autoscaler = of('autoscaling/v2 HorizontalPodAutoscaler', {
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' }, minReplicas: 2, maxReplicas: 5,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
    behavior: { scaleDown: { policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }] } },
  },
});
const budget = of('policy/v1 PodDisruptionBudget', { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'shop' } } } });
const role = of('rbac.authorization.k8s.io/v1 Role', { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] });
const binding = of('rbac.authorization.k8s.io/v1 RoleBinding', { roleRef: { kind: 'Role', name: 'a' }, subjects: [{ kind: 'ServiceAccount', name: 'a' }, { kind: 'User', name: 'B' }] });
const secret = of('v1 Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'YQ==' }, stringData: { 'tls.key': 'a' } });
const configMap = of('v1 ConfigMap', { data: { 'a.yaml': 'b' }, binaryData: { c: 'YQ==\n' } });
const policy = of('networking.k8s.io/v1 NetworkPolicy', {
  spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 80, endPort: 90 }] }] },
});
const ingressClass = of('networking.k8s.io/v1 IngressClass', { spec: { controller: 'ingress.k8s.aws/alb', parameters: { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'a' } } });

test.each([autoscaler, budget, role, binding, secret, configMap, policy, ingressClass].map(object => [object.kind, object] as const))('a valid %s has no fault', (_, object) => {
  expect(faultsAfter(object)).toEqual([]);
});

test.each<[object, Change, string]>([
  [autoscaler, ({ spec }) => { delete spec.maxReplicas; }, '/spec/maxReplicas: is required'],
  [autoscaler, ({ spec }) => { spec.maxReplicas = 1; }, '/spec/maxReplicas: must be at least minReplicas, which is 2; got 1'],
  [autoscaler, ({ spec }) => { spec.metrics[0].resource.target.averageUtilization = 0; }, '/spec/metrics/0/resource/target/averageUtilization: must be at least 1; got 0'],
  [autoscaler, ({ spec }) => { spec.metrics[0].resource.target.averageValue = 1; }, '/spec/metrics/0/resource/target/averageValue: cannot be set together'],
  [autoscaler, ({ spec }) => { spec.metrics[0] = { type: 'Pods' }; }, '/spec/metrics/0/pods: is required: the type is Pods'],
  [autoscaler, ({ spec }) => { spec.behavior.scaleDown.policies[0].type = 'percent'; }, '/spec/behavior/scaleDown/policies/0/type: must be one of Percent, Pods'],
  [autoscaler, ({ spec }) => { spec.behavior.scaleDown.policies = []; }, '/spec/behavior/scaleDown/policies: must have at least one policy'],
  [autoscaler, ({ spec }) => { spec.behavior.scaleDown.stabilizationWindowSeconds = 3601; }, '/spec/behavior/scaleDown/stabilizationWindowSeconds: must be from 0 to 3600'],
  [budget, ({ spec }) => { spec.minAvailable = 1; }, '/spec: cannot have both minAvailable and maxUnavailable'],
  [budget, ({ spec }) => { spec.maxUnavailable = '110%'; }, '/spec/maxUnavailable: must be at most 100%; got 110%'],
  [budget, ({ spec }) => { spec.unhealthyPodEvictionPolicy = 'Always'; }, '/spec/unhealthyPodEvictionPolicy: must be one of AlwaysAllow, IfHealthyBudget'],
  [role, ({ rules }) => { rules[0].verbs = []; }, '/rules/0/verbs: is required'],
  [role, ({ rules }) => { rules[0] = { nonResourceURLs: ['/x'], verbs: ['get'] }; }, '/rules/0/nonResourceURLs: cannot be set in a Role'],
  [role, ({ rules }) => { rules[0].resources = 'secrets'; }, '/rules/0/resources: must be a list; got the string secrets'],
  [binding, ({ roleRef }) => { roleRef.kind = 'role'; }, '/roleRef/kind: must be one of Role, ClusterRole; got role'],
  [binding, ({ subjects }) => { subjects[0].kind = 'serviceaccount'; }, '/subjects/0/kind: must be one of ServiceAccount, User, Group'],
  [binding, ({ subjects }) => { subjects[0].name = 'A_b'; }, '/subjects/0/name: must be 1 to 253'],
  [secret, object => { delete object.stringData; }, '/data: must have the key tls.key when the type is kubernetes.io/tls'],
  [secret, ({ data }) => { data['tls.crt'] = 'not base64'; }, '/data/tls.crt: must be base64; got the string not base64'],
  [configMap, ({ data }) => { data['a/b'] = 'x'; }, '/data/a~1b: the key must be 1 to 253 letters'],
  [configMap, ({ data }) => { data.a = 1; }, '/data/a: must be a string; got the number 1: put it in quotes'],
  [configMap, ({ data }) => { data.c = 'x'; }, '/data/c: c is in binaryData too'],
  [policy, ({ spec }) => { spec.policyTypes = ['ingress']; }, '/spec/policyTypes/0: must be one of Egress, Ingress; got ingress'],
  [policy, ({ spec }) => { spec.ingress[0].ports[0].endPort = 79; }, '/spec/ingress/0/ports/0/endPort: must be at least port, which is 80; got 79'],
  [policy, ({ spec }) => { spec.ingress[0].from[0].ipBlock.except = ['11.0.0.0/16']; }, '/spec/ingress/0/from/0/ipBlock/except/0: must be a smaller block in cidr'],
  [policy, ({ spec }) => { spec.ingress[0].from = [{}]; }, '/spec/ingress/0/from/0: must have podSelector, namespaceSelector or ipBlock'],
  [ingressClass, ({ spec }) => { spec.controller = 'alb'; }, '/spec/controller: must be a domain and a path'],
  [ingressClass, ({ spec }) => { spec.parameters.scope = 'Namespace'; }, '/spec/parameters/namespace: is required'],
])('%# of other kinds', (object, change, fault) => {
  expect(faultsAfter(object, change)).toEqual([expect.stringContaining(fault)]);
});
