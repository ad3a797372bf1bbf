// Ends at a Service or a Secret that the input lacks: the cluster may have it, unless the input is all there is.
import type { TraceOptions } from '../../src/trace/models';
import { describeEnds } from '../../src/trace/expectation';
import { EDGE, PLAIN_GATEWAY, app, istio } from '../mesh/small-mesh';
import { SECURE_GATEWAY, ingress, manifests, routes, to, traceOf, yaml } from './small-edge';
import { namespace, object } from '../manifests';
import { trace } from '../../src/trace/trace';

const LINE = 'GET http://a.example.com/cart via=gateway:80';
const COMPLETE: TraceOptions = { complete: true };
const endOf = (objects: readonly string[], options?: TraceOptions, line = LINE) => traceOf([EDGE, PLAIN_GATEWAY, ...objects], line, options).ends[0];
const HELM = (inNamespace: string) => yaml(object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', `${inNamespace}/charts`));

describe('a route destination that the input lacks', () => {
  test('is not decided, and what would decide is said', () => {
    const { hops, ends } = traceOf([EDGE, PLAIN_GATEWAY, routes(`{${to('lost')}}`)], LINE);
    expect(ends).toMatchObject([{
      kind: 'unsupported', probability: 1, to: 'unsupported: lost.shop:80, 503 no cluster', by: { pointer: '/spec/http/0' },
      fix: 'Service shop/lost is not in the input: add it, or pass complete if the input is all there is.',
      candidates: [
        { kind: 'workload', to: 'lost.shop:80', host: 'lost.shop.svc.cluster.local', port: 80, path: '/cart', authority: 'a.example.com' },
        { kind: 'refused', reason: 'no-cluster', status: 503 },
      ],
    }]);
    expect(hops.at(-1)!.detail).toBe('outbound|80||lost.shop.svc.cluster.local: the proxy has it only if the cluster has a Service that is not in the input');
  });

  test('does not exist if the input is all there is', () => {
    const { hops, ends } = traceOf([EDGE, PLAIN_GATEWAY, routes(`{${to('lost')}}`)], LINE, COMPLETE);
    expect(describeEnds(ends)).toBe('503 no cluster');
    expect(hops.at(-1)!.detail).toBe('outbound|80||lost.shop.svc.cluster.local: the proxy does not have it');
  });

  test.each<[what: string, inNamespace: string, complete: boolean, end: string, fix: string]>([
    ['in its namespace', 'shop', true, 'unsupported: lost.shop:80, 503 no cluster', 'Service shop/lost is not in the input: add it; an object of the input may bring it.'],
    ['in another namespace', 'dev', true, '503 no cluster', expect.stringMatching(/^Correct the host/) as never],
  ])('of an input with a HelmRelease %s', (_, inNamespace, complete, end, fix) => {
    expect(endOf([routes(`{${to('lost')}}`), HELM(inNamespace)], { complete })).toMatchObject({ to: end, fix });
  });

  test('that is no Service may be a ServiceEntry', () => {
    const other = routes('{route: [{destination: {host: api.example.org, port: {number: 443}}}]}');
    expect(endOf([other])).toMatchObject({
      to: 'unsupported: api.example.org:443, 503 no cluster',
      fix: 'No Service or ServiceEntry of the input has api.example.org: add one, or pass complete if the input is all there is.',
    });
    expect(endOf([other], COMPLETE)).toMatchObject({ to: '503 no cluster' });
  });

  const described = (spec: string) => [yaml(namespace('shop')), app('s1'), app('s2', 'dev'), istio('VirtualService', 'vs', spec)];

  test.each<[what: string, objects: readonly string[], end: string]>([
    ['a name that Istio does not complete', [routes(`{${to('s1.shop')}}`), app('s1')], '503 no cluster'],
    ['a short name at a gateway that only another namespace has', described('{hosts: [a.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: s2}}]}]}'),
      '503 no cluster'],
    ['a full name that another namespace has, too', described('{hosts: [a.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: s2.shop.svc.cluster.local}}]}]}'),
      'unsupported: s2.shop:80, 503 no cluster'],
    ['a Service that is hidden from the gateway', [routes(`{${to('s1')}}`), app('s1').replace('{name: s1, namespace: shop}',
      '{name: s1, namespace: shop, annotations: {networking.istio.io/exportTo: .}}')], '503 no cluster'],
    ['a port that the Service does not have', [routes('{route: [{destination: {host: s1, port: {number: 81}}}]}'), app('s1')], '503 no cluster'],
  ])('is as certain as in the check dangling-destination: %s', (_, objects, end) => {
    expect(endOf(objects)).toMatchObject({ to: end });
  });

  test('has its share only', () => {
    const split = routes('{route: [{destination: {host: s1}, weight: 80}, {destination: {host: lost}, weight: 20}]}');
    expect(describeEnds(traceOf([EDGE, PLAIN_GATEWAY, split, app('s1')], LINE).ends)).toBe('80% s1.shop:80, 20% unsupported: lost.shop:80, 503 no cluster');
  });

  test('of a TCP route is closed instead', () => {
    const tcp = [
      EDGE, istio('Gateway', 'tcp', '{selector: {app: gw}, servers: [{port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}]}', 'edge'),
      istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/tcp], tcp: [{route: [{destination: {host: lost, port: {number: 5432}}}]}]}'),
    ];
    const ends = (options?: TraceOptions) => describeEnds(traceOf(tcp, 'GET http://a.example.com:9000/ via=gateway:9000', options).ends);
    expect([ends(), ends(COMPLETE)]).toEqual(['unsupported: lost.shop:5432, closed no cluster', 'closed no cluster']);
  });

  test('stays 502 to the client of a load balancer where its connection is closed', () => {
    const behind = [ingress(), EDGE, SECURE_GATEWAY, routes(`{${to('lost')}}`)];
    expect(describeEnds(traceOf(behind, 'GET https://a.example.com/').ends)).toBe('unsupported: lost.shop:443, 503 no cluster');
    expect(describeEnds(traceOf(behind, 'GET https://a.example.com/', COMPLETE).ends)).toBe('502 no certificate');
  });
});

