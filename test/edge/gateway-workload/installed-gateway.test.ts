// The files from which Helm and istioctl install a gateway.
import { Duration } from 'cdk8s';
import { TargetType } from '../../../src/base/alb-annotations/words';
import { ServiceExposure } from '../../../src/edge/gateway-workload/service';
import { GatewayWorkload } from '../../../src/edge/gateway-workload/gateway-workload';

const NODE_PORTS = ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 });

test('the values for Istio\'s chart are complete where a list replaces the chart\'s list', () => {
  expect(GatewayWorkload.installed().helmValues()).toBe(`\
# kubectl create namespace istio-ingress; kubectl label namespace istio-ingress elbv2.k8s.aws/pod-readiness-gate-inject=enabled
# helm upgrade --install istio-ingress istio/gateway --namespace istio-ingress --values <this file>
name: istio-ingress
labels:
  app: istio-ingress
  istio: ingress
podAnnotations:
  proxy.istio.io/config: |
    gatewayTopology:
      forwardClientCertDetails: SANITIZE_SET
      numTrustedProxies: 1
    terminationDrainDuration: 30s
service:
  type: ClusterIP
  ports:
    - name: status-port
      port: 15021
      targetPort: 15021
      protocol: TCP
    - name: http2
      port: 80
      targetPort: 80
      protocol: TCP
    - name: https
      port: 443
      targetPort: 443
      protocol: TCP
resources:
  requests:
    cpu: 100m
    memory: 128Mi
  limits:
    cpu: "2"
    memory: 1Gi
autoscaling:
  enabled: true
  minReplicas: 2
  maxReplicas: 5
  targetCPUUtilizationPercentage: 80
podDisruptionBudget:
  maxUnavailable: 1
strategy:
  type: RollingUpdate
  rollingUpdate:
    maxSurge: 25%
    maxUnavailable: 0
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        app: istio-ingress
        istio: ingress
lifecycle:
  preStop:
    exec:
      command:
        - sleep
        - "15"
terminationGracePeriodSeconds: 60
`);
});

test('the istioctl overlay has fixed node ports and the ports on which its pods listen', () => {
  expect(GatewayWorkload.installed({
    gatewayName: 'istio-ingressgateway', namespace: 'istio-system', service: NODE_PORTS, revision: 'stable', minReplicas: 3,
    serviceAnnotations: { 'example.com/owner': 'edge' },
  }).istioOperator()).toBe(`\
# istioctl install -f <this file>, where the control plane is there already. Since Istio 1.24 no cluster knows this kind: do not apply it.
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: istio-ingressgateway
spec:
  profile: empty
  revision: stable
  components:
    ingressGateways:
      - name: istio-ingressgateway
        namespace: istio-system
        enabled: true
        label:
          app: istio-ingressgateway
          istio: ingressgateway
        k8s:
          serviceAnnotations:
            example.com/owner: edge
          service:
            type: NodePort
            ports:
              - name: status-port
                port: 15021
                targetPort: 15021
                nodePort: 30621
                protocol: TCP
              - name: http2
                port: 80
                targetPort: 8080
                nodePort: 31565
                protocol: TCP
              - name: https
                port: 443
                targetPort: 8443
                nodePort: 31804
                protocol: TCP
          podAnnotations:
            proxy.istio.io/config: |
              gatewayTopology:
                forwardClientCertDetails: SANITIZE_SET
                numTrustedProxies: 1
              terminationDrainDuration: 30s
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              cpu: "2"
              memory: 1Gi
          strategy:
            type: RollingUpdate
            rollingUpdate:
              maxSurge: 25%
              maxUnavailable: 0
          hpaSpec:
            minReplicas: 3
            maxReplicas: 5
            metrics:
              - type: Resource
                resource:
                  name: cpu
                  target:
                    type: Utilization
                    averageUtilization: 80
          podDisruptionBudget:
            maxUnavailable: 1
          overlays:
            - apiVersion: apps/v1
              kind: Deployment
              name: istio-ingressgateway
              patches:
                - path: spec.template.spec.terminationGracePeriodSeconds
                  value: 60
                - path: spec.template.spec.topologySpreadConstraints
                  value:
                    - maxSkew: 1
                      topologyKey: topology.kubernetes.io/zone
                      whenUnsatisfiable: ScheduleAnyway
                      labelSelector:
                        matchLabels:
                          app: istio-ingressgateway
                          istio: ingressgateway
                - path: spec.template.spec.containers.[name:istio-proxy].lifecycle
                  value:
                    preStop:
                      exec:
                        command:
                          - sleep
                          - "15"
  values:
    gateways:
      istio-ingressgateway:
        injectionTemplate: gateway
        autoscaleMin: 3
`);
});

test('node ports, revision and annotations are chart values, too', () => {
  const values = GatewayWorkload.installed({ service: NODE_PORTS, revision: 'stable', serviceAnnotations: { 'example.com/owner': 'edge' } }).helmValues();
  expect(values).toMatch(/^revision: stable$/m);
  expect(values).toContain('service:\n  type: NodePort\n  annotations:\n    example.com/owner: edge\n  ports:\n');
  expect([...values.matchAll(/nodePort: (\d+)/g)].map(([, port]) => port)).toEqual(['30621', '31565', '31804']);
});

test('both can request a Network Load Balancer', () => {
  const installed = GatewayWorkload.installed({
    service: ServiceExposure.networkLoadBalancer({ targetType: TargetType.INSTANCE }), drainDuration: Duration.seconds(20), podAnnotations: { 'example.com/istio': '1.30' },
  });
  for (const text of [installed.helmValues(), installed.istioOperator()]) {
    expect(text).toMatch(/type: LoadBalancer\n +loadBalancerClass: service\.k8s\.aws\/nlb\n +externalTrafficPolicy: Local\n/);
    expect(text).toContain('service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing');
    expect(text).toContain('deregistration_delay.timeout_seconds=20');
    expect(text).toContain('example.com/istio: "1.30"');
    expect(text).not.toContain('readiness-gate');
  }
});
