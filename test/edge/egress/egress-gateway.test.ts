// Egress gateways: the single exit for traffic leaving the mesh.
import { App, Chart } from 'cdk8s';
import { ClientTls } from '../../../src/edge/traffic-policy/client-tls';
import { EgressGateway, type EgressGatewayProps } from '../../../src/edge/egress/egress-gateway';
import { ExternalService, type ExternalServiceProps } from '../../../src/edge/egress/external-service';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { GatewayWorkload } from '../../../src/edge/gateway-workload/gateway-workload';
import { HostResolution } from '../../../src/edge/egress/host-resolution';
import { MeshProtocol } from '../../../src/edge/egress/mesh-protocol';
import { MeshRoute } from '../../../src/edge/routing/mesh-route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';

const HTTP = { number: 80, protocol: MeshProtocol.HTTP, tls: ClientTls.simple() };
const PLAIN = { number: 80, protocol: MeshProtocol.HTTP };
const TLS = { number: 443, protocol: MeshProtocol.TLS };
const EXISTING = { namespace: 'istio-system', service: 'istio-egressgateway', labels: { istio: 'egressgateway' } };
const SERVICE = 'istio-egressgateway.istio-system.svc.cluster.local';

function gateway(props: EgressGatewayProps = { workload: GatewayWorkload.fromAttributes(EXISTING) }): EgressGateway {
  return new EgressGateway(emptyChart(), 'Egress', props);
}

function external(props: Partial<ExternalServiceProps> = {}): ExternalService {
  return new ExternalService(emptyChart(), 'Api', { hosts: ['api.example.com'], ports: [HTTP], namespace: 'shop', ...props });
}

test('routes HTTP to the gateway with mutual TLS, and from there to the host', () => {
  const egress = gateway();
  egress.addService(external());
  expect(synthesized(egress)).toEqual([
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'istio-egress', namespace: 'istio-system', labels: labels('istio-egress', 'routing') },
      spec: {
        selector: { istio: 'egressgateway' },
        servers: [{ port: { name: 'https', number: 443, protocol: 'HTTPS' }, hosts: ['shop/*'], tls: { mode: 'ISTIO_MUTUAL' } }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'istio-egress', namespace: 'istio-system', labels: labels('istio-egress', 'routing') },
      spec: { host: SERVICE, subsets: [{ name: 'mesh-tls', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'api-example-com', namespace: 'shop', labels: labels('api-example-com', 'routing') },
      spec: {
        hosts: ['api.example.com'],
        gateways: ['mesh', 'istio-system/istio-egress'],
        http: [
          { name: 'to-egress-gateway', match: [{ gateways: ['mesh'], port: 80 }], route: [{ destination: { host: SERVICE, subset: 'mesh-tls', port: { number: 443 } } }] },
          { name: 'out', match: [{ gateways: ['istio-system/istio-egress'], port: 443 }], route: [{ destination: { host: 'api.example.com', port: { number: 80 } } }] },
        ],
      },
    },
  ]);
});

test('passes TLS of the application through', () => {
  const egress = gateway();
  egress.addService(external({ hosts: ['a.example.com', 'b.example.com'], ports: [TLS] }));
  expect(theOnly(egress, 'Gateway').spec.servers).toEqual([
    { port: { name: 'tls', number: 443, protocol: 'TLS' }, hosts: ['shop/a.example.com', 'shop/b.example.com'], tls: { mode: 'PASSTHROUGH' } },
  ]);
  expect(synthesized(egress, 'VirtualService').map(({ metadata, spec }) => [metadata.name, spec.hosts])).toEqual([
    ['a-example-com', ['a.example.com']], ['a-example-com-1', ['b.example.com']],
  ]);
  expect(synthesized(egress, 'VirtualService', 'a-example-com-1')[0].spec).toEqual({
    hosts: ['b.example.com'],
    gateways: ['mesh', 'istio-system/istio-egress'],
    tls: [
      { match: [{ gateways: ['mesh'], port: 443, sniHosts: ['b.example.com'] }], route: [{ destination: { host: SERVICE, port: { number: 443 } } }] },
      {
        match: [{ gateways: ['istio-system/istio-egress'], port: 443, sniHosts: ['b.example.com'] }],
        route: [{ destination: { host: 'b.example.com', port: { number: 443 } } }],
      },
    ],
  });
});

test('a service can have both', () => {
  const egress = gateway();
  egress.addService(external({ ports: [HTTP, TLS] }));
  expect(theOnly(egress, 'Gateway').spec.servers.map((server: { port: { protocol: string } }) => server.port.protocol)).toEqual(['HTTPS', 'TLS']);
  expect(Object.keys(theOnly(egress, 'VirtualService').spec)).toEqual(['gateways', 'hosts', 'http', 'tls']);
});

test('deploys its own gateway by default', () => {
  const egress = gateway({});
  expect(synthesized(egress).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)).toEqual([
    'Namespace /istio-egress', 'ServiceAccount istio-egress/istio-egress', 'Role istio-egress/istio-egress', 'RoleBinding istio-egress/istio-egress',
    'Service istio-egress/istio-egress', 'Deployment istio-egress/istio-egress', 'HorizontalPodAutoscaler istio-egress/istio-egress',
    'PodDisruptionBudget istio-egress/istio-egress', 'Gateway istio-egress/istio-egress', 'DestinationRule istio-egress/istio-egress',
  ]);
  expect(theOnly(egress, 'Gateway').spec.servers).toEqual([
    { port: { name: 'https', number: 443, protocol: 'HTTPS' }, hosts: ['istio-egress/*'], tls: { mode: 'ISTIO_MUTUAL' } },
  ]);
});

