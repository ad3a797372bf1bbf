// The pod of an injected gateway: what istiod's `gateway` template needs to see, and how the pod lets go of its connections.
import { k8s } from 'cdk8s-plus-28';

/** What differs from gateway to gateway. */
export interface GatewayPod {
  readonly name: string;
  readonly selector: { readonly [key: string]: string };
  readonly trustedProxies: number;
  readonly drainSeconds: number;
  readonly revision: string | undefined;
}

/** Time for the load balancer to notice that a pod is going away; a pod that stops earlier is still sent requests. */
const PRE_STOP_SECONDS = 15;

/** Room between the end of the drain and the kill, so that the grace period is longer than both together. */
const SPARE_SECONDS = 15;

/** The pod template. Facts: Istio 1.30 manifests/charts/gateway and …/istio-discovery/files/gateway-injection-template.yaml. */
export function gatewayPod({ name, selector, trustedProxies, drainSeconds, revision }: GatewayPod): k8s.PodTemplateSpec {
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
        'inject.istio.io/templates': 'gateway',
        'prometheus.io/path': '/stats/prometheus',
        'prometheus.io/port': '15020',
        'prometheus.io/scrape': 'true',
        // Bootstrap settings of the proxy: they are read from the pod template only, and a change restarts the pods.
        'proxy.istio.io/config': `gatewayTopology:\n  numTrustedProxies: ${trustedProxies}\nterminationDrainDuration: ${drainSeconds}s\n`,
      },
    },
    spec: {
      serviceAccountName: name,
      terminationGracePeriodSeconds: PRE_STOP_SECONDS + drainSeconds + SPARE_SECONDS,
      securityContext: {
        // Lets the proxy bind 80 and 443 without root; the sysctl is on Kubernetes' safe list.
        sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: [{
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { ...selector } },
      }],
      containers: [{
        // Name and image are the template's: it fills in the container of this name and replaces the image `auto`.
        name: 'istio-proxy',
        image: 'auto',
        lifecycle: { preStop: { exec: { command: ['sleep', String(PRE_STOP_SECONDS)] } } },
        ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
        resources: {
          requests: { cpu: k8s.Quantity.fromString('100m'), memory: k8s.Quantity.fromString('128Mi') },
          limits: { cpu: k8s.Quantity.fromString('2'), memory: k8s.Quantity.fromString('1Gi') },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
        },
      }],
    },
  };
}
