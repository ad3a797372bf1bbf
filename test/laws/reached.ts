// Fields of Istio's objects that the law has to reach, or it would hold for what nobody ever emits.

/** Paths, from names of fields by what they stand below. */
function fieldsOf(groups: { readonly [above: string]: string }): string[] {
  return Object.entries(groups).flatMap(([above, fields]) => fields.trim().split(/\s+/).map(field => `${above}.${field}`));
}

/** What routes of all kinds emit, below the path that they share. */
export const ROUTES = fieldsOf({
  'DestinationRule.spec': 'exportTo[] host',
  'DestinationRule.spec.subsets[]': 'labels{} name',
  'DestinationRule.spec.trafficPolicy.connectionPool': `
    http.h2UpgradePolicy http.http1MaxPendingRequests http.http2MaxRequests http.idleTimeout http.maxConcurrentStreams http.maxRequestsPerConnection http.maxRetries
    http.useClientProtocol tcp.connectTimeout tcp.idleTimeout tcp.maxConnectionDuration tcp.maxConnections tcp.tcpKeepalive.interval tcp.tcpKeepalive.probes
    tcp.tcpKeepalive.time
  `,
  'DestinationRule.spec.trafficPolicy.loadBalancer': `
    consistentHash.httpCookie.attributes[].name consistentHash.httpCookie.attributes[].value consistentHash.httpCookie.name consistentHash.httpCookie.path
    consistentHash.httpCookie.ttl consistentHash.httpHeaderName consistentHash.httpQueryParameterName consistentHash.maglev.tableSize consistentHash.ringHash.minimumRingSize
    consistentHash.useSourceIp localityLbSetting.distribute[].from localityLbSetting.distribute[].to{} localityLbSetting.enabled localityLbSetting.failoverPriority[]
    localityLbSetting.failover[].from localityLbSetting.failover[].to simple warmup.aggression warmup.duration warmup.minimumPercent
  `,
  'DestinationRule.spec.trafficPolicy.outlierDetection': 'baseEjectionTime consecutive5xxErrors consecutiveGatewayErrors consecutiveLocalOriginFailures interval maxEjectionPercent minHealthPercent splitExternalLocalOriginErrors',
  'DestinationRule.spec.trafficPolicy.proxyProtocol': 'version',
  'DestinationRule.spec.trafficPolicy.retryBudget': 'minRetryConcurrency percent',
  'DestinationRule.spec.trafficPolicy.tls': 'caCertificates caCrl clientCertificate credentialName insecureSkipVerify mode privateKey sni subjectAltNames[]',
  'DestinationRule.spec.trafficPolicy.tunnel': 'protocol targetHost targetPort',
  'DestinationRule.spec.workloadSelector': 'matchLabels{}',
  'Gateway.spec': 'selector{}',
  'Gateway.spec.servers[]': 'hosts[] port.name port.number port.protocol tls.credentialName tls.httpsRedirect tls.mode',
  'VirtualService.spec': 'exportTo[] gateways[] hosts[]',
  'VirtualService.spec.http[]': 'name timeout',
  'VirtualService.spec.http[].corsPolicy': 'allowCredentials allowHeaders[] allowMethods[] allowOrigins[].exact allowOrigins[].prefix allowOrigins[].regex exposeHeaders[] maxAge unmatchedPreflights',
  'VirtualService.spec.http[].delegate': 'name namespace',
  'VirtualService.spec.http[].directResponse': 'body.string status',
  'VirtualService.spec.http[].fault': 'abort.grpcStatus abort.httpStatus abort.percentage.value delay.fixedDelay delay.percentage.value',
  'VirtualService.spec.http[].headers': 'request.add{} request.remove[] request.set{} response.add{} response.remove[] response.set{}',
  'VirtualService.spec.http[].match[]': `
    authority.exact authority.prefix authority.regex headers{}.exact headers{}.prefix headers{}.regex ignoreUriCase method.exact method.regex port queryParams{}.exact
    queryParams{}.prefix queryParams{}.regex scheme.exact sourceLabels{} sourceNamespace statPrefix uri.exact uri.prefix uri.regex withoutHeaders{}.exact
    withoutHeaders{}.prefix withoutHeaders{}.regex
  `,
  'VirtualService.spec.http[].mirrors[]': 'destination.host destination.port.number destination.subset percentage.value',
  'VirtualService.spec.http[].redirect': 'authority derivePort port redirectCode scheme uri',
  'VirtualService.spec.http[].retries': 'attempts backoff perTryTimeout retryIgnorePreviousHosts retryOn retryRemoteLocalities',
  'VirtualService.spec.http[].rewrite': 'authority uri uriRegexRewrite.match uriRegexRewrite.rewrite',
  'VirtualService.spec.http[].route[]': `
    destination.host destination.port.number destination.subset headers.request.add{} headers.request.remove[] headers.request.set{} headers.response.add{}
    headers.response.remove[] headers.response.set{} weight
  `,
  'VirtualService.spec.tcp[]': 'match[].port route[].destination.host route[].destination.port.number route[].destination.subset route[].weight',
  'VirtualService.spec.tls[]': 'match[].sniHosts[] route[].destination.host route[].destination.port.number route[].destination.subset route[].weight',
});

