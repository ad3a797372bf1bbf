// How TLS is spoken between clients and a gateway behind a Network Load Balancer.
import { BackendProtocol } from '../../../src/base/alb-annotations/words';
import { EdgeGateway, type EdgeGatewayOptions } from '../../../src/edge/gateway/gateway';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { GatewayTlsVersion, renderGatewayTls } from '../../../src/edge/gateway/tls';
import { refusal } from '../../refusal';
import { emptyChart, theOnly } from '../../synthesized';
import { gatewayPods } from '../stubs';

const { TLS_1_2, TLS_1_3 } = GatewayTlsVersion;

function gateway(entry: GatewayEntry, options: EdgeGatewayOptions): EdgeGateway {
  const chart = emptyChart();
  return new EdgeGateway(chart, 'Gateway', { workload: gatewayPods({ entry }), hosts: ['shop.example.com'], credentialName: 'shop-tls', ...options });
}

test('the default is simple TLS with the Secret', () => {
  expect(renderGatewayTls('shop-tls')).toEqual({ mode: 'SIMPLE', credentialName: 'shop-tls' });
});

test('TLS versions, ciphers and client certificates are rendered', () => {
  const cipherSuites = ['ECDHE-RSA-AES256-GCM-SHA384'];
  expect(renderGatewayTls('shop-tls', { minProtocolVersion: TLS_1_2, maxProtocolVersion: TLS_1_3, cipherSuites })).toEqual({
    mode: 'SIMPLE', credentialName: 'shop-tls', minProtocolVersion: 'TLSV1_2', maxProtocolVersion: 'TLSV1_3', cipherSuites,
  });
  expect(renderGatewayTls('shop-tls', { clientCertificates: {} })).toEqual({ mode: 'MUTUAL', credentialName: 'shop-tls' });
  expect(renderGatewayTls('shop-tls', { clientCertificates: { required: false, caCertCredentialName: 'partners', subjectAltNames: ['a.b'] } })).toEqual({
    mode: 'OPTIONAL_MUTUAL', credentialName: 'shop-tls', caCertCredentialName: 'partners', subjectAltNames: ['a.b'],
  });
});

test.each<[string, Parameters<typeof renderGatewayTls>[1], string, unknown]>([
  ['a lowest version above the highest', { minProtocolVersion: TLS_1_3, maxProtocolVersion: TLS_1_2 }, 'tls.maxProtocolVersion', 'TLSV1_2'],
  ['ciphers with TLS 1.3 alone', { minProtocolVersion: TLS_1_3, cipherSuites: ['ECDHE-RSA-AES128-SHA'] }, 'tls.cipherSuites', ['ECDHE-RSA-AES128-SHA']],
  ['no cipher', { cipherSuites: [] }, 'tls.cipherSuites', []],
  ['a cipher that is none', { cipherSuites: ['RC4-MD5'] }, 'tls.cipherSuites[0]', 'RC4-MD5'],
  ['a cipher twice', { cipherSuites: ['ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA'] }, 'tls.cipherSuites[1]', 'ECDHE-RSA-AES128-SHA'],
  ['no name', { clientCertificates: { subjectAltNames: [] } }, 'tls.clientCertificates.subjectAltNames', []],
  ['an empty name', { clientCertificates: { subjectAltNames: [''] } }, 'tls.clientCertificates.subjectAltNames', ['']],
  ['a Secret of another namespace', { clientCertificates: { caCertCredentialName: 'a/b' } }, 'tls.clientCertificates.caCertCredentialName', 'a/b'],
])('%s is refused', (_, options, prop, value) => {
  expect(refusal(() => renderGatewayTls('shop-tls', options))).toMatchObject({ prop, value });
});

test('the HTTPS server of a gateway behind a Network Load Balancer has TLS settings, and the redirecting server has none', () => {
  const made = gateway(GatewayEntry.NETWORK_LOAD_BALANCER, { tls: { minProtocolVersion: TLS_1_3 } });
  expect(theOnly(made, 'Gateway').spec.servers.map(({ tls }: { tls: object }) => tls)).toEqual([
    { mode: 'SIMPLE', credentialName: 'shop-tls', minProtocolVersion: 'TLSV1_3' }, { httpsRedirect: true },
  ]);
});

test('an invalid version is rejected', () => {
  expect(refusal(() => gateway(GatewayEntry.NETWORK_LOAD_BALANCER, { tls: { minProtocolVersion: 'TLSV1_1' as never } })))
    .toMatchObject({ prop: 'tls.minProtocolVersion', value: 'TLSV1_1', path: 'chart/Gateway' });
});

test('TLS settings are rejected behind an ALB and with plain HTTP', () => {
  const tls = { minProtocolVersion: TLS_1_3 };
  expect(refusal(() => gateway(GatewayEntry.ALB, { tls }))).toMatchObject({ prop: 'tls', path: 'chart/Gateway', reason: expect.stringContaining('sslPolicy') });
  expect(refusal(() => gateway(GatewayEntry.NETWORK_LOAD_BALANCER, { tls, protocol: BackendProtocol.HTTP, credentialName: undefined })))
    .toMatchObject({ prop: 'tls', reason: 'cannot be set when protocol is HTTP' });
});
