// What ExternalDNS reads, before and since version 0.22.
import { externalDnsAnnotations } from '../../src/base/external-dns';

test('annotations are written under the old and the new prefix', () => {
  expect(externalDnsAnnotations('ttl', '60')).toEqual({ 'external-dns.alpha.kubernetes.io/ttl': '60', 'external-dns.kubernetes.io/ttl': '60' });
});
