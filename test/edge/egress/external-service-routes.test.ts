// Routes to external services: the authority of the requests, and targets that cannot receive them.
import type { VirtualServiceSpecHttp } from '../../../imports/istio/networking.istio.io';
import { ClientTls } from '../../../src/edge/traffic-policy/client-tls';
import { Delegate } from '../../../src/edge/delegate/delegate';
import { ExternalService, type ExternalServiceProps, ServiceLocation } from '../../../src/edge/egress/external-service';
import { HostResolution } from '../../../src/edge/egress/host-resolution';
import { PathMatch } from '../../../src/edge/match/match';
import { MeshProtocol } from '../../../src/edge/egress/mesh-protocol';
import { Mirror } from '../../../src/edge/routing/mirror';
import { Rewrite } from '../../../src/edge/routing/rewrite';
import { renderRoute, type RouteOptions, type RouteSurroundings } from '../../../src/edge/routing/route-options';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import type { IWorkload } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';
import { service } from '../stubs';

const HTTPS = { number: 443, protocol: MeshProtocol.HTTPS };
const HTTP = { number: 80, protocol: MeshProtocol.HTTP };
const TCP = { number: 5432, protocol: MeshProtocol.TCP };

function external(props: Partial<ExternalServiceProps> = {}): ExternalService {
  return new ExternalService(emptyChart(), 'Api', { hosts: ['api.example.com'], ports: [HTTPS], namespace: 'shop', ...props });
}

const cart = service();
const tls = { ...HTTP, tls: ClientTls.simple() };
const to = (workload: IWorkload, options: Partial<RouteOptions> = {}, surroundings: RouteSurroundings = { hosts: ['shop.example.com'], atGateway: true }) =>
  renderRoute('A', { target: RouteTarget.workload(workload), ...options }, surroundings);
const split = (...workloads: IWorkload[]) => RouteTarget.splitWorkloads(workloads.map(workload => ({ workload, weight: 1 })));
const hostsOf = (http: VirtualServiceSpecHttp) => http.route!.map(({ headers }) => headers?.request?.set?.host);

