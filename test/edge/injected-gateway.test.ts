// A gateway deployed by injection, alone: everything that its pods need.
import { Duration } from 'cdk8s';
import { TargetType } from '../../src/base/alb-words';
import { ServiceExposure } from '../../src/edge/gateway-service';
import { InjectedGateway, type InjectedGatewayProps } from '../../src/edge/injected-gateway';
import { emptyChart, synthesized, theOnly } from '../synthesized';

const METADATA = {
  name: 'istio-ingress',
  namespace: 'istio-ingress',
  labels: {
    'app.kubernetes.io/name': 'istio-ingress',
    'app.kubernetes.io/component': 'gateway',
    'app.kubernetes.io/part-of': 'edge',
    'app.kubernetes.io/managed-by': 'cdk8s',
  },
};
const SELECTOR = { app: 'istio-ingress', istio: 'ingress' };

function injected(props?: InjectedGatewayProps): InjectedGateway {
  return new InjectedGateway(emptyChart(), 'Workload', props);
}

test('it is eight objects', () => {
  expect(synthesized(injected()).map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ['Namespace', { name: 'istio-ingress', labels: { ...METADATA.labels, 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' } }],
    ...['ServiceAccount', 'Role', 'RoleBinding', 'Service', 'Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'].map(kind => [kind, METADATA]),
  ]);
});

test('the Namespace can be somebody else\'s', () => {
  expect(synthesized(injected({ createNamespace: false }), 'Namespace')).toEqual([]);
});

test('its ServiceAccount may read the Secrets of its namespace', () => {
  const made = injected();
  expect(theOnly(made, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }]);
  expect(theOnly(made, 'RoleBinding')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'istio-ingress' },
    subjects: [{ kind: 'ServiceAccount', name: 'istio-ingress', namespace: 'istio-ingress' }],
  });
});

test('the Deployment replaces pods one after the other and leaves their number to the autoscaler', () => {
  const { spec: { template, ...spec } } = theOnly(injected(), 'Deployment');
  expect(spec).toEqual({
    selector: { matchLabels: SELECTOR },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
  });
  expect(template.metadata).toEqual({
    labels: { ...SELECTOR, 'app.kubernetes.io/name': 'istio-ingress', 'istio.io/dataplane-mode': 'none', 'sidecar.istio.io/inject': 'true' },
    annotations: {
      'inject.istio.io/templates': 'gateway',
      'prometheus.io/path': '/stats/prometheus',
      'prometheus.io/port': '15020',
      'prometheus.io/scrape': 'true',
      'proxy.istio.io/config': 'gatewayTopology:\n  numTrustedProxies: 1\nterminationDrainDuration: 30s\n',
    },
  });
});

test('the pod is a proxy without root that outlives its drain', () => {
  expect(theOnly(injected(), 'Deployment').spec.template.spec).toEqual({
    serviceAccountName: 'istio-ingress',
    terminationGracePeriodSeconds: 60,
    securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }], seccompProfile: { type: 'RuntimeDefault' } },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: SELECTOR } },
    ],
    containers: [{
      name: 'istio-proxy',
      image: 'auto',
      lifecycle: { preStop: { exec: { command: ['sleep', '15'] } } },
      ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } },
      securityContext: {
        allowPrivilegeEscalation: false, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: ['ALL'] },
      },
    }],
  });
});

test('two to five pods, of which one may be away', () => {
  const made = injected();
  expect(theOnly(made, 'HorizontalPodAutoscaler').spec).toEqual({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'istio-ingress' },
    minReplicas: 2,
    maxReplicas: 5,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
  });
  expect(theOnly(made, 'PodDisruptionBudget').spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: SELECTOR } });
});

test('the most replicas follow the fewest', () => {
  expect(theOnly(injected({ minReplicas: 8 }), 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 8, maxReplicas: 8 });
  expect(theOnly(injected({ minReplicas: 3, maxReplicas: 3 }), 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 3, maxReplicas: 3 });
});

test('trusted proxies, drain and revision end up in the pod template', () => {
  const made = injected({ trustedProxies: 2, drainDuration: Duration.minutes(2), revision: 'canary' });
  const { template } = theOnly(made, 'Deployment').spec;
  expect(template.metadata.annotations['proxy.istio.io/config']).toBe('gatewayTopology:\n  numTrustedProxies: 2\nterminationDrainDuration: 120s\n');
  expect(template.metadata.labels['istio.io/rev']).toBe('canary');
  expect(template.spec.terminationGracePeriodSeconds).toBe(150);
  expect(made.drainDuration.toSeconds()).toBe(120);
});

test.each([['door', 'door'], ['istio-door', 'door'], ['istio', 'istio']])('the gateway %s has the label istio: %s', (gatewayName, istio) => {
  const made = injected({ gatewayName, namespace: 'front' });
  expect(made.selector).toEqual({ app: gatewayName, istio });
  expect(theOnly(made, 'Service').spec.selector).toEqual(made.selector);
  expect(theOnly(made, 'Deployment').spec.template.metadata.labels).toMatchObject(made.selector);
  expect([made.serviceName, made.workloadNamespace]).toEqual([gatewayName, 'front']);
});

test('its exposure decides about the Service and the targets', () => {
  const nodes = injected({ service: ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 }) });
  expect([theOnly(injected(), 'Service').spec.type, theOnly(nodes, 'Service').spec.type]).toEqual(['ClusterIP', 'NodePort']);
  expect([injected().targetTypes, nodes.targetTypes]).toEqual([[TargetType.IP], [TargetType.INSTANCE, TargetType.IP]]);
});
