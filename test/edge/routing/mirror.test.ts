// Mirrors.
import { Mirror, renderMirrors } from '../../../src/edge/routing/mirror';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';
import { service } from '../stubs';

const cart = service();
const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });
const target = RouteTarget.subset(cart.subset('v1'));

test('copies of all requests, or of a share, go to a workload or a version', () => {
  expect(renderMirrors([Mirror.workload(bank), Mirror.subset(cart.subset('v2'), 0.5), Mirror.workload(cart, 0)], target)).toEqual([
    { destination: { host: 'bank.shop.svc.cluster.local', port: { number: 8080 } } },
    { destination: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 }, subset: 'v2' }, percentage: { value: 0.5 } },
    { destination: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 } }, percentage: { value: 0 } },
  ]);
});

test.each<[string, () => unknown, string, unknown]>([
  ['a mirror to the version of the target', () => renderMirrors([Mirror.workload(bank), Mirror.subset(cart.subset('v1'))], target), 'mirrors[1]', 'v1 of cart.shop.svc.cluster.local'],
  ['a mirror to the workload of the target', () => renderMirrors([Mirror.workload(bank)], RouteTarget.workload(bank)), 'mirrors[0]', 'bank.shop.svc.cluster.local'],
  ['a mirror to one of the versions of a split', () => renderMirrors([Mirror.subset(cart.subset('v2'))],
    RouteTarget.split([{ subset: cart.subset('v1'), weight: 1 }, { subset: cart.subset('v2'), weight: 1 }])), 'mirrors[0]', 'v2 of cart.shop.svc.cluster.local'],
  ['two mirrors to one workload', () => renderMirrors([Mirror.workload(bank), Mirror.workload(bank, 5)], target), 'mirrors[1]', 'bank.shop.svc.cluster.local'],
  ['a percentage above 100', () => Mirror.workload(bank, 101), 'percentage', 101],
  ['a percentage below the resolution of Envoy', () => Mirror.subset(cart.subset('v1'), 0.00001), 'percentage', 0.00001],
  ['an invalid workload', () => Mirror.workload({} as never), 'workload', {}],
  ['an invalid version', () => Mirror.subset('v1' as never), 'subset', 'v1'],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test('the error tells a destination of the target from one of another mirror', () => {
  expect(refusal(() => renderMirrors([Mirror.workload(bank)], RouteTarget.workload(bank))).reason).toContain('target');
  expect(refusal(() => renderMirrors([Mirror.workload(bank), Mirror.workload(bank)], target)).reason).toContain('mirrors');
});

test('another port of the Service is another destination', () => {
  expect(() => renderMirrors([Mirror.workload(service({ port: 9090 }))], RouteTarget.workload(cart))).not.toThrow();
  expect(renderMirrors([Mirror.workload(bank), Mirror.workload(service({ serviceName: 'bank', host: bank.host, port: 9090 }))], target)).toHaveLength(2);
});
