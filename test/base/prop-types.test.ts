// Types of props, checked at run time.
import { runInNewContext } from 'node:vm';
import { Duration } from 'cdk8s';
import { BOOLEAN, CHECKED_LATER, enumOf, instanceOf, listOf, mapOf, NUMBER, OBJECT, type PropType, propsOf, requireProps, STRING, STRING_MAP, STRINGS } from '../../src/base/prop-types';
import { AlbScheme, type alb, type gateway, HeaderMatch, type IGateway, type IWorkload, PathMatch, PolicyScope, RouteTarget, type routing, type telemetry, type traffic, type egress } from '../../src/index';
import { refusal } from '../refusal';

test.each<[string, PropType<unknown>, unknown[], unknown[], string]>([
  ['a string', STRING, ['', 'a'], [undefined, null, 1, ['a'], Object('a')], 'must be a string'],
  ['a number', NUMBER, [0, -0.5], [NaN, Infinity, '1', 1n, null], 'must be a number'],
  ['a boolean', BOOLEAN, [true, false], ['yes', 0, 1, null], 'must be true or false'],
  ['a plain object', OBJECT, [{}, Object.create(null), JSON.parse('{}')], [null, [], 'a', () => 1, PathMatch.exact('/'), new Map([['a', 'b']]), new Date(0)], 'must be a plain object'],
  ['a list of strings', STRINGS, [[], ['a']], ['a', { length: 0 }, new Set()], 'must be a list of strings'],
  ['a list', listOf(NUMBER), [[], [1]], ['a', { length: 0 }], 'must be a list'],
  ['a map', STRING_MAP, [{}, { a: 'b' }], ['ab', ['a'], null, new Map([['a', 'b']])], 'must be a plain object'],
  ['an enum value', enumOf<AlbScheme>('AlbScheme'), ['internal'], ['INTERNAL', 'both', null, ['internal']], 'must be one of internal, internet-facing'],
  ['an instance', instanceOf('PathMatch'), [PathMatch.exact('/'), PathMatch.regex('/')], [{}, PathMatch, null, 'PathMatch', HeaderMatch.present('a')], 'must be a PathMatch, such as PathMatch.exact(path)'],
  ['an instance of a subclass', instanceOf('RouteTarget'), [RouteTarget.respond(503)], [{}], 'must be a RouteTarget, such as RouteTarget.workload(workload)'],
  ['an instance of another package', instanceOf('Duration'), [Duration.seconds(1)], [1, '1s'], 'must be a Duration, such as Duration.seconds(30)'],
])('%s is distinguished from other values', (_, type, good, wrong, reason) => {
  good.forEach(value => expect(type(value)).toBe(value));
  wrong.forEach(value => expect(refusal(() => type(value))).toEqual({ prop: '', value, reason, path: '' }));
});

test('an instance made by another copy of the package is accepted', () => {
  const copy = { PathMatch: class PathMatch {} };
  expect(() => instanceOf('PathMatch')(new copy.PathMatch())).not.toThrow();
  expect(() => instanceOf('PathMatch')(new (class Later extends copy.PathMatch {})())).not.toThrow();
});

test('objects without a prototype are read too', () => {
  const bare: object = Object.assign(Object.create(null), { a: 'b' });
  expect(STRING_MAP(bare)).toBe(bare);
  expect(refusal(() => instanceOf('PathMatch')(bare))).toMatchObject({ value: bare });
});

test('an entry of a map is named', () => {
  expect(refusal(() => mapOf(NUMBER)({ a: 1, b: '2' }))).toMatchObject({ prop: '.b', value: '2', reason: 'must be a number' });
});

