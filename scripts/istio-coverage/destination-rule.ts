// DestinationRule: versions of a workload, and how clients treat it.
import type { Coverage } from './row';

const BY_ANY_KEY = '`ConsistentHashOptions.table`';

export const DESTINATION_RULE: Coverage = {
  kind: 'networking.istio.io/v1 DestinationRule',
  words: 'Made by `Subsets`, which a route to a version makes by itself, by `ExternalService` for `ExternalPort.tls`, and by `EgressGateway`. A '
    + '`TrafficPolicy` is said of a workload with `SubsetsProps.trafficPolicy`, of some clients with `ClientPolicy.trafficPolicy`, and of a version with '
    + '`VersionOptions.trafficPolicy`.',
  rows: [
    ['host', '`SubsetsProps.workload`, by its host'],
    ['exportTo[]', '`SubsetsProps.exportTo`; `ExternalServiceProps.exportTo` with `ExternalPort.tls`'],
    ['workloadSelector.matchLabels{}', '`SubsetsProps.clients[].labels`'],
    ['subsets[].name', '`WorkloadProps.versions`'],
    ['subsets[].labels{}', '`SubsetsProps.versions{}.labels`; without it `WorkloadProps.versionLabel` with the version'],
    ['subsets[].trafficPolicy.*', '`SubsetsProps.versions{}.trafficPolicy`', 'trafficPolicy'],

    ['trafficPolicy.connectionPool.*', '`TrafficPolicy.connectionPool.*`'],
    ['trafficPolicy.outlierDetection.*', '`TrafficPolicy.outlierDetection.*`'],
    ['trafficPolicy.outlierDetection.consecutiveErrors', 'none: deprecated, and no longer looked at; `consecutive5xxErrors` and '
      + '`consecutiveGatewayErrors` took its place'],

    ['trafficPolicy.loadBalancer.simple', '`TrafficPolicy.loadBalancer`: `LoadBalancing.roundRobin`, `LoadBalancing.leastRequest`, `LoadBalancing.random`, '
      + '`LoadBalancing.passthrough`. Not LEAST_CONN, deprecated in favour of LEAST_REQUEST, and UNSPECIFIED, the same as nothing'],
    ['trafficPolicy.loadBalancer.consistentHash.httpHeaderName', '`LoadBalancing.byHeader(name)`'],
    ['trafficPolicy.loadBalancer.consistentHash.httpQueryParameterName', '`LoadBalancing.byQueryParameter(name)`'],
    ['trafficPolicy.loadBalancer.consistentHash.useSourceIp', '`LoadBalancing.bySourceIp`'],
    ['trafficPolicy.loadBalancer.consistentHash.httpCookie.(name|path|ttl)', '`LoadBalancing.byCookie(name, path, ttl)`'],
    ['trafficPolicy.loadBalancer.consistentHash.httpCookie.attributes[].(name|value)', '`CookieHashOptions.attributes[].name`, '
      + '`CookieHashOptions.attributes[].value`'],
    ['trafficPolicy.loadBalancer.consistentHash.maglev.tableSize', `${BY_ANY_KEY}: \`HashTable.maglev(tableSize)\``],
    ['trafficPolicy.loadBalancer.consistentHash.ringHash.minimumRingSize', `${BY_ANY_KEY}: \`HashTable.ring(minimumRingSize)\``],
    ['trafficPolicy.loadBalancer.consistentHash.minimumRingSize', 'none: deprecated in favour of `ringHash.minimumRingSize`'],
    ['trafficPolicy.loadBalancer.warmup.(aggression|duration|minimumPercent)', '`WarmupOptions.warmup.aggression`, `WarmupOptions.warmup.duration`, '
      + '`WarmupOptions.warmup.minimumPercent`, with `LoadBalancing.roundRobin` and `LoadBalancing.leastRequest`'],
    ['trafficPolicy.loadBalancer.warmupDurationSecs', 'none: deprecated in favour of `warmup.duration`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.enabled', '`LocalityOptions.locality`: `Locality.nearest`, `Locality.off`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.distribute[].(from|to{})', '`Locality.distribute(from, to)`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.failover[].(from|to)', '`Locality.failover(from, to)`'],
    ['trafficPolicy.loadBalancer.localityLbSetting.failoverPriority[]', '`Locality.failoverPriority(labels)`, `Locality.failover(failoverPriority)`'],

    ['trafficPolicy.tls.mode', '`TrafficPolicy.tls` with `SubsetsProps.withoutSidecar`, or `ExternalPort.tls`: `ClientTls.disable`, `ClientTls.simple`, '
      + '`ClientTls.mutual`; ISTIO_MUTUAL by an `EgressGateway` alone, because Istio does it by itself between sidecars'],
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
