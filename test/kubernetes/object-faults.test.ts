// The schemas of the kinds: each good object passes, and each of its changes is a fault in the place where it was made.
import { faultsOf, objectFaults } from './object-faults';

interface Case {
  readonly good: Record<string, any>;
  /** The change that is made to the good object, and what is then wrong with it. */
  readonly changes: readonly (readonly [change: (object: any) => void, ...faults: string[]])[];
}

const labels = { app: 'shop' };
const meta = { name: 'shop', namespace: 'shop' };
const container = {
  name: 'shop', image: 'shop:1', ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }], resources: { requests: { cpu: '100m', memory: '1Gi' }, limits: { cpu: 1 } },
};

const deployment: Case = {
  good: {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta,
    spec: {
      replicas: 2, selector: { matchLabels: labels }, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      template: { metadata: { labels }, spec: { hostIPC: false, containers: [container] } },
    },
  },
  changes: [
    [({ spec }) => { spec.replica = 1; }, '/spec/replica: no such field'],
    [({ spec }) => { spec.template.spec.containers[0].image_ = 'a'; }, '/spec/template/spec/containers/0/image_: no such field'],
    [({ spec }) => { spec.template.spec.hostIpc = true; }, '/spec/template/spec/hostIpc: no such field'],
    [object => { object.extra = 1; }, '/extra: no such field'],
    [({ spec }) => { delete spec.selector; }, "/spec: must have required property 'selector'"],
    [({ spec }) => { delete spec.template.spec.containers[0].name; }, "/spec/template/spec/containers/0: must have required property 'name'"],
    [({ metadata }) => { metadata.labels = { version: 1 }; }, '/metadata/labels/version: must be string'],
    [({ spec }) => { spec.replicas = '2'; }, '/spec/replicas: must be number'],
    [({ spec }) => { spec.replicas = null; }, '/spec/replicas: must be number'],
    [({ spec }) => { spec.replicas = 2.5; }, '/spec/replicas: must be integer', '/spec/replicas: must match format "int32"'],
    [({ spec }) => { spec.strategy.rollingUpdate.maxSurge = 0.5; }, '/spec/strategy/rollingUpdate/maxSurge: must be integer,string'],
    [({ spec }) => { spec.strategy.type = 'Rolling'; }, '/spec/strategy/type: must be one of Recreate, RollingUpdate'],
    [({ spec }) => { spec.template.spec.containers[0].ports[0].protocol = 'tcp'; }, '/spec/template/spec/containers/0/ports/0/protocol: must be one of SCTP, TCP, UDP'],
    [({ spec }) => { spec.template.spec.containers[0].resources.limits.cpu = '1 core'; },
      ...['must be number', 'must match format "quantity"', 'must match exactly one schema in "oneOf"'].map(fault => `/spec/template/spec/containers/0/resources/limits/cpu: ${fault}`)],
    [object => { object.apiVersion = 'apps/v1beta1'; }, 'has no schema: apps/v1beta1 Deployment'],
    [object => { object.kind = 'Deploymint'; }, 'has no schema: apps/v1 Deploymint'],
    [object => { object.kind = 'index'; }, 'has no schema: apps/v1 index'],
  ],
};

const autoModeParams: Case = {
  good: {
    apiVersion: 'eks.amazonaws.com/v1', kind: 'IngressClassParams', metadata: { name: 'public' },
    spec: { scheme: 'internal', group: { name: 'public' }, certificateARNs: ['arn:a'], tags: [{ key: 'a', value: 'b' }] },
  },
  changes: [
    [({ spec }) => { spec.certificateArn = ['arn:a']; }, '/spec/certificateArn: no such field'],
    [({ spec }) => { spec.scheme = 'public'; }, '/spec/scheme: must be one of internal, internet-facing'],
    [({ spec }) => { delete spec.tags[0].key; }, "/spec/tags/0: must have required property 'key'"],
    [object => { object.apiVersion = 'eks.amazonaws.com/v2'; }, 'has no schema: eks.amazonaws.com/v2 IngressClassParams'],
  ],
};

