// The law of Istio's API: whatever the package takes, the CRDs and the webhook of Istio take. Here: routes of all kinds.
import * as fc from 'fast-check';
import { keepPaths } from './emitted-paths';
import { brokenBy, readsBack } from './istio-law';
import { buildRoutes, routesPlan } from './istio-plan';
import { ROUTES } from './reached';
import { runs } from '../runs';

/** Fields of all objects. */
const emitted = new Set<string>();
afterAll(() => keepPaths(emitted));

test('5,000 edges with routes of all kinds break no rule of a CRD or of the webhook', () => {
  fc.assert(fc.property(routesPlan, plan => {
    expect(brokenBy(buildRoutes(plan), emitted)).toEqual([]);
  }), runs(5000));
}, 120_000);

test('they reach every field that the API has', () => {
  expect(ROUTES.filter(field => !emitted.has(field))).toEqual([]);
});

test('their documents are read back as they were written', () => {
  fc.assert(fc.property(routesPlan, plan => {
    expect(readsBack(buildRoutes(plan))).toBe(true);
  }), { numRuns: 50 });
});