describe('requests to an external service', () => {
  it('get its host as their authority', () => {
    expect(to(external({ ports: [tls] }))).toEqual({
      name: 'A', route: [{ destination: { host: 'api.example.com', port: { number: 80 } } }], rewrite: { authority: 'api.example.com' },
    });
    expect(to(external({ ports: [HTTPS, HTTP] }).onPort(80), {}, {}).rewrite).toEqual({ authority: 'api.example.com' });
    expect(to(external({ ports: [HTTP] }), { rewrite: Rewrite.path('/v2'), paths: [PathMatch.exact('/v1')] }).rewrite).toEqual({ uri: '/v2', authority: 'api.example.com' });
  });

  it('keep the authority that the route sets, or that clients already request', () => {
    expect(to(external({ ports: [HTTP] }), { rewrite: Rewrite.authority('a.b') }).rewrite).toEqual({ authority: 'a.b' });
    expect(to(external({ ports: [HTTP] }), {}, { hosts: ['api.example.com'] }).rewrite).toBeUndefined();
    expect(to(external({ ports: [HTTP] }), {}, { hosts: ['api.example.com', 'shop.example.com'] }).rewrite).toEqual({ authority: 'api.example.com' });
  });

  it('keep the authority for a wildcard host, and for services inside the mesh', () => {
    const wild = { hosts: ['*.example.com'], ports: [tls], resolution: HostResolution.dns([{ address: '192.0.2.1' }]) };
    expect(to(external(wild)).rewrite).toBeUndefined();
    expect(to(external({ ports: [HTTP], location: ServiceLocation.MESH_INTERNAL })).rewrite).toBeUndefined();
    expect(to(external({ ports: [tls], location: ServiceLocation.MESH_INTERNAL })).rewrite).toEqual({ authority: 'api.example.com' });
  });

  it('get the authority per weighted target, unless the target or the route sets another', () => {
    const [api, bank] = [external({ ports: [HTTP] }), external({ hosts: ['bank.example.com'], ports: [HTTP] })];
    expect(hostsOf(to(api, { target: split(cart, api, bank) }))).toEqual([undefined, 'api.example.com', 'bank.example.com']);
    expect(hostsOf(to(api, { target: split(cart, api), rewrite: Rewrite.authority('a.b') }))).toEqual([undefined, undefined]);
    expect(hostsOf(to(api, { target: split(cart, api, bank) }, { hosts: ['api.example.com'] }))).toEqual([undefined, undefined, 'bank.example.com']);
    const own = RouteTarget.splitWorkloads([
      { workload: cart, weight: 1 }, { workload: api, weight: 1, requestHeaders: { set: { Host: 'c.d' } } }, { workload: bank, weight: 1, requestHeaders: { set: { 'x-a': 'b' } } },
      { workload: external({ hosts: ['pay.example.com'], ports: [HTTP] }), weight: 1, responseHeaders: { remove: ['server'] } },
    ]);
    expect(to(api, { target: own }).route!.map(({ headers }) => headers)).toEqual([
      undefined, { request: { set: { Host: 'c.d' } } }, { request: { set: { 'x-a': 'b', 'host': 'bank.example.com' } } },
      { request: { set: { host: 'pay.example.com' } }, response: { remove: ['server'] } },
    ]);
    expect(to(api, { target: own }).rewrite).toBeUndefined();
  });

  it('get the authority for every version', () => {
    const api = external({ ports: [tls], resolution: HostResolution.fixed(['v1', 'v2'].map((version, index) => ({ address: `192.0.2.${index}`, labels: { version } }))) });
    const shares = ['v1', 'v2'].map(version => ({ subset: api.subset(version), weight: 1 }));
    expect(to(api, { target: RouteTarget.split(shares) })).toMatchObject({ rewrite: { authority: 'api.example.com' } });
    const [one, two] = shares;
    const http = to(api, { target: RouteTarget.split([{ ...one, requestHeaders: { set: { host: 'c.d' } } }, two]) });
    expect({ rewrite: http.rewrite, hosts: hostsOf(http) }).toEqual({ rewrite: undefined, hosts: ['c.d', 'api.example.com'] });
  });

  it.each([MeshProtocol.HTTPS, MeshProtocol.TLS, MeshProtocol.TCP, MeshProtocol.MONGO])('are rejected on a port with protocol %s, where they would arrive as plaintext', protocol => {
    const api = external({ ports: [{ number: 443, protocol }, HTTP] });
    const reason = `must be a port for plain HTTP, and port 443 has protocol ${protocol}; declare it as HTTP (with \`tls\` if the host expects TLS), or use a TlsRoute or TcpRoute`;
    expect(refusal(() => to(api))).toMatchObject({ prop: 'target', value: 'api.example.com:443', reason });
    expect(refusal(() => to(api, {}, { hosts: ['api.example.com'] }))).toMatchObject({ prop: 'target', value: 'api.example.com:443' });
    expect(refusal(() => to(cart, { mirrors: [Mirror.workload(api)] }))).toMatchObject({ prop: 'mirrors[0]', value: 'api.example.com:443' });
    expect(() => to(api.onPort(80))).not.toThrow();
  });

  it('are accepted on a TCP port if the proxy originates TLS', () => {
    expect(() => to(external({ ports: [{ ...TCP, tls: ClientTls.simple() }] }))).not.toThrow();
  });

  it.each([HostResolution.none(), HostResolution.dynamicDns()])('are rejected at a gateway that cannot resolve the host', resolution => {
    const api = external({ hosts: ['*.example.com'], ports: [HTTP], resolution });
    expect(refusal(() => to(api))).toMatchObject({ prop: 'target', value: '*.example.com:80', reason: expect.stringMatching(/^must be a service that gateways can resolve/) });
    expect(refusal(() => new Delegate(emptyChart('chart', 'shop'), 'Team').addRoute('A', { target: RouteTarget.workload(api) }))).toMatchObject({ prop: 'target' });
    expect(to(api, {}, { hosts: ['*.example.com'] }).rewrite).toBeUndefined();
  });
});
