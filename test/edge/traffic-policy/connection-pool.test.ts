// How many connections and requests a client may have open.
import { Duration } from 'cdk8s';
import { type ConnectionPool, H2UpgradePolicy, type HttpConnectionPool, renderConnectionPool, type TcpConnectionPool } from '../../../src/edge/traffic-policy/connection-pool';
import { refusal } from '../../refusal';

const plain = (pool: ConnectionPool) => JSON.parse(JSON.stringify(renderConnectionPool('pool', pool))) as unknown;
const refused = (pool: ConnectionPool) => refusal(() => renderConnectionPool('pool', pool));

test('every limit is rendered in its field', () => {
  expect(plain({
    tcp: {
      maxConnections: 100, connectTimeout: Duration.millis(30), tcpKeepalive: { probes: 3, time: Duration.hours(2), interval: Duration.seconds(75) },
      maxConnectionDuration: Duration.hours(1), idleTimeout: Duration.minutes(5),
    },
    http: {
      http1MaxPendingRequests: 1, http2MaxRequests: 2, maxRequestsPerConnection: 3, maxRetries: 4, idleTimeout: Duration.seconds(90),
      h2UpgradePolicy: H2UpgradePolicy.UPGRADE, useClientProtocol: false, maxConcurrentStreams: 5,
    },
  })).toEqual({
    tcp: {
      maxConnections: 100, connectTimeout: '30ms', tcpKeepalive: { probes: 3, time: '7200s', interval: '75s' }, maxConnectionDuration: '3600s', idleTimeout: '300s',
    },
    http: {
      http1MaxPendingRequests: 1, http2MaxRequests: 2, maxRequestsPerConnection: 3, maxRetries: 4, idleTimeout: '90s',
      h2UpgradePolicy: 'UPGRADE', useClientProtocol: false, maxConcurrentStreams: 5,
    },
  });
});

test('tcp or http alone is enough, an empty pool is not', () => {
  expect(plain({ tcp: { maxConnections: 1 } })).toEqual({ tcp: { maxConnections: 1 } });
  expect(plain({ http: { useClientProtocol: true } })).toEqual({ http: { useClientProtocol: true } });
  expect(plain({ tcp: { tcpKeepalive: {} } })).toEqual({ tcp: { tcpKeepalive: {} } });
  expect(refused({})).toEqual({ prop: 'pool', value: {}, reason: 'must have tcp, http or both', path: '' });
});

test.each<[keyof HttpConnectionPool, number]>([
  ['http1MaxPendingRequests', 2147483647], ['http2MaxRequests', 2147483647], ['maxRequestsPerConnection', 536870912], ['maxRetries', 2147483647],
  ['maxConcurrentStreams', 2147483647],
])('http.%s is an integer from 1 to %d, because Istio treats 0 as no limit', (field, max) => {
  expect(plain({ http: { [field]: 1 } })).toEqual({ http: { [field]: 1 } });
  expect(plain({ http: { [field]: max } })).toEqual({ http: { [field]: max } });
  for (const value of [0, -1, 1.5, max + 1, NaN]) {
    expect(refused({ http: { [field]: value } })).toEqual({ prop: `pool.http.${field}`, value, reason: `must be an integer from 1 to ${max}`, path: '' });
  }
});

test('numbers of connections and probes are integers from 1', () => {
  for (const value of [0, 2147483648]) {
    expect(refused({ tcp: { maxConnections: value } })).toMatchObject({ prop: 'pool.tcp.maxConnections', value });
  }
  for (const probes of [0, 4294967296]) {
    expect(refused({ tcp: { tcpKeepalive: { probes } } })).toMatchObject({ prop: 'pool.tcp.tcpKeepalive.probes', value: probes });
  }
  expect(plain({ tcp: { tcpKeepalive: { probes: 4294967295 } } })).toEqual({ tcp: { tcpKeepalive: { probes: 4294967295 } } });
});

test('durations are whole milliseconds, and only the idle timeout of a connection may be 0', () => {
  for (const field of ['connectTimeout', 'maxConnectionDuration', 'idleTimeout'] satisfies (keyof TcpConnectionPool)[]) {
    expect(plain({ tcp: { [field]: Duration.millis(1) } })).toEqual({ tcp: { [field]: '1ms' } });
    expect(refused({ tcp: { [field]: Duration.millis(1.5) } })).toMatchObject({ prop: `pool.tcp.${field}` });
  }
  expect(plain({ tcp: { idleTimeout: Duration.seconds(0) } })).toEqual({ tcp: { idleTimeout: '0s' } });
  expect(refused({ tcp: { connectTimeout: Duration.seconds(0) } })).toMatchObject({ prop: 'pool.tcp.connectTimeout' });
  expect(refused({ tcp: { maxConnectionDuration: Duration.seconds(0) } })).toMatchObject({ prop: 'pool.tcp.maxConnectionDuration' });
  expect(refused({ tcp: { tcpKeepalive: { time: Duration.seconds(0) } } })).toMatchObject({ prop: 'pool.tcp.tcpKeepalive.time' });
  expect(refused({ tcp: { tcpKeepalive: { interval: Duration.seconds(0) } } })).toMatchObject({ prop: 'pool.tcp.tcpKeepalive.interval' });
  expect(refused({ http: { idleTimeout: Duration.seconds(0) } })).toMatchObject({ prop: 'pool.http.idleTimeout' });
});

test('useClientProtocol cannot be combined with an upgrade to HTTP/2', () => {
  expect(refused({ http: { useClientProtocol: true, h2UpgradePolicy: H2UpgradePolicy.UPGRADE } })).toMatchObject({ prop: 'pool.http.useClientProtocol', value: true });
  expect(plain({ http: { useClientProtocol: true, h2UpgradePolicy: H2UpgradePolicy.DO_NOT_UPGRADE } }))
    .toEqual({ http: { useClientProtocol: true, h2UpgradePolicy: 'DO_NOT_UPGRADE' } });
});
