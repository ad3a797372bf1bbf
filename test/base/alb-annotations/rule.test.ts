// Actions, conditions and transforms of listener rules, as the controller and AWS accept them.
import { RULE_ANNOTATIONS } from '../../../src/base/alb-annotations/rule';
import { refusal } from '../../refusal';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/0123456789abcdef';
const { actions: { codec: ACTIONS }, conditions: { codec: CONDITIONS }, transforms: { codec: TRANSFORMS } } = RULE_ANNOTATIONS;

const redirect = (config: object) => ({ type: 'redirect', redirectConfig: { statusCode: 'HTTP_301', ...config } });
const response = (config: object) => ({ type: 'fixed-response', fixedResponseConfig: { statusCode: '503', ...config } });
const forward = (...targetGroups: object[]) => ({ type: 'forward', forwardConfig: { targetGroups } });
const cart = (rest: object = {}) => ({ serviceName: 'cart', servicePort: 80, ...rest });

test.each<[object]>([
  [redirect({ path: '/', port: '1', protocol: 'HTTP', query: '' })],
  [redirect({ path: `/${'a'.repeat(127)}`, port: '65535', protocol: 'HTTPS', query: 'a'.repeat(128), host: 'b'.repeat(128) })],
  [redirect({ path: '/a b\n', port: '#{port}', protocol: '#{protocol}', query: 'a b\n', statusCode: 'HTTP_302' })],
  [redirect({ port: '8443' })],
  [response({ statusCode: '200', contentType: 'text/plain', messageBody: '' })],
  [response({ statusCode: '499', messageBody: 'a b\n'.repeat(256) })],
  [forward(cart())], [forward({ targetGroupARN: ARN })], [forward({ targetGroupName: 'a-b' })], [forward(cart({ servicePort: 'http', weight: 0 }))],
  [forward(cart({ weight: 999 }), { targetGroupARN: ARN, weight: 1 })],
])('%j is an action', written => {
  expect(ACTIONS.decode(JSON.stringify(written))).toEqual(written);
  expect(ACTIONS.encode(written as never)).toBe(JSON.stringify(written));
});

test.each<[object, string]>([
  [redirect({ path: 'a' }), '.redirectConfig.path'], [redirect({ path: `/${'a'.repeat(128)}` }), '.redirectConfig.path'], [redirect({ path: 'a/' }), '.redirectConfig.path'],
  [redirect({ port: '0' }), '.redirectConfig.port'], [redirect({ port: '65536' }), '.redirectConfig.port'], [redirect({ port: '99999' }), '.redirectConfig.port'],
  [redirect({ port: 'a80' }), '.redirectConfig.port'], [redirect({ port: '80a' }), '.redirectConfig.port'], [redirect({ port: '#{host}' }), '.redirectConfig.port'],
  [redirect({ protocol: 'http' }), '.redirectConfig.protocol'], [redirect({ protocol: 'aHTTP' }), '.redirectConfig.protocol'], [redirect({ protocol: 'HTTPSa' }), '.redirectConfig.protocol'],
  [redirect({ query: 'a'.repeat(129) }), '.redirectConfig.query'], [redirect({ host: '' }), '.redirectConfig.host'], [redirect({ statusCode: 'HTTP_303' }), '.redirectConfig.statusCode'],
  [{ type: 'redirect', redirectConfig: {} }, '.redirectConfig.statusCode'], [{ type: 'redirect' }, '.redirectConfig'],
  [response({ messageBody: 'a'.repeat(1025) }), '.fixedResponseConfig.messageBody'], [response({ contentType: 'text/xml' }), '.fixedResponseConfig.contentType'],
  [response({ statusCode: '302' }), '.fixedResponseConfig.statusCode'], [response({ statusCode: '2000' }), '.fixedResponseConfig.statusCode'],
  [response({ statusCode: '1200' }), '.fixedResponseConfig.statusCode'], [response({ statusCode: '2xx' }), '.fixedResponseConfig.statusCode'], [response({ statusCode: '20x' }), '.fixedResponseConfig.statusCode'],
  [{ type: 'fixed-response', fixedResponseConfig: {} }, '.fixedResponseConfig.statusCode'], [{ type: 'fixed-response', redirectConfig: { statusCode: 'HTTP_301' } }, '.fixedResponseConfig'],
  [forward(), '.forwardConfig.targetGroups'], [forward(...Array<object>(6).fill(cart({ weight: 1 }))), '.forwardConfig.targetGroups'],
  [forward({}), '.forwardConfig.targetGroups[0]'], [forward({ serviceName: 'cart' }), '.forwardConfig.targetGroups[0]'], [forward({ servicePort: 80 }), '.forwardConfig.targetGroups[0]'],
  [forward({ servicePort: 80, targetGroupARN: ARN }), '.forwardConfig.targetGroups[0]'], [forward(cart({ targetGroupName: 'a' })), '.forwardConfig.targetGroups[0]'],
  [forward(cart({ weight: 1 }), cart()), '.forwardConfig.targetGroups[1].weight'], [forward(cart({ weight: 1000 })), '.forwardConfig.targetGroups[0].weight'],
  [{ type: 'redirect', targetGroupARN: ARN, redirectConfig: { statusCode: 'HTTP_301' } }, ''], [{ ...forward(cart()), targetGroupName: 'a' }, ''],
  [{ redirectConfig: { statusCode: 'HTTP_301' } }, '.type'], [{ type: 'authenticate' }, '.type'],
])('%j is not an action, because of %p', (written, prop) => {
  expect(refusal(() => ACTIONS.decode(JSON.stringify(written))).prop).toBe(prop);
});

