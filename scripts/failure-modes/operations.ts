// Failure modes that degrade an edge, and cosmetic ones.
import type { FailureMode } from './row';

export const COSMETIC: readonly FailureMode[] = [
  {
    id: 'E142', how: 'prevented', fault: 'A named target port',
    symptom: 'The console shows port 1',
    by: 'The gateway\'s Service has numeric target ports',
    source: 'lbc: pkg/ingress/model_build_target_group.go:291',
    proof: [['operations', 'every port of a gateway\'s Service leads to a number (E142)']],
  },
  {
    id: 'E144', how: 'prevented', fault: 'The class as an annotation',
    symptom: 'A warning on every apply',
    by: '`ingressClass` is written as the field',
    proof: [['ingress', 'the class of an Ingress is no annotation (E144)']],
  },
  {
    id: 'E145', how: 'prevented', fault: 'Old Istio API versions',
    symptom: 'Warnings and noise in diffs',
    by: 'Istio objects have version v1, available since Istio 1.22',
    proof: [['mesh', 'all objects of Istio are of version v1 (E145)']],
  },
  {
    id: 'E147', how: 'prevented', fault: 'Attributes and tags in varying order',
    symptom: 'Diffs without a change',
    by: 'The same props render the same bytes, in any order',
    proof: [['operations', 'an edge made twice is written in the same order (E147)']],
  },
  {
    id: 'E148', how: 'prevented', fault: 'Istio annotations on the wrong object',
    symptom: 'Analyzer warnings; no effect',
    by: 'They are only written on pod templates',
    proof: [['mesh', 'proxy settings are only on pod templates (E148)']],
  },
];

