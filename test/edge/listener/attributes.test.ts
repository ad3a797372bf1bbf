// Attributes of one listener, as settings and as the text of the annotation.
import { Duration } from 'cdk8s';
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { ListenerProtocol } from '../../../src/base/alb-annotations/words';
import { ContentTypeOptions, FrameOptions, type ListenerAttributes, renderListenerAttributes } from '../../../src/edge/listener/attributes';
import { refusal } from '../../refusal';

const { HTTP, HTTPS } = ListenerProtocol;
const YEAR = Duration.days(365);
const tls = (name: string) => `routing.http.request.x_amzn_${name}.header_name`;
const answer = (name: string) => `routing.http.response.${name}.header_value`;

test('every prop is an attribute', () => {
  expect(renderListenerAttributes({
    serverHeader: false,
    strictTransportSecurity: { maxAge: YEAR, includeSubDomains: true, preload: true },
    cors: {
      allowOrigin: 'https://shop.example.com:8443',
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['X-One', 'X-Two'],
      allowCredentials: true,
      exposeHeaders: ['*'],
      maxAge: Duration.hours(24),
    },
    contentSecurityPolicy: "default-src 'self'; img-src *",
    contentTypeOptions: ContentTypeOptions.NOSNIFF,
    frameOptions: FrameOptions.SAMEORIGIN,
    tlsRequestHeaderNames: {
      clientCertificateSerialNumber: 'X-Serial',
      clientCertificateIssuer: 'X-Issuer',
      clientCertificateSubject: 'X-Subject',
      clientCertificateValidity: 'X-Validity',
      clientCertificateLeaf: 'X-Leaf',
      clientCertificate: 'X-Chain',
      tlsVersion: 'X_Version',
      tlsCipherSuite: 'a'.repeat(40),
    },
    other: { 'brand_new.key': 'yes' },
  }, HTTPS)).toEqual({
    'routing.http.response.server.enabled': 'false',
    [answer('strict_transport_security')]: 'max-age=31536000; includeSubDomains; preload',
    [answer('access_control_allow_origin')]: 'https://shop.example.com:8443',
    [answer('access_control_allow_methods')]: 'GET,POST',
    [answer('access_control_allow_headers')]: 'X-One,X-Two',
    [answer('access_control_allow_credentials')]: 'true',
    [answer('access_control_expose_headers')]: '*',
    [answer('access_control_max_age')]: '86400',
    [answer('content_security_policy')]: "default-src 'self'; img-src *",
    [answer('x_content_type_options')]: 'nosniff',
    [answer('x_frame_options')]: 'SAMEORIGIN',
    [tls('mtls_clientcert_serial_number')]: 'X-Serial',
    [tls('mtls_clientcert_issuer')]: 'X-Issuer',
    [tls('mtls_clientcert_subject')]: 'X-Subject',
    [tls('mtls_clientcert_validity')]: 'X-Validity',
    [tls('mtls_clientcert_leaf')]: 'X-Leaf',
    [tls('mtls_clientcert')]: 'X-Chain',
    [tls('tls_version')]: 'X_Version',
    [tls('tls_cipher_suite')]: 'a'.repeat(40),
    'brand_new.key': 'yes',
  });
});

test('they are one annotation per listener, in which commas are escaped', () => {
  const attributes = renderListenerAttributes({ cors: { allowMethods: ['GET', 'PUT'] }, strictTransportSecurity: { maxAge: Duration.seconds(0) } }, HTTPS);
  expect(encodeAlbAnnotations({ listenerAttributes: { 'HTTPS-443': attributes } })).toEqual({
    'alb.ingress.kubernetes.io/listener-attributes.HTTPS-443':
      `${answer('access_control_allow_methods')}=GET\\,PUT,${answer('strict_transport_security')}=max-age=0`,
  });
});

test('credentials set to false are not rendered', () => {
  expect(renderListenerAttributes({ cors: { allowCredentials: false } }, HTTP)).toEqual({});
});

