// Rules of the load balancer's own: entries of the Ingress and what stands in annotations under their names.
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { ListenerProtocol } from '../../../src/base/alb-annotations/words';
import { ForwardTarget, ListenerAction } from '../../../src/edge/listener/action';
import { ListenerCondition } from '../../../src/edge/listener/condition';
import { type ListenerRuleOptions, renderListenerRules, RulePath } from '../../../src/edge/listener/rule';
import { ListenerTransform } from '../../../src/edge/listener/transform';
import { refusal } from '../../refusal';

const HTTP = { protocol: ListenerProtocol.HTTP, port: 80 };
const HTTPS = { protocol: ListenerProtocol.HTTPS, port: 443 };
const down = ListenerAction.respond(503);
const old = RulePath.prefix('/old');

function render(options: ListenerRuleOptions, listeners = [HTTPS]) {
  return renderListenerRules([['it', options]], listeners);
}

const backend = (name: string) => ({ service: { name, port: { name: 'use-annotation' } } });

test('rules keep their order, and every host becomes an entry', () => {
  const { ingressRules, settings } = renderListenerRules([
    ['old-site', { action: ListenerAction.redirect({ host: 'www.example.com' }), hosts: ['example.com', '*.example.org'] }],
    ['legacy', {
      action: ListenerAction.forward([ForwardTarget.service('legacy', 80)]),
      path: RulePath.prefix('/legacy'),
      conditions: [ListenerCondition.method(['GET']), ListenerCondition.path(['/old/*'])],
      transforms: [ListenerTransform.urlRewrite('^/legacy', '')],
    }],
    ['bots', { action: ListenerAction.respond(403), conditions: [ListenerCondition.httpHeader('User-Agent', ['*bot*'])] }],
  ], [HTTPS]);
  expect(JSON.parse(JSON.stringify(ingressRules))).toEqual([
    { host: 'example.com', http: { paths: [{ pathType: 'ImplementationSpecific', backend: backend('old-site') }] } },
    { host: '*.example.org', http: { paths: [{ pathType: 'ImplementationSpecific', backend: backend('old-site') }] } },
    { http: { paths: [{ path: '/legacy', pathType: 'Prefix', backend: backend('legacy') }] } },
    { http: { paths: [{ pathType: 'ImplementationSpecific', backend: backend('bots') }] } },
  ]);
  expect(encodeAlbAnnotations(settings)).toEqual({
    'alb.ingress.kubernetes.io/actions.old-site': '{"type":"redirect","redirectConfig":{"host":"www.example.com","statusCode":"HTTP_301"}}',
    'alb.ingress.kubernetes.io/actions.legacy': '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"legacy","servicePort":80}]}}',
    'alb.ingress.kubernetes.io/actions.bots': '{"type":"fixed-response","fixedResponseConfig":{"statusCode":"403"}}',
    'alb.ingress.kubernetes.io/conditions.legacy':
      '[{"field":"http-request-method","httpRequestMethodConfig":{"values":["GET"]}},{"field":"path-pattern","pathPatternConfig":{"values":["/old/*"]}}]',
    'alb.ingress.kubernetes.io/conditions.bots': '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"User-Agent","values":["*bot*"]}}]',
    'alb.ingress.kubernetes.io/transforms.legacy': '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[{"regex":"^/legacy","replace":""}]}}]',
  });
});

test('no rules render nothing', () => {
  const { ingressRules, settings } = renderListenerRules([], [HTTPS]);
  expect({ ingressRules, annotations: encodeAlbAnnotations(settings) }).toEqual({ ingressRules: [], annotations: {} });
});

test('host * becomes an entry without a host', () => {
  expect(render({ action: down, hosts: ['*', 'a.b'], path: old }).ingressRules.map(({ host }) => host)).toEqual([undefined, 'a.b']);
});

test.each<[string, RulePath, object, readonly string[]]>([
  ['exact', RulePath.exact('/a'), { path: '/a', pathType: 'Exact' }, ['/a']],
  ['a prefix', RulePath.prefix('/a'), { path: '/a', pathType: 'Prefix' }, ['/a', '/a/*']],
  ['a prefix with a slash at its end', RulePath.prefix('/a/'), { path: '/a/', pathType: 'Prefix' }, ['/a', '/a/*']],
  ['the prefix of all', RulePath.prefix('/'), { path: '/', pathType: 'Prefix' }, ['/*']],
  ['a pattern', RulePath.pattern('/*/a?'), { path: '/*/a?', pathType: 'ImplementationSpecific' }, ['/*/a?']],
])('a path is %s', (_, path, rendered, values) => {
  expect({ rendered: path._render(), values: path._values }).toEqual({ rendered, values });
});

