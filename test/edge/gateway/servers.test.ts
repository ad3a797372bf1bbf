// The servers of a Gateway, depending on the load balancer in front of its pods.
import { GatewayEntry, type IGatewayWorkload } from '../../../src/edge/gateway-workload/service';
import { GatewayServers } from '../../../src/edge/gateway/servers';
import { refusal } from '../../refusal';
import { gatewayPods } from '../stubs';

const fine = () => undefined;
const NLB = { entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [5432, 25] };

function servers(pods: Partial<IGatewayWorkload> = {}, hosts = ['a.b'], credentialName: string | undefined = 'tls'): GatewayServers {
  const made = new GatewayServers(gatewayPods(pods), { hosts, credentialName });
  made.admission.admit('front');
  return made;
}

const https = (...hosts: string[]) => ({ port: { name: 'https', number: 8443, protocol: 'HTTPS' }, hosts, tls: { mode: 'SIMPLE', credentialName: 'tls' } });
const http = (...hosts: string[]) => ({ port: { name: 'http', number: 8080, protocol: 'HTTP' }, hosts });
const redirect = (...hosts: string[]) => ({ ...http(...hosts), tls: { httpsRedirect: true } });

test('behind an ALB there is one server: HTTPS with a Secret, HTTP without', () => {
  expect(servers({}, ['*']).render()).toEqual([https('front/*')]);
  expect(new GatewayServers(gatewayPods(), { hosts: ['*'] }).render()).toEqual([http()]);
});

test('behind a Network Load Balancer plain HTTP redirects if there is HTTPS, and otherwise serves requests', () => {
  expect(servers(NLB).render()).toEqual([https('front/a.b'), redirect('front/a.b')]);
  const plain = new GatewayServers(gatewayPods(NLB), { hosts: ['a.b'] });
  plain.admission.admit('front');
  expect(plain.render()).toEqual([http('front/a.b')]);
});

test('TLS passthrough has a server on the HTTPS port with the hosts of each namespace', () => {
  const made = servers(NLB);
  made.passTlsThrough('shop', ['db.x.y', '*.z.y'], fine);
  made.passTlsThrough('art', ['c.d'], fine);
  made.passTlsThrough('shop', ['db.x.y', 'e.f'], fine);
  expect(made.render()).toEqual([
    https('front/a.b'),
    { port: { name: 'tls-passthrough', number: 8443, protocol: 'TLS' }, hosts: ['art/c.d', 'shop/db.x.y', 'shop/*.z.y', 'shop/e.f'], tls: { mode: 'PASSTHROUGH' } },
    redirect('front/a.b'),
  ]);
});

test('TLS passthrough works next to plain HTTP', () => {
  const made = new GatewayServers(gatewayPods(NLB), { hosts: ['a.b'] });
  made.passTlsThrough('shop', ['c.d'], fine);
  expect(made.render().map(({ port }) => port)).toEqual([{ name: 'tls-passthrough', protocol: 'TLS', number: 8443 }, { name: 'http', protocol: 'HTTP', number: 8080 }]);
});

test('TCP has a server per port, sorted, with the namespaces of its routes', () => {
  const made = servers(NLB);
  made.passTcpThrough('shop', 5432, fine);
  made.passTcpThrough('art', 5432, fine);
  made.passTcpThrough('mail', 25, fine);
  made.passTcpThrough('shop', 5432, fine);
  expect(made.render().slice(2)).toEqual([
    { port: { name: 'tcp-25', number: 25, protocol: 'TCP' }, hosts: ['mail/*'] },
    { port: { name: 'tcp-5432', number: 5432, protocol: 'TCP' }, hosts: ['art/*', 'shop/*'] },
  ]);
});

test.each<[string, (made: GatewayServers) => void, string, unknown]>([
  ['a host that the gateway ends TLS for', made => made.passTlsThrough('shop', ['c.d', 'a.b'], fine), 'hosts[1]', 'a.b'],
  ['a host that is none', made => made.passTlsThrough('shop', ['a'], fine), 'hosts[0]', 'a'],
  ['no host', made => made.passTlsThrough('shop', [], fine), 'hosts', []],
  ['a namespace that is none', made => made.passTlsThrough('*', ['c.d'], fine), 'namespace', '*'],
  ['a port that the Service lacks', made => made.passTcpThrough('shop', 22, fine), 'port', 22],
  ['a port that is none', made => made.passTcpThrough('shop', 0, fine), 'port', 0],
  ['a namespace of TCP that is none', made => made.passTcpThrough('*', 25, fine), 'namespace', '*'],
])('%s is refused, and nothing changes', (_, call, prop, value) => {
  const made = servers(NLB);
  expect(refusal(() => call(made))).toMatchObject({ prop, value });
  expect(made.render()).toHaveLength(2);
});

test('conflicts are detected before anything changes', () => {
  const made = servers(NLB);
  const no = () => { throw new RangeError('taken'); };
  expect(() => made.passTlsThrough('shop', ['c.d'], no)).toThrow(RangeError);
  expect(() => made.passTcpThrough('shop', 25, no)).toThrow(RangeError);
  expect(made.render()).toHaveLength(2);
});

test('an error about a port lists the available ports, or says where to add one', () => {
  expect(refusal(() => servers(NLB).passTcpThrough('shop', 22, fine)).reason).toBe('must be one of tcpPorts of the Service door: 5432, 25');
  expect(refusal(() => servers({ ...NLB, tcpPorts: undefined }).passTcpThrough('shop', 22, fine)).reason).toBe('must be one of tcpPorts of the Service door: none set');
});

test('passthrough and TCP require a Network Load Balancer', () => {
  expect(refusal(() => servers().passTlsThrough('shop', ['c.d'], fine))).toMatchObject({ prop: 'gateway', value: 'a gateway for TLS passthrough' });
  expect(refusal(() => servers().passTcpThrough('shop', 25, fine))).toMatchObject({ prop: 'gateway', value: 'a gateway for TCP routes' });
});

test('TLS passthrough requires a load balancer that listens for HTTPS', () => {
  const made = new GatewayServers(gatewayPods({ ...NLB, plainHttpOnly: true }), { hosts: ['a.b'] });
  expect(refusal(() => made.passTlsThrough('shop', ['c.d'], fine))).toMatchObject({ prop: 'gateway', reason: expect.stringContaining('https: false') });
  expect(() => made.passTcpThrough('shop', 25, fine)).not.toThrow();
});
