// Servers of AUTO_PASSTHROUGH, through which proxies of other networks reach the Services of this one.
import { renderMeshJson } from '../../src/output/mesh-json';
import { renderMeshText } from '../../src/output/mesh-text';
import { EDGE, app, endsOf, istio, meshFrom, request } from './small-mesh';

const GATEWAY = istio('Gateway', 'cross', '{selector: {app: gw}, servers: [{port: {number: 9000, name: tls, protocol: TLS}, hosts: ["*.shop.svc.cluster.local"], '
  + 'tls: {mode: AUTO_PASSTHROUGH}}]}', 'edge');
const RULE = istio('DestinationRule', 's1', '{host: s1, subsets: [{name: v1, labels: {app: s1}}]}');
const OBJECTS = [EDGE, GATEWAY, app('s1', 'shop', { sidecar: true }), app('t1'), app('s1', 'other', { sidecar: true }), RULE];

test('each port and subset of the covered Services has a chain, whose cluster has the endpoints that get mTLS', () => {
  const mesh = meshFrom(...OBJECTS);
  expect(renderMeshText(mesh, mesh.gatewayWorkloads()[0]).split('\n').slice(0, 15)).toEqual([
    'Gateway edge/gw',
    '  Listener 0.0.0.0_9000',
    '    SNI outbound_.80_._.s1.shop.svc.cluster.local, passes TLS through, by Gateway edge/cross',
    '      TCP → outbound_.80_._.s1.shop.svc.cluster.local',
    '    SNI outbound_.80_.v1_.s1.shop.svc.cluster.local, passes TLS through, by Gateway edge/cross',
    '      TCP → outbound_.80_.v1_.s1.shop.svc.cluster.local',
    '    SNI outbound_.80_._.t1.shop.svc.cluster.local, passes TLS through, by Gateway edge/cross',
    '      TCP → outbound_.80_._.t1.shop.svc.cluster.local',
    '  Clusters',
    '    outbound_.80_._.s1.shop.svc.cluster.local  [DestinationRule shop/s1]',
    '      1 × Deployment shop/s1 port 8080, the mTLS of its client',
    '    outbound_.80_.v1_.s1.shop.svc.cluster.local  [DestinationRule shop/s1]',
    '      1 × Deployment shop/s1 port 8080, the mTLS of its client',
    '    outbound_.80_._.t1.shop.svc.cluster.local',
    '      no endpoint that gets mTLS',
  ]);
});

test('JSON has the cluster of each chain', () => {
  const [{ listeners: [{ filterChains: [chain] }], unmodelled }] = JSON.parse(renderMeshJson(meshFrom(...OBJECTS))).gateways;
  expect(chain).toMatchObject({
    serverNames: ['outbound_.80_._.s1.shop.svc.cluster.local'], tls: 'passthrough', clusters: [{ cluster: 'outbound_.80_._.s1.shop.svc.cluster.local', weight: 100 }],
  });
  expect(chain).not.toHaveProperty('route');
  expect(unmodelled).toEqual([]);
});

test('a client outside of the mesh finds no chain, because it does not offer the ALPN of the mesh', () => {
  expect(endsOf(meshFrom(...OBJECTS), request('GET https://a.example.com/', { port: 9000, serverName: 'outbound_.80_._.s1.shop.svc.cluster.local' }))).toEqual(['no-filter-chain']);
});

test('without a covered Service there is no listener', () => {
  expect(endsOf(meshFrom(EDGE, GATEWAY, app('s1', 'other')), request('GET https://a.example.com/', { port: 9000 }))).toEqual(['no-listener']);
});
