// What the load balancer itself does with a request.
import { Duration } from 'cdk8s';
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { BackendProtocol, ListenerProtocol } from '../../../src/base/alb-annotations/words';
import { ForwardTarget, ListenerAction, type ListenerRedirectOptions, ResponseContentType } from '../../../src/edge/listener/action';
import { refusal } from '../../refusal';
import { backend } from '../stubs';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/legacy/0123456789abcdef';
const cart = ForwardTarget.service('cart', 8080);
const shares = (...weights: (number | undefined)[]) => weights.map((weight, index) => ForwardTarget.service(`cart-${index}`, 80, weight));

function written(action: ListenerAction): string {
  return encodeAlbAnnotations({ actions: { it: action._render() } })['alb.ingress.kubernetes.io/actions.it'];
}

test('a single target receives all requests', () => {
  expect(ListenerAction.forward([cart])._render()).toEqual({ type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'cart', servicePort: 8080 }] } });
  expect(written(ListenerAction.forward([cart]))).toBe('{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"cart","servicePort":8080}]}}');
});

test('a backend knows its Service and port', () => {
  expect(ForwardTarget.backend(backend(), 3)._render()).toEqual({ serviceName: 'door', servicePort: 8443, weight: 3 });
  const action = ListenerAction.forward([ForwardTarget.backend(backend())]);
  expect(() => action._requireBeside(backend({ backendService: 'other' }))).not.toThrow();
  expect(refusal(() => action._requireBeside(backend({ backendNamespace: 'back' }))))
    .toMatchObject({ prop: 'action', value: 'front/door', reason: 'must forward to a Service in the namespace back' });
  expect(refusal(() => action._requireBeside(backend({ backendProtocol: BackendProtocol.HTTP }))))
    .toMatchObject({ prop: 'action', value: 'HTTPS', reason: 'must forward to a Service with the protocol HTTP of the gateway' });
  expect(() => ListenerAction.forward([cart])._requireBeside(backend({ backendNamespace: 'back' }))).not.toThrow();
});

test('several targets are weighted, and clients can stick to theirs', () => {
  const targets = [ForwardTarget.service('cart', 80, 999), ForwardTarget.targetGroup(ARN, 1), ForwardTarget.targetGroupName('legacy', 0)];
  expect(written(ListenerAction.forward(targets, { stickiness: Duration.hours(1) }))).toBe('{"type":"forward","forwardConfig":{"targetGroups":['
    + `{"serviceName":"cart","servicePort":80,"weight":999},{"targetGroupARN":"${ARN}","weight":1},{"targetGroupName":"legacy","weight":0}],`
    + '"targetGroupStickinessConfig":{"enabled":true,"durationSeconds":3600}}}');
});

test('five targets and stickiness at the bounds are accepted', () => {
  expect(() => ListenerAction.forward(shares(1, 2, 3, 4, 5), { stickiness: Duration.seconds(1) })).not.toThrow();
  expect(() => ListenerAction.forward(shares(0, 1), { stickiness: Duration.days(7) })).not.toThrow();
});

test('a redirect changes the parts that are set', () => {
  expect(ListenerAction.redirect({ host: 'www.#{host}', path: '/new/#{path}', port: 8443, query: 'from=#{host}&#{query}', permanent: false })._render()).toEqual({
    type: 'redirect',
    redirectConfig: { host: 'www.#{host}', path: '/new/#{path}', port: '8443', query: 'from=#{host}&#{query}', statusCode: 'HTTP_302' },
  });
  expect(written(ListenerAction.redirect({ host: 'shop.example.com' }))).toBe('{"type":"redirect","redirectConfig":{"host":"shop.example.com","statusCode":"HTTP_301"}}');
});

test('a redirect to HTTPS uses port 443', () => {
  const { HTTPS: protocol } = ListenerProtocol;
  expect([ListenerAction.redirect({ protocol }), ListenerAction.redirect({ protocol, port: 8443 })].map(written)).toEqual([
    '{"type":"redirect","redirectConfig":{"port":"443","protocol":"HTTPS","statusCode":"HTTP_301"}}',
    '{"type":"redirect","redirectConfig":{"port":"8443","protocol":"HTTPS","statusCode":"HTTP_301"}}',
  ]);
});

test('a fixed response has a status and optionally a body', () => {
  expect(ListenerAction.respond(503, { body: 'back soon' })._render())
    .toEqual({ type: 'fixed-response', fixedResponseConfig: { contentType: 'text/plain', messageBody: 'back soon', statusCode: '503' } });
  expect(written(ListenerAction.respond(200, { contentType: ResponseContentType.APPLICATION_JSON, body: '{"a":1}' })))
    .toBe('{"type":"fixed-response","fixedResponseConfig":{"contentType":"application/json","messageBody":"{\\"a\\":1}","statusCode":"200"}}');
  expect(written(ListenerAction.respond(404))).toBe('{"type":"fixed-response","fixedResponseConfig":{"statusCode":"404"}}');
});

