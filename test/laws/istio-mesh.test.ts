// The law of Istio's API: whatever the package takes, the CRDs and the webhook of Istio take. Here: what stands beside routes.
import * as fc from 'fast-check';
import { keepPaths } from './emitted-paths';
import { brokenBy, readsBack } from './istio-law';
import { buildNeighbours, neighboursPlan } from './neighbours-plan';
import { NEIGHBOURS } from './reached';
import { runs } from '../runs';

/** Fields of all objects. */
const emitted = new Set<string>();
afterAll(() => keepPaths(emitted));

test('5,000 edges with policies, services, sidecars and telemetry break no rule of a CRD or of the webhook', () => {
  fc.assert(fc.property(neighboursPlan, plan => {
    expect(brokenBy(buildNeighbours(plan), emitted)).toEqual([]);
  }), runs(5000));
}, 120_000);

test('they reach every field that the API has', () => {
  expect(NEIGHBOURS.filter(field => !emitted.has(field))).toEqual([]);
});

test('their documents are read back as they were written', () => {
  fc.assert(fc.property(neighboursPlan, plan => {
    expect(readsBack(buildNeighbours(plan))).toBe(true);
  }), { numRuns: 50 });
});
