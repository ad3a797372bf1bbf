// The Istio Gateway alone, over pods made by hand.
import { Duration } from 'cdk8s';
import { BackendProtocol, TargetType } from '../../src/base/alb-words';
import { EdgeGateway, type EdgeGatewayProps } from '../../src/edge/gateway';
import { refusal } from '../refusal';
import { emptyChart, theOnly } from '../synthesized';
import { gatewayPods } from './hand-made';

function gateway(props: Partial<EdgeGatewayProps> = {}): EdgeGateway {
  return new EdgeGateway(emptyChart(), 'Gateway', { workload: gatewayPods(), credentialName: 'tls', ...props });
}

function hosts(of: EdgeGateway): string[] {
  return theOnly(of, 'Gateway').spec.servers[0].hosts;
}

test('a Gateway has one HTTPS server that takes connections without a server name', () => {
  expect(theOnly(gateway(), 'Gateway')).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: {
      name: 'door',
      namespace: 'front',
      labels: {
        'app.kubernetes.io/name': 'door',
        'app.kubernetes.io/component': 'gateway',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
    },
    spec: {
      selector: { app: 'door' },
      servers: [{ port: { name: 'https', number: 8443, protocol: 'HTTPS' }, hosts: ['front/*'], tls: { mode: 'SIMPLE', credentialName: 'tls' } }],
    },
  });
});

test('the Gateway can have another name than the Service of its pods', () => {
  const made = gateway({ gatewayName: 'mine' });
  expect([made.gatewayName, made.gatewayNamespace, theOnly(made, 'Gateway').metadata.name]).toEqual(['mine', 'front', 'mine']);
});

test('admitted namespaces are listed once and in order, those of later routes too', () => {
  const made = gateway({ admittedNamespaces: ['shop', 'front', 'bank'] });
  made.admitRoutesFrom('shop');
  made.admitRoutesFrom('art');
  expect(hosts(made)).toEqual(['art/*', 'bank/*', 'front/*', 'shop/*']);
});

test('a namespace that cannot be is not admitted', () => {
  expect(refusal(() => gateway().admitRoutesFrom('*'))).toMatchObject({ prop: 'namespace', value: '*', path: 'chart/Gateway' });
  expect(refusal(() => gateway({ admittedNamespaces: ['shop', 'Shop'] }))).toMatchObject({ prop: 'admittedNamespaces[1]', value: 'Shop', path: 'chart/Gateway' });
});

test('an ALB is told what the pods can do', () => {
  const made = gateway({ workload: gatewayPods({ targetTypes: [TargetType.INSTANCE], drainDuration: Duration.seconds(9) }) });
  expect(made).toMatchObject({
    backendNamespace: 'front',
    backendService: 'door',
    backendPort: 8443,
    backendProtocol: BackendProtocol.HTTPS,
    healthCheckPort: 'health',
    healthCheckProtocol: BackendProtocol.HTTP,
    healthCheckPath: '/healthz/ready',
    targetTypes: [TargetType.INSTANCE],
  });
  expect(made.drainDuration.toSeconds()).toBe(9);
});

describe('a Gateway of another repository', () => {
  const attributes = { gatewayName: 'door', gatewayNamespace: 'front' };

  it('admits every namespace where it is not known which ones it admits', () => {
    const found = EdgeGateway.fromAttributes(attributes);
    expect([found.gatewayName, found.gatewayNamespace]).toEqual(['door', 'front']);
    expect(() => found.admitRoutesFrom('shop')).not.toThrow();
  });

  it('admits the namespaces that it says, and no other', () => {
    const found = EdgeGateway.fromAttributes({ ...attributes, admittedNamespaces: ['shop', 'bank'] });
    expect(() => found.admitRoutesFrom('shop')).not.toThrow();
    expect(refusal(() => found.admitRoutesFrom('art')))
      .toMatchObject({ prop: 'namespace', value: 'art', allowed: 'a namespace that the gateway front/door admits: shop, bank' });
  });
});
