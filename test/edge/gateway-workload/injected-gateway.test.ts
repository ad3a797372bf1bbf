// A gateway deployed by injection, alone: everything that its pods need.
import { Duration, Size } from 'cdk8s';
import { ALB_PREFIX } from '../../../src/base/alb-annotations/annotations';
import { TargetType } from '../../../src/base/alb-annotations/words';
import { AlbController } from '../../../src/base/alb-annotations/controller';
import { GatewayEntry, ServiceExposure } from '../../../src/edge/gateway-workload/service';
import { InjectedGateway, type InjectedGatewayProps } from '../../../src/edge/gateway-workload/injected-gateway';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';

const METADATA = {
  name: 'istio-ingress',
  namespace: 'istio-ingress',
  labels: labels('istio-ingress', 'gateway'),
};
const SELECTOR = { app: 'istio-ingress', istio: 'ingress' };

function injected(props?: InjectedGatewayProps): InjectedGateway {
  return new InjectedGateway(emptyChart(), 'Workload', props);
}

test('it renders eight objects', () => {
  expect(synthesized(injected()).map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ['Namespace', { name: 'istio-ingress', labels: { ...METADATA.labels, 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' } }],
    ...['ServiceAccount', 'Role', 'RoleBinding', 'Service', 'Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'].map(kind => [kind, METADATA]),
  ]);
});

test('the Namespace can belong to somebody else', () => {
  expect(synthesized(injected({ createNamespace: false }), 'Namespace')).toEqual([]);
});

test('its ServiceAccount may read the Secrets of its namespace, and is its identity', () => {
  const made = injected();
  expect({
    workload: made.workload.serviceAccount,
    pods: theOnly(made, 'Deployment').spec.template.spec.serviceAccountName,
    object: theOnly(made, 'ServiceAccount').metadata.name,
  }).toEqual({ workload: 'istio-ingress', pods: 'istio-ingress', object: 'istio-ingress' });
  expect(theOnly(made, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }]);
  expect(theOnly(made, 'RoleBinding')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'istio-ingress' },
    subjects: [{ kind: 'ServiceAccount', name: 'istio-ingress', namespace: 'istio-ingress' }],
  });
});

test('the Deployment replaces pods one at a time and leaves the replica count to the autoscaler', () => {
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
      'proxy.istio.io/config': 'gatewayTopology:\n  forwardClientCertDetails: SANITIZE_SET\n  numTrustedProxies: 1\nterminationDrainDuration: 30s\n',
    },
  });
});

test('the pod is a non-root proxy that outlives its drain duration', () => {
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

test('two to five pods, one of which may be unavailable', () => {
  const made = injected();
  expect(theOnly(made, 'HorizontalPodAutoscaler').spec).toEqual({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'istio-ingress' },
    minReplicas: 2,
    maxReplicas: 5,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
  });
  expect(theOnly(made, 'PodDisruptionBudget').spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: SELECTOR } });
});

test('maxReplicas follows minReplicas', () => {
  expect(theOnly(injected({ minReplicas: 8 }), 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 8, maxReplicas: 8 });
  expect(theOnly(injected({ minReplicas: 3, maxReplicas: 3 }), 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 3, maxReplicas: 3 });
});

test('trusted proxies, drain duration and revision are rendered into the pod template', () => {
  const made = injected({ trustedProxies: 2, drainDuration: Duration.minutes(2), revision: 'canary' });
  const { template } = theOnly(made, 'Deployment').spec;
  expect(template.metadata.annotations['proxy.istio.io/config']).toBe(
    'gatewayTopology:\n  forwardClientCertDetails: SANITIZE_SET\n  numTrustedProxies: 2\nterminationDrainDuration: 120s\n');
  expect(template.metadata.labels['istio.io/rev']).toBe('canary');
  expect(template.spec.terminationGracePeriodSeconds).toBe(150);
  expect(made.workload.drainDuration.toSeconds()).toBe(120);
});

test.each([['door', 'door'], ['istio-door', 'door'], ['istio', 'istio']])('the gateway %s has the label istio: %s', (gatewayName, istio) => {
  const made = injected({ gatewayName, namespace: 'front' });
  expect(made.workload.selector).toEqual({ app: gatewayName, istio });
  expect(theOnly(made, 'Service').spec.selector).toEqual(made.workload.selector);
  expect(theOnly(made, 'Deployment').spec.template.metadata.labels).toMatchObject(made.workload.selector);
  expect({ serviceName: made.workload.serviceName, workloadNamespace: made.workload.workloadNamespace })
    .toEqual({ serviceName: gatewayName, workloadNamespace: 'front' });
});

