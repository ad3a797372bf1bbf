// Ingresses that keep the controller from loading groups of others.
import { type Plan, planOf } from '../../../src/plan/plan';

function ingress(name: string, spec: object, metadata: object = {}): object {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'shop', ...metadata }, spec };
}

function defaultClass(name: string): object {
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name, annotations }, spec: { controller: 'ingress.k8s.aws/alb' } };
}

function reasonsOf(objects: readonly object[]): string[] {
  const { loadBalancers }: Plan = planOf(objects.map(object => ({ object, origin: {} })) as never, { complete: true, admitted: true });
  return loadBalancers.map(one => `${one.group}: ${'refused' in one ? one.refused.reason : 'built'}`);
}

const GROUP = { annotations: { 'alb.ingress.kubernetes.io/group.name': 'g' } };

test('while there are two default classes, an Ingress without class fails all groups', () => {
  const named = [ingress('a', { ingressClassName: 'alb' }), ingress('b', { ingressClassName: 'x' })];
  const classes = [defaultClass('x'), defaultClass('y')];
  const reason = 'several IngressClasses are the default: x, y';
  expect(reasonsOf([...classes, ...named])).toEqual(['shop/a: built', 'shop/b: built']);
  expect(reasonsOf([...classes, ...named, ingress('c', {})])).toEqual([`shop/a: ${reason}`, `shop/b: ${reason}`]);
});

test('an Ingress whose class is gone fails the group that it was a member of, and no other', () => {
  const member = ingress('a', { ingressClassName: 'alb' }, GROUP);
  const gone = (finalizer: string) => ingress('b', { ingressClassName: 'gone' }, { ...GROUP, finalizers: [finalizer] });
  expect(reasonsOf([member, gone('group.ingress.k8s.aws/g')])).toEqual(['g: IngressClass gone does not exist']);
  expect(reasonsOf([member, gone('group.ingress.k8s.aws/h')])).toEqual(['g: built']);
});

test('a deleted Ingress whose own annotation protects the load balancer fails its group', () => {
  const member = ingress('a', { ingressClassName: 'alb' }, GROUP);
  const deleted = (attributes: string) => ingress('b', { ingressClassName: 'alb' }, {
    annotations: { ...GROUP.annotations, 'alb.ingress.kubernetes.io/load-balancer-attributes': attributes },
    finalizers: ['group.ingress.k8s.aws/g'], deletionTimestamp: '2026-01-01T00:00:00Z',
  });
  expect(reasonsOf([member, deleted('deletion_protection.enabled=true')])).toEqual([
    'g: turns on deletion protection: the controller refuses to let go of this Ingress until the annotation is changed',
  ]);
  expect(reasonsOf([member, deleted('deletion_protection.enabled=false')])).toEqual(['g: built']);
  expect(reasonsOf([member, deleted('x')])).toEqual(['g: must be key=value pairs separated by commas; got "x"']);
});

test('what the plan takes for granted about a class is listed as unknown', () => {
  const unknownOf = (...objects: object[]) => planOf(objects.map(object => ({ object, origin: {} })) as never).loadBalancers
    .flatMap(one => ('refused' in one ? [] : one.unknown)).filter(what => what.startsWith('IngressClass') || what.startsWith('the IngressClass'));
  const annotations = { 'alb.ingress.kubernetes.io/scheme': 'internal' };
  const ofClass = (name: string, parameters?: object) => (
    { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name }, spec: { controller: 'ingress.k8s.aws/alb', parameters } });
  expect(unknownOf(ingress('a', { ingressClassName: 'albb' }, { annotations }))).toEqual([
    'IngressClass albb: the input does not have it, and the plan assumes that it exists with controller ingress.k8s.aws/alb']);
  expect(unknownOf(ofClass('x', { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'p' }), ingress('a', { ingressClassName: 'x' }))).toEqual([
    'IngressClassParams p: the input does not have them, and they replace annotations of the Ingress']);
  expect(unknownOf(ofClass('x'), ofClass('x'), ingress('a', { ingressClassName: 'x' }))).toEqual([
    'IngressClass x: the input has several, and the plan uses none of them']);
  expect(unknownOf(ingress('a', { ingressClassName: 'alb' }, { annotations }))).toEqual([]);
});

test('an Ingress without class gets no load balancer unless a default class or a flag of the controller says so', () => {
  const annotated = ingress('a', {}, { annotations: { 'alb.ingress.kubernetes.io/scheme': 'internal' } });
  const planned = (objects: object[], controller = {}) => {
    const { loadBalancers, unmanaged } = planOf(objects.map(object => ({ object, origin: {} })) as never, { controller });
    return [loadBalancers.length, ...unmanaged.map(({ reason }) => reason)];
  };
  const classOf = (isDefault: string) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass',
    metadata: { name: 'alb', annotations: { 'ingressclass.kubernetes.io/is-default-class': isDefault } }, spec: { controller: 'ingress.k8s.aws/alb' } });
  expect(planned([annotated])).toEqual([0, expect.stringMatching(/^names no IngressClass, and the input has no default one: set spec.ingressClassName to alb/)]);
  expect(planned([annotated, classOf('false')])).toEqual([0, expect.stringContaining('names no IngressClass')]);
  expect(planned([ingress('a', {})])).toEqual([0, 'has no class of the AWS Load Balancer Controller']);
  expect(planned([annotated, classOf('true')])).toEqual([1]);
  expect(planned([annotated], { ingressClass: '' })).toEqual([1]);
});
