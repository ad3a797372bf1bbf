// DestinationRule: subsets of a workload, and the traffic policies of its clients.
import type { Coverage } from './row';

const BY_ANY_KEY = '`ConsistentHashOptions.table`';

export const DESTINATION_RULE: Coverage = {
  kind: 'networking.istio.io/v1 DestinationRule',
  words: 'Rendered by `Subsets`, which a route to a subset creates automatically, by `ExternalService` for `ExternalPort.tls`, and by `EgressGateway`. Set a '
    + '`TrafficPolicy` for a workload with `SubsetsProps.trafficPolicy`, for some clients with `ClientPolicy.trafficPolicy`, and for a subset with '
    + '`VersionOptions.trafficPolicy`.',
  rows: [
    ['host', '`SubsetsProps.workload`: its host'],
    ['exportTo[]', '`SubsetsProps.exportTo`; `ExternalServiceProps.exportTo` with `ExternalPort.tls`'],
    ['workloadSelector.matchLabels{}', '`SubsetsProps.clients[].labels`'],
    ['subsets[].name', '`WorkloadProps.versions`'],
    ['subsets[].labels{}', '`SubsetsProps.versions{}.labels`; otherwise `WorkloadProps.versionLabel` with the version'],
    ['subsets[].trafficPolicy.*', '`SubsetsProps.versions{}.trafficPolicy`', 'trafficPolicy'],

    ['trafficPolicy.connectionPool.*', '`TrafficPolicy.connectionPool.*`'],
    ['trafficPolicy.outlierDetection.*', '`TrafficPolicy.outlierDetection.*`'],
    ['trafficPolicy.outlierDetection.consecutiveErrors', 'none: deprecated and ignored; replaced by `consecutive5xxErrors` and '
      + '`consecutiveGatewayErrors`'],

    ['trafficPolicy.loadBalancer.simple', '`TrafficPolicy.loadBalancer`: `LoadBalancing.roundRobin`, `LoadBalancing.leastRequest`, `LoadBalancing.random`, '
      + '`LoadBalancing.passthrough`. Not supported: LEAST_CONN, deprecated in favor of LEAST_REQUEST, and UNSPECIFIED, the same as unset'],
    ['trafficPolicy.loadBalancer.consistentHash.httpHeaderName', '`LoadBalancing.byHeader(name)`'],
    ['trafficPolicy.loadBalancer.consistentHash.httpQueryParameterName', '`LoadBalancing.byQueryParameter(name)`'],
    ['trafficPolicy.loadBalancer.consistentHash.useSourceIp', '`LoadBalancing.bySourceIp`'],
    ['trafficPolicy.loadBalancer.consistentHash.httpCookie.(name|path|ttl)', '`LoadBalancing.byCookie(name, path, ttl)`'],
    ['trafficPolicy.loadBalancer.consistentHash.httpCookie.attributes[].(name|value)', '`CookieHashOptions.attributes[].name`, '
      + '`CookieHashOptions.attributes[].value`'],
    ['trafficPolicy.loadBalancer.consistentHash.maglev.tableSize', `${BY_ANY_KEY}: \`HashTable.maglev(tableSize)\``],
    ['trafficPolicy.loadBalancer.consistentHash.ringHash.minimumRingSize', `${BY_ANY_KEY}: \`HashTable.ring(minimumRingSize)\``],
    ['trafficPolicy.loadBalancer.consistentHash.minimumRingSize', 'none: deprecated in favor of `ringHash.minimumRingSize`'],
    ['trafficPolicy.loadBalancer.warmup.(aggression|duration|minimumPercent)', '`WarmupOptions.warmup.aggression`, `WarmupOptions.warmup.duration`, '
      + '`WarmupOptions.warmup.minimumPercent`, with `LoadBalancing.roundRobin` and `LoadBalancing.leastRequest`'],
    ['trafficPolicy.loadBalancer.warmupDurationSecs', 'none: deprecated in favor of `warmup.duration`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.enabled', '`LocalityOptions.locality`: `Locality.nearest`, `Locality.off`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.distribute[].(from|to{})', '`Locality.distribute(from, to)`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.failover[].(from|to)', '`Locality.failover(from, to)`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.failoverPriority[]', '`Locality.failoverPriority(labels)`, `Locality.failover(failoverPriority)`'],

    ['trafficPolicy.tls.mode', '`TrafficPolicy.tls` with `SubsetsProps.withoutSidecar`, or `ExternalPort.tls`: `ClientTls.disable`, `ClientTls.simple`, '
      + '`ClientTls.mutual`; ISTIO_MUTUAL only by `EgressGateway`, because Istio uses it automatically between sidecars'],
    ['trafficPolicy.tls.sni', '`ClientTls.simple(sni)`, `ClientTls.mutual(sni)`'],
    ['trafficPolicy.tls.subjectAltNames[]', '`ClientTls.simple(subjectAltNames)`, `ClientTls.mutual(subjectAltNames)`'],
    ['trafficPolicy.tls.credentialName', '`ClientTls.simple(credentialName)`, `ClientTls.mutual(credentialName)`'],
    ['trafficPolicy.tls.caCertificates', '`ClientTls.simple(caCertificates)`, `ClientTls.mutual(caCertificates)`'],
    ['trafficPolicy.tls.caCrl', '`ClientTls.simple(caCrl)`, `ClientTls.mutual(caCrl)`'],
    ['trafficPolicy.tls.insecureSkipVerify', '`ClientTls.simple(insecureSkipVerify)`, `ClientTls.mutual(insecureSkipVerify)`'],
    ['trafficPolicy.tls.(clientCertificate|privateKey)', '`ClientTls.mutual(clientCertificate, privateKey)`'],

    ['trafficPolicy.portLevelSettings[].port.number', '`TrafficPolicy.ports[].port`'],
    ['trafficPolicy.portLevelSettings[].*', '`TrafficPolicy.ports[]`', 'trafficPolicy'],
    ['trafficPolicy.retryBudget.*', '`TrafficPolicy.retryBudget.*`'],
    ['trafficPolicy.proxyProtocol.version', '`TrafficPolicy.proxyProtocol`'],
    ['trafficPolicy.tunnel.*', '`TrafficPolicy.tunnel.*`'],
  ],
};
