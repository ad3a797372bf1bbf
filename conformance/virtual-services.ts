// Random VirtualServices.
import * as fc from 'fast-check';
import { exportTo, few, mostly, object, podLabels, rarely, stringMatch } from './mesh-words';

const HOSTS = ['shop.example.com', '*.example.com', 'api.example.com', '*', 's1', 's1.shop.svc.cluster.local', 's2.team-a.svc.cluster.local', 's1.shop',
  '*.shop.svc.cluster.local', 'ext.example.org', '*.org', 'Shop.example.com', 'a.b.example.com', '10.1.2.3', 'head', 'name'];
const DESTINATIONS = ['s1', 's1.shop.svc.cluster.local', 's2', 's2.team-a.svc.cluster.local', 'ext.example.org', 'head', 'name', 'gone', 's1.shop', 'a.wild.org'];
const GATEWAYS = [['edge/gw'], ['edge/gw', 'mesh'], ['mesh'], undefined, ['gw'], ['edge/gw', 'edge/tls'], ['edge/tls'], ['./gw'], ['gw.edge'], ['gw.edge.svc.cluster.local'], ['shop/own']];

const duration = fc.constantFrom('5s', '0s', '1.5s', '100ms', '1m', '1h0m1s');
const percentage = fc.constantFrom({ value: 50 }, { value: 0 }, { value: 100 }, {}, { value: 0.5 });

/** A destination, of which many do not exist. */
const anywhere = fc.record({
  host: fc.constantFrom(...DESTINATIONS), subset: rarely(fc.constantFrom('v1', 'v2', 'gone')), port: fc.constantFrom({ number: 80 }, undefined, undefined, { number: 8080 }, { number: 9000 }),
}, { requiredKeys: ['host'] });

const changes = fc.record({
  set: rarely(fc.constantFrom({ 'x-a': '1' }, { ':authority': 'set.example.com' }, { 'x-b': '2', 'x-a': '1' }, { Host: 'host.example.com' }), 1),
  add: rarely(fc.constantFrom<object>({ 'x-c': '3' }, { host: 'add.example.com' }), 1),
  remove: rarely(fc.constantFrom(['x-d'], ['x-d', 'x-e'], ['host']), 1),
});
const headers = fc.record({ request: rarely(changes, 1), response: rarely(changes, 1) });

const match = fc.record({
  name: rarely(fc.constantFrom('m1', 'm2'), 6),
  uri: rarely(stringMatch('/', '/a', '/a/', '/api', ''), 1),
  ignoreUriCase: rarely(fc.constant(true), 6),
  scheme: rarely(stringMatch('http', 'https'), 8),
  method: rarely(stringMatch('GET', 'POST'), 5),
  authority: rarely(stringMatch('shop.example.com', 'a'), 6),
  headers: rarely(fc.dictionary(fc.constantFrom('x-a', 'x-b', 'cookie', '@request.auth.claims.sub', '@request.auth.claims[group][id]'), stringMatch('1', '2'), { minKeys: 1, maxKeys: 2 }), 2),
  withoutHeaders: rarely(fc.dictionary(fc.constantFrom('x-a', 'x-c', '@request.auth.claims.sub'), stringMatch('1', '2'), { minKeys: 1, maxKeys: 2 }), 4),
  queryParams: rarely(fc.dictionary(fc.constantFrom('q', 'p'), stringMatch('1', '2'), { minKeys: 1, maxKeys: 2 }), 4),
  port: rarely(fc.constantFrom(80, 443, 8080), 5),
  gateways: rarely(fc.constantFrom(['edge/gw'], ['mesh'], ['gw'], ['edge/tls', 'mesh']), 5),
  sourceLabels: rarely(podLabels, 6),
  sourceNamespace: rarely(fc.constantFrom('shop', 'edge', 'team-a'), 6),
});

const redirect = fc.record({
  uri: rarely(fc.constantFrom('/new', '%PREFIX()%/x'), 1), authority: rarely(fc.constantFrom('new.example.com'), 1), scheme: rarely(fc.constantFrom('https', 'http'), 1),
  redirectCode: rarely(fc.constantFrom(301, 302, 303, 307, 308, 404), 1), port: rarely(fc.constantFrom(443, 80, 8443), 2),
  derivePort: rarely(fc.constantFrom('FROM_REQUEST_PORT', 'FROM_PROTOCOL_DEFAULT'), 4),
}).map(({ derivePort, ...own }) => (own.port === undefined ? { ...own, derivePort } : own));
const rewrite = fc.record({
  uri: rarely(fc.constantFrom('/', '/b'), 1), authority: rarely(fc.constantFrom('rewritten.example.com'), 1),
  uriRegexRewrite: rarely(fc.constantFrom({ match: '^/a/(.*)$', rewrite: '/\\1' }, { match: '/b' }, { match: '[', rewrite: '/' }), 3),
});
const corsPolicy = fc.record({
  allowOrigins: rarely(fc.array(stringMatch('https://a.example.com'), { minLength: 1, maxLength: 2 }), 1), allowOrigin: rarely(fc.constant(['*']), 5),
  allowMethods: rarely(few('GET', 'POST', 'HELLO'), 1), allowHeaders: rarely(few('x-a', 'x-b'), 1), exposeHeaders: rarely(few('x-c'), 3),
  maxAge: rarely(fc.constantFrom('24h', '1.5s', '500ms'), 1), allowCredentials: rarely(fc.boolean(), 1), unmatchedPreflights: rarely(fc.constantFrom('IGNORE', 'FORWARD', 'UNSPECIFIED'), 3),
});
const fault = fc.record({
  delay: rarely(fc.record({ fixedDelay: rarely(duration, 1), percentage: rarely(percentage, 1), percent: rarely(fc.constantFrom(10), 4) }), 1),
  abort: rarely(fc.record({ httpStatus: rarely(fc.constantFrom(500, 418, 100), 1), grpcStatus: rarely(fc.constantFrom('UNAVAILABLE', 'NOPE'), 4), percentage: rarely(percentage, 1) })
    .map(({ grpcStatus, ...own }) => (own.httpStatus === undefined ? { ...own, grpcStatus } : own)), 1),
});

