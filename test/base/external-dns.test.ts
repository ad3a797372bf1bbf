// What ExternalDNS reads, before and since version 0.22.
import { externalDnsAnnotations } from '../../src/base/external-dns';

test('what is said stands under the prefix of old versions and under that of new ones', () => {
  expect(externalDnsAnnotations('ttl', '60')).toEqual({ 'external-dns.alpha.kubernetes.io/ttl': '60', 'external-dns.kubernetes.io/ttl': '60' });
});
