// What istiod programs into the proxies of small configurations, recorded, and what the model says. `npm run conformance -- mesh` finds more.
import { readCases } from './case-file';
import { dumped, type MeshCase, modelled } from './mesh-dump';

test.each(readCases<MeshCase>('mesh-own.json').map(one => [one.name, one] as const))('%s', (_, { input, result }) => {
  expect(modelled(input, result!)).toEqual(dumped(result!));
});
