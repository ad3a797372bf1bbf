// A workload says once what routes, subsets and policies need to know of a Service.
import { Subset, Workload, type WorkloadProps } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';

function workload(props: Partial<WorkloadProps> = {}): Workload {
  return new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080, ...props });
}

test('a Service is enough', () => {
  expect({ ...workload() }).toEqual({
    serviceName: 'cart', namespace: 'shop', port: 8080, host: 'cart.shop.svc.cluster.local', selector: { app: 'cart' }, versions: [], versionLabel: 'version',
  });
});

test('selector, versions, their label and the domain can be others', () => {
  expect({ ...workload({ selector: { name: 'c' }, versions: ['blue', '2'], versionLabel: 'example.com/color', clusterDomain: 'example.org' }) }).toMatchObject({
    host: 'cart.shop.svc.example.org', selector: { name: 'c' }, versions: ['blue', '2'], versionLabel: 'example.com/color',
  });
});

test('a version that is there becomes a subset, another does not', () => {
  const cart = workload({ versions: ['v1', 'v2'] });
  expect(cart.subset('v2')).toEqual({ workload: cart, version: 'v2' });
  expect(refusal(() => cart.subset('v3'))).toMatchObject({ prop: 'version', value: 'v3', reason: 'must be a version of shop/cart: v1, v2' });
  expect(refusal(() => cart.subset(undefined as never))).toMatchObject({ prop: 'version', reason: 'is required and must be a version of shop/cart: v1, v2' });
  expect(refusal(() => workload().subset(undefined as never))).toMatchObject({ prop: 'version', reason: 'is required but shop/cart has no versions' });
  expect(refusal(() => workload().subset('v1'))).toMatchObject({ prop: 'version', reason: 'cannot be set: shop/cart was declared without versions' });
});

test('a Subset is a version of a workload', () => {
  expect(refusal(() => new Subset(null as never, 'x'))).toMatchObject({ prop: 'workload', value: null });
  expect(refusal(() => new Subset({} as never, 'x'))).toMatchObject({ prop: 'workload', value: {} });
  const cart = workload({ versions: ['v1'] });
  expect(refusal(() => new Subset(cart, 'nope'))).toMatchObject({ prop: 'version', value: 'nope', reason: 'must be a version of shop/cart: v1' });
  expect(refusal(() => new Subset(cart, undefined as never))).toMatchObject({ prop: 'version', value: undefined });
  expect(new Subset(cart, 'v1')).toEqual(cart.subset('v1'));
});

test('what the caller changes later is not seen', () => {
  const [versions, selector] = [['v1'], { app: 'cart' }];
  const cart = workload({ versions, selector });
  versions.push('v2');
  selector.app = 'other';
  expect({ versions: cart.versions, selector: cart.selector }).toEqual({ versions: ['v1'], selector: { app: 'cart' } });
});

test('a misspelt prop is rejected: without it there would be no versions', () => {
  expect(refusal(() => new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versons: ['v1'] } as never))).toMatchObject({ prop: 'versons', value: ['v1'] });
});
