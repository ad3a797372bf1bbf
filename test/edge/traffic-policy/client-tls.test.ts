// TLS settings of clients.
import { ClientTls } from '../../../src/edge/traffic-policy/client-tls';
import { refusal } from '../../refusal';

const plain = (tls: ClientTls) => JSON.parse(JSON.stringify(tls._render('tls', 'shop'))) as unknown;

test('every mode renders its Istio name', () => {
  expect(plain(ClientTls.disable())).toEqual({ mode: 'DISABLE' });
  expect(plain(ClientTls.simple())).toEqual({ mode: 'SIMPLE' });
  expect(plain(ClientTls.mutual({ credentialName: 'client' }))).toEqual({ mode: 'MUTUAL', credentialName: 'client' });
  expect(plain(ClientTls.istioMutual())).toEqual({ mode: 'ISTIO_MUTUAL' });
});

test('every option is rendered in its field', () => {
  expect(plain(ClientTls.simple({ sni: 'api.example.com', subjectAltNames: ['api.example.com', 'spiffe://a/b'], caCertificates: '/etc/ca.pem', caCrl: '/etc/crl.pem' }))).toEqual({
    mode: 'SIMPLE', sni: 'api.example.com', subjectAltNames: ['api.example.com', 'spiffe://a/b'], caCertificates: '/etc/ca.pem', caCrl: '/etc/crl.pem',
  });
  expect(plain(ClientTls.simple({ insecureSkipVerify: true }))).toEqual({ mode: 'SIMPLE', insecureSkipVerify: true });
  expect(plain(ClientTls.mutual({ clientCertificate: '/etc/tls.crt', privateKey: '/etc/tls.key' }))).toEqual({
    mode: 'MUTUAL', clientCertificate: '/etc/tls.crt', privateKey: '/etc/tls.key',
  });
  expect(plain(ClientTls.mutual({ credentialName: 'client', insecureSkipVerify: true }))).toEqual({ mode: 'MUTUAL', credentialName: 'client', insecureSkipVerify: true });
  expect(plain(ClientTls.istioMutual({ sni: 'outbound_.443_._.api.example.com', subjectAltNames: ['spiffe://a/b'] }))).toEqual({
    mode: 'ISTIO_MUTUAL', sni: 'outbound_.443_._.api.example.com', subjectAltNames: ['spiffe://a/b'],
  });
});

test('a mode ignores options of other modes from untyped callers', () => {
  expect(refusal(() => ClientTls.simple({ privateKey: '/etc/tls.key' } as never))).toMatchObject({ prop: 'privateKey', value: '/etc/tls.key' });
  expect(refusal(() => ClientTls.istioMutual({ credentialName: 'client' } as never))).toMatchObject({ prop: 'credentialName', value: 'client' });
});

test('server and certificate names are validated', () => {
  expect(refusal(() => ClientTls.simple({ sni: 'a b' }))).toEqual({ prop: 'sni', value: 'a b', reason: 'must be a server name such as api.example.com', path: '' });
  expect(refusal(() => ClientTls.simple({ subjectAltNames: [] }))).toMatchObject({ prop: 'subjectAltNames' });
  expect(refusal(() => ClientTls.simple({ subjectAltNames: ['a', ''] }))).toMatchObject({ prop: 'subjectAltNames[1]' });
  expect(refusal(() => ClientTls.simple({ subjectAltNames: ['a', 'a'] }))).toMatchObject({ prop: 'subjectAltNames[1]', reason: '"a" is already in subjectAltNames[0]' });
  expect(refusal(() => ClientTls.istioMutual({ sni: '' }))).toMatchObject({ prop: 'sni' });
});

test('files are given as paths, not as content', () => {
  for (const file of ['caCertificates', 'caCrl', 'clientCertificate', 'privateKey'] as const) {
    const files = { clientCertificate: '/etc/tls.crt', privateKey: '/etc/tls.key', [file]: '-----BEGIN CERTIFICATE-----' };
    expect(refusal(() => ClientTls.mutual(files))).toMatchObject({ prop: file, value: '-----BEGIN CERTIFICATE-----' });
  }
});

test('mutual TLS requires a certificate and its key, from files or a Secret', () => {
  expect(refusal(() => ClientTls.mutual({}))).toEqual({ prop: 'clientCertificate', value: undefined, reason: 'is required unless credentialName is set', path: '' });
  expect(refusal(() => ClientTls.mutual({ clientCertificate: '/etc/tls.crt' }))).toMatchObject({ prop: 'privateKey' });
  expect(refusal(() => ClientTls.mutual({ credentialName: 'configmap://shop/ca' }))).toMatchObject({ prop: 'credentialName' });
});

test.each(['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const)('a Secret excludes %s', file => {
  expect(refusal(() => ClientTls.mutual({ credentialName: 'client', [file]: '/etc/file.pem' }))).toMatchObject({ prop: file, value: '/etc/file.pem' });
});

test('verification settings cannot be combined with insecureSkipVerify', () => {
  const insecureSkipVerify = true;
  expect(refusal(() => ClientTls.simple({ insecureSkipVerify, caCertificates: '/etc/ca.pem' }))).toMatchObject({ prop: 'caCertificates' });
  expect(refusal(() => ClientTls.simple({ insecureSkipVerify, credentialName: 'ca' }))).toMatchObject({ prop: 'credentialName' });
  expect(refusal(() => ClientTls.simple({ insecureSkipVerify, subjectAltNames: ['a'] }))).toMatchObject({ prop: 'subjectAltNames' });
  expect(refusal(() => ClientTls.mutual({ insecureSkipVerify, credentialName: 'client', subjectAltNames: ['a'] }))).toMatchObject({ prop: 'subjectAltNames' });
  expect(plain(ClientTls.simple({ insecureSkipVerify: false, subjectAltNames: ['a'] }))).toEqual({ mode: 'SIMPLE', insecureSkipVerify: false, subjectAltNames: ['a'] });
});

test('a ConfigMap must be in the namespace of the DestinationRule', () => {
  expect(plain(ClientTls.simple({ credentialName: 'configmap://shop/ca' }))).toEqual({ mode: 'SIMPLE', credentialName: 'configmap://shop/ca' });
  const elsewhere = ClientTls.simple({ credentialName: 'configmap://shopping/ca' });
  expect(refusal(() => elsewhere._render('tls', 'shop'))).toEqual({
    prop: 'tls.credentialName', value: 'configmap://shopping/ca', reason: 'must be a ConfigMap in the namespace of the DestinationRule: configmap://shop/…', path: '',
  });
  for (const credentialName of ['configmap://shop', 'configmap:///ca', 'configmap://shop/', 'configmap://shop/a/b', 'shop/ca', '']) {
    expect(refusal(() => ClientTls.simple({ credentialName }))).toMatchObject({ prop: 'credentialName' });
  }
});

test('values of other types are rejected', () => {
  expect(refusal(() => ClientTls.simple(null as never))).toMatchObject({ prop: 'options', value: null });
  expect(refusal(() => ClientTls.mutual(undefined as never))).toMatchObject({ prop: 'options' });
  expect(refusal(() => ClientTls.simple({ sni: 5 as never }))).toMatchObject({ prop: 'sni', value: 5 });
  expect(refusal(() => ClientTls.istioMutual({ subjectAltNames: 'a' as never }))).toMatchObject({ prop: 'subjectAltNames', value: 'a' });
});
