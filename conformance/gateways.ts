// Random Gateways.
import * as fc from 'fast-check';
import { few, mostly, object, rarely } from './mesh-words';

const HOSTS = ['*', 'shop.example.com', '*.example.com', 'shop/*', './*', '*/api.example.com', 'team-a/*.example.com', '*/*', 'Shop.example.com', 'short', 'x/shop.example.com', '*.local'];

const tls = fc.record({
  mode: fc.constantFrom('SIMPLE', 'SIMPLE', 'MUTUAL', 'PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL', 'AUTO_PASSTHROUGH', undefined),
  credentialName: mostly<string | undefined>('cert', undefined, 'gone'),
  httpsRedirect: rarely(fc.boolean(), 6), minProtocolVersion: rarely(fc.constantFrom('TLSV1_2', 'TLSV1_3'), 4), subjectAltNames: rarely(fc.constant(['spiffe://a']), 8),
});
const plainTls = fc.record({ httpsRedirect: fc.boolean() });

const PLAIN = ['HTTP', 'HTTP', 'HTTP', 'http', 'HTTP2', 'GRPC', 'TCP', 'MONGO', 'HTTP3'];
const server = fc.oneof(
  { weight: 3, arbitrary: fc.record({
    port: fc.record({ number: mostly(80, 8080, 443, 9000, 70000), name: fc.constantFrom('http', 'http', 'tcp', 'web', 'web', ''), protocol: fc.constantFrom(...PLAIN) }),
    hosts: few(...HOSTS), tls: rarely(plainTls, 3), bind: rarely(fc.constantFrom('10.0.0.9'), 16), name: rarely(fc.constant('named'), 10),
  }) },
  { weight: 2, arbitrary: fc.record({
    port: fc.record({ number: mostly(443, 8443, 80), name: fc.constantFrom('https', 'https', 'tls', 'web'), protocol: fc.constantFrom('HTTPS', 'HTTPS', 'TLS') }),
    hosts: few(...HOSTS), tls: rarely(tls, 0), bind: rarely(fc.constantFrom('10.0.0.9'), 16),
  }) },
);

/** Unique names of ports are required, so a server that shares one with an earlier server mostly gets its own. */
const servers = fc.tuple(fc.array(server, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 7 })).map(([list, keeps]) => (
  list.map((one, index) => (index === 0 || keeps === 0 ? one : { ...one, port: { ...one.port, name: `${one.port.name}${index}` } }))));

/** Gateways; most of them select the pods of `edge/gw`. */
export const gateway: fc.Arbitrary<object> = object('networking', 'Gateway', fc.record({
  selector: mostly<object | undefined>({ app: 'gw' }, { app: 'none' }, { app: 'gw', tier: 'edge' }, undefined, { app: 'gw' }), servers,
}), ['gw', 'gw', 'tls', 'own'], ['edge', 'edge', 'edge', 'shop']);