describe('props', () => {
  const target = RouteTarget.respond(503);

  it('are returned unchanged', () => {
    const props: routing.RouteOptions = { target, paths: [PathMatch.exact('/')], retries: { attempts: 2 } };
    expect(requireProps('RouteOptions', props)).toBe(props);
    expect(() => requireProps('RouteOptions', { target, timeout: undefined } as routing.RouteOptions)).not.toThrow();
  });

  it.each<[string, object, string, unknown, string]>([
    ['a misspelt one', { timeOut: 1 }, 'timeOut', 1, 'is not a prop of RouteOptions; did you mean timeout?'],
    ['one with a letter too many', { retriess: 1 }, 'retriess', 1, 'is not a prop of RouteOptions; did you mean retries?'],
    ['a misspelt one of a part', { retries: { attempt: 1 } }, 'retries.attempt', 1, 'is not a prop of RetryPolicy; did you mean attempts?'],
    ['one with two letters too few', { timot: 1 }, 'timot', 1, 'is not a prop of RouteOptions; did you mean timeout?'],
    ['a long one with three letters too few', { isabletries: true }, 'isabletries', true, 'is not a prop of RouteOptions; did you mean disableRetries?'],
    ['a long one with four letters too few', { sabletries: true }, 'sabletries', true, expect.stringContaining('its props are authority, ')],
    ['a short one with three letters too many', { portabc: 1 }, 'portabc', 1, expect.stringContaining('its props are authority, ')],
    ['the name of a method of all objects', { constructor: 1 }, 'constructor', 1, expect.stringMatching(/^is not a prop of RouteOptions; its props are authority, /)],
  ])('that the interface does not declare are rejected: %s', (_, props, prop, value, reason) => {
    expect(refusal(() => requireProps('RouteOptions', { target, ...props } as routing.RouteOptions, 'chart/Made'))).toEqual({ prop, value, reason, path: 'chart/Made' });
  });

  it('that the interface does not declare are ignored if they are undefined', () => {
    expect(() => requireProps('RouteOptions', { target, timeOut: undefined } as routing.RouteOptions)).not.toThrow();
  });

  it('of another realm are read too', () => {
    const props = runInNewContext('({ a: "b" })') as Record<string, string>;
    expect(STRING_MAP(props)).toBe(props);
  });

  it('that are missing are named', () => {
    expect(refusal(() => requireProps('RouteOptions', {} as routing.RouteOptions))).toEqual({ prop: 'target', value: undefined, reason: 'is required', path: '' });
  });

  it.each<[unknown, string, unknown]>([
    [undefined, 'props', undefined], ['a', 'props', 'a'], [{ target: {} }, 'target', {}], [{ target, retries: null }, 'retries', null], [{ target, paths: [PathMatch.exact('/'), {}] }, 'paths[1]', {}],
    [{ target, paths: [undefined] }, 'paths[0]', undefined], [{ target, retries: { attempts: '1' } }, 'retries.attempts', '1'], [{ target, requestHeaders: { set: { a: 1 } } }, 'requestHeaders.set.a', 1],
  ])('%p are rejected by the name of the part', (props, prop, value) => {
    expect(refusal(() => requireProps('RouteOptions', props as routing.RouteOptions, 'chart/Made'))).toMatchObject({ prop, value, path: 'chart/Made' });
  });

  it('have a name of their own where they are one argument', () => {
    expect(refusal(() => requireProps(STRINGS, ['a', 1], '', 'hosts'))).toMatchObject({ prop: 'hosts[1]', value: 1 });
  });

  it('have maps of numbers and of enum values', () => {
    expect(() => requireProps('WorkloadTlsOptions', { mode: 'STRICT', ports: { 80: 'DISABLE' } } as never)).not.toThrow();
    const reason = 'must be one of STRICT, PERMISSIVE, DISABLE';
    expect(refusal(() => requireProps('WorkloadTlsOptions', { mode: 'strict' } as never))).toMatchObject({ prop: 'mode', value: 'strict', reason });
    expect(refusal(() => requireProps('WorkloadTlsOptions', { ports: { 80: 'STRICT', 81: 'strict' } } as never))).toMatchObject({ prop: 'ports.81', value: 'strict', reason });
    expect(refusal(() => requireProps('WorkloadTlsOptions', { ports: ['STRICT'] } as never))).toMatchObject({ prop: 'ports' });
    expect(() => requireProps('LocalityShare', { from: 'a', to: { b: 1 } } as never)).not.toThrow();
    expect(refusal(() => requireProps('LocalityShare', { from: 'a', to: { b: '1' } } as never))).toMatchObject({ prop: 'to.b', value: '1', reason: 'must be a number' });
  });

  it('are an object, even if all of them are optional', () => {
    expect(requireProps('WorkloadTlsOptions', {} as never)).toEqual({});
    expect(refusal(() => requireProps('WorkloadTlsOptions', 5 as never, 'chart/Mtls', 'options'))).toMatchObject({ prop: 'options', value: 5, path: 'chart/Mtls', reason: 'must be a plain object' });
  });

  it('let other errors pass', () => {
    expect(() => requireProps('RouteOptions', { get target(): RouteTarget { throw new RangeError('mine'); } } as routing.RouteOptions)).toThrow(new RangeError('mine'));
  });

  it('that are missing can be left to another check', () => {
    expect(propsOf<routing.RouteOptions>('RouteOptions', { target: CHECKED_LATER })({})).toEqual({});
  });

  it('can have other types than those generated, and further ones', () => {
    const type = propsOf<egress.ServiceEndpoint>('ServiceEndpoint', { weight: STRING, color: STRING });
    const odd = { address: 'a', weight: '1', color: 'red' };
    expect(type(odd)).toEqual(odd);
    expect(refusal(() => type({ address: 'a', color: 1 }))).toMatchObject({ prop: '.color', value: 1 });
    expect(refusal(() => type({ address: 'a', unheardOf: 1 })).reason).toBe('is not a prop of ServiceEndpoint; its props are address, color, labels, locality, network, ports, serviceAccount, weight');
  });
});