const service: Case = {
  good: { apiVersion: 'v1', kind: 'Service', metadata: meta, spec: { clusterIP: 'None', selector: labels, ports: [{ port: 80, targetPort: 'http' }] } },
  changes: [
    [({ spec }) => { spec.ports[0].targetPort = { number: 80 }; }, '/spec/ports/0/targetPort: must be integer,string'],
    [({ spec }) => { delete spec.ports[0].port; }, "/spec/ports/0: must have required property 'port'"],
    [({ spec }) => { spec.clusterIp = 'None'; }, '/spec/clusterIp: no such field'],
    [({ spec }) => { spec.type = 'Loadbalancer'; }, '/spec/type: must be one of ClusterIP, ExternalName, LoadBalancer, NodePort'],
    [object => { object.spec = []; }, '/spec: must be object'],
  ],
};

const path = { path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } };
const ingress: Case = {
  good: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { ...meta, annotations: { a: 'true' } }, spec: { rules: [{ http: { paths: [path] } }] } },
  changes: [
    [({ spec }) => { spec.rules[0].http.paths[0].pathType = 'prefix'; }, '/spec/rules/0/http/paths/0/pathType: must be one of Exact, ImplementationSpecific, Prefix'],
    [({ spec }) => { spec.rules[0].http.paths[0].backend = { serviceName: 'a' }; }, '/spec/rules/0/http/paths/0/backend/serviceName: no such field'],
    [({ metadata }) => { metadata.annotations.a = true; }, '/metadata/annotations/a: must be string'],
    [object => { object.apiVersion = 'extensions/v1beta1'; }, 'has no schema: extensions/v1beta1 Ingress'],
  ],
};

const virtualService: Case = {
  good: {
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: meta, spec: { hosts: ['a.example'], http: [{ route: [{ destination: { host: 'shop' } }] }] },
  },
  changes: [
    [({ spec }) => { delete spec.http[0].route[0].destination; }, '/spec/http/0/route/0: the field destination is required'],
    [({ metadata }) => { metadata.label = {}; }, '/metadata/label: no such field'],
    [object => { object.apiVersion = 'networking.istio.io/v1alpha1'; }, 'has no schema: networking.istio.io/v1alpha1 VirtualService'],
  ],
};

const certificate: Case = {
  good: { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: meta, spec: { secretName: 'a', dnsNames: ['a.example'], issuerRef: { name: 'a', kind: 'ClusterIssuer' } } },
  changes: [
    [({ spec }) => { delete spec.issuerRef; }, '/spec: must have required property issuerRef'],
    [({ spec }) => { spec.issuerRef.issuer = 'a'; }, '/spec/issuerRef/issuer: no such field'],
    [({ spec }) => { spec.privateKey = { algorithm: 'EC' }; }, '/spec/privateKey/algorithm: must be one of RSA, ECDSA, Ed25519'],
  ],
};

const health = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', inProgress: 'a', current: 'b' };
const fluxKustomization: Case = {
  good: {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: meta,
    spec: {
      interval: '10m', prune: true, sourceRef: { kind: 'GitRepository', name: 'a' }, commonMetadata: { labels }, postBuild: {}, deletionPolicy: 'Orphan',
      healthCheckExprs: [health], ignore: [{ target: { kind: 'VirtualService' }, paths: ['/spec'] }],
    },
  },
  changes: [
    [({ spec }) => { spec.interval = '10'; }, '/spec/interval: must match pattern "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$"'],
    [({ spec }) => { spec.dependOn = []; }, '/spec/dependOn: no such field'],
    [({ spec }) => { spec.postBuild.substitutes = {}; }, '/spec/postBuild/substitutes: no such field'],
    [({ spec }) => { spec.sourceRef.kind = 'Git'; }, '/spec/sourceRef/kind: must be one of OCIRepository, GitRepository, Bucket'],
    [({ spec }) => { spec.deletionPolicy = 'Keep'; }, '/spec/deletionPolicy: must be one of MirrorPrune, Delete, WaitForTermination, Orphan'],
    [({ spec }) => { spec.healthCheckExprs[0].currently = 'a'; }, '/spec/healthCheckExprs/0/currently: no such field'],
    [({ spec }) => { delete spec.ignore[0].paths; }, "/spec/ignore/0: must have required property 'paths'"],
  ],
};

