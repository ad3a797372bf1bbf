// Failure modes that degrade an edge, and those that only look bad.
import type { FailureMode } from './row';

export const COSMETIC: readonly FailureMode[] = [
  {
    id: 'E142', how: 'impossible', fault: 'A target port by name', symptom: 'The console shows port 1', by: 'The gateway\'s Service has numbers',
    source: 'lbc: pkg/ingress/model_build_target_group.go:291',
    proof: [['operations', 'every port of a gateway\'s Service leads to a number (E142)']],
  },
  {
    id: 'E144', how: 'impossible', fault: 'The class as an annotation', symptom: 'A warning at every apply', by: '`ingressClass` is the field',
    proof: [['ingress', 'the class of an Ingress is no annotation (E144)']],
  },
  {
    id: 'E145', how: 'impossible', fault: 'Old API versions of Istio', symptom: 'Warnings and noise in diffs',
    by: 'Objects are of version v1, from Istio 1.22 on', proof: [['mesh', 'all objects of Istio are of version v1 (E145)']],
  },
  {
    id: 'E147', how: 'impossible', fault: 'Attributes and tags in changing order', symptom: 'Diffs without a change',
    by: 'The same props give the same bytes, whatever their order', proof: [['operations', 'an edge made twice is written in the same order (E147)']],
  },
  {
    id: 'E148', how: 'impossible', fault: 'Annotations of Istio on the wrong object', symptom: 'Warnings of the analyzer; no effect',
    by: 'They are written on pod templates alone', proof: [['mesh', 'settings of the proxy stand on pod templates alone (E148)']],
  },
];

