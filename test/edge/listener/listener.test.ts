// Listeners: a port, the protocol that clients speak on it, and what the listener does with headers and client certificates.
import { Duration } from 'cdk8s';
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { ClientCertificates } from '../../../src/edge/listener/client-certificates';
import { Listener } from '../../../src/edge/listener/listener';
import { refusal } from '../../refusal';

const STORE = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/clients/0123456789abcdef';

/** The annotations of a listener alone, without their prefix. */
function written(listener: Listener): Record<string, string> {
  return Object.fromEntries(Object.entries(encodeAlbAnnotations(listener._render())).map(([key, value]) => [key.split('/')[1], value]));
}

test('a listener defaults to the standard port of its protocol', () => {
  expect([Listener.http(), Listener.https(), Listener.http(8080), Listener.https(65535)].map(written)).toEqual([
    { 'listen-ports': '[{"HTTP":80}]' },
    { 'listen-ports': '[{"HTTPS":443}]' },
    { 'listen-ports': '[{"HTTP":8080}]' },
    { 'listen-ports': '[{"HTTPS":65535}]' },
  ]);
  expect({ httpProtocol: Listener.http(1).protocol, httpPort: Listener.http(1).port, httpsProtocol: Listener.https(2).protocol, httpsPort: Listener.https(2).port })
    .toEqual({ httpProtocol: 'HTTP', httpPort: 1, httpsProtocol: 'HTTPS', httpsPort: 2 });
});

test('a listener has a port from 1 to 65535', () => {
  for (const port of [0, 65536, -1, 1.5, NaN]) {
    for (const make of [Listener.http, Listener.https]) {
      expect(refusal(() => make(port))).toEqual({ prop: 'port', value: port, reason: 'must be an integer from 1 to 65535', path: '' });
    }
  }
  expect(() => [1, 65535].map(port => [Listener.http(port), Listener.https(port)])).not.toThrow();
});

test('attributes are keyed by protocol and port', () => {
  expect(written(Listener.http(8080, { attributes: { serverHeader: false } }))).toEqual({
    'listen-ports': '[{"HTTP":8080}]',
    'listener-attributes.HTTP-8080': 'routing.http.response.server.enabled=false',
  });
  expect(written(Listener.https(443, { attributes: { strictTransportSecurity: { maxAge: Duration.days(365) } } }))).toEqual({
    'listen-ports': '[{"HTTPS":443}]',
    'listener-attributes.HTTPS-443': 'routing.http.response.strict_transport_security.header_value=max-age=31536000',
  });
});

test('an HTTPS attribute is rejected on an HTTP listener, under the name of its option', () => {
  const strictTransportSecurity = { maxAge: Duration.days(1) };
  expect(refusal(() => Listener.http(80, { attributes: { strictTransportSecurity } }))).toEqual({
    prop: 'attributes.strictTransportSecurity', value: strictTransportSecurity, reason: 'cannot be set on an HTTP listener', path: '',
  });
  expect(() => Listener.https(443, { attributes: { strictTransportSecurity } })).not.toThrow();
});

test('an attribute out of bounds is rejected by both kinds of listener', () => {
  for (const make of [Listener.http, Listener.https]) {
    expect(refusal(() => make(80, { attributes: { cors: { maxAge: Duration.days(2) } } }))).toMatchObject({ prop: 'attributes.cors.maxAge', value: '172800000 ms' });
    expect(() => make(80, { attributes: { cors: { maxAge: Duration.days(1) } } })).not.toThrow();
  }
});

test('client certificates are keyed by the port of their listener', () => {
  expect(written(Listener.https(8443, { clientCertificates: ClientCertificates.verify({ trustStore: STORE, ignoreExpiry: true }) }))).toEqual({
    'listen-ports': '[{"HTTPS":8443}]',
    'mutual-authentication': `[{"port":8443,"mode":"verify","trustStore":"${STORE}","ignoreClientCertificateExpiry":true}]`,
  });
  expect(written(Listener.https(443, { clientCertificates: ClientCertificates.passthrough() }))['mutual-authentication']).toBe('[{"port":443,"mode":"passthrough"}]');
  expect(written(Listener.https(443, { clientCertificates: ClientCertificates.off() }))['mutual-authentication']).toBe('[{"port":443,"mode":"off"}]');
});

test('client certificates are an option of HTTPS listeners only: both the compiler and the listener reject them on HTTP', () => {
  const clientCertificates = ClientCertificates.passthrough();
  // @ts-expect-error An HTTP listener has no such option.
  expect(refusal(() => Listener.http(80, { clientCertificates }))).toMatchObject({ prop: 'clientCertificates', reason: 'is not a prop of HttpListenerOptions; its props are attributes' });
  expect(written(Listener.http(80))).toEqual({ 'listen-ports': '[{"HTTP":80}]' });
});
