// Traffic policies: how clients connect to a workload.
import { propsOf } from '../../../src/base/prop-types';
import { ClientTls } from '../../../src/edge/traffic-policy/client-tls';
import { LoadBalancing } from '../../../src/edge/traffic-policy/load-balancing';
import { Locality } from '../../../src/edge/traffic-policy/locality';
import { type PolicyPlace, ProxyProtocolVersion, renderTrafficPolicy, type TrafficPolicy } from '../../../src/edge/traffic-policy/traffic-policy';
import { TunnelProtocol } from '../../../src/edge/traffic-policy/tunnel';
import { refusal } from '../../refusal';

const TRAFFIC_POLICY = propsOf<TrafficPolicy>('TrafficPolicy');

const render = (policy: TrafficPolicy, place: Partial<PolicyPlace> = {}) => renderTrafficPolicy('policy', policy, { namespace: 'shop', withoutSidecar: true, ...place });
const plain = (policy: TrafficPolicy, place?: Partial<PolicyPlace>) => JSON.parse(JSON.stringify(render(policy, place))) as unknown;
const refused = (policy: TrafficPolicy, place?: Partial<PolicyPlace>) => refusal(() => render(policy, place));

const FAILOVER = LoadBalancing.leastRequest({ locality: Locality.failover([{ from: 'a', to: 'b' }]) });

test('every block is rendered in its field', () => {
  expect(plain({
    loadBalancer: LoadBalancing.random(),
    connectionPool: { http: { maxRetries: 3 } },
    outlierDetection: {},
    tls: ClientTls.simple(),
    ports: [{ port: 8443, loadBalancer: LoadBalancing.roundRobin(), connectionPool: { tcp: { maxConnections: 1 } }, outlierDetection: { interval: undefined }, tls: ClientTls.disable() }],
    retryBudget: { percent: 12.5, minRetryConcurrency: 0 },
    proxyProtocol: ProxyProtocolVersion.V2,
  })).toEqual({
    loadBalancer: { simple: 'RANDOM' },
    connectionPool: { http: { maxRetries: 3 } },
    outlierDetection: {},
    tls: { mode: 'SIMPLE' },
    portLevelSettings: [{
      port: { number: 8443 }, loadBalancer: { simple: 'ROUND_ROBIN' }, connectionPool: { tcp: { maxConnections: 1 } }, outlierDetection: {}, tls: { mode: 'DISABLE' },
    }],
    retryBudget: { percent: 12.5, minRetryConcurrency: 0 },
    proxyProtocol: { version: 'V2' },
  });
  expect(plain({ tunnel: { targetHost: 'api.example.com', targetPort: 443, protocol: TunnelProtocol.POST } }))
    .toEqual({ tunnel: { targetHost: 'api.example.com', targetPort: 443, protocol: 'POST' } });
});

test('an empty policy and an empty port entry are rejected', () => {
  expect(refused({})).toEqual({ prop: 'policy', value: {}, reason: 'must have at least one setting', path: '' });
  expect(refused({ ports: [] })).toMatchObject({ prop: 'policy.ports' });
  expect(refused({ ports: [{ port: 80 }] })).toEqual({ prop: 'policy.ports[0]', value: { port: 80 }, reason: 'must have at least one setting', path: '' });
});

test('ports are unique and valid', () => {
  const outlierDetection = {};
  expect(refused({ ports: [{ port: 80, outlierDetection }, { port: 80, outlierDetection }] })).toEqual({ prop: 'policy.ports[1].port', value: 80, reason: '80 is already in policy.ports', path: '' });
  for (const port of [0, 65536, 1.5]) {
    expect(refused({ ports: [{ port, outlierDetection }] })).toMatchObject({ prop: 'policy.ports[0].port', value: port });
  }
  const many = Array.from({ length: 4097 }, (_, index) => ({ port: index + 1, outlierDetection }));
  expect(refused({ ports: many })).toMatchObject({ prop: 'policy.ports', reason: 'must have 1 to 4096 entries' });
  expect((plain({ ports: many.slice(1) }) as { portLevelSettings: unknown[] }).portLevelSettings).toHaveLength(4096);
});

test('errors in a port entry name the entry', () => {
  expect(refused({ ports: [{ port: 80, connectionPool: {} }] })).toMatchObject({ prop: 'policy.ports[0].connectionPool' });
  expect(refused({ ports: [{ port: 80, outlierDetection: { maxEjectionPercent: 0 } }] })).toMatchObject({ prop: 'policy.ports[0].outlierDetection.maxEjectionPercent' });
  expect(refused({ ports: [{ port: 80, tls: ClientTls.simple({ credentialName: 'configmap://other/ca' }) }] })).toMatchObject({ prop: 'policy.ports[0].tls.credentialName' });
});

test('a failover locality requires outlier detection', () => {
  expect(plain({ loadBalancer: FAILOVER, outlierDetection: {} })).toMatchObject({ outlierDetection: {} });
  expect(refused({ loadBalancer: FAILOVER })).toEqual({
    prop: 'policy.outlierDetection', value: undefined, reason: 'is required with this locality, for example as {}: without it, requests never fail over', path: '',
  });
  expect(plain({ loadBalancer: LoadBalancing.leastRequest({ locality: Locality.off() }) })).toMatchObject({ loadBalancer: { localityLbSetting: { enabled: false } } });
});