test.each([200, 299, 400, 599])('%s is a valid status', status => {
  expect(() => ListenerAction.respond(status, { body: 'a'.repeat(1024) })).not.toThrow();
});

test.each<[string, () => unknown, string, unknown]>([
  ['an empty name', () => ForwardTarget.service('', 80), 'serviceName', ''],
  ['a name in upper case', () => ForwardTarget.service('Cart', 80), 'serviceName', 'Cart'],
  ['a name with a namespace', () => ForwardTarget.service('cart.shop', 80), 'serviceName', 'cart.shop'],
  ['port 0', () => ForwardTarget.service('cart', 0), 'port', 0],
  ['port 65536', () => ForwardTarget.service('cart', 65536), 'port', 65536],
  ['a negative weight', () => ForwardTarget.service('cart', 80, -1), 'weight', -1],
  ['a weight of 1000', () => ForwardTarget.targetGroup(ARN, 1000), 'weight', 1000],
  ['half a weight', () => ForwardTarget.targetGroupName('legacy', 0.5), 'weight', 0.5],
  ['the ARN of a load balancer', () => ForwardTarget.targetGroup(ARN.replace('targetgroup', 'loadbalancer')), 'targetGroupArn', ARN.replace('targetgroup', 'loadbalancer')],
  ['a long name', () => ForwardTarget.targetGroupName('a'.repeat(33)), 'targetGroupName', 'a'.repeat(33)],
  ['no target', () => ListenerAction.forward([]), 'targets', []],
  ['a sixth target', () => ListenerAction.forward(shares(1, 1, 1, 1, 1, 1)), 'targets', shares(1, 1, 1, 1, 1, 1).map(share => share._render())],
  ['a target without a weight', () => ListenerAction.forward(shares(1, undefined)), 'targets[1].weight', undefined],
  ['weights that are all 0', () => ListenerAction.forward(shares(0, 0)), 'targets', [0, 0]],
  ['one target of weight 0', () => ListenerAction.forward(shares(0)), 'targets', [0]],
  ['a target given twice', () => ListenerAction.forward([ForwardTarget.service('cart', 80, 1), ForwardTarget.service('cart', 80, 2)]), 'targets[1]',
    '{"serviceName":"cart","servicePort":80}'],
  ['stickiness for no time', () => ListenerAction.forward([cart], { stickiness: Duration.seconds(0) }), 'stickiness', '0 ms'],
  ['stickiness for more than a week', () => ListenerAction.forward([cart], { stickiness: Duration.seconds(604_801) }), 'stickiness', '604801000 ms'],
  ['an answer of 199', () => ListenerAction.respond(199), 'status', 199],
  ['an answer of 300', () => ListenerAction.respond(300), 'status', 300],
  ['an answer of 399', () => ListenerAction.respond(399), 'status', 399],
  ['an answer of 600', () => ListenerAction.respond(600), 'status', 600],
  ['half an answer', () => ListenerAction.respond(200.5), 'status', 200.5],
  ['a long body', () => ListenerAction.respond(200, { body: 'a'.repeat(1025) }), 'body', 'a'.repeat(1025)],
  ['another type', () => ListenerAction.respond(200, { contentType: 'text/xml' as never }), 'contentType', 'text/xml'],
])('%s is rejected', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test.each<[string, ListenerRedirectOptions, string, unknown]>([
  ['to itself', {}, 'host', undefined],
  ['to itself by placeholders', { host: '#{host}', path: '/#{path}', query: '#{query}' }, 'host', '#{host}'],
  ['to another query alone, which AWS refuses', { query: 'a=b' }, 'host', undefined],
  ['to HTTP', { protocol: ListenerProtocol.HTTP }, 'protocol', 'HTTP'],
  ['to no host', { host: '' }, 'host', ''],
  ['to a host with a port', { host: 'a.b:80' }, 'host', 'a.b:80'],
  ['to a wildcard', { host: '*.a.b' }, 'host', '*.a.b'],
  ['to a host of another placeholder', { host: '#{path}.a.b' }, 'host', '#{path}.a.b'],
  ['to half a path', { path: 'new' }, 'path', 'new'],
  ['to a long path', { path: `/${'a'.repeat(128)}` }, 'path', `/${'a'.repeat(128)}`],
  ['to a path with the query in it', { path: '/a/#{query}' }, 'path', '/a/#{query}'],
  ['to a path with an open placeholder', { path: '/a/#{path' }, 'path', '/a/#{path'],
  ['to an unknown placeholder', { path: '/a', query: '#{user}' }, 'query', '#{user}'],
  ['to a long query', { path: '/a', query: 'a'.repeat(129) }, 'query', 'a'.repeat(129)],
  ['to port 0', { port: 0 }, 'port', 0],
  ['to port 65536', { port: 65536 }, 'port', 65536],
])('a redirect %s is rejected', (_, options, prop, value) => {
  expect(refusal(() => ListenerAction.redirect(options))).toMatchObject({ prop, value });
});
