// Random DestinationRules.
import * as fc from 'fast-check';
import { exportTo, mostly, object, podLabels, rarely } from './mesh-words';

const tls = fc.record({
  mode: fc.constantFrom('ISTIO_MUTUAL', 'DISABLE', 'SIMPLE', 'MUTUAL', undefined), sni: rarely(fc.constant('sni.example.com'), 3),
  credentialName: rarely(fc.constant('client'), 3), clientCertificate: rarely(fc.constant('/c'), 3), privateKey: rarely(fc.constant('/k'), 3),
  caCertificates: rarely(fc.constant('/ca'), 4), subjectAltNames: rarely(fc.constant(['san.example.com']), 4), insecureSkipVerify: rarely(fc.boolean(), 6),
});
const loadBalancer = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM', 'PASSTHROUGH', 'LEAST_CONN', 'UNSPECIFIED').map(simple => ({ simple })) },
  {
    weight: 2, arbitrary: fc.constantFrom<object>({ httpHeaderName: 'x-user' }, { useSourceIp: true }, { httpCookie: { name: 'c', ttl: '60s' } }, { httpCookie: { ttl: '0s' } },
      { httpQueryParameterName: 'q', maglev: { tableSize: 101 } }, { httpHeaderName: 'x', maglev: {} }, { httpHeaderName: 'x', ringHash: { minimumRingSize: 64 } }).map(consistentHash => ({ consistentHash })),
  },
  { weight: 1, arbitrary: fc.constant({}) },
);
const connectionPool = fc.constantFrom<object>({ tcp: { maxConnections: 10 } }, { http: { http1MaxPendingRequests: 1 } }, {}, { tcp: { connectTimeout: '1s' } });
const outlierDetection = fc.constantFrom<object>({ consecutive5xxErrors: 5 }, { interval: '10s', baseEjectionTime: '30s', maxEjectionPercent: 50 }, { maxEjectionPercent: 120 }, { interval: '0s' });
const blocks = { tls: rarely(tls, 1), loadBalancer: rarely(loadBalancer, 1), connectionPool: rarely(connectionPool, 6), outlierDetection: rarely(outlierDetection, 6) };
const trafficPolicy = fc.record({
  ...blocks, proxyProtocol: rarely(fc.constantFrom({ version: 'V1' }, { version: 'V2' }), 8),
  portLevelSettings: rarely(fc.array(fc.record({ port: mostly<object | undefined>({ number: 80 }, { number: 9000 }, { number: 443 }, undefined), ...blocks }), { minLength: 1, maxLength: 2 }), 3),
});
const subset = fc.record({
  name: mostly('v1', 'v2', 'v2', 'bad_Name'), labels: rarely(fc.constantFrom({ version: 'v1' }, { version: 'v2' }, { version: 'gone' }), 0), trafficPolicy: rarely(trafficPolicy, 2),
});

/** DestinationRules; several may be about one host. */
export const destinationRule: fc.Arbitrary<object> = object('networking', 'DestinationRule', fc.record({
  host: fc.constantFrom('s1', 's1.shop.svc.cluster.local', '*.shop.svc.cluster.local', 's2.team-a.svc.cluster.local', 's2', 'ext.example.org', '*.wild.org', '*.local', '*', 'head', 'gone',
    'a.wild.org', '*.example.org'),
  trafficPolicy: rarely(trafficPolicy, 0), subsets: rarely(fc.array(subset, { minLength: 1, maxLength: 2 }), 1), exportTo,
  workloadSelector: rarely(podLabels.map(matchLabels => ({ matchLabels })), 6),
}), ['dr1', 'dr2', 'dr3', 'dr4']);
