// The certificate of the gateway, alone.
import { Duration } from 'cdk8s';
import { type CertificateRequest, GatewayCertificate, IssuerKind } from '../../../src/edge/gateway/certificate';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, type Synthesized } from '../../synthesized';

const REQUEST: CertificateRequest = { namespace: 'front', secretName: 'door-tls', gatewayName: 'door', dnsNames: ['door.front.svc.cluster.local'], verified: false };
const METADATA = {
  name: 'door-tls',
  namespace: 'front',
  labels: labels('door', 'gateway'),
};

function rendered(certificate: GatewayCertificate, request: Partial<CertificateRequest> = {}): Synthesized[] {
  const chart = emptyChart();
  certificate._render(chart, { ...REQUEST, ...request });
  return synthesized(chart);
}

test('a self-signed certificate is an Issuer and a Certificate', () => {
  expect(rendered(GatewayCertificate.selfSigned())).toEqual([
    { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: METADATA, spec: { selfSigned: {} } },
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: METADATA,
      spec: {
        secretName: 'door-tls',
        dnsNames: ['door.front.svc.cluster.local'],
        subject: { organizations: ['door'] },
        duration: '2160h0m0s',
        renewBefore: '720h0m0s',
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        usages: ['digital signature', 'server auth'],
        issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: 'door-tls' },
      },
    },
  ]);
});

test('an existing issuer signs a Certificate', () => {
  const [certificate, ...others] = rendered(GatewayCertificate.issuedBy({ kind: IssuerKind.CLUSTER_ISSUER, name: 'private-ca', dnsNames: ['*.example.com'] }), { verified: true });
  expect(others).toEqual([]);
  expect(certificate.spec).toMatchObject({ dnsNames: ['*.example.com'], issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'private-ca' } });
  expect(certificate.spec.subject).toBeUndefined();
});

test('durations use the notation in which Kubernetes returns them', () => {
  const [, certificate] = rendered(GatewayCertificate.selfSigned({ duration: Duration.seconds(5445), renewBefore: Duration.minutes(5) }));
  expect(certificate.spec).toMatchObject({ duration: '1h30m45s', renewBefore: '0h5m0s' });
});

test.each<[string, () => unknown, string, unknown]>([
  ['a certificate of less than an hour', () => GatewayCertificate.selfSigned({ duration: Duration.seconds(3599) }), 'duration', '3599000 ms'],
  ['half a second', () => GatewayCertificate.selfSigned({ duration: Duration.millis(3_600_500) }), 'duration', '3600500 ms'],
  ['a renewal in the last minute', () => GatewayCertificate.selfSigned({ renewBefore: Duration.seconds(299) }), 'renewBefore', '299000 ms'],
  ['a renewal before the beginning', () => GatewayCertificate.selfSigned({ duration: Duration.hours(1), renewBefore: Duration.hours(1) }), 'renewBefore', '3600000 ms'],
  ['an unknown kind', () => GatewayCertificate.issuedBy({ kind: 'Vault' as IssuerKind, name: 'a' }), 'kind', 'Vault'],
  ['a malformed issuer', () => GatewayCertificate.issuedBy({ kind: IssuerKind.ISSUER, name: 'A' }), 'name', 'A'],
  ['no names', () => GatewayCertificate.issuedBy({ kind: IssuerKind.ISSUER, name: 'a', dnsNames: [] }), 'dnsNames', []],
  ['any name', () => GatewayCertificate.issuedBy({ kind: IssuerKind.ISSUER, name: 'a', dnsNames: ['a.b', '*'] }), 'dnsNames[1]', '*'],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
