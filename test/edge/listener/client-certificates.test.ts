// What a listener does with client certificates.
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { ClientCertificates } from '../../../src/edge/listener/client-certificates';
import { refusal } from '../../refusal';

const STORE = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/clients/0123456789abcdef';
const KEY = 'alb.ingress.kubernetes.io/mutual-authentication';

test('clients are verified against a trust store', () => {
  const certificates = ClientCertificates.verify({ trustStore: STORE, ignoreExpiry: true, advertiseTrustStoreCaNames: true });
  expect(certificates._render(443)).toEqual({
    port: 443, mode: 'verify', trustStore: STORE, ignoreClientCertificateExpiry: true, advertiseTrustStoreCaNames: 'on',
  });
  expect(encodeAlbAnnotations({ mutualAuthentication: [certificates._render(443)] })).toEqual({
    [KEY]: `[{"port":443,"mode":"verify","trustStore":"${STORE}","ignoreClientCertificateExpiry":true,"advertiseTrustStoreCaNames":"on"}]`,
  });
});

test('unset options are not rendered', () => {
  const mutualAuthentication = [
    ClientCertificates.verify({ trustStore: 'my-clients' })._render(443), ClientCertificates.verify({ trustStore: 'a', advertiseTrustStoreCaNames: false })._render(444),
    ClientCertificates.passthrough()._render(8443), ClientCertificates.off()._render(9443),
  ];
  expect(encodeAlbAnnotations({ mutualAuthentication })).toEqual({
    [KEY]: '[{"port":443,"mode":"verify","trustStore":"my-clients"},{"port":444,"mode":"verify","trustStore":"a","advertiseTrustStoreCaNames":"off"},'
      + '{"port":8443,"mode":"passthrough"},{"port":9443,"mode":"off"}]',
  });
});

test.each(['', '-a', 'a-', 'a--b', 'a_b', 'a'.repeat(33), STORE.slice(0, -1), STORE.replace('truststore', 'targetgroup'), undefined])('%p is not a trust store', trustStore => {
  expect(refusal(() => ClientCertificates.verify({ trustStore: trustStore as string }))).toMatchObject({ prop: 'trustStore', value: trustStore });
});