const elsewhere = fc.oneof(
  redirect.map(own => ({ redirect: own })),
  fc.record({ status: fc.constantFrom(200, 503, 404, 99, 600), body: rarely(fc.constantFrom<object>({ string: 'down' }, { bytes: 'ZG93bg==' }), 1) }).map(directResponse => ({ directResponse })),
  fc.record({ name: fc.constantFrom('vs1', 'vs2', 'del1', 'del2'), namespace: rarely(fc.constantFrom('shop', 'team-a'), 1) }).map(delegate => ({ delegate })),
);

const name = rarely(fc.constantFrom('r1', 'r2'), 2);
const matches = fc.oneof({ weight: 3, arbitrary: fc.array(match, { minLength: 1, maxLength: 3 }) }, { weight: 1, arbitrary: fc.constant(undefined) });

/** An entry that forwards requests. */
function forwardTo(destination: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const weighted = fc.oneof(
    { weight: 3, arbitrary: fc.record({ destination, headers: rarely(headers, 6) }).map(one => [one]) },
    { weight: 1, arbitrary: fc.array(fc.record({ destination, weight: fc.constantFrom(10, 90, 50, 0, 1, undefined), headers: rarely(headers, 3) }), { minLength: 1, maxLength: 3 }) },
  );
  return fc.record({
    name, match: matches,
    rewrite: rarely(rewrite, 5), timeout: rarely(duration, 4), headers: rarely(headers, 5),
    retries: rarely(fc.record({
      attempts: fc.constantFrom(3, 0, 1), perTryTimeout: rarely(duration, 1), retryOn: rarely(fc.constantFrom('5xx', '503,connect-failure', 'gateway-error, 429', 'nonsense', '999'), 1),
      backoff: rarely(fc.constant('25ms'), 4),
    }), 4),
    mirror: rarely(destination, 8), mirrorPercentage: rarely(percentage, 8), mirrorPercent: rarely(fc.constant(20), 20),
    mirrors: rarely(fc.array(fc.record({ destination, percentage: rarely(percentage, 1) }), { minLength: 1, maxLength: 2 }), 12),
    fault: rarely(fault, 6), corsPolicy: rarely(corsPolicy, 6), route: weighted,
  });
}

/** An entry of `spec.http`: it forwards, redirects, responds, delegates, or does two of these, which the webhook refuses. */
export function httpRoute(destination: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const forward = forwardTo(destination);
  return fc.oneof(
    { weight: 5, arbitrary: forward },
    { weight: 2, arbitrary: fc.tuple(fc.record({ name, match: matches, headers: rarely(headers, 5) }), elsewhere).map(([one, other]) => ({ ...one, ...other })) },
    { weight: 1, arbitrary: fc.tuple(forward, elsewhere).map(([one, other]) => ({ ...one, ...other })) },
  );
}

const l4 = {
  port: rarely(fc.constantFrom(443, 9000, 80), 3), gateways: rarely(fc.constantFrom(['edge/gw'], ['mesh']), 4), sourceLabels: rarely(podLabels, 6),
  sourceNamespace: rarely(fc.constantFrom('shop', 'edge'), 6),
};
const targets = fc.array(fc.record({ destination: anywhere, weight: rarely(fc.constantFrom(50, 50, 10), 2) }), { minLength: 1, maxLength: 2 });
const tls = fc.record({
  match: fc.array(fc.record({ sniHosts: mostly(['shop.example.com'], ['*.example.com'], ['*'], ['a.other.org'], ['s1.shop.svc.cluster.local'], ['shop.example.com', 'api.example.com']), ...l4 }), { minLength: 1, maxLength: 2 }),
  route: targets,
});
const tcp = fc.record({ match: rarely(fc.array(fc.record(l4), { minLength: 1, maxLength: 2 }), 1), route: targets });

const spec = (tlsOften: number) => fc.record({
  hosts: few(...HOSTS), gateways: fc.constantFrom(...GATEWAYS, ...GATEWAYS.slice(0, 3)), exportTo,
  http: rarely(fc.array(httpRoute(anywhere), { minLength: 1, maxLength: 3 }), tlsOften > 1 ? 0 : 3),
  tls: rarely(fc.array(tls, { minLength: 1, maxLength: 2 }), tlsOften), tcp: rarely(fc.array(tcp, { minLength: 1, maxLength: 2 }), tlsOften),
});

const delegate = object('networking', 'VirtualService', fc.record({ http: fc.array(forwardTo(anywhere), { minLength: 1, maxLength: 2 }), exportTo, gateways: rarely(fc.constant(['edge/gw']), 9) }), ['del1', 'del2'], ['shop', 'team-a']);

/** VirtualServices and delegates; most of them route HTTP. */
export const virtualService: fc.Arbitrary<object> = fc.oneof(
  { weight: 6, arbitrary: object('networking', 'VirtualService', spec(12), ['vs1', 'vs2', 'vs3', 'vs4']) },
  { weight: 2, arbitrary: object('networking', 'VirtualService', spec(1), ['vs1', 'vs5', 'vs6']) }, { weight: 2, arbitrary: delegate },
);