describe('rejects', () => {
  const wildcard = { hosts: ['*.example.com'], ports: [TLS], resolution: HostResolution.none() };

  it.each<[string, Partial<ExternalServiceProps>, unknown]>([
    ['a wildcard host', wildcard, '*.example.com'],
    ['two HTTP ports', { ports: [HTTP, { ...HTTP, number: 8080 }] }, ['80 HTTP', '8080 HTTP']],
    ['two TLS ports', { ports: [TLS, { ...TLS, number: 8443 }] }, ['443 TLS', '8443 TLS']],
    ['a TCP port', { ports: [HTTP, { number: 5432, protocol: MeshProtocol.TCP }] }, ['80 HTTP', '5432 TCP']],
    ['a service that is not exported to the gateway', { exportTo: ['.', 'bank'] }, ['.', 'bank']],
  ])('%s', (_, props, value) => {
    expect(refusal(() => gateway().addService(external(props)))).toMatchObject({ prop: 'service', value, path: 'chart/Egress' });
  });

  it('a service of the wrong type', () => {
    expect(refusal(() => gateway().addService('api.example.com' as never))).toMatchObject({ prop: 'service', value: 'api.example.com', path: 'chart/Egress' });
  });

  it('a host with another egress gateway', () => {
    const app = new App();
    const [one, other] = ['one', 'other'].map(id => new EgressGateway(new Chart(app, id), 'Egress', { workload: GatewayWorkload.fromAttributes(EXISTING) }));
    const service = external();
    one.addService(service);
    expect(refusal(() => other.addService(service))).toEqual({
      prop: 'service', value: 'api.example.com', path: 'other/Egress',
      reason: 'cannot be "api.example.com": this host already has routes in one/Egress, and Istio would apply only the older VirtualService',
    });
  });

  it('a gateway behind a load balancer, one of the wrong type and an invalid name', () => {
    const open = GatewayWorkload.fromAttributes({ ...EXISTING, entry: GatewayEntry.NETWORK_LOAD_BALANCER });
    expect(refusal(() => gateway({ workload: open }))).toMatchObject({ prop: 'workload', value: 'network-load-balancer', path: 'chart/Egress' });
    expect(refusal(() => gateway({ workload: {} as never }))).toMatchObject({ prop: 'workload', path: 'chart/Egress' });
    expect(refusal(() => gateway({ gatewayName: 'a.b' }))).toMatchObject({ prop: 'gatewayName', value: 'a.b', path: 'chart/Egress' });
  });
});