test.each<[string, ListenerAttributes, string, unknown]>([
  ['HSTS for no whole second', { strictTransportSecurity: { maxAge: Duration.millis(500) } }, 'strictTransportSecurity.maxAge', '500 ms'],
  ['preload without subdomains', { strictTransportSecurity: { maxAge: YEAR, preload: true } }, 'strictTransportSecurity.preload', true],
  ['preload for less than a year', { strictTransportSecurity: { maxAge: Duration.days(364), includeSubDomains: true, preload: true } }, 'strictTransportSecurity.preload', true],
  ['an origin with a path', { cors: { allowOrigin: 'https://a.b/' } }, 'cors.allowOrigin', 'https://a.b/'],
  ['two origins', { cors: { allowOrigin: 'https://a.b,https://c.d' } }, 'cors.allowOrigin', 'https://a.b,https://c.d'],
  ['an origin without a protocol', { cors: { allowOrigin: 'a.b' } }, 'cors.allowOrigin', 'a.b'],
  ['no methods', { cors: { allowMethods: [] } }, 'cors.allowMethods', ''],
  ['a method in lower case', { cors: { allowMethods: ['get'] } }, 'cors.allowMethods', 'get'],
  ['all methods and one', { cors: { allowMethods: ['*', 'GET'] } }, 'cors.allowMethods', '*,GET'],
  ['a header with a blank', { cors: { allowHeaders: ['a b'] } }, 'cors.allowHeaders', 'a b'],
  ['an exposed header without a name', { cors: { exposeHeaders: ['a', ''] } }, 'cors.exposeHeaders', 'a,'],
  ['credentials for everybody', { cors: { allowOrigin: '*', allowCredentials: true } }, 'cors.allowCredentials', true],
  ['a preflight for more than a day', { cors: { maxAge: Duration.seconds(86_401) } }, 'cors.maxAge', '86401000 ms'],
  ['an empty policy', { contentSecurityPolicy: '' }, 'contentSecurityPolicy', ''],
  ['a policy with a line break', { contentSecurityPolicy: 'a\nb' }, 'contentSecurityPolicy', 'a\nb'],
  ['another word for frames', { frameOptions: 'ALLOW' as never }, 'frameOptions', 'ALLOW'],
  ['another word for types', { contentTypeOptions: 'sniff' as never }, 'contentTypeOptions', 'sniff'],
  ['the Host header', { tlsRequestHeaderNames: { tlsVersion: 'Host' } }, 'tlsRequestHeaderNames.tlsVersion', 'Host'],
  ['the header that Istio reads identities from', { tlsRequestHeaderNames: { clientCertificate: 'X-Forwarded-Client-Cert' } }, 'tlsRequestHeaderNames.clientCertificate', 'X-Forwarded-Client-Cert'],
  ['a long name', { tlsRequestHeaderNames: { tlsVersion: 'a'.repeat(41) } }, 'tlsRequestHeaderNames.tlsVersion', 'a'.repeat(41)],
  ['one name for two headers', { tlsRequestHeaderNames: { tlsVersion: 'X-A', tlsCipherSuite: 'x-a' } }, 'tlsRequestHeaderNames[1]', 'x-a'],
  ['a key of a prop', { other: { [answer('access_control_max_age')]: '5' } }, `other.${answer('access_control_max_age')}`, '5'],
])('%s is rejected', (_, attributes, prop, value) => {
  expect(refusal(() => renderListenerAttributes(attributes, HTTPS, 'https'))).toMatchObject({ prop: `https.${prop}`, value });
});

test('an HTTP listener has no TLS attributes', () => {
  for (const attributes of [{ strictTransportSecurity: { maxAge: YEAR } }, { tlsRequestHeaderNames: { tlsVersion: 'X-A' } }] as ListenerAttributes[]) {
    expect(refusal(() => renderListenerAttributes(attributes, HTTP))).toMatchObject({ prop: `attributes.${Object.keys(attributes)[0]}`, reason: 'cannot be set on an HTTP listener' });
  }
  expect(renderListenerAttributes({ serverHeader: true }, HTTP)).toEqual({ 'routing.http.response.server.enabled': 'true' });
});

test('an unset name is not rendered', () => {
  expect(renderListenerAttributes({ tlsRequestHeaderNames: { tlsVersion: 'X-A', tlsCipherSuite: undefined } }, HTTPS)).toEqual({ [tls('tls_version')]: 'X-A' });
});
