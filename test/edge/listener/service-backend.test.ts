// A Service outside the mesh behind an ALB.
import { Duration } from 'cdk8s';
import { BackendProtocol, TargetType } from '../../../src/base/alb-annotations/words';
import { Alb, type AlbProps } from '../../../src/edge/alb/alb';
import { AlbBackend, type AlbServiceOptions } from '../../../src/edge/listener/backend';
import { refusal } from '../../refusal';
import { emptyChart, theOnly } from '../../synthesized';

const SERVICE = { serviceName: 'legacy', namespace: 'shop', port: 8080 };

function ingress(options: Partial<AlbServiceOptions> = {}, alb: Partial<AlbProps> = {}): any {
  const backend = AlbBackend.service({ ...SERVICE, ...options });
  return theOnly(new Alb(emptyChart(), 'Legacy', { backend, hosts: ['legacy.example.com'], ...alb }), 'Ingress');
}

/** The annotations about the target group, without the prefix that all have. */
function targetGroup(options: Partial<AlbServiceOptions> = {}, alb: Partial<AlbProps> = {}): Record<string, string> {
  const own = Object.entries(ingress(options, alb).metadata.annotations).map(([key, value]) => [key.slice(key.indexOf('/') + 1), value as string]);
  return Object.fromEntries(own.filter(([key]) => /^(backend|target|healthcheck-p|success)/.test(key)));
}

test('it is checked on the port that serves requests, over HTTP', () => {
  expect(ingress()).toMatchObject({
    metadata: { name: 'legacy', namespace: 'shop' },
    spec: { rules: [{ host: 'legacy.example.com', http: { paths: [{ path: '/', backend: { service: { name: 'legacy', port: { number: 8080 } } } }] } }] },
  });
  expect(targetGroup()).toEqual({
    'backend-protocol': 'HTTP', 'healthcheck-path': '/', 'healthcheck-port': 'traffic-port', 'healthcheck-protocol': 'HTTP', 'success-codes': '200',
    'target-group-attributes': 'deregistration_delay.timeout_seconds=30', 'target-type': 'ip',
  });
});

test('protocol, health check, target type and drain duration can be set', () => {
  const instances = { protocol: BackendProtocol.HTTPS, healthCheckPath: '/up', targetTypes: [TargetType.INSTANCE, TargetType.IP], drainDuration: Duration.seconds(5) };
  expect(targetGroup(instances)).toEqual({
    'backend-protocol': 'HTTPS', 'healthcheck-path': '/up', 'healthcheck-port': 'traffic-port', 'healthcheck-protocol': 'HTTPS', 'success-codes': '200',
    'target-group-attributes': 'deregistration_delay.timeout_seconds=5', 'target-type': 'instance',
  });
  expect(targetGroup(instances, { targetType: TargetType.IP })).toMatchObject({ 'target-type': 'ip' });
  expect(targetGroup({ ...instances, healthCheckPort: 'status' })).toMatchObject({ 'healthcheck-port': 'status', 'healthcheck-protocol': 'HTTP' });
});

test.each<[string, Partial<AlbServiceOptions>, string, unknown]>([
  ['a name that no Service has', { serviceName: 'Legacy' }, 'serviceName', 'Legacy'],
  ['a namespace that none has', { namespace: 'a.b' }, 'namespace', 'a.b'],
  ['port 0', { port: 0 }, 'port', 0],
  ['a health check without a path', { healthCheckPath: 'up' }, 'healthCheckPath', 'up'],
  ['one that is too long', { healthCheckPath: `/${'a'.repeat(1024)}` }, 'healthCheckPath', `/${'a'.repeat(1024)}`],
  ['a port by an empty name', { healthCheckPort: '' }, 'healthCheckPort', ''],
  ['no target type', { targetTypes: [] }, 'targetTypes', []],
  ['a part of a second', { drainDuration: Duration.millis(500) }, 'drainDuration', '500 ms'],
  ['more than AWS waits', { drainDuration: Duration.seconds(3601) }, 'drainDuration', '3601000 ms'],
])('%s is refused', (_, options, prop, value) => {
  expect(refusal(() => AlbBackend.service({ ...SERVICE, ...options }))).toMatchObject({ prop, value });
});

test('target types that the Service does not have are refused', () => {
  expect(refusal(() => ingress({}, { targetType: TargetType.INSTANCE }))).toMatchObject({ prop: 'targetType', value: 'instance' });
});
