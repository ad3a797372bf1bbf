// What canary and blue-green releases share.
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
import { emptyChart } from '../../synthesized';
import { HandMadeGateway, service } from '../stubs';

const cart = service();
const AT_GATEWAY = { gateway: new HandMadeGateway(), hosts: ['shop.example.com'] };

function canary(scope: Chart, props: Partial<CanaryProps> = {}): Canary {
  return new Canary(scope, 'X', { ...AT_GATEWAY, workload: cart, stable: 'v1', canary: 'v2', percent: 5, header: HeaderMatch.present('x-canary'), ...props });
}

describe('a release is refused', () => {
  it.each(['X', 'X-header'])('if the id %s is taken', id => {
    const chart = emptyChart();
    new Construct(chart, id);
    expect(refusal(() => canary(chart))).toMatchObject({ prop: 'id', value: id, path: 'chart' });
  });

  it('if one of its routes is invalid: here a mirror to a version that receives a share', () => {
    expect(refusal(() => canary(emptyChart(), { mirrors: [Mirror.subset(cart.subset('v1'))] }))).toMatchObject({ prop: 'mirrors[0]', path: 'chart/X' });
  });

  it('after a catch-all', () => {
    const chart = emptyChart();
    new Route(chart, 'All', { ...AT_GATEWAY, target: RouteTarget.respond(503) });
    expect(refusal(() => canary(chart))).toMatchObject({ prop: 'paths', path: 'chart/X' });
  });
});

test('a release is a construct of its scope', () => {
  const chart = emptyChart();
  const made = canary(chart);
  expect(chart.node.findChild('X')).toBe(made);
});

test('a workload has either a canary or a blue-green release in one place', () => {
  const chart = emptyChart();
  canary(chart);
  const other = { workload: cart, blue: 'v1', green: 'v2', active: 'v1' };
  expect(refusal(() => new BlueGreen(chart, 'Y', { ...other, ...AT_GATEWAY }))).toMatchObject({
    prop: 'workload', path: 'chart/Y', reason: '"cart.shop.svc.cluster.local" is already the workload of release chart/X in the same place',
  });
  new BlueGreen(chart, 'InMesh', other);
  new BlueGreen(chart, 'Z', { ...other, ...AT_GATEWAY, workload: service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' }), hosts: ['bank.example.com'] });
});

test('an invalid version is reported with the name of the prop, and other errors are rethrown unchanged', () => {
  expect(versionOf('stable', cart, 'v1').version).toBe('v1');
  const careless = service({ subset: version => { if (version === 'v9') { throw new RangeError('v9'); } return cart.subset(version); } });
  expect(() => versionOf('stable', careless, 'v9')).toThrow(RangeError);
});

test('the ids of all routes of a release are reserved, because routes are selected by name', () => {
  const chart = emptyChart();
  canary(chart, { paths: [PathMatch.prefix('/a')] });
  expect(refusal(() => new Route(chart, 'X-header', { ...AT_GATEWAY, target: RouteTarget.respond(404) }))).toMatchObject({ prop: 'id', value: 'X-header' });
});

test('a release that was rejected for its routes can be made again', () => {
  const chart = emptyChart();
  expect(() => canary(chart, { mirrors: [Mirror.subset(cart.subset('v1'))] })).toThrow('mirrors[0]');
  const again = new Canary(chart, 'Y', { ...AT_GATEWAY, workload: cart, stable: 'v1', canary: 'v2', percent: 5 });
  expect(again.node.path).toBe('chart/Y');
});
