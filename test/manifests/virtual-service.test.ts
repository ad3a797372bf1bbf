// The routes of VirtualServices as written.
import { subjectOf, virtualService } from '../manifests';

describe('routes', () => {
  const routes = (spec: object) => subjectOf(virtualService('prod/a', spec)).virtualServices[0].routes;

  test('every destination and mirror has its pointer', () => {
    const http = [{ route: [{ destination: { host: 'a' } }], mirror: { host: 'b' }, mirrors: [{ destination: { host: 'c' } }] }];
    const destinations = routes({ hosts: ['a'], http, tcp: [{ route: [{ destination: { host: 'd' } }] }] })
      .flatMap(route => route.destinations.map(({ pointer: place, host }) => `${place} ${host}`));
    expect(destinations).toEqual(['/spec/http/0/route/0/destination a', '/spec/http/0/mirror b', '/spec/http/0/mirrors/0/destination c',
      '/spec/tcp/0/route/0/destination d']);
  });

  test.each([
    [{ hosts: ['a'], http: [{}] }, ['mesh']],
    [{ hosts: ['a'], gateways: ['g'], http: [{}] }, ['prod/g']],
    [{ hosts: ['a'], gateways: ['g', 'mesh'], http: [{ match: [{ gateways: ['mesh'] }] }] }, ['mesh']],
    [{ hosts: ['a'], gateways: ['g', 'mesh'], http: [{ match: [{ gateways: ['mesh'] }, {}] }] }, ['prod/g', 'mesh']],
    [{ http: [{}] }, []],
  ])('the gateways of the route of %j', (spec, gateways) => {
    expect(routes(spec)[0].gateways).toEqual(gateways);
  });

  test.each<[what: string, http: object[], built: number[]]>([
    ['a route without a match', [{}, {}], [0]],
    ['an empty list of matches', [{ match: [] }, {}], [0]],
    ['a match without conditions', [{ match: [{ uri: { exact: '/a' } }, {}] }, {}], [0]],
    ['the prefix /', [{ match: [{ uri: { prefix: '/' } }] }, {}], [0]],
    ['the regular expression .*', [{ match: [{ uri: { regex: '.*' } }] }, {}], [0]],
    ['a path that is only present', [{ match: [{ uri: {} }] }, {}], [0]],
    ['the exact path /', [{ match: [{ uri: { exact: '/' } }] }, {}], [0, 1]],
    ['a header', [{ match: [{ headers: { a: {} } }] }, {}], [0, 1]],
    ['a method', [{ match: [{ uri: { prefix: '/' }, method: { exact: 'GET' } }] }, {}], [0, 1]],
    ['a port', [{ match: [{ port: 80 }] }, {}], [0, 1]],
    ['labels of clients', [{ match: [{ sourceLabels: { app: 'a' } }] }, {}], [0, 1]],
    ['one gateway of two', [{ match: [{ gateways: ['g'] }] }, {}], [0, 1]],
    ['one gateway of two, before a route of this gateway', [{ match: [{ gateways: ['g'] }] }, { match: [{ gateways: ['prod/g'] }] }, {}], [0, 2]],
    ['both gateways', [{ match: [{ gateways: ['mesh'] }] }, { match: [{ gateways: ['g'] }] }, {}], [0, 1]],
    ['a gateway that the VirtualService does not name', [{ match: [{ gateways: ['other'] }] }, {}], [1]],
  ])('are built up to the first that matches every request: %s', (_, http, built) => {
    const found = routes({ hosts: ['a'], gateways: ['g', 'mesh'], http });
    expect(found.map((route, index) => (route.isNeverBuilt ? -1 : index)).filter(index => index !== -1)).toEqual(built);
  });

  test('of a delegate are built up to the first that matches every request', () => {
    expect(routes({ http: [{ match: [{ uri: { exact: '/a' } }] }, {}, {}] }).map(({ isNeverBuilt }) => isNeverBuilt)).toEqual([false, false, true]);
  });

  test('for TCP are built up to the first that matches every connection, those for TLS always', () => {
    const sni = { match: [{ sniHosts: ['a'] }] };
    const found = routes({ hosts: ['a'], http: [{}], tls: [sni, sni], tcp: [{ match: [{ port: 1 }] }, { match: [{ destinationSubnets: ['10.0.0.0/8'] }] }, {}, {}] });
    expect(found.filter(({ isNeverBuilt }) => isNeverBuilt).map(route => route.pointer)).toEqual(['/spec/tcp/3']);
  });

  test.each([
    ['without a percentage', undefined, false],
    ['of null', null, false],
    ['of {}, which protobuf writes for 0', {}, true],
    ['of 0', { value: 0 }, true],
    ['of 0.1', { value: 0.1 }, false],
  ])('a mirror %s is idle: %s', (_, mirrorPercentage, idle) => {
    const [{ destinations: [, mirror] }] = routes({ hosts: ['a'], http: [{ route: [{ destination: { host: 'a' } }], mirror: { host: 'b' }, mirrorPercentage }] });
    expect(mirror).toMatchObject({ host: 'b', idle });
  });
});