test('outlier detection of the workload applies to its versions, but not to its ports', () => {
  const inherited = { outlierDetection: {} };
  expect(plain({ loadBalancer: FAILOVER }, { inherited })).toMatchObject({ loadBalancer: { simple: 'LEAST_REQUEST' } });
  expect(refused({ outlierDetection: {}, ports: [{ port: 80, loadBalancer: FAILOVER }] })).toMatchObject({ prop: 'policy.ports[0].outlierDetection' });
  expect(plain({ ports: [{ port: 80, loadBalancer: FAILOVER, outlierDetection: {} }] })).toMatchObject({ portLevelSettings: [{ outlierDetection: {} }] });
});

test('TLS is rejected for pods with sidecars, and mesh TLS for pods without', () => {
  expect(refused({ tls: ClientTls.simple() }, { withoutSidecar: false })).toMatchObject({ prop: 'policy.tls', reason: expect.stringContaining('cannot be set: the mesh already uses mTLS') });
  expect(refused({ tls: ClientTls.disable() }, { withoutSidecar: undefined })).toMatchObject({ prop: 'policy.tls' });
  expect(refused({ ports: [{ port: 80, tls: ClientTls.simple() }] }, { withoutSidecar: false })).toMatchObject({ prop: 'policy.ports[0].tls' });
  expect(refused({ tls: ClientTls.istioMutual() })).toMatchObject({ prop: 'policy.tls', reason: expect.stringContaining('without a sidecar') });
});

test('a port entry must repeat the TLS of all ports', () => {
  const ports = [{ port: 80, outlierDetection: {} }];
  expect(refused({ tls: ClientTls.simple(), ports })).toEqual({
    prop: 'policy.ports[0].tls', value: undefined, reason: 'is required here too: a port inherits nothing from the settings for all ports', path: '',
  });
  expect(refused({ ports }, { inherited: { tls: ClientTls.simple() } })).toMatchObject({ prop: 'policy.ports[0].tls' });
});

test('a retry budget has a percentage and a minimum', () => {
  expect(plain({ retryBudget: {} })).toEqual({ retryBudget: {} });
  for (const percent of [-0.1, 100.1, NaN]) {
    expect(refused({ retryBudget: { percent } })).toEqual({ prop: 'policy.retryBudget.percent', value: percent, reason: 'must be a number from 0 to 100', path: '' });
  }
  for (const minRetryConcurrency of [-1, 1.5, 4294967296]) {
    expect(refused({ retryBudget: { minRetryConcurrency } })).toMatchObject({ prop: 'policy.retryBudget.minRetryConcurrency', value: minRetryConcurrency });
  }
});

test('a tunnel has a target host and port', () => {
  const tunnel = { targetHost: 'api.example.com', targetPort: 443 };
  for (const targetHost of ['10.0.0.1', '2001:db8::1', 'proxy', 'a.b.c']) {
    expect(plain({ tunnel: { ...tunnel, targetHost } })).toEqual({ tunnel: { targetHost, targetPort: 443 } });
  }
  for (const targetHost of ['', '*.example.com', 'a b', '10.0.0.256', 'a.1', 'a:80']) {
    expect(refused({ tunnel: { ...tunnel, targetHost } })).toMatchObject({ prop: 'policy.tunnel.targetHost', value: targetHost });
  }
  expect(refused({ tunnel: { ...tunnel, targetPort: 0 } })).toMatchObject({ prop: 'policy.tunnel.targetPort' });
  expect(refused({ tunnel, proxyProtocol: ProxyProtocolVersion.V1 })).toMatchObject({ prop: 'policy.tunnel', reason: 'cannot be set together with proxyProtocol' });
});

test('values of other types are rejected', () => {
  const type = (policy: object) => refusal(() => TRAFFIC_POLICY(policy)).prop;
  expect(type({ loadBalancer: 'ROUND_ROBIN' })).toBe('.loadBalancer');
  expect(type({ loadBalancer: { simple: 'ROUND_ROBIN' } })).toBe('.loadBalancer');
  expect(type({ connectionPool: { http: { maxRetries: '3' } } })).toBe('.connectionPool.http.maxRetries');
  expect(type({ connectionPool: { tcp: { tcpKeepalive: { time: '2h' } } } })).toBe('.connectionPool.tcp.tcpKeepalive.time');
  expect(type({ connectionPool: { http: { h2UpgradePolicy: 'NEVER' } } })).toBe('.connectionPool.http.h2UpgradePolicy');
  expect(type({ outlierDetection: true })).toBe('.outlierDetection');
  expect(type({ tls: { mode: 'SIMPLE' } })).toBe('.tls');
  expect(type({ ports: { port: 80 } })).toBe('.ports');
  expect(type({ ports: [{ outlierDetection: {} }] })).toBe('.ports[0].port');
  expect(type({ retryBudget: { percent: '20' } })).toBe('.retryBudget.percent');
  expect(type({ proxyProtocol: 'v2' })).toBe('.proxyProtocol');
  expect(type({ tunnel: { targetHost: 'a' } })).toBe('.tunnel.targetPort');
});
