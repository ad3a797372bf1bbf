// Blue-green releases: what is rendered, and what a switch changes.
import { Duration, Yaml, type Chart } from 'cdk8s';
import { BlueGreen, type BlueGreenProps } from '../../../src/edge/release/blue-green';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { Workload } from '../../../src/edge/workload/workload';
import * as manifests from '../../manifests';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { changedLines } from '../changed-lines';
import { HandMadeGateway } from '../stubs';

const search = new Workload({ serviceName: 'search', namespace: 'shop', port: 8080, versions: ['v1', 'v2'] });
const AT_GATEWAY = { gateway: new HandMadeGateway(), hosts: ['shop.example.com'] };
const to = (subset: string) => [manifests.to('search.shop.svc.cluster.local', { port: 8080, subset })];

function blueGreen(scope: Chart, props: Partial<BlueGreenProps> = {}, id = 'Search'): BlueGreen {
  return new BlueGreen(scope, id, { ...AT_GATEWAY, workload: search, blue: 'v1', green: 'v2', active: 'v1', ...props });
}

function yaml(props: Partial<BlueGreenProps>): string {
  const chart = emptyChart();
  blueGreen(chart, props);
  return Yaml.stringify(...synthesized(chart));
}

test('the active version receives all requests except previews, which go to the other version', () => {
  const chart = emptyChart();
  const made = blueGreen(chart, { previewHeader: 'x-preview', paths: [PathMatch.prefix('/search')], headers: [HeaderMatch.present('x-shop')], timeout: Duration.seconds(2) });
  expect(made.workload).toBe(search);
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([
    { name: 'Search-preview', match: [{ uri: { prefix: '/search' }, headers: { 'x-shop': {}, 'x-preview': {} } }], timeout: '2s', route: to('v2') },
    { name: 'Search', match: [{ uri: { prefix: '/search' }, headers: { 'x-shop': {} } }], timeout: '2s', route: to('v1') },
  ]);
});

test('without a preview header no request reaches the other version', () => {
  const chart = emptyChart();
  blueGreen(chart, { active: 'v2' });
  expect(theOnly(chart, 'VirtualService').spec.http).toEqual([{ name: 'Search', route: to('v2') }]);
});

test('inside the mesh it is a route in the VirtualService of its workload', () => {
  const chart = emptyChart();
  blueGreen(chart, { gateway: undefined, hosts: undefined, previewHeader: 'x-preview' });
  expect(theOnly(chart, 'VirtualService')).toMatchObject({ metadata: { name: 'search', namespace: 'shop' }, spec: { http: [{ name: 'Search-preview' }, { name: 'Search' }] } });
});

test('namespace and name of the VirtualService can be set', () => {
  const chart = emptyChart();
  blueGreen(chart, { namespace: 'team', virtualServiceName: 'mine', previewHeader: 'x-preview' });
  expect(theOnly(chart, 'VirtualService').metadata).toMatchObject({ name: 'mine', namespace: 'team' });
});

test('a switch in either direction changes one line, or two with a preview', () => {
  expect(changedLines(yaml({ active: 'v1' }), yaml({ active: 'v2' }))).toEqual([['subset: v1', 'subset: v2']]);
  const previewHeader = 'x-preview';
  expect(changedLines(yaml({ active: 'v1', previewHeader }), yaml({ active: 'v2', previewHeader }))).toEqual([['subset: v2', 'subset: v1'], ['subset: v1', 'subset: v2']]);
});

test.each<[string, Partial<BlueGreenProps>, string, unknown]>([
  ['an unknown blue version', { blue: 'v9' }, 'blue', 'v9'],
  ['an unknown green version', { green: 'v9' }, 'green', 'v9'],
  ['the same version for both', { green: 'v1' }, 'green', 'v1'],
  ['an active version that is neither blue nor green', { active: 'blue' }, 'active', 'blue'],
  ['no active version', { active: undefined as never }, 'active', undefined],
  ['a header in upper case', { previewHeader: 'X-Preview' }, 'previewHeader', 'X-Preview'],
  ['an invalid header name', { previewHeader: 'x preview' }, 'previewHeader', 'x preview'],
  ['a number instead of a header', { previewHeader: 1 as never }, 'previewHeader', 1],
  ['a string instead of a list of headers', { previewHeader: 'a', headers: 'b' as never }, 'headers', 'b'],
  ['an object that is not a workload', { workload: {} as never }, 'workload', {}],
  ['no hosts', { hosts: [] }, 'hosts', []],
  ['hosts without a gateway', { gateway: undefined }, 'hosts', ['shop.example.com']],
])('%s is refused', (_, props, prop, value) => {
  expect(refusal(() => blueGreen(emptyChart(), props))).toMatchObject({ prop, value, path: expect.stringMatching(/^chart\/Search/) });
});

test.each<[keyof BlueGreenProps, string]>([
  ['blue', 'a version of'], ['green', 'a version of'], ['active', 'v1 or v2'],
])('%s is required', (prop, requirement) => {
  expect(() => blueGreen(emptyChart(), { [prop]: undefined })).toThrow(`chart/Search: ${prop} is required and must be ${requirement}`);
});

test('props that are not an object are refused', () => {
  expect(refusal(() => new BlueGreen(emptyChart(), 'Search', [] as never))).toMatchObject({ prop: 'props', value: [], path: 'chart/Search' });
});
