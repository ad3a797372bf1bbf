// The pod template of a gateway: the input of istiod's `gateway` injection template, and how the pod drains its connections.
import { k8s } from 'cdk8s-plus-28';
import type { GatewayDeployment } from './deployment';
import type { SettledResources } from './resources';

/**
 * Bootstrap settings of the proxy. They are only read from the pod template, so a change restarts the pods.
 *
 * `SANITIZE_SET` is the default of gateways in Istio 1.30 (pilot/pkg/networking/core/gateway.go), although the documentation says
 * `SANITIZE`. It is set explicitly because security depends on it: an ALB forwards any `x-forwarded-client-cert` header that a client
 * sends, and a gateway that forwarded it as well would let clients claim certificates they do not have.
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

/** The preStop hook: the container waits until the load balancer has noticed that the pod is terminating. */
export function lifecycle({ preStopSeconds }: GatewayDeployment): { preStop: { exec: { command: string[] } } } {
  return { preStop: { exec: { command: ['sleep', String(preStopSeconds)] } } };
}

/** The pod template. Facts: Istio 1.30 manifests/charts/gateway and …/istio-discovery/files/gateway-injection-template.yaml. */
export function gatewayPod(gateway: GatewayDeployment): k8s.PodTemplateSpec {
  const { name, selector, revision } = gateway;
  return {
    metadata: {
      labels: {
        ...gateway.labels,
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
        // Lets the proxy bind 80 and 443 without root. Kubernetes considers this sysctl safe.
        sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: gateway.topologySpreadConstraints,
      ...gateway.placement,
      containers: [proxyContainer(gateway)],
    },
  };
}

function proxyContainer(gateway: GatewayDeployment): k8s.Container {
  return {
    // The injection template completes the container with this name and replaces the image `auto`.
    name: 'istio-proxy',
    image: 'auto',
    env: gateway.env,
    volumeMounts: gateway.volumeMounts,
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

function quantities({ cpu, memory }: SettledResources['limits']): Record<string, k8s.Quantity> {
  return { cpu: k8s.Quantity.fromString(cpu), memory: k8s.Quantity.fromString(memory) };
}
