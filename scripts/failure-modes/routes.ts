// Failure modes that break traffic between the gateway and the workloads.
import type { FailureMode } from './row';

export const ROUTES: readonly FailureMode[] = [
  {
    id: 'E028', how: 'prevented', fault: 'A VirtualService that names its Gateway without the namespace',
    symptom: '404 from the gateway',
    by: '`Route` accepts the Gateway as an object and writes namespace and name',
    source: 'istio: pilot/pkg/model/config.go:233',
    proof: [['mesh', 'a VirtualService names its Gateway with the namespace (E028)']],
  },
  {
    id: 'E029', how: 'prevented', fault: 'A VirtualService without a Gateway, or bound to a port',
    symptom: '404 from the gateway, while calls inside the mesh work',
    by: '`Route` requires `gateway` and has no match on gateways; `MeshRoute` is explicitly for the mesh',
    source: 'istio: pilot/pkg/networking/core/route/route.go:447',
    proof: [['mesh', 'no route is for the mesh alone, and none is bound to a port (E029)']],
  },
  {
    id: 'E030', how: 'prevented', fault: 'A route that the Gateway does not admit, or that is not exported to it',
    symptom: '404 for the routes of one namespace',
    by: '`Route` adds its namespace and hosts to the Gateway, and rejects hosts that an imported Gateway does not admit; it has no exportTo',
    source: 'istio: pilot/pkg/networking/core/gateway.go:440',
    proof: [['mesh', 'a Gateway admits the namespace of every route, and no route is hidden by exportTo (E030)']],
  },
  {
    id: 'E031', how: 'prevented', fault: 'ALB, Gateway and routes have different hosts',
    symptom: '404 from the ALB or from the gateway',
    by: '`AlbIstioEdge` has one list; `addRoute` rejects other hosts. Not covered: a host without routes, and routes created with `Route`',
    proof: [['mesh', 'a route, and a rule of the ALB, is for hosts that the ALB serves (E031)']],
  },
  {
    id: 'E032', how: 'prevented', fault: 'TLS or TCP routes at a gateway that terminates TLS',
    symptom: '404, or a listener without routes',
    by: '`Route` is HTTP only; `TlsRoute` and `TcpRoute` add their own server and are rejected behind an ALB',
    proof: [['mesh', 'a VirtualService has HTTP routes and no others (E032)']],
  },
  {
    id: 'E033', how: 'prevented', fault: 'A destination without a port, for a Service with several ports',
    symptom: '503, flag NC',
    by: '`Workload` requires `port`. In other YAML, `dangling-destination` detects it',
    source: 'istio: pilot/pkg/networking/core/route/route.go:351',
    proof: [['mesh', 'a destination has a port (E033)'], ['found', 'dangling-destination finds it in YAML of any origin (E033)']],
  },
  {
    id: 'E034', how: 'prevented', fault: 'A destination with a short host name',
    symptom: '503, flag NC, or the wrong Service',
    by: '`Workload` writes the full name. In other YAML, `dangling-destination` detects it',
    source: 'istio: pilot/pkg/model/config.go:197',
    proof: [['mesh', 'a destination is named in full (E034)'], ['found', 'dangling-destination finds it in YAML of any origin (E034)']],
  },
  {
    id: 'E035', how: 'prevented', fault: 'A subset that no DestinationRule declares',
    symptom: '503, flag NC',
    by: '`Workload.subset` accepts only the workload\'s versions; `Route` creates their `Subsets`. In other YAML, `unknown-subset` detects it',
    source: 'istio: pilot/pkg/networking/core/route/route.go:351',
    proof: [
      ['mesh', 'a version that no DestinationRule declares cannot be named (E035)'],
      ['found', 'unknown-subset finds it in YAML of any origin (E035)'],
    ],
  },
  {
    id: 'E037', how: 'prevented', fault: 'A DestinationRule in a namespace that the gateway does not search',
    symptom: '503, flag NC, or plaintext to pods that require mTLS',
    by: '`Subsets` is written in the namespace of the Service, with its full name',
    source: 'istio: pilot/pkg/model/push_context.go:1240',
    proof: [['mesh', 'a DestinationRule is in the namespace of its Service, for the full name, and hidden from nobody (E037)']],
  },
  {
    id: 'E038', how: 'prevented', fault: 'A DestinationRule that disables mTLS',
    symptom: '503, flags UC or UF',
    by: '`Subsets` accepts TLS settings only with `withoutSidecar`',
    proof: [['mesh', 'a DestinationRule leaves TLS to the mesh (E038)']],
  },
  {
    id: 'E039', how: 'prevented', fault: 'A DestinationRule that forces mTLS on pods without a sidecar',
    symptom: '503, flag UF',
    by: '`Subsets` supports neither ISTIO_MUTUAL nor wildcards',
    proof: [['mesh', 'a DestinationRule forces mutual TLS on no workload that may have no sidecar (E039)']],
  },
  {
    id: 'E125', how: 'prevented', fault: 'Several VirtualServices for one host',
    symptom: 'Routes in an undefined order',
    by: 'Each host has one VirtualService, with the routes of covering wildcards; a second declaration is rejected. Not covered: other repositories',
    source: 'istio: pilot/pkg/networking/core/route/route.go:1619',
    proof: [['mesh', 'a host has one VirtualService at a gateway, with its routes in the order written (E125)']],
  },
];
