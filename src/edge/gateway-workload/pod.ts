// The pod of a gateway: what istiod's `gateway` template needs to see, and how the pod lets go of its connections.
import { k8s } from 'cdk8s-plus-28';
import type { GatewayDeployment } from './deployment';

/**
 * Bootstrap settings of the proxy: they are read from the pod template only, and a change restarts the pods.
 *
 * `SANITIZE_SET` is what a gateway of Istio 1.30 does by default (pilot/pkg/networking/core/gateway.go), while the documentation
 * says `SANITIZE`. It is written down because all depends on it: an ALB hands on whatever `x-forwarded-client-cert` a client sends,
 * and a gateway that forwarded it would let everybody name the certificate that he does not have.
 */
export function proxyConfig({ trustedProxies, drainSeconds, exposure }: GatewayDeployment): string {
  return [
    'gatewayTopology:',
    '  forwardClientCertDetails: SANITIZE_SET',
    `  numTrustedProxies: ${trustedProxies}`,
    ...(exposure._proxyProtocol ? ['  proxyProtocol: {}'] : []),
    `terminationDrainDuration: ${drainSeconds}s`,
    '',
  ].join('\n');
}

/** What the container does before it is told to stop: it waits for the load balancer to notice that the pod goes away. */
export function lifecycle({ preStopSeconds }: GatewayDeployment): { preStop: { exec: { command: string[] } } } {
  return { preStop: { exec: { command: ['sleep', String(preStopSeconds)] } } };
}

/** Spreads the pods over the zones, as far as there is room. */
export function zoneSpread({ selector }: GatewayDeployment): k8s.TopologySpreadConstraint[] {
  return [{
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { ...selector } },
  }];
}

/** The pod template. Facts: Istio 1.30 manifests/charts/gateway and …/istio-discovery/files/gateway-injection-template.yaml. */
export function gatewayPod(gateway: GatewayDeployment): k8s.PodTemplateSpec {
  const { name, selector, revision } = gateway;
  return {
    metadata: {
      labels: {
        ...selector,
        'app.kubernetes.io/name': name,
        'istio.io/dataplane-mode': 'none',
        'sidecar.istio.io/inject': 'true',
        ...(revision === undefined ? {} : { 'istio.io/rev': revision }),
      },
      annotations: {
        'prometheus.io/path': '/stats/prometheus',
        'prometheus.io/port': '15020',
        'prometheus.io/scrape': 'true',
        ...gateway.podAnnotations,
        'inject.istio.io/templates': 'gateway',
        'proxy.istio.io/config': proxyConfig(gateway),
      },
    },
    spec: {
      serviceAccountName: name,
      terminationGracePeriodSeconds: gateway.graceSeconds,
      securityContext: {
        // Lets the proxy bind 80 and 443 without root; the sysctl is on Kubernetes' safe list.
        sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: zoneSpread(gateway),
      containers: [proxyContainer(gateway)],
    },
  };
}

function proxyContainer(gateway: GatewayDeployment): k8s.Container {
  return {
    // Name and image are the template's: it fills in the container of this name and replaces the image `auto`.
    name: 'istio-proxy',
    image: 'auto',
    lifecycle: lifecycle(gateway),
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    resources: { requests: quantities(gateway.resources.requests), limits: quantities(gateway.resources.limits) },
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

function quantities({ cpu, memory }: { readonly cpu: string; readonly memory: string }): Record<string, k8s.Quantity> {
  return { cpu: k8s.Quantity.fromString(cpu), memory: k8s.Quantity.fromString(memory) };
}
