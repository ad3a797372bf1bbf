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