test('its exposure determines the Service and the target types', () => {
  const nodes = injected({ service: ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 }) });
  expect({ byDefault: theOnly(injected(), 'Service').spec.type, nodes: theOnly(nodes, 'Service').spec.type }).toEqual({ byDefault: 'ClusterIP', nodes: 'NodePort' });
  expect({ byDefault: injected().workload.targetTypes, nodes: nodes.workload.targetTypes })
    .toEqual({ byDefault: [TargetType.IP], nodes: [TargetType.INSTANCE, TargetType.IP] });
});

describe('behind a Network Load Balancer', () => {
  it('no header is trusted', () => {
    const made = injected({ service: ServiceExposure.networkLoadBalancer() });
    expect({ entry: made.workload.entry, targetTypes: made.workload.targetTypes, trustedProxies: made.workload.trustedProxies })
      .toEqual({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, targetTypes: [], trustedProxies: 0 });
    expect(theOnly(made, 'Deployment').spec.template.metadata.annotations['proxy.istio.io/config'])
      .toBe('gatewayTopology:\n  forwardClientCertDetails: SANITIZE_SET\n  numTrustedProxies: 0\nterminationDrainDuration: 30s\n');
  });

  it('it describes the listeners, and whether client addresses are known', () => {
    const made = injected({ service: ServiceExposure.networkLoadBalancer({ https: false, tcpPorts: [5432], preserveClientIp: false }) });
    expect(made.workload).toMatchObject({ plainHttpOnly: true, tcpPorts: [5432], seesClientAddress: false });
    expect(theOnly(made, 'Service').spec.ports.map(({ name }: { name: string }) => name)).toEqual(['http2', 'tcp-5432']);
    expect(injected().workload).toMatchObject({ plainHttpOnly: false, tcpPorts: [], seesClientAddress: true });
  });

  it('the gateway expects the PROXY protocol', () => {
    expect(theOnly(injected({ service: ServiceExposure.networkLoadBalancer({ proxyProtocol: true }) }), 'Deployment').spec.template.metadata.annotations['proxy.istio.io/config'])
      .toBe('gatewayTopology:\n  forwardClientCertDetails: SANITIZE_SET\n  numTrustedProxies: 0\n  proxyProtocol: {}\nterminationDrainDuration: 30s\n');
  });

  it('the Service carries its annotations, with the drain as deregistration delay, next to those of the user', () => {
    const service = theOnly(injected({
      service: ServiceExposure.networkLoadBalancer(), drainDuration: Duration.seconds(45), serviceAnnotations: { 'example.com/owner': 'edge' },
    }), 'Service');
    expect(service.metadata.annotations).toMatchObject({
      'example.com/owner': 'edge',
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
      'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes':
        'deregistration_delay.timeout_seconds=45,preserve_client_ip.enabled=true,proxy_protocol_v2.enabled=false',
    });
    expect(service.spec.loadBalancerClass).toBe('service.k8s.aws/nlb');
  });

  describe('that EKS Auto Mode builds', () => {
    const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';
    const PROXY = `${AWS}proxy-protocol`;
    const ATTRIBUTES = `${AWS}target-group-attributes`;
    const ofService = (controller: AlbController, proxyProtocol = false) => theOnly(injected({
      service: ServiceExposure.networkLoadBalancer({ controller, proxyProtocol }),
    }), 'Service');

    it('has its class, and none of the annotations that it ignores', () => {
      const [own, other] = [AlbController.EKS_AUTO_MODE, AlbController.AWS_LOAD_BALANCER_CONTROLLER].map(controller => ofService(controller));
      const { [`${AWS}type`]: type, ...shared } = other.metadata.annotations!;
      expect(type).toBe('external');
      expect(own.metadata.annotations).toEqual(shared);
      expect(own.spec).toEqual({ ...other.spec, loadBalancerClass: 'eks.amazonaws.com/nlb' });
    });

    it('asks for the PROXY protocol by attributes alone', () => {
      const [own, other] = [AlbController.EKS_AUTO_MODE, AlbController.AWS_LOAD_BALANCER_CONTROLLER].map(controller => ofService(controller, true).metadata.annotations!);
      expect([own[PROXY], other[PROXY]]).toEqual([undefined, '*']);
      expect(own[ATTRIBUTES]).toBe(other[ATTRIBUTES]);
      expect(own[ATTRIBUTES]).toContain('proxy_protocol_v2.enabled=true');
    });

    it('has no further annotations that it ignores', () => {
      const serviceAnnotations = { [`${AWS}cross-zone-load-balancing-enabled`]: 'true' };
      const made = (controller: AlbController) => injected({ service: ServiceExposure.networkLoadBalancer({ controller }), serviceAnnotations });
      expect(refusal(() => made(AlbController.EKS_AUTO_MODE))).toMatchObject({
        prop: `serviceAnnotations.${AWS}cross-zone-load-balancing-enabled`, value: 'true',
        reason: 'cannot be set, because EKS Auto Mode ignores it: use aws-load-balancer-attributes',
      });
      expect(() => made(AlbController.AWS_LOAD_BALANCER_CONTROLLER)).not.toThrow();
    });
  });
});