test.each<[string, () => unknown, unknown]>([
  ['half a path', () => RulePath.exact('a'), 'a'],
  ['an exact path with a wildcard', () => RulePath.exact('/a*'), '/a*'],
  ['a prefix with a wildcard', () => RulePath.prefix('/a/?'), '/a/?'],
  ['a path with a blank', () => RulePath.pattern('/a b'), '/a b'],
  ['a path with two slashes', () => RulePath.exact('/a//b'), '/a//b'],
  ['a path that goes up', () => RulePath.prefix('/a/..'), '/a/..'],
  ['a long path', () => RulePath.exact(`/${'a'.repeat(128)}`), `/${'a'.repeat(128)}`],
  ['a prefix without room for its star', () => RulePath.prefix(`/${'a'.repeat(126)}`), `/${'a'.repeat(126)}`],
  ['a pattern without a slash', () => RulePath.pattern('*.png'), '*.png'],
  ['no path', () => RulePath.pattern(''), ''],
])('%s is rejected', (_, call, value) => {
  expect(refusal(call)).toMatchObject({ prop: 'path', value });
});

test('paths of maximum length are accepted', () => {
  expect(() => [RulePath.exact(`/${'a'.repeat(127)}`), RulePath.prefix(`/${'a'.repeat(125)}`), RulePath.pattern(`/${'*'.repeat(127)}`)]).not.toThrow();
});

describe('a rule', () => {
  it.each(['', 'Old', '1st', 'old.site', 'a'.repeat(64), 'ssl-redirect'])('cannot be named %p', name => {
    expect(refusal(() => renderListenerRules([[name, { action: down, path: old }]], [HTTPS]))).toMatchObject({ prop: 'rules', value: name });
  });

  it('has a unique name', () => {
    const rule: ListenerRuleOptions = { action: down, path: old };
    expect(refusal(() => renderListenerRules([['a', rule], ['a', rule]], [HTTPS], 'alb.rules'))).toMatchObject({ prop: 'alb.rules', value: 'a', reason: '"a" is already the name of another rule' });
  });

  const [four, five] = [4, 5].map(count => ListenerCondition.sourceIp([...Array(count).keys()].map(index => `10.0.${index}.0/24`)));

  it('can have five values', () => {
    expect(() => render({ action: down, conditions: [five] })).not.toThrow();
    expect(() => render({ action: down, hosts: ['a.b', 'c.d'], conditions: [four] })).not.toThrow();
    expect(() => render({ action: down, hosts: ['*'], path: RulePath.prefix('/'), conditions: [four] })).not.toThrow();
    expect(() => render({ action: down, hosts: ['a.b'], path: old, conditions: [ListenerCondition.path(['/a', '/b'])] })).not.toThrow();
  });

  it.each<[string, ListenerRuleOptions, string, unknown]>([
    ['nothing to look at', { action: down }, '', undefined],
    ['nothing but an empty list', { action: down, conditions: [] }, '', undefined],
    ['any host alone', { action: down, hosts: ['a.b', '*'] }, '', ['a.b', '*']],
    ['the prefix of all paths alone', { action: down, path: RulePath.prefix('/') }, '', '/*'],
    ['any host and a pattern for all paths', { action: down, hosts: ['*'], path: RulePath.pattern('/**') }, '', '/**'],
    ['no host', { action: down, hosts: [] }, '.hosts', []],
    ['a malformed host', { action: down, hosts: ['A'] }, '.hosts[0]', 'A'],
    ['a host and five values', { action: down, hosts: ['*', 'a.b'], conditions: [five] }, '', 6],
    ['a prefix and four values', { action: down, path: old, conditions: [four] }, '', 6],
    ['host, prefix and three values', { action: down, hosts: ['a.b'], path: old, conditions: [ListenerCondition.method(['A', 'B', 'C'])] }, '', 6],
    ['two conditions of the method', { action: down, conditions: [ListenerCondition.method(['GET']), ListenerCondition.method(['PUT'])] }, '.conditions[1]', 'http-request-method'],
    ['two conditions of the source', { action: down, conditions: [1, 2].map(n => ListenerCondition.sourceIp([`10.${n}.0.0/16`])) }, '.conditions[1]', 'source-ip'],
    ['a host and an expression for it', { action: down, hosts: ['a.b'], conditions: [ListenerCondition.hostHeaderRegex(['a'])] }, '.conditions', 'host-header'],
    ['two kinds of hosts', { action: down, conditions: [ListenerCondition.hostHeaderRegex(['a']), ListenerCondition.hostHeader(['a.b'])] }, '.conditions', 'host-header'],
    ['a path and an expression for it', { action: down, path: old, conditions: [ListenerCondition.pathRegex(['a'])] }, '.conditions', 'path-pattern'],
    ['two rewrites of the URL', { action: down, path: old, transforms: ['a', 'b'].map(regex => ListenerTransform.urlRewrite(regex, '')) }, '.transforms[1]', 'url-rewrite'],
  ])('is rejected with %s', (_, options, prop, value) => {
    expect(refusal(() => render(options))).toMatchObject({ prop: `rules.it${prop}`, value });
  });

  it('may match every path of a host, or every request that meets a condition', () => {
    expect(() => render({ action: down, hosts: ['a.b'], path: RulePath.prefix('/') })).not.toThrow();
    expect(() => render({ action: down, path: RulePath.prefix('/'), conditions: [ListenerCondition.method(['TRACE'])] })).not.toThrow();
  });

  it('may use regular expressions for one field and plain values for another, and both for headers', () => {
    const conditions = [ListenerCondition.hostHeaderRegex(['a']), ListenerCondition.httpHeader('a', ['b']), ListenerCondition.httpHeaderRegex('a', ['c'])];
    expect(() => render({ action: down, path: RulePath.exact('/a'), conditions })).not.toThrow();
    expect(() => render({ action: down, hosts: ['*'], conditions: [ListenerCondition.hostHeaderRegex(['a'])] })).not.toThrow();
  });
});