const source = { repoURL: 'https://git.example/a.git', path: 'dist/a' };
const argoApplication: Case = {
  good: {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: meta,
    spec: { project: 'a', destination: { name: 'a' }, source: { ...source, helm: { valuesObject: { any: { thing: 1 } } } }, syncPolicy: { automated: { prune: true } } },
  },
  changes: [
    [({ spec }) => { spec.source.repoUrl = 'a'; }, '/spec/source/repoUrl: no such field'],
    [({ spec }) => { delete spec.project; }, '/spec: must have required property project'],
    [({ spec }) => { spec.syncPolicy.automated.prune = 'yes'; }, '/spec/syncPolicy/automated/prune: must be boolean'],
    [object => { object.kind = 'Applications'; }, 'has no schema: argoproj.io/v1alpha1 Applications'],
  ],
};

describe.each<[string, Case]>(Object.entries({ deployment, service, ingress, autoModeParams, virtualService, certificate, fluxKustomization, argoApplication }))('%s', (_, { good, changes }) => {
  it('passes', () => {
    expect(faultsOf([good])).toEqual([]);
  });

  it.each(changes.map(([change, ...faults]) => [faults[0], change, faults] as const))('is refused: %s', (__, change, faults) => {
    const changed = structuredClone(good);
    change(changed);
    expect(objectFaults(changed)).toEqual(faults);
  });
});

test.each([null, 1, 'a', [], {}, { apiVersion: 'v1', kind: 'Service' }, { apiVersion: 'v1', kind: 'Service', metadata: { generateName: 'a' } }, { apiVersion: 1, kind: 'A', metadata: { name: 'a' } }])(
  'is no object: %j', object => {
    expect(objectFaults(object)).toEqual(['is no object with apiVersion, kind and metadata.name']);
  },
);

test('the fields are those of Kubernetes 1.28', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: meta, spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } };
  const since128 = { ...job, spec: { ...job.spec, podReplacementPolicy: 'Failed' } };
  const since129 = { ...job, spec: { template: { spec: { containers: [{ ...container, lifecycle: { preStop: { sleep: { seconds: 5 } } } }] } } } };
  const since130 = { ...service.good, spec: { ...service.good.spec, trafficDistribution: 'PreferClose' } };
  expect([job, since128, since129, since130].map(objectFaults)).toEqual([
    [], [], ['/spec/template/spec/containers/0/lifecycle/preStop/sleep: no such field'], ['/spec/trafficDistribution: no such field'],
  ]);
});

test('the same object twice is a fault, whatever the version of its API; other namespaces, groups and kinds are other objects', () => {
  const pdb = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: meta };
  const gateway = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: meta, spec: {} };
  expect(faultsOf([pdb, { ...pdb, metadata: { ...meta, namespace: 'other' } }, { ...pdb, metadata: { name: 'shop' } }])).toEqual([]);
  expect(faultsOf([pdb, service.good, pdb])).toEqual(['policy PodDisruptionBudget shop/shop is there twice']);
  expect(faultsOf([gateway, { ...gateway, apiVersion: 'networking.istio.io/v1beta1' }]).filter(fault => fault.endsWith('twice')))
    .toEqual(['networking.istio.io Gateway shop/shop is there twice']);
  expect(faultsOf([gateway, { ...gateway, apiVersion: 'gateway.networking.k8s.io/v1' }]).filter(fault => fault.endsWith('twice'))).toEqual([]);
});