/** What the neighbours of routes emit, below the path that they share. */
export const NEIGHBOURS = fieldsOf({
  'AuthorizationPolicy.spec': 'action',
  'AuthorizationPolicy.spec.provider': 'name',
  'AuthorizationPolicy.spec.rules[]': `
    from[].source.ipBlocks[] from[].source.namespaces[] from[].source.notIpBlocks[] from[].source.notNamespaces[] from[].source.notPrincipals[]
    from[].source.notRemoteIpBlocks[] from[].source.notRequestPrincipals[] from[].source.notServiceAccounts[] from[].source.notTrustDomains[] from[].source.principals[]
    from[].source.remoteIpBlocks[] from[].source.requestPrincipals[] from[].source.serviceAccounts[] from[].source.trustDomains[] to[].operation.hosts[]
    to[].operation.methods[] to[].operation.notHosts[] to[].operation.notMethods[] to[].operation.notPaths[] to[].operation.notPorts[] to[].operation.paths[]
    to[].operation.ports[] when[].key when[].notValues[] when[].values[]
  `,
  'AuthorizationPolicy.spec.selector': 'matchLabels{}',
  'AuthorizationPolicy.spec.targetRefs[]': 'group kind name',
  'IngressClassParams.spec': 'scheme',
  'IngressClassParams.spec.group': 'name',
  'IngressClassParams.spec.namespaceSelector': 'matchLabels{}',
  'IngressClassParams.spec.subnets': 'ids[]',
  'IngressClassParams.spec.tags[]': 'key value',
  'PeerAuthentication.spec.mtls': 'mode',
  'PeerAuthentication.spec.portLevelMtls{}': 'mode',
  'PeerAuthentication.spec.selector': 'matchLabels{}',
  'RequestAuthentication.spec.jwtRules[]': `
    audiences[] forwardOriginalToken fromCookies[] fromHeaders[].name fromHeaders[].prefix fromParams[] issuer jwks jwksUri outputClaimToHeaders[].claim
    outputClaimToHeaders[].header outputPayloadToHeader spaceDelimitedClaims[] timeout
  `,
  'RequestAuthentication.spec.selector': 'matchLabels{}',
  'RequestAuthentication.spec.targetRefs[]': 'group kind name',
  'ServiceEntry.spec': 'addresses[] exportTo[] hosts[] location resolution subjectAltNames[]',
  'ServiceEntry.spec.endpoints[]': 'address labels{} locality network ports{} serviceAccount weight',
  'ServiceEntry.spec.ports[]': 'name number protocol targetPort',
  'ServiceEntry.spec.workloadSelector': 'labels{}',
  'Sidecar.spec.egress[]': 'bind captureMode hosts[] port.name port.number port.protocol',
  'Sidecar.spec.inboundConnectionPool': `
    http.h2UpgradePolicy http.http1MaxPendingRequests http.http2MaxRequests http.idleTimeout http.maxConcurrentStreams http.maxRequestsPerConnection http.maxRetries
    http.useClientProtocol tcp.connectTimeout tcp.idleTimeout tcp.maxConnectionDuration tcp.maxConnections tcp.tcpKeepalive.interval tcp.tcpKeepalive.probes
    tcp.tcpKeepalive.time
  `,
  'Sidecar.spec.ingress[]': `
    bind captureMode connectionPool.http.h2UpgradePolicy connectionPool.http.http1MaxPendingRequests connectionPool.http.http2MaxRequests connectionPool.http.idleTimeout
    connectionPool.http.maxConcurrentStreams connectionPool.http.maxRequestsPerConnection connectionPool.http.maxRetries connectionPool.http.useClientProtocol
    connectionPool.tcp.connectTimeout connectionPool.tcp.idleTimeout connectionPool.tcp.maxConnectionDuration connectionPool.tcp.maxConnections
    connectionPool.tcp.tcpKeepalive.interval connectionPool.tcp.tcpKeepalive.probes connectionPool.tcp.tcpKeepalive.time defaultEndpoint port.name port.number port.protocol
    tls.caCertificates tls.mode tls.privateKey tls.serverCertificate
  `,
  'Sidecar.spec.outboundTrafficPolicy': 'egressProxy.host egressProxy.port.number egressProxy.subset mode',
  'Sidecar.spec.workloadSelector': 'labels{}',
  'TargetGroupBinding.spec': 'targetGroupARN targetType',
  'TargetGroupBinding.spec.networking': 'ingress[].from[].ipBlock.cidr ingress[].from[].securityGroup.groupID ingress[].ports[].port ingress[].ports[].protocol',
  'TargetGroupBinding.spec.serviceRef': 'name port',
  'Telemetry.spec.accessLogging[]': 'disabled filter.expression match.mode providers[].name',
  'Telemetry.spec.metrics[]': `
    overrides[].disabled overrides[].match.customMetric overrides[].match.metric overrides[].match.mode overrides[].tagOverrides{}.operation overrides[].tagOverrides{}.value
    providers[].name reportingInterval
  `,
  'Telemetry.spec.selector': 'matchLabels{}',
  'Telemetry.spec.targetRefs[]': 'group kind name',
  'Telemetry.spec.tracing[]': `
    customTags{}.environment.defaultValue customTags{}.environment.name customTags{}.formatter.value customTags{}.header.defaultValue customTags{}.header.name
    customTags{}.literal.value disableContextPropagation disableSpanReporting enableIstioTags match.mode providers[].name randomSamplingPercentage
    useRequestIdForTraceSampling
  `,
});