describe('a redirect', () => {
  const { redirect } = ListenerAction;
  const toHttps = redirect({ protocol: ListenerProtocol.HTTPS });
  const mobile = ListenerCondition.httpHeader('User-Agent', ['*mobile*']);

  it.each<[string, ListenerRuleOptions]>([
    ['to another host', { action: redirect({ host: 'www.a.b' }), hosts: ['a.b'] }],
    ['to another path', { action: redirect({ path: '/new' }), path: old }],
    ['to a path with the old one in it', { action: redirect({ path: '/old/#{path}' }), path: RulePath.exact('/old') }],
    ['to a host of nobody knows whom', { action: redirect({ host: 'www.a.b' }), path: old }],
    ['to another port', { action: redirect({ port: 8443 }), path: old }],
    ['to a path that a client asks for by another header, perhaps', { action: redirect({ path: '/old/mobile' }), path: old, conditions: [mobile] }],
    ['from an expression, with a header besides', { action: redirect({ path: '/a' }), conditions: [ListenerCondition.hostHeaderRegex(['a']), mobile] }],
  ])('%s is taken', (_, options) => {
    expect(() => render(options)).not.toThrow();
  });

  it.each<[string, ListenerRuleOptions]>([
    ['to the path itself', { action: redirect({ path: '/old' }), path: RulePath.exact('/old') }],
    ['to the path itself, whatever the header', { action: redirect({ path: '/old' }), path: RulePath.exact('/old'), conditions: [mobile] }],
    ['to the beginning of a prefix', { action: redirect({ path: '/old' }), path: old }],
    ['to below the prefix', { action: redirect({ path: '/old/new' }), path: old }],
    ['to a path that a pattern matches', { action: redirect({ path: '/old.html' }), path: RulePath.pattern('/old.*') }],
    ['to a path of a condition', { action: redirect({ path: '/new' }), path: old, conditions: [ListenerCondition.path(['/new'])] }],
    ['to a path of the same host', { action: redirect({ path: '/new' }), hosts: ['a.b'] }],
    ['to one of its hosts', { action: redirect({ host: 'a.b' }), hosts: ['c.d', 'a.b'] }],
    ['to a host that its wildcard covers', { action: redirect({ host: 'www.a.b' }), hosts: ['*.a.b'] }],
    ['to its own host with another query', { action: redirect({ host: 'a.b', query: 'c=d' }), hosts: ['a.b'] }],
    ['to HTTPS, where only HTTPS is', { action: toHttps, hosts: ['a.b'] }],
    ['to HTTPS and below the prefix', { action: redirect({ protocol: ListenerProtocol.HTTPS, path: '/old/new' }), path: old }],
    ['from an expression alone', { action: redirect({ host: 'a.b' }), conditions: [ListenerCondition.hostHeaderRegex(['a'])] }],
  ])('%s is rejected', (_, options) => {
    expect(refusal(() => render(options))).toMatchObject({ prop: 'rules.it.action', value: options.action._render().redirectConfig });
  });

  it('to HTTPS is accepted next to HTTP: the controller drops it on the HTTPS listener', () => {
    expect(() => render({ action: toHttps, hosts: ['a.b'] }, [HTTP, HTTPS])).not.toThrow();
    expect(() => render({ action: toHttps, hosts: ['a.b'] }, [HTTP])).not.toThrow();
  });
});
