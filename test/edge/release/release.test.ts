// Releases are whole: their routes are all there, or none.
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { BlueGreen } from '../../../src/edge/release/blue-green';
import { Canary, type CanaryProps } from '../../../src/edge/release/canary';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { Mirror } from '../../../src/edge/routing/mirror';
import { versionOf } from '../../../src/edge/release/release';
import { Route } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { HandMadeGateway, service } from '../hand-made';

const cart = service();
const AT_GATEWAY = { gateway: new HandMadeGateway(), hosts: ['shop.example.com'] };

function canary(scope: Chart, props: Partial<CanaryProps> = {}): Canary {
  return new Canary(scope, 'X', { ...AT_GATEWAY, workload: cart, stable: 'v1', canary: 'v2', percent: 5, header: HeaderMatch.present('x-canary'), ...props });
}

describe('a release is refused as a whole', () => {
  it.each(['X', 'X-header'])('when the id %s is taken by a construct', id => {
    const chart = emptyChart();
    new Construct(chart, id);
    for (const at of [{}, { gateway: undefined, hosts: undefined }]) {
      expect(refusal(() => canary(chart, at))).toMatchObject({ prop: 'id', value: id, path: 'chart' });
    }
    expect(synthesized(chart)).toEqual([]);
  });

  it.each(['X', 'X-header'])('when the id %s is taken by a route', id => {
    const chart = emptyChart();
    new Route(chart, id, { ...AT_GATEWAY, paths: [PathMatch.exact('/')], target: RouteTarget.workload(cart) });
    expect(refusal(() => canary(chart))).toMatchObject({ prop: 'id', value: id, path: 'chart' });
    expect(theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name)).toEqual([id]);
  });

  it('when only the second of its routes cannot be: the copy goes to a version that has a share', () => {
    const chart = emptyChart();
    expect(refusal(() => canary(chart, { mirrors: [Mirror.subset(cart.subset('v1'))] }))).toMatchObject({ prop: 'mirrors[0]', path: 'chart/X' });
    expect(synthesized(chart)).toEqual([]);
  });

  it('when a route takes every request before it', () => {
    const chart = emptyChart();
    new Route(chart, 'All', { ...AT_GATEWAY, target: RouteTarget.respond(503) });
    expect(refusal(() => canary(chart))).toMatchObject({ prop: 'paths', path: 'chart/X-header' });
    expect(synthesized(chart).map(({ kind }) => kind)).toEqual(['VirtualService']);
  });

  it('and can be made after that', () => {
    const chart = emptyChart();
    expect(refusal(() => canary(chart, { percent: 200 })).prop).toBe('percent');
    canary(chart);
    expect(theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name)).toEqual(['X-header', 'X']);
  });
});

test('a canary and blue-green of one workload in one place exclude each other', () => {
  const chart = emptyChart();
  canary(chart);
  const other = { workload: cart, blue: 'v1', green: 'v2', active: 'v1' };
  expect(refusal(() => new BlueGreen(chart, 'Y', { ...other, ...AT_GATEWAY }))).toMatchObject({ prop: 'workload', reason: expect.stringContaining('chart/X has this one'), path: 'chart/Y' });
  new BlueGreen(chart, 'Y', other);
  new BlueGreen(chart, 'Z', { ...other, ...AT_GATEWAY, workload: service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' }), hosts: ['bank.example.com'] });
});

test('a version is refused by the name of the prop, and other errors pass', () => {
  expect(versionOf('stable', cart, 'v1').version).toBe('v1');
  const careless = service({ subset: version => { if (version === 'v9') { throw new RangeError('v9'); } return cart.subset(version); } });
  expect(() => versionOf('stable', careless, 'v9')).toThrow(RangeError);
});