export const DEGRADED: readonly FailureMode[] = [
  {
    id: 'E109', how: 'impossible', fault: 'A gateway pod that is gone before the ALB knows', symptom: '502 in rollouts, scale-in and drains',
    by: 'Grace follows from `preStopDuration` and `drainDuration`; `deregistrationDelay` is no longer than the drain',
    source: 'istio: pkg/envoy/agent.go:158', proof: [['operations', 'a pod outlives its wait and its drain, and these the deregistration (E109)']],
  },
  {
    id: 'E110', how: 'default', fault: 'Pods that are replaced before the ALB has registered the new ones', symptom: '502 and 503 in rollouts',
    by: 'The Namespace has the label unless `createNamespace` is false', source: 'lbc: webhooks/core/pod_readiness_gate_mutator.go:51',
    proof: [['operations', 'the namespace of a gateway asks for readiness gates (E110)']],
  },
  {
    id: 'E111', how: 'impossible', fault: 'One pod, or a budget that lets none go',
    symptom: 'An outage with every drained node, or a drain that hangs', by: '`minReplicas` is 2 or more; one pod may be away',
    source: 'istio: manifests/charts/gateway/values.yaml:85',
    proof: [['operations', 'a gateway has two pods or more, of which one may be away (E111)']],
  },
  {
    id: 'E112', how: 'impossible', fault: 'A number of pods beside an autoscaler', symptom: 'Every apply scales back',
    by: '`InjectedGateway` writes no replicas', proof: [['operations', 'the number of pods is the autoscaler\'s alone (E112)']],
  },
  {
    id: 'E113', how: 'default', fault: 'A gateway that trusts no proxy', symptom: 'Logs and limits see the ALB, not the client',
    by: 'One proxy is trusted unless `trustedProxies` is 0', source: 'istio: pilot/pkg/networking/core/gateway.go:729',
    proof: [['operations', 'the address of the client is taken from the ALB unless trustedProxies is 0 (E113)']],
  },
  {
    id: 'E114', how: 'impossible', fault: 'Proxy settings in the wrong place', symptom: 'They have no effect',
    by: '`trustedProxies` is written on the pod template', source: 'istio: manifests/charts/base/files/crd-all.gen.yaml',
    proof: [['operations', 'the topology of a gateway stands on its pods, where a change restarts them (E114)']],
  },
  {
    id: 'E115', how: 'default', fault: 'X-Forwarded-For with ports', symptom: 'Addresses cannot be read', by: 'Off unless `xffClientPort` is true',
    proof: [['operations', 'X-Forwarded-For has no ports unless xffClientPort says so (E115)']],
  },
  {
    id: 'E117', how: 'default', fault: 'A gateway that closes silent connections before the ALB does', symptom: 'Now and then a 502',
    by: 'AWS waits 60 s and Envoy an hour; only an `idleTimeout` above 3,600 s turns that round',
    source: 'istio: pilot/pkg/networking/core/listener_builder.go:434',
    proof: [['operations', 'the ALB lets go of a silent connection before the gateway does, unless idleTimeout says otherwise (E117)']],
  },
  {
    id: 'E119', how: 'default', fault: 'Nodes as targets', symptom: 'Some gateway pods are busy, others idle',
    by: 'Pods are targets unless `ServiceExposure.nodePort` or `targetType` says otherwise',
    proof: [['operations', 'targets are pods where nobody asks for node ports (E119)']],
  },
  {
    id: 'E120', how: 'impossible', fault: 'The traffic policy Local with nodes as targets', symptom: 'Most nodes are unhealthy',
    by: '`ServiceExposure.nodePort` has no traffic policy', proof: [['operations', 'a Service behind an ALB has the traffic policy Cluster (E120)']],
  },
  {
    id: 'E121', how: 'impossible', fault: 'A deregistration delay left at 300 s', symptom: 'Slow drains and rollouts',
    by: '`deregistrationDelay` is written: the drain of the gateway, 30 s by default',
    proof: [['operations', 'the deregistration delay is written, and no longer than the drain (E121)']],
  },
  {
    id: 'E122', how: 'impossible', fault: 'Success codes widened until targets are green', symptom: 'A broken gateway keeps its traffic',
    by: 'The code is 200, and no prop changes it. Open: gRPC takes any gRPC code; a frontend NLB takes more from the ALB',
    proof: [['operations', 'a health check passes with 200 alone (E122)']],
  },
  {
    id: 'E123', how: 'impossible', fault: 'Health check numbers out of bounds', symptom: 'AWS refuses the target group',
    by: '`healthCheck` is checked, the timeout against the interval', source: 'lbc: pkg/ingress/model_builder.go:191',
    proof: [['operations', '%s keeps to the bounds of AWS (E123)']],
  },
  {
    id: 'E124', how: 'found', fault: 'Weights that do not add up to 100', symptom: 'Other shares than meant',
    by: 'The check `weights-not-100` warns; `RouteTarget.split` refuses weights that are all 0',
    source: 'istio: pkg/config/validation/validation.go:2403', proof: [['found', 'weights that do not add up to 100 are a warning (E124)']],
  },
  {
    id: 'E126', how: 'impossible', fault: 'Two DestinationRules for a host, or one for all', symptom: 'Only one of them counts',
    by: 'a host has one `Subsets` in an app: one that a route made gives way to a declared one', source: 'istio: pilot/pkg/model/push_context.go:1259',
    proof: [['mesh', 'a host has one DestinationRule in an app, and no wildcard has any (E126)']],
  },
  {
    id: 'E128', how: 'default', fault: 'Stickiness at the ALB, which knows gateway pods alone', symptom: 'Users hop between application pods',
    by: 'None unless `stickiness` is given', proof: [['operations', 'nobody sticks to a gateway pod unless stickiness says so (E128)']],
  },
  {
    id: 'E129', how: 'impossible', fault: 'Slow start with another algorithm than round robin', symptom: 'AWS refuses one of them',
    by: '`slowStart` is checked against `algorithm`', proof: [['operations', 'slow start goes with round robin alone (E129)']],
  },
  {
    id: 'E138', how: 'default', fault: 'Deletion protection that is forgotten', symptom: 'Ingress and namespace cannot go away',
    by: 'Off unless `deletionProtection` is true', source: 'lbc: pkg/ingress/model_builder.go:296',
    proof: [['operations', 'an ALB can be deleted unless deletionProtection says otherwise (E138)']],
  },
  {
    id: 'E139', how: 'default', fault: 'Zones that do not help each other, and one without pods', symptom: '503 or uneven load in that zone',
    by: 'On unless `crossZone` is off; the pods of `InjectedGateway` are spread over the zones',
    proof: [['operations', 'zones help each other out unless crossZone is off, and pods are spread over them (E139)']],
  },
  {
    id: 'E141', how: 'default', fault: 'An ALB that rewrites the Host header', symptom: '404 from the gateway; redirects with the wrong host',
    by: 'Only `ListenerTransform.hostHeaderRewrite` does',
    proof: [['operations', 'the Host header reaches the gateway unchanged unless a rule rewrites it (E141)']],
  },
];