test('the short form of a forward action is read as the long one', () => {
  expect(ACTIONS.decode(JSON.stringify({ type: 'forward', targetGroupARN: ARN }))).toEqual(forward({ targetGroupARN: ARN }));
  expect(ACTIONS.decode(JSON.stringify({ type: 'forward', targetGroupName: 'a' }))).toEqual(forward({ targetGroupName: 'a' }));
  // Other types ignore the short form; the controller refuses both forms together.
  expect(ACTIONS.read(JSON.stringify({ type: 'redirect', targetGroupARN: ARN }))).toEqual({ type: 'redirect' });
  expect(refusal(() => ACTIONS.read(JSON.stringify({ ...forward(cart()), targetGroupARN: ARN })))).toMatchObject({ prop: '' });
  expect(ACTIONS.read('{"type":"redirect"}')).toEqual({ type: 'redirect' });
});

const patterns = (values: object) => ({ 'host-header': { hostHeaderConfig: values }, 'path-pattern': { pathPatternConfig: values }, 'http-header': { httpHeaderConfig: { httpHeaderName: 'x-a', ...values } } });

test.each(['host-header', 'path-pattern', 'http-header'] as const)('a condition on %s has either values or regular expressions', field => {
  const condition = (values: object) => [{ field, ...patterns(values)[field] }];
  for (const values of [{ values: ['a', 'b'] }, { regexValues: ['a'] }]) {
    expect(CONDITIONS.decode(JSON.stringify(condition(values)))).toEqual(condition(values));
  }
  for (const values of [{}, { values: ['a'], regexValues: ['b'] }]) {
    expect(refusal(() => CONDITIONS.decode(JSON.stringify(condition(values))))).toMatchObject({ prop: '[0]', reason: 'must have either values or regexValues' });
  }
});

test('other conditions have values only', () => {
  const conditions = [
    { field: 'http-request-method', httpRequestMethodConfig: { values: ['GET'] } }, { field: 'query-string', queryStringConfig: { values: [{ value: 'a' }, { key: 'b', value: 'c' }] } },
    { field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } },
  ];
  expect(CONDITIONS.decode(JSON.stringify(conditions))).toEqual(conditions);
  expect(refusal(() => CONDITIONS.decode(JSON.stringify([{ ...conditions[0], field: 'source-ip' }])))).toMatchObject({ prop: '[0].sourceIPConfig', reason: 'is required when field is source-ip' });
});

test('transforms are at most one of each type, with its configuration', () => {
  const rewrites = { rewrites: [{ regex: 'a', replace: '' }] };
  const [url, host] = [{ type: 'url-rewrite', urlRewriteConfig: rewrites }, { type: 'host-header-rewrite', hostHeaderRewriteConfig: rewrites }];
  const decode = (...transforms: object[]) => TRANSFORMS.decode(JSON.stringify(transforms));
  expect([decode(url), decode(host), decode(host, url)]).toEqual([[url], [host], [host, url]]);
  expect(refusal(() => decode(url, url))).toMatchObject({ prop: '[1].type', value: 'url-rewrite', reason: '"url-rewrite" is already in the list' });
  expect(refusal(() => decode(url, host, url))).toMatchObject({ prop: '' });
  expect(refusal(() => decode({ ...url, type: 'host-header-rewrite' }))).toMatchObject({ prop: '[0].hostHeaderRewriteConfig' });
  expect(refusal(() => decode({ ...host, type: 'url-rewrite' }))).toMatchObject({ prop: '[0].urlRewriteConfig' });
});
