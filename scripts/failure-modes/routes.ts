// Failure modes that break traffic between the gateway and the workloads.
import type { FailureMode } from './row';

export const ROUTES: readonly FailureMode[] = [
  {
    id: 'E028', how: 'impossible', fault: 'A VirtualService that names its Gateway without the namespace', symptom: '404 from the gateway',
    by: '`Route` takes the Gateway as an object and writes both names', source: 'istio: pilot/pkg/model/config.go:245',
    proof: [['mesh', 'a VirtualService names its Gateway with the namespace (E028)']],
  },
  {
    id: 'E029', how: 'impossible', fault: 'A VirtualService without a Gateway, or bound to a port',
    symptom: '404 from the gateway, while calls in the mesh work',
    by: '`Route` needs `gateway`, and has no match on gateways; `MeshRoute` says that it is for the mesh',
    source: 'istio: pilot/pkg/networking/core/route/route.go:447',
    proof: [['mesh', 'no route is for the mesh alone, and none is bound to a port (E029)']],
  },
  {
    id: 'E030', how: 'impossible', fault: 'A route that the Gateway does not admit, or that is not exported to it',
    symptom: '404 for the routes of one namespace',
    by: '`Route` tells the Gateway to admit its namespace and hosts, and refuses those that an imported Gateway lacks; it has no exportTo',
    source: 'istio: pilot/pkg/networking/core/gateway.go:449',
    proof: [['mesh', 'a Gateway admits the namespace of every route, and no route is hidden by exportTo (E030)']],
  },
  {
    id: 'E031', how: 'impossible', fault: 'ALB, Gateway and route list different hosts', symptom: '404 from the ALB or from the gateway',
    by: '`AlbIstioEdge` has one list; `addRoute` refuses other hosts. Open: a host without any route, and routes made with `Route` alone',
    proof: [['mesh', 'a route, and a rule of the ALB, is for hosts that the ALB serves (E031)']],
  },
  {
    id: 'E032', how: 'impossible', fault: 'TLS or TCP routes where the gateway ends TLS', symptom: '404, or a listener without routes',
    by: '`Route` is HTTP only; `TlsRoute` and `TcpRoute` bring a server of their own, and are refused behind an ALB',
    proof: [['mesh', 'a VirtualService has HTTP routes and no others (E032)']],
  },
  {
    id: 'E033', how: 'impossible', fault: 'A destination without a port, for a Service with several', symptom: '503, flag NC',
    by: '`Workload` needs `port`. In other YAML `dangling-destination` finds it', source: 'istio: pilot/pkg/networking/core/route/route.go:351',
    proof: [['mesh', 'a destination has a port (E033)'], ['found', 'dangling-destination finds it in YAML of any origin (E033)']],
  },
  {
    id: 'E034', how: 'impossible', fault: 'A destination by a short name', symptom: '503, flag NC, or the wrong Service',
    by: '`Workload` writes the full name. In other YAML `dangling-destination` finds it', source: 'istio: pilot/pkg/model/config.go:209',
    proof: [['mesh', 'a destination is named in full (E034)'], ['found', 'dangling-destination finds it in YAML of any origin (E034)']],
  },
  {
    id: 'E035', how: 'impossible', fault: 'A subset that no DestinationRule declares', symptom: '503, flag NC',
    by: '`Workload.subset` takes versions of the workload alone; `Route` makes their `Subsets`. In other YAML `unknown-subset` finds it',
    source: 'istio: pilot/pkg/networking/core/route/route.go:351',
    proof: [
      ['mesh', 'a version that no DestinationRule declares cannot be named (E035)'],
      ['found', 'unknown-subset finds it in YAML of any origin (E035)'],
    ],
  },
  {
    id: 'E037', how: 'impossible', fault: 'A DestinationRule where the gateway does not look',
    symptom: '503, flag NC, or plain text to pods that want mutual TLS', by: '`Subsets` stands in the namespace of the Service, under its full name',
    source: 'istio: pilot/pkg/model/push_context.go:1259',
    proof: [['mesh', 'a DestinationRule is in the namespace of its Service, for the full name, and hidden from nobody (E037)']],
  },
  {
    id: 'E038', how: 'impossible', fault: 'A DestinationRule that switches mutual TLS off', symptom: '503, flags UC or UF',
    by: '`Subsets` takes no TLS settings unless `withoutSidecar`', proof: [['mesh', 'a DestinationRule leaves TLS to the mesh (E038)']],
  },
  {
    id: 'E039', how: 'impossible', fault: 'A DestinationRule that forces mutual TLS on pods without a sidecar', symptom: '503, flag UF',
    by: '`Subsets` never takes the mutual TLS of the mesh, and no wildcards',
    proof: [['mesh', 'a DestinationRule forces mutual TLS on no workload that may have no sidecar (E039)']],
  },
  {
    id: 'E125', how: 'impossible', fault: 'Several VirtualServices for one host', symptom: 'routes in an order that nobody wrote',
    by: 'a host has one VirtualService, with the routes of wildcards that cover it; routes in two places are refused, and unreachable ones. Open: those of '
      + 'other repositories',
    source: 'istio: pilot/pkg/networking/core/route/route.go:1614',
    proof: [['mesh', 'a host has one VirtualService at a gateway, with its routes in the order written (E125)']],
  },
];