test('the VirtualService is exported to the same namespaces as the service', () => {
  for (const exportTo of [['istio-system'], ['.', 'istio-system'], ['*']]) {
    const egress = gateway();
    egress.addService(external({ exportTo }));
    expect(theOnly(egress, 'VirtualService').spec.exportTo).toEqual(exportTo);
  }
});

test('in exportTo, . is the namespace of the service', () => {
  const egress = gateway();
  expect(() => egress.addService(external({ namespace: 'istio-system', exportTo: ['.'] }))).not.toThrow();
  expect(refusal(() => egress.addService(external({ exportTo: ['.'] }))))
    .toMatchObject({ prop: 'service', value: ['.'], reason: 'must be exported to istio-system, the namespace of the gateway' });
});

test('one gateway serves several namespaces', () => {
  const egress = gateway();
  egress.addService(external());
  egress.addService(external({ namespace: 'bank', hosts: ['b.example.com'] }));
  expect(theOnly(egress, 'Gateway').spec.servers[0].hosts).toEqual(['bank/*', 'shop/*']);
});

describe('one construct owns the mesh routes of a host', () => {
  const only = (other: string) => `cannot be "api.example.com": this host already has routes in ${other}, and Istio would apply only the older VirtualService`;
  const inOneChart = () => {
    const chart = emptyChart('chart', 'shop');
    const service = new ExternalService(chart, 'Api', { hosts: ['api.example.com', 'www.example.com'], ports: [PLAIN] });
    const egress = new EgressGateway(chart, 'Egress', { workload: GatewayWorkload.fromAttributes(EXISTING) });
    const route = () => new MeshRoute(chart, 'Route', { workload: service, target: RouteTarget.workload(service) });
    return { chart, service, egress, route };
  };

  it('rejects a mesh route after the egress gateway', () => {
    const { chart, service, egress, route } = inOneChart();
    egress.addService(service);
    expect(refusal(route)).toMatchObject({ value: 'api.example.com', reason: only('chart/Egress'), path: 'chart/Route' });
    expect(synthesized(chart, 'VirtualService')).toHaveLength(2);
  });

  it('rejects the egress gateway after a mesh route, and adds nothing', () => {
    const { chart, service, egress, route } = inOneChart();
    route();
    expect(refusal(() => egress.addService(service))).toEqual({ prop: 'service', value: 'api.example.com', reason: only('chart/MeshRoutes-shop'), path: 'chart/Egress' });
    expect(synthesized(chart, 'VirtualService')).toHaveLength(1);
    egress.addService(external({ hosts: ['www.example.com'] }));
  });
});

test('rejects services whose VirtualServices have the same name in a namespace', () => {
  const egress = gateway();
  egress.addService(external({ entryName: 'a-test', hosts: ['a.test', 'b.test'], ports: [PLAIN] }));
  expect(refusal(() => egress.addService(external({ entryName: 'a-test-1', hosts: ['c.test'] })))).toEqual({
    prop: 'service', value: 'a-test-1', path: 'chart/Egress',
    reason: '"a-test-1" is already the name of a VirtualService of chart/Egress in namespace shop; set entryName of the service',
  });
  egress.addService(external({ entryName: 'a-test-1', hosts: ['c.test'], namespace: 'bank' }));
  egress.addService(external({ entryName: 'c', hosts: ['c2.test'] }));
  expect(synthesized(egress, 'VirtualService').map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)).toEqual([
    'shop/a-test', 'shop/a-test-1', 'bank/a-test-1', 'shop/c',
  ]);
});
