// VirtualService: routes at gateways and inside the mesh.
import type { Coverage } from './row';

const IN_THE_MESH = 'none: gateways ignore it, and TLS and TCP routes are only supported at gateways. For sidecars use `istio.VirtualService`';
const SCHEMES = 'none: use `RouteOptions.scheme`, which selects one of the two schemes';
const TARGET = '`RouteTarget.workload`, `RouteTarget.subset`, `RouteTarget.split(subset)`, `RouteTarget.splitWorkloads(workload)`';
const WEIGHT = '`RouteTarget.split(weight)`, `RouteTarget.splitWorkloads(weight)`, `CanaryOptions.percent`';

export const VIRTUAL_SERVICE: Coverage = {
  kind: 'networking.istio.io/v1 VirtualService',
  words: 'Rendered by `Route` and by `addRoute`, `addCanary` and `addBlueGreen` of an `AlbIstioEdge`; by `MeshRoute` for service-to-service calls, `Delegate`, '
    + '`TlsRoute`, `TcpRoute` and `EgressGateway`. All HTTP routes have the `RouteOptions`.',
  rows: [
    ['hosts[]', '`RouteProps.hosts`, `EdgeRouteOptions.hosts`, `TlsRouteProps.hosts`; `MeshRouteProps.workload`: its host; unset in a `Delegate`'],
    ['gateways[]', '`RouteProps.gateway`, `TlsRouteProps.gateway`, `TcpRouteProps.gateway`; unset in a `MeshRoute`, which applies to sidecars'],
    ['exportTo[]', '`MeshRouteProps.exportTo`; `ExternalServiceProps.exportTo` with an `EgressGateway`. Routes at a gateway are always exported to it'],

    ['http[].name', '`AlbIstioEdge.addRoute(id)`, `Delegate.addRoute(id)`, and the id of a `Route` or `MeshRoute`'],
    ['http[].match[].name', 'none: not supported; only appended to the route name in access logs'],
    ['http[].match[].uri.exact', '`RouteOptions.paths`: `PathMatch.exact`, `PathMatch.pathPrefix`'],
    ['http[].match[].uri.prefix', '`RouteOptions.paths`: `PathMatch.prefix`, `PathMatch.pathPrefix`'],
    ['http[].match[].uri.regex', '`RouteOptions.paths`: `PathMatch.regex`'],
    ['http[].match[].ignoreUriCase', '`PathMatchOptions.ignoreCase`'],
    ['http[].match[].method.(exact|regex)', '`RouteOptions.methods`: one or more methods'],
    ['http[].match[].method.prefix', 'none: list the methods in `RouteOptions.methods`'],
    ['http[].match[].headers{}.(exact|prefix|regex)', '`RouteOptions.headers`: `HeaderMatch.exact`, `HeaderMatch.prefix`, `HeaderMatch.regex`, '
      + '`HeaderMatch.present`; `RouteOptions.claims`: `ClaimMatch.exact`, `ClaimMatch.prefix`, `ClaimMatch.regex`'],
    ['http[].match[].withoutHeaders{}.(exact|prefix|regex)', '`RouteOptions.headers`: `HeaderMatch.notExact`, `HeaderMatch.notPrefix`, '
      + '`HeaderMatch.notRegex`, `HeaderMatch.absent`; `RouteOptions.claims`: `ClaimMatch.notExact`, `ClaimMatch.notPrefix`, `ClaimMatch.notRegex`'],
    ['http[].match[].queryParams{}.(exact|prefix|regex)', '`RouteOptions.queryParams`: `QueryMatch.exact`, `QueryMatch.prefix`, `QueryMatch.regex`, '
      + '`QueryMatch.present`'],
    ['http[].match[].authority.(exact|prefix|regex)', '`RouteOptions.authority`: `AuthorityMatch.exact`, `AuthorityMatch.prefix`, `AuthorityMatch.regex`'],
    ['http[].match[].scheme.exact', '`RouteOptions.scheme`'],
    ['http[].match[].scheme.(prefix|regex)', SCHEMES],
    ['http[].match[].port', '`RouteOptions.port`'],
    ['http[].match[].statPrefix', '`RouteOptions.statPrefix`'],
    ['http[].match[].gateways[]', '`EgressGateway.addService(service)`; other VirtualServices apply as a whole to one gateway or to sidecars'],
    ['http[].match[].sourceLabels{}', '`MeshRouteProps.callers[].labels`'],
    ['http[].match[].sourceNamespace', '`MeshRouteProps.callers[].namespace`'],

    ['http[].route[].destination.host', `\`RouteOptions.target\`: ${TARGET}`],
    ['http[].route[].destination.port.number', '`WorkloadProps.port`, `ExternalService.onPort(port)`'],
    ['http[].route[].destination.subset', '`RouteOptions.target`: `RouteTarget.subset`, `RouteTarget.split(subset)`, `RouteTarget.splitElsewhere`'],
    ['http[].route[].weight', WEIGHT],
    ['http[].route[].headers.request.(add{}|remove[]|set{})', '`WeightedShare.requestHeaders.add`, `WeightedShare.requestHeaders.remove`, '
      + '`WeightedShare.requestHeaders.set`'],
    ['http[].route[].headers.response.(add{}|remove[]|set{})', '`WeightedShare.responseHeaders.add`, `WeightedShare.responseHeaders.remove`, '
      + '`WeightedShare.responseHeaders.set`'],
    ['http[].redirect.authority', '`RouteTarget.redirect(host)`'],
    ['http[].redirect.uri', '`RouteTarget.redirect(path)`'],
    ['http[].redirect.scheme', '`RouteTarget.redirect(scheme)`'],
    ['http[].redirect.port', '`RouteTarget.redirect(port)`'],
    ['http[].redirect.derivePort', '`RouteTarget.redirect(derivePort)`'],
    ['http[].redirect.redirectCode', '`RouteTarget.redirect(status)`'],
    ['http[].directResponse.status', '`RouteTarget.respond(status)`'],
    ['http[].directResponse.body.string', '`RouteTarget.respond(body)`'],
    ['http[].directResponse.body.bytes', 'none: not supported; `RouteTarget.respond(body)` accepts a string'],
    ['http[].delegate.(name|namespace)', '`RouteTarget.delegate`: `DelegateProps.delegateName`, `DelegateProps.namespace`, `Delegate.fromAttributes`'],

    ['http[].rewrite.uri', '`RouteOptions.rewrite`: `Rewrite.prefix`, `Rewrite.path`'],
    ['http[].rewrite.uriRegexRewrite.match', '`Rewrite.regex(regex)`; `Rewrite.prefix` and `Rewrite.path` if Envoy needs a regex'],
    ['http[].rewrite.uriRegexRewrite.rewrite', '`Rewrite.regex(substitution)`; `Rewrite.prefix` and `Rewrite.path` likewise'],
    ['http[].rewrite.authority', '`Rewrite.authority`, `RewriteOptions.authority`'],
    ['http[].headers.request.(add{}|remove[]|set{})', '`RouteOptions.requestHeaders.add`, `RouteOptions.requestHeaders.remove`, '
      + '`RouteOptions.requestHeaders.set`'],
    ['http[].headers.response.(add{}|remove[]|set{})', '`RouteOptions.responseHeaders.add`, `RouteOptions.responseHeaders.remove`, '
      + '`RouteOptions.responseHeaders.set`'],
    ['http[].timeout', '`RouteOptions.timeout`'],
    ['http[].retries.attempts', '`RouteOptions.retries.attempts`; `RouteOptions.disableRetries` for 0'],
    ['http[].retries.perTryTimeout', '`RouteOptions.retries.perTryTimeout`'],
    ['http[].retries.retryOn', '`RouteOptions.retries.retryOn`, `RouteOptions.retries.retryStatusCodes`'],
    ['http[].retries.backoff', '`RouteOptions.retries.backoff`'],
    ['http[].retries.retryRemoteLocalities', '`RouteOptions.retries.retryRemoteLocalities`'],
    ['http[].retries.retryIgnorePreviousHosts', '`RouteOptions.retries.ignorePreviousHosts`'],

    ['http[].fault.delay.fixedDelay', '`RouteOptions.fault.delay.duration`'],
    ['http[].fault.delay.percentage.value', '`RouteOptions.fault.delay.percentage`'],
    ['http[].fault.delay.percent', 'none: deprecated in favor of `percentage`, which accepts fractions'],
    ['http[].fault.delay.exponentialDelay', 'none: rejected by Istio'],
    ['http[].fault.abort.httpStatus', '`RouteOptions.fault.abort`: `FaultAbort.http(status)`'],
    ['http[].fault.abort.grpcStatus', '`RouteOptions.fault.abort`: `FaultAbort.grpc(status)`'],
    ['http[].fault.abort.percentage.value', '`FaultAbort.http(percentage)`, `FaultAbort.grpc(percentage)`'],
    ['http[].fault.abort.http2Error', 'none: rejected by Istio'],
    ['http[].mirrors[].destination.host', '`RouteOptions.mirrors`: `Mirror.workload`, `Mirror.subset`'],
    ['http[].mirrors[].destination.port.number', '`RouteOptions.mirrors`: `WorkloadProps.port`, `ExternalService.onPort(port)`'],
    ['http[].mirrors[].destination.subset', '`RouteOptions.mirrors`: `Mirror.subset`'],
    ['http[].mirrors[].percentage.value', '`Mirror.workload(percentage)`, `Mirror.subset(percentage)`'],
    ['http[].mirror.(host|port.number|subset)', 'none: use `mirrors`, which allows several; Istio rejects both together'],
    ['http[].mirrorPercentage.value', 'none: belongs to `mirror`; each entry of `mirrors` has its own percentage'],
    ['http[].(mirrorPercent|mirror_percent)', 'none: deprecated in favor of `mirrorPercentage`'],
    ['http[].corsPolicy.allowOrigins[].(exact|prefix|regex)', '`RouteOptions.cors.allowOrigins`: `CorsOrigin.exact`, `CorsOrigin.any`, `CorsOrigin.prefix`, '
      + '`CorsOrigin.regex`'],
    ['http[].corsPolicy.allowOrigin[]', 'none: deprecated in favor of `allowOrigins`'],
    ['http[].corsPolicy.allowMethods[]', '`RouteOptions.cors.allowMethods`'],
    ['http[].corsPolicy.allowHeaders[]', '`RouteOptions.cors.allowHeaders`'],
    ['http[].corsPolicy.exposeHeaders[]', '`RouteOptions.cors.exposeHeaders`'],
    ['http[].corsPolicy.maxAge', '`RouteOptions.cors.maxAge`'],
    ['http[].corsPolicy.allowCredentials', '`RouteOptions.cors.allowCredentials`'],
    ['http[].corsPolicy.unmatchedPreflights', '`RouteOptions.cors.unmatchedPreflights`'],

    ['tls[].match[].sniHosts[]', '`TlsRouteProps.hosts`; `EgressGateway.addService(service)`: the hosts of the service'],
    ['tls[].match[].(gateways[]|port)', '`EgressGateway.addService(service)`; a `TlsRoute` applies to one gateway, which determines its port'],
    ['tls[].match[].(destinationSubnets[]|sourceLabels{}|sourceNamespace)', IN_THE_MESH],
    ['tls[].route[].destination.host', `\`TlsRouteProps.target\`: ${TARGET}`],
    ['tls[].route[].destination.port.number', '`TlsRouteProps.target`: `WorkloadProps.port`, `ExternalService.onPort(port)`'],
    ['tls[].route[].destination.subset', '`TlsRouteProps.target`: `RouteTarget.subset`, `RouteTarget.split(subset)`'],
    ['tls[].route[].weight', '`TlsRouteProps.target`: `RouteTarget.split(weight)`, `RouteTarget.splitWorkloads(weight)`'],
    ['tcp[].match[].port', '`TcpRouteProps.port`'],
    ['tcp[].match[].gateways[]', 'none: `TcpRouteProps.gateway` applies to the whole VirtualService'],
    ['tcp[].match[].(destinationSubnets[]|sourceLabels{}|sourceNamespace)', IN_THE_MESH],
    ['tcp[].match[].sourceSubnet', 'none: validated by Istio, but ignored by gateways and sidecars'],
    ['tcp[].route[].destination.host', `\`TcpRouteProps.target\`: ${TARGET}`],
    ['tcp[].route[].destination.port.number', '`TcpRouteProps.target`: `WorkloadProps.port`, `ExternalService.onPort(port)`'],
    ['tcp[].route[].destination.subset', '`TcpRouteProps.target`: `RouteTarget.subset`, `RouteTarget.split(subset)`'],
    ['tcp[].route[].weight', '`TcpRouteProps.target`: `RouteTarget.split(weight)`, `RouteTarget.splitWorkloads(weight)`'],
  ],
};
