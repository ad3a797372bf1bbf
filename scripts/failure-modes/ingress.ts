// Failure modes of the Ingress that break traffic.
import type { FailureMode } from './row';

export const INGRESS: readonly FailureMode[] = [
  {
    id: 'E041', how: 'default', fault: 'An ALB that sends straight to pods which take mutual TLS only', symptom: '502; unhealthy targets',
    by: 'All goes to the gateway unless a rule has `ListenerAction.forward`',
    proof: [['ingress', 'the ALB forwards to the gateway, and past it only with a rule that forwards (E041)']],
  },
  {
    id: 'E046', how: 'impossible', fault: 'An Ingress in another namespace than the gateway\'s Service',
    symptom: '503, "Backend service does not exist"', by: '`Alb` takes the namespace from its backend. In other YAML `dangling-backend` finds it',
    source: 'lbc: pkg/ingress/enhanced_backend_builder.go:269',
    proof: [
      ['ingress', 'an Ingress is in the namespace of the gateway\'s Service (E046)'],
      ['found', 'dangling-backend finds it in YAML of any origin (E046)'],
    ],
  },
  {
    id: 'E047', how: 'impossible', fault: 'An Ingress to a port that the Service lacks', symptom: 'FailedBuildModel; the group no longer changes',
    by: '`Alb` takes the port from its backend. In other YAML `dangling-backend` finds it', source: 'lbc: pkg/k8s/service_utils.go:10',
    proof: [
      ['ingress', 'an Ingress forwards to a port of the gateway\'s Service (E047)'],
      ['found', 'dangling-backend finds it in YAML of any origin (E047)'],
    ],
  },
  {
    id: 'E048', how: 'impossible', fault: 'Nodes as targets of a ClusterIP Service', symptom: 'FailedBuildModel; the group no longer changes',
    by: '`targetType` is checked against `ServiceExposure`. Open: `GatewayWorkload.existing`, unless it says `targetTypes`',
    source: 'lbc: pkg/ingress/model_build_target_group.go:205',
    proof: [['hop', 'the target type is one that the gateway\'s Service can be used with (E048)']],
  },
  {
    id: 'E050', how: 'default', fault: 'Nodes as targets for pods on Fargate or on nodes that are left out', symptom: 'No targets: 503',
    by: 'Pods are targets unless `ServiceExposure.nodePort` or `targetType` asks for nodes', source: 'lbc: pkg/backend/endpoint_utils.go:20',
    proof: [['ingress', 'targets are pods unless a NodePort Service or targetType asks for nodes (E050)']],
  },
  {
    id: 'E051', how: 'impossible', fault: 'A word in the wrong case, such as `IP` or `https`',
    symptom: 'FailedBuildModel; the group no longer changes',
    by: 'Enums with the words of the controller. In other YAML `malformed-annotation` finds it',
    source: 'lbc: pkg/ingress/model_build_target_group.go:255',
    proof: [
      ['ingress', '%s takes the words of the controller alone (E051)'],
      ['found', 'malformed-annotation finds it in YAML of any origin (E051)'],
    ],
  },
  {
    id: 'E052', how: 'impossible', fault: 'A misspelt annotation, or one on the wrong object',
    symptom: 'The setting has no effect, and nothing says so', by: 'Keys come from one table; `serviceAnnotations` takes none of the ALB',
    source: 'lbc: pkg/annotations/parser.go:170',
    proof: [['ingress', 'every annotation is one that the controller knows, and none of the ALB is on the Service (E052)']],
  },
  {
    id: 'E053', how: 'impossible', fault: 'Broken JSON or a broken number in an annotation', symptom: 'FailedBuildModel; the group no longer changes',
    by: 'Values are written from typed props. In other YAML `malformed-annotation` finds it', source: 'lbc: pkg/annotations/parser.go:86',
    proof: [
      ['ingress', 'every annotation has a value that the controller takes (E053)'],
      ['found', 'malformed-annotation finds it in YAML of any origin (E053)'],
    ],
  },
  {
    id: 'E054', how: 'impossible', fault: 'An action without the backend that uses it, or the reverse',
    symptom: '503, "Backend action does not exist"', by: '`Alb.addRule` writes both', source: 'lbc: pkg/ingress/enhanced_backend_builder.go:130',
    proof: [['ingress', 'an action and the backend that uses it come together (E054)']],
  },
  {
    id: 'E055', how: 'impossible', fault: 'A listener given twice, or its protocol in lower case', symptom: 'The expected listener is missing',
    by: '`Listener.http` and `Listener.https`, every port once', source: 'lbc: pkg/ingress/model_build_listener.go:237',
    proof: [['ingress', 'a port has one listener, with a protocol in upper case (E055)']],
  },
  {
    id: 'E056', how: 'impossible', fault: 'Listeners left to the controller, which then makes one of the two',
    symptom: 'Connections to 80 or 443 are refused', by: '`listeners` are always written: 80 and 443 by default',
    source: 'lbc: pkg/ingress/model_build_listener.go:237', proof: [['ingress', 'the listeners are always written (E056)']],
  },
  {
    id: 'E057', how: 'impossible', fault: 'A redirect to a port without an HTTPS listener', symptom: 'FailedBuildModel; the group no longer changes',
    by: '`Alb` redirects to its first HTTPS listener; the `sslRedirectPort` of a class has to be one',
    source: 'lbc: pkg/ingress/model_builder.go:514', proof: [['ingress', 'an ALB never redirects to a port without an HTTPS listener (E057)']],
  },
  {
    id: 'E058', how: 'impossible', fault: 'An HTTPS listener without a certificate, and no host to find one by',
    symptom: 'No load balancer, or no HTTPS',
    by: '`certificateArns` is needed where the only host is `*`. Open: hosts that no issued certificate covers',
    source: 'lbc: pkg/certs/cert_discovery.go:74', proof: [['ingress', 'an HTTPS listener has certificates, or a host to find one by (E058)']],
  },
  {
    id: 'E059', how: 'impossible', fault: 'An Ingress without a class, or with two', symptom: 'No address, no events',
    by: '`ingressClass` is always written as the field; `AlbIngressClass` has the right controller. Open: a class that is not there',
    source: 'lbc: pkg/ingress/group_loader.go:195', proof: [['ingress', 'an Ingress has its class as a field, whatever else it says (E059)']],
  },
  {
    id: 'E060', how: 'impossible', fault: 'API versions that Kubernetes has removed', symptom: 'The apply fails',
    by: 'Objects are written by `k8s` of cdk8s-plus-28', proof: [['ingress', 'no object is of an API version that Kubernetes has removed (E060)']],
  },
  {
    id: 'E061', how: 'impossible', fault: 'A path type that does not mean what it seems',
    symptom: '404 from the ALB for all but `/`, or a refused path',
    by: '`Alb` sends `/` of type Prefix to the gateway; wildcards are for `RulePath.pattern`',
    source: 'lbc: pkg/ingress/model_build_listener_rules.go:229',
    proof: [['ingress', 'every path is sent to the gateway, and a prefix has no wildcard (E061)']],
  },
  {
    id: 'E063', how: 'impossible', fault: 'Host and paths in two list items', symptom: 'The rule holds for all hosts', by: '`Alb` writes the entries',
    source: 'lbc: pkg/ingress/model_build_listener_rules.go:26',
    proof: [['ingress', 'a rule of the Ingress has its host and its paths in one entry (E063)']],
  },
  {
    id: 'E064', how: 'impossible', fault: 'Two default backends in a group', symptom: 'The group no longer changes',
    by: '`Alb` writes none: `hosts: [\'*\']` takes what is left', source: 'lbc: pkg/ingress/model_build_listener.go:76',
    proof: [['ingress', 'no Ingress has a default backend, any host is a rule (E064)']],
  },
  {
    id: 'E065', how: 'found', fault: 'Members of a group that disagree about their load balancer',
    symptom: 'FailedBuildModel on all members; nobody\'s change arrives',
    by: 'The check `conflicting-group-members` fails the synth. Open: members of other repositories', source: 'lbc: pkg/ingress/model_builder.go:387',
    proof: [['found', 'members of a group with different %s fail the synth (E065)']],
  },
  {
    id: 'E066', how: 'impossible', fault: 'A group name, group order or load balancer name out of bounds',
    symptom: 'The Ingress leaves its group, or the build fails',
    by: '`group` and `loadBalancerName` are checked. In other YAML `malformed-annotation` finds it', source: 'lbc: pkg/ingress/group_loader.go:143',
    proof: [
      ['ingress', '%s keeps to the bounds of names and orders (E066)'],
      ['found', 'malformed-annotation finds it in YAML of any origin (E066)'],
    ],
  },
  {
    id: 'E067', how: 'impossible', fault: 'Fewer than two subnets, or one twice', symptom: 'No load balancer',
    by: '`subnets` takes two or more, each once. Open: their zones, tags and free addresses', source: 'lbc: pkg/networking/subnet_resolver.go:193',
    proof: [['ingress', 'the subnets %j are refused (E067)']],
  },
  {
    id: 'E068', how: 'impossible', fault: 'The scheme left to the controller, whose default is internal',
    symptom: 'Public names with private addresses: timeouts', by: '`scheme` is always written, or decided by the class',
    source: 'lbc: pkg/config/controller_config.go:179', proof: [['ingress', 'the scheme is always written (E068)']],
  },
  {
    id: 'E069', how: 'default', fault: 'Security groups of your own, and nothing opens the targets to them',
    symptom: 'Unhealthy targets; 504 after 10 s', by: 'The controller opens them unless `manageBackendSecurityGroupRules` is false',
    source: 'lbc: pkg/ingress/model_build_load_balancer.go:285',
    proof: [['ingress', 'with security groups of its own, the ALB has the rules to its targets managed (E069)']],
  },
  {
    id: 'E074', how: 'impossible', fault: 'Rules that exceed what AWS allows', symptom: 'AWS refuses rules; later ones are missing',
    by: 'Routes make no rules; `addRule` counts values, targets and weights. Open: more than 100 rules or hosts, more than 25 certificates',
    source: 'lbc: pkg/ingress/model_build_listener_rules.go:229',
    proof: [['ingress', 'a rule has at most five values and five targets, and routes make no rules (E074)']],
  },
  {
    id: 'E075', how: 'impossible', fault: 'The Service says something else than the Ingress, and wins',
    symptom: 'A change of the Ingress has no effect', by: '`serviceAnnotations` takes no annotation of the ALB',
    source: 'lbc: pkg/ingress/model_build_target_group.go:164', proof: [['ingress', 'the Service says nothing that the Ingress says too (E075)']],
  },
  {
    id: 'E076', how: 'impossible', fault: 'The class says something else than the Ingress, and wins',
    symptom: 'Another scheme, group or certificate than expected',
    by: '`Alb` refuses what its `AlbIngressClass` decides, and what does not go with it. Open: classes known by name alone',
    source: 'lbc: pkg/ingress/model_build_target_group.go:258',
    proof: [['ingress', 'what the class decides is not said again, and not taken (E076)']],
  },
  {
    id: 'E078', how: 'impossible', fault: 'Istio takes an Ingress without a class for its own',
    symptom: 'Strange routes at the gateway, perhaps a loop', by: '`ingressClass` is always written',
    source: 'istio: pilot/pkg/config/kube/ingress/virtualservices.go:253',
    proof: [['ingress', 'no Ingress is without a class, so Istio leaves it alone (E078)']],
  },
  {
    id: 'E079', how: 'impossible', fault: 'An IstioOperator in the cluster, where nothing reads it since Istio 1.24',
    symptom: 'The apply fails, or the setting never appears',
    by: '`InstalledGateway.istioOperator` gives a text for istioctl; no manifest is of that kind', source: 'istio: releasenotes/notes/drop-iop.yaml',
    proof: [['ingress', 'no manifest is an IstioOperator (E079)']],
  },
  {
    id: 'E081', how: 'impossible', fault: 'ExternalDNS takes the address of the gateway\'s Service',
    symptom: 'Names with no address, or past the ALB',
    by: '`AlbIstioEdge` tells ExternalDNS about the Ingress, on the Gateway. Open: the host `*` makes no record',
    proof: [['ingress', 'ExternalDNS is told that the Ingress has the address (E081)']],
  },
  {
    id: 'E082', how: 'impossible', fault: 'A redirect to HTTPS by an action in the wrong place',
    symptom: 'No redirect, or all requests to the wrong port',
    by: 'HTTP redirects by itself; `addRule` refuses the name `ssl-redirect` and rules without a condition',
    source: 'lbc: pkg/ingress/rule_optimizer.go:28', proof: [['ingress', 'HTTP redirects by a setting and not by a rule (E082)']],
  },
];