export const DEGRADED: readonly FailureMode[] = [
  {
    id: 'E109', how: 'prevented', fault: 'A gateway pod that exits before the ALB stops sending to it',
    symptom: '502 during rollouts, scale-in and drains',
    by: 'The grace period is derived from `preStopDuration` and `drainDuration`; `deregistrationDelay` cannot exceed the drain',
    source: 'istio: pkg/envoy/agent.go:152',
    proof: [['operations', 'a pod outlives its wait and its drain, and these the deregistration (E109)']],
  },
  {
    id: 'E110', how: 'default', fault: 'Pods that are replaced before the ALB has registered the new ones',
    symptom: '502 and 503 during rollouts',
    by: 'The Namespace has the label unless `createNamespace` is false',
    source: 'lbc: webhooks/core/pod_readiness_gate_mutator.go:51',
    proof: [['operations', 'the namespace of a gateway enables readiness gates (E110)']],
  },
  {
    id: 'E111', how: 'prevented', fault: 'A single pod, or a disruption budget of zero',
    symptom: 'An outage with every node drain, or a drain that hangs',
    by: '`minReplicas` is 2 or more; one pod may be unavailable',
    source: 'istio: manifests/charts/gateway/values.yaml:84',
    proof: [['operations', 'a gateway has two pods or more, of which one may be away (E111)']],
  },
  {
    id: 'E112', how: 'prevented', fault: '`replicas` set next to an autoscaler',
    symptom: 'Every apply scales back',
    by: '`InjectedGateway` writes no `replicas`',
    proof: [['operations', 'the number of pods is the autoscaler\'s alone (E112)']],
  },
  {
    id: 'E113', how: 'default', fault: 'A gateway that trusts no proxy',
    symptom: 'Logs and limits use the ALB\'s address, not the client\'s',
    by: 'One proxy is trusted unless `trustedProxies` is 0',
    source: 'istio: pilot/pkg/networking/core/gateway.go:720',
    proof: [['operations', 'the address of the client is taken from the ALB unless trustedProxies is 0 (E113)']],
  },
  {
    id: 'E114', how: 'prevented', fault: 'Proxy settings in the wrong place',
    symptom: 'They have no effect',
    by: '`trustedProxies` is written on the pod template',
    source: 'istio: manifests/charts/base/files/crd-all.gen.yaml',
    proof: [['operations', 'the topology of a gateway is set on its pods, where a change restarts them (E114)']],
  },
  {
    id: 'E115', how: 'default', fault: 'X-Forwarded-For with ports',
    symptom: 'Applications cannot parse the address',
    by: 'Off unless `xffClientPort` is true',
    proof: [['operations', 'X-Forwarded-For has no ports unless xffClientPort says so (E115)']],
  },
  {
    id: 'E117', how: 'default', fault: 'A gateway that closes idle connections before the ALB does',
    symptom: 'Occasional 502',
    by: 'The ALB waits 60 s and Envoy one hour; only an `idleTimeout` above 3,600 s reverses that',
    source: 'istio: pilot/pkg/networking/core/listener_builder.go:365',
    proof: [['operations', 'the ALB closes an idle connection before the gateway does, unless idleTimeout is set (E117)']],
  },
  {
    id: 'E119', how: 'default', fault: 'Instance targets',
    symptom: 'Some gateway pods are busy, others idle',
    by: 'Targets are pods unless you use `ServiceExposure.nodePort` or set `targetType`',
    proof: [['operations', 'targets are pods unless node ports are requested (E119)']],
  },
  {
    id: 'E120', how: 'prevented', fault: 'externalTrafficPolicy Local with instance targets',
    symptom: 'Most nodes are unhealthy',
    by: '`ServiceExposure.nodePort` sets no traffic policy',
    proof: [['operations', 'a Service behind an ALB has the traffic policy Cluster (E120)']],
  },
  {
    id: 'E121', how: 'prevented', fault: 'A deregistration delay left at 300 s',
    symptom: 'Slow drains and rollouts',
    by: '`deregistrationDelay` is always written: the gateway\'s drain duration, 30 s by default',
    proof: [['operations', 'the deregistration delay is written, and no longer than the drain (E121)']],
  },
  {
    id: 'E122', how: 'prevented', fault: 'Success codes widened until targets become healthy',
    symptom: 'A broken gateway keeps receiving traffic',
    by: 'The code is 200, and no prop changes it. Not covered: gRPC accepts any gRPC code; a frontend NLB accepts more codes from the ALB',
    proof: [['operations', 'a health check passes with 200 alone (E122)']],
  },
  {
    id: 'E123', how: 'prevented', fault: 'Health check numbers out of range',
    symptom: 'AWS rejects the target group',
    by: '`healthCheck` is validated, including timeout against interval',
    source: 'lbc: pkg/ingress/model_builder.go:191',
    proof: [['operations', '%s keeps to the bounds of AWS (E123)']],
  },
  {
    id: 'E124', how: 'detected', fault: 'Weights that do not add up to 100',
    symptom: 'Unintended traffic shares',
    by: 'The check `weights-not-100` warns; `RouteTarget.split` rejects weights that are all 0',
    source: 'istio: pkg/config/validation/validation.go:2408',
    proof: [['found', 'weights that do not add up to 100 are a warning (E124)']],
  },
  {
    id: 'E126', how: 'prevented', fault: 'Two DestinationRules for a host, or one for all hosts',
    symptom: 'Only one of them takes effect',
    by: 'Each host has one `Subsets` in an app; an explicit one replaces the one that a route created',
    source: 'istio: pilot/pkg/model/push_context.go:1240',
    proof: [['mesh', 'a host has one DestinationRule in an app, and no wildcard has any (E126)']],
  },
  {
    id: 'E128', how: 'default', fault: 'Stickiness at the ALB, which only selects gateway pods',
    symptom: 'Users switch between application pods',
    by: 'Off unless you set `stickiness`',
    proof: [['operations', 'nobody sticks to a gateway pod unless stickiness says so (E128)']],
  },
  {
    id: 'E129', how: 'prevented', fault: 'Slow start with an algorithm other than round robin',
    symptom: 'AWS rejects one of them',
    by: '`slowStart` is validated against `algorithm`',
    proof: [['operations', 'slow start goes with round robin alone (E129)']],
  },
  {
    id: 'E138', how: 'default', fault: 'Forgotten deletion protection',
    symptom: 'Ingress and namespace cannot be deleted',
    by: 'Off unless `deletionProtection` is true',
    source: 'lbc: pkg/ingress/model_builder.go:296',
    proof: [['operations', 'an ALB can be deleted unless deletionProtection says otherwise (E138)']],
  },
  {
    id: 'E139', how: 'default', fault: 'No cross-zone load balancing, and a zone without pods',
    symptom: '503 or uneven load in that zone',
    by: 'On unless `crossZone` is off; the pods of `InjectedGateway` are spread across zones',
    proof: [['operations', 'zones help each other out unless crossZone is off, and pods are spread over them (E139)']],
  },
  {
    id: 'E141', how: 'default', fault: 'An ALB that rewrites the Host header',
    symptom: '404 from the gateway; redirects with the wrong host',
    by: 'Only `ListenerTransform.hostHeaderRewrite` does that',
    proof: [['operations', 'the Host header reaches the gateway unchanged unless a rule rewrites it (E141)']],
  },
];
