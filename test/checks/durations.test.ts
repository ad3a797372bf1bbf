// What a finding says of a number where a CRD of Istio has a duration.
import { check } from '../../src/checks/runner';

const FIELD = 'Use a value that the schema of the kind allows.';

function fixesOf(kind: string, spec: object): string[] {
  return check([{ apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'a', namespace: 'shop' }, spec }]).findings
    .filter(({ id }) => id === 'refused-by-api-server').map(({ pointer, fix }) => `${pointer.split('/').at(-1)}: ${fix}`);
}

function write(field: string, value: string): string {
  return `${field}: If you mean seconds, write ${value}: a duration is a string with a unit.`;
}

test('a number where a duration is meant is nearly always seconds', () => {
  const route = { route: [{ destination: { host: 'a' } }] };
  expect(fixesOf('VirtualService', { hosts: ['a.example.com'], http: [{ timeout: 30, corsPolicy: { maxAge: 1.5 }, retries: { attempts: 1, perTryTimeout: 2 }, ...route }] }))
    .toEqual([write('maxAge', '1.5s'), write('perTryTimeout', '2s'), write('timeout', '30s')]);
  expect(fixesOf('VirtualService', { hosts: ['a.example.com'], http: [{ timeout: '30', ...route }] })).toEqual([write('timeout', '30s')]);
  const pool = { tcp: { connectTimeout: 3, idleTimeout: 4, tcpKeepalive: { time: 5, interval: 6 } } };
  expect(fixesOf('DestinationRule', { host: 'a', trafficPolicy: { connectionPool: pool, outlierDetection: { baseEjectionTime: 7 } } })).toEqual([
    write('connectTimeout', '3s'), write('idleTimeout', '4s'), write('interval', '6s'), write('time', '5s'), write('baseEjectionTime', '7s'),
  ]);
});

test('other values and other fields are not', () => {
  const route = { route: [{ destination: { host: 'a' } }] };
  expect(fixesOf('VirtualService', { hosts: ['a.example.com'], http: [{ timeout: '5 seconds', ...route }] })).toEqual([`timeout: ${FIELD}`]);
  expect(fixesOf('VirtualService', { hosts: ['a.example.com'], http: [{ timeout: -1, ...route }] })).toEqual([`timeout: ${FIELD}`]);
  expect(fixesOf('VirtualService', { hosts: ['a.example.com'], http: [{ name: 5, ...route }] })).toEqual([`name: ${FIELD}`]);
  expect(fixesOf('VirtualService', { hosts: ['a.example.com'], http: [{ timeout: '5s', ...route }] })).toEqual([]);
});