test('each number of the preset is a prop', () => {
  const made = injected({
    preStopDuration: Duration.seconds(20), drainDuration: Duration.seconds(40), targetCpuPercent: 60, podAnnotations: { 'example.com/istio': '1.30.1' },
    resources: { cpuRequestMillis: 500, cpuLimitMillis: 1500, memoryRequest: Size.mebibytes(512), memoryLimit: Size.gibibytes(2) },
  });
  const { metadata, spec } = theOnly(made, 'Deployment').spec.template;
  expect(metadata.annotations).toMatchObject({ 'example.com/istio': '1.30.1', 'inject.istio.io/templates': 'gateway' });
  expect(spec.terminationGracePeriodSeconds).toBe(75);
  expect(spec.containers[0]).toMatchObject({
    lifecycle: { preStop: { exec: { command: ['sleep', '20'] } } },
    resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '1500m', memory: '2Gi' } },
  });
  expect(theOnly(made, 'HorizontalPodAutoscaler').spec.metrics[0].resource.target.averageUtilization).toBe(60);
});

test('limits follow the requests', () => {
  const { containers } = theOnly(injected({ resources: { cpuRequestMillis: 3000, memoryRequest: Size.gibibytes(4) } }), 'Deployment').spec.template.spec;
  expect(containers[0].resources).toEqual({ requests: { cpu: '3', memory: '4Gi' }, limits: { cpu: '3', memory: '4Gi' } });
});

test.each([[1, 1], [1, 3600], [3600, 1], [3600, 3600]])('a pod that waits %d s and drains %d s is not killed before', (wait, drain) => {
  const made = injected({ preStopDuration: Duration.seconds(wait), drainDuration: Duration.seconds(drain) });
  expect(theOnly(made, 'Deployment').spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(wait + drain);
});

test.each<[InjectedGatewayProps, string, unknown]>([
  [{ preStopDuration: Duration.seconds(0) }, 'preStopDuration', '0 ms'],
  [{ preStopDuration: Duration.seconds(3601) }, 'preStopDuration', '3601000 ms'],
  [{ targetCpuPercent: 0 }, 'targetCpuPercent', 0],
  [{ targetCpuPercent: 1001 }, 'targetCpuPercent', 1001],
  [{ resources: { cpuRequestMillis: 0 } }, 'resources.cpuRequestMillis', 0],
  [{ resources: { cpuLimitMillis: 99 } }, 'resources.cpuLimitMillis', 99],
  [{ resources: { memoryRequest: Size.kibibytes(1) } }, 'resources.memoryRequest', '1 KiB'],
  [{ resources: { memoryRequest: Size.mebibytes(1.0001) } }, 'resources.memoryRequest', '1024.1024 KiB'],
  [{ resources: { memoryLimit: Size.mebibytes(127) } }, 'resources.memoryLimit', '130048 KiB'],
  [{ podAnnotations: { 'proxy.istio.io/config': '' } }, 'podAnnotations.proxy.istio.io/config', ''],
  [{ podAnnotations: { 'a b': '' } }, 'podAnnotations', 'a b'],
  [{ podAnnotations: { a: 1 as unknown as string } }, 'podAnnotations.a', 1],
  [{ serviceAnnotations: { [`${ALB_PREFIX}healthcheck-path`]: '/' } }, `serviceAnnotations.${ALB_PREFIX}healthcheck-path`, '/'],
  [{ serviceAnnotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' } },
    'serviceAnnotations.service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal'],
])('%j is refused', (props, prop, value) => {
  expect(refusal(() => injected(props))).toMatchObject({ prop, value, path: 'chart/Workload' });
});