test('the Service behind an Ingress that nobody has is the 503 of the load balancer if the input is all there is', () => {
  const alone = manifests(ingress());
  expect(trace(alone, 'GET https://a.example.com/').ends).toMatchObject([{ kind: 'unsupported' }]);
  expect(trace(alone, 'GET https://a.example.com/', COMPLETE).ends).toMatchObject([{ kind: 'response', to: '503', body: 'Backend service does not exist' }]);
});

test('a pod without sidecar that calls a Service of the input nowhere gets no address if the input is all there is', () => {
  const call = 'GET http://lost/ via=pod:shop/s1';
  expect(traceOf([app('s1')], call).ends).toMatchObject([{ to: 'unsupported: closed no Service lost' }]);
  expect(traceOf([app('s1')], call, COMPLETE).ends).toMatchObject([{ to: 'closed no Service lost', reason: 'no-cluster' }]);
});

describe('the Secret of a gateway', () => {
  const secure = [EDGE, SECURE_GATEWAY, routes(`{${to('s1')}}`), app('s1')];
  const call = 'GET https://a.example.com/ via=gateway:443';
  const warningsOf = (objects: readonly string[]) => traceOf(objects, call).hops.flatMap(({ at, warning }) => (warning === undefined ? [] : [`${at}: ${warning}`]));

  test('that the input lacks is a warning, and the request goes on', () => {
    expect(warningsOf(secure)).toEqual(['filter-chain: Certificate: Secret edge/tls is not in the input: unless the cluster has it, TLS handshakes fail']);
    expect(describeEnds(traceOf(secure, call).ends)).toBe('s1.shop:80');
  });

  test('that does not exist ends the request', () => {
    expect(describeEnds(traceOf(secure, call, COMPLETE).ends)).toBe('closed no certificate');
  });

  test.each<[what: string, object: object]>([
    ['the input has', { ...object('v1', 'Secret', 'edge/tls'), data: { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' } }],
    ['a Certificate makes', object('cert-manager.io/v1', 'Certificate', 'edge/any', { secretName: 'tls' })],
  ])('that %s has no warning', (_, secret) => {
    expect(warningsOf([...secure, yaml(secret)])).toEqual([]);
  });

  test('is not needed in plaintext', () => {
    expect(traceOf([EDGE, PLAIN_GATEWAY, routes(`{${to('s1')}}`), app('s1')], LINE).hops.flatMap(({ warning }) => warning ?? [])).toEqual([]);
  });
});
