// Names as Istio objects write them.
import { completeGateway, completeHost, serviceMeantBy, serviceOfHost } from '../../src/base/istio/names';

describe('hosts', () => {
  test.each([
    ['reviews', 'reviews.prod.svc.cluster.local'], ['reviews.dev', 'reviews.dev'], ['reviews.dev.svc.cluster.local', 'reviews.dev.svc.cluster.local'],
    ['*', '*'], ['*.example.com', '*.example.com'], ['', ''],
  ])('%j in prod is %j', (host, complete) => {
    expect(completeHost(host, 'prod')).toBe(complete);
  });

  test('only a full name is a Service', () => {
    expect(serviceOfHost('reviews.dev.svc.cluster.local')).toEqual({ name: 'reviews', namespace: 'dev' });
    for (const host of ['reviews', 'reviews.dev', 'reviews.dev.svc', 'a.reviews.dev.svc.cluster.local',
      '*.dev.svc.cluster.local', 'reviews.dev.svc.example.com']) {
      expect(serviceOfHost(host)).toBeUndefined();
    }
  });

  test('an incomplete name refers to a Service only if it has the form of one', () => {
    for (const host of ['reviews.dev', 'reviews.dev.svc', 'reviews.dev.svc.cluster']) {
      expect(serviceMeantBy(host)).toEqual({ name: 'reviews', namespace: 'dev' });
    }
    for (const host of ['www.example.com', 'reviews.dev.svc.example', '*.dev', 'reviews', 'reviews.dev.svc.cluster.local', 'reviews.dev.']) {
      expect(serviceMeantBy(host)).toBeUndefined();
    }
  });

  test('a cluster may have a domain of its own', () => {
    expect(serviceOfHost('reviews.dev.svc.corp.example', 'corp.example')).toEqual({ name: 'reviews', namespace: 'dev' });
    expect(serviceOfHost('reviews.dev.svc.cluster.local', 'corp.example')).toBeUndefined();
    expect(serviceMeantBy('reviews.dev.svc.corp', 'corp.example')).toEqual({ name: 'reviews', namespace: 'dev' });
  });
});

describe('references to Gateways', () => {
  test.each([
    ['edge', 'prod/edge'], ['./edge', 'prod/edge'], ['istio/edge', 'istio/edge'],
    ['edge.istio.svc.cluster.local', 'istio/edge'], ['mesh', 'mesh'],
  ])('%s in prod', (text, reference) => {
    expect(completeGateway(text, 'prod')).toEqual(reference);
  });
});