describe('an interface with behavior', () => {
  const workload: IWorkload = {
    serviceName: 'a', namespace: 'b', port: 80, host: 'a.b', selector: {}, versions: [], versionLabel: 'version', subset: () => { throw new Error('none'); },
  };

  it('may have members of its own', () => {
    expect(() => requireProps('IWorkload', { ...workload, color: 'red' } as IWorkload)).not.toThrow();
  });

  it('is rejected as a whole when a method is missing', () => {
    expect(refusal(() => requireProps('IWorkload', { ...workload, subset: undefined } as unknown as IWorkload, '', 'workload')))
      .toMatchObject({ prop: 'workload', reason: 'must be an IWorkload, such as a Workload' });
    expect(refusal(() => requireProps('IGateway', 5 as unknown as IGateway, '', 'gateway'))).toMatchObject({ prop: 'gateway', value: 5, reason: 'must be an IGateway, such as an EdgeGateway or EdgeGateway.fromAttributes(attributes)' });
    expect(refusal(() => requireProps('IAlbIngressClass', 'alb' as unknown as alb.IAlbIngressClass, '', 'ingressClass')))
      .toMatchObject({ prop: 'ingressClass', reason: 'must be an IAlbIngressClass, such as an AlbIngressClass or AlbIngressClass.fromName(className)' });
  });

  it('is rejected as a whole when it has only some of the methods, or is null', () => {
    const gateway = { gatewayName: 'a', gatewayNamespace: 'b', admitRoutesFrom: () => undefined, passTcpThrough: () => undefined, passTlsThrough: () => undefined };
    expect(() => requireProps('IGateway', gateway)).not.toThrow();
    for (const wrong of [{ ...gateway, passTcpThrough: 5 }, null, undefined]) {
      expect(refusal(() => requireProps('IGateway', wrong as never, '', 'gateway'))).toMatchObject({ prop: 'gateway', value: wrong, reason: expect.stringMatching(/^must be an IGateway, /) });
    }
    expect(refusal(() => requireProps('IObservabilityGateway', {} as never, '', 'gateway')).reason).toMatch(/^must be an IObservabilityGateway: an object with admitRoutesFrom, backendNamespace, /);
  });

  it('with a single member lacks only that one', () => {
    expect(refusal(() => requireProps('IAlbIngressClass', {} as never, '', 'ingressClass'))).toMatchObject({ prop: 'className', value: undefined, reason: 'is required' });
  });

  it('is rejected as a whole when it has none of several members', () => {
    expect(refusal(() => requireProps('IGatewayWorkload', { hosts: [] } as unknown as gateway.IGatewayWorkload, '', 'gateway')))
      .toMatchObject({ prop: 'gateway', reason: 'must be an IGatewayWorkload, such as edge.workload' });
    expect(refusal(() => requireProps('IGatewayWorkload', { serviceName: 'door' } as unknown as gateway.IGatewayWorkload, '', 'gateway')))
      .toMatchObject({ reason: 'is required' });
  });

  it('is rejected for a member of another type', () => {
    expect(refusal(() => requireProps('IWorkload', { ...workload, port: '80' } as unknown as IWorkload, '', 'workload'))).toMatchObject({ prop: 'port', value: '80' });
    expect(refusal(() => requireProps('IWorkload', { ...workload, host: undefined } as unknown as IWorkload, '', 'workload'))).toMatchObject({ prop: 'host', value: undefined });
  });
});

test('the compiler rejects the name of another interface', () => {
  const retries: routing.RetryPolicy = { attempts: 1 };
  const attribute: traffic.CookieAttribute = { name: 'a' };
  expect(requireProps('RetryPolicy', retries)).toBe(retries);
  // @ts-expect-error a RetryPolicy has other props than a CookieAttribute
  expect(() => requireProps('CookieAttribute', retries)).toThrow();
  // @ts-expect-error there is no such interface
  expect(() => requireProps('Cookie', attribute)).toThrow();
  // @ts-expect-error the type is a string here
  expect(() => requireProps('CookieAttribute', { name: 5 })).toThrow();
  const scope = PolicyScope.namespace('a');
  const telemetry: telemetry.MeshTelemetryProps = { scope };
  expect(requireProps('MeshTelemetryProps', telemetry)).toBe(telemetry);
});

test('an error names classes as a program writes them, those outside of everyday use with their namespace', () => {
  expect(refusal(() => instanceOf('LogDestination')('s3'))).toMatchObject({ reason: 'must be a LogDestination, such as alb.LogDestination.s3(bucket)' });
  expect(refusal(() => instanceOf('FluxSource')(5))).toMatchObject({ reason: 'must be a FluxSource, such as gitops.FluxSource.gitRepository(options)' });
  expect(refusal(() => instanceOf('PathMatch')('/a'))).toMatchObject({ reason: expect.stringContaining('such as PathMatch.') });
  expect(refusal(() => instanceOf('GitOpsApp')(5))).toMatchObject({ reason: expect.stringMatching(/^must be a GitOpsApp, such as /) });
  expect(refusal(() => instanceOf('AuthorizationRule')(5))).toMatchObject({ reason: expect.stringMatching(/^must be an AuthorizationRule, such as /) });
});

test('an error about something that is no object names the required props', () => {
  expect(refusal(() => requireProps('GatewayNodePorts', 30000 as never, '', 'ports')))
    .toMatchObject({ prop: 'ports', value: 30000, reason: 'must be an object with http, https, status' });
});
