// What a trace goes on without: objects that the API server, a webhook or the controller refuses.
import { renderTraceJson } from '../../src/output/trace/trace-json';
import { renderTraceText } from '../../src/output/trace/trace-text';
import { prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';
import { security } from '../mesh/small-mesh';
import { MESH, ingress, manifests, path, routes, to, traceOf } from './small-edge';

const LINE = 'GET https://a.example.com/';
const reasonsOf = (...objects: readonly string[]) => traceOf(objects, LINE).notApplied.map(({ manifest, reason }) => [manifest.object.kind, reason]);

test('a trace of objects that the cluster has is complete', () => {
  expect(traceOf([ingress(), ...MESH], LINE).notApplied).toEqual([]);
});

test('what the API server refuses is named, with the field and the file', () => {
  const found = traceOf([ingress(), ...MESH, security('AuthorizationPolicy', 'strict', '{action: DENY, rules: [{to: [{operation: {path: [/]}}]}]}', 'edge')], LINE);
  const reason = expect.stringMatching(/^refused by the API server: \/spec\/rules\/0\/to\/0\/operation\/path: .* has no field path; /);
  expect(found.notApplied).toEqual([{ manifest: expect.anything(), reason }]);
  expect(renderTraceText(found).split('\n\n')[1]).toMatch(/^not applied: AuthorizationPolicy edge\/strict \(edge\.yaml:\d+\): refused by the API server: \/spec\S+: [^\n]*$/);
  expect(JSON.parse(renderTraceJson(found)).notApplied).toEqual([
    { object: expect.objectContaining({ kind: 'AuthorizationPolicy', name: 'strict' }), origin: expect.objectContaining({ file: 'edge.yaml' }), reason },
  ]);
});

test('several errors of a webhook are one line', () => {
  const wrong = routes(`{match: [{uri: {regex: "("}}, {uri: {regex: "["}}], ${to('s1')}}`, 'wrong');
  const [[kind, reason]] = reasonsOf(ingress(), ...MESH, wrong);
  expect(kind).toBe('VirtualService');
  expect(reason).toMatch(/^refused by Istio's webhook: .*missing closing \).*missing closing \]/);
});

test('what the controller refuses is named with its reason, though another load balancer serves the host', () => {
  const wrong = ingress({ 'listen-ports': 'https' }, [{ host: 'b.example.com', http: { paths: [path('/', 'gw')] } }], 'edge/other');
  expect(reasonsOf(ingress(), ...MESH, wrong)).toEqual([['Ingress', expect.stringMatching(/^refused by .*: .*listen-ports/)]]);
});

test('an object with several faults is named once', () => {
  expect(reasonsOf(ingress(), ...MESH, security('AuthorizationPolicy', 'strict', '{actions: DENY, rule: []}', 'edge'))).toEqual([
    ['AuthorizationPolicy', expect.stringMatching(/\/spec\/actions: .*; \/spec\/rule: /)],
  ]);
});

test('an input that is what the cluster has contains nothing that is not applied', () => {
  const models = prepareTrace(manifests(ingress(), ...MESH, security('AuthorizationPolicy', 'strict', '{action: REFUSE}', 'edge')), { admitted: true });
  expect(trace(models, LINE).notApplied).toEqual([]);
});
