// Random configurations of a mesh.
import * as fc from 'fast-check';
import { gateway } from './gateways';
import { serviceEntry, services, workloadEntry, workloads } from './mesh-services';
import { virtualService } from './virtual-services';

interface Named { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace: string; readonly creationTimestamp?: string } }

/** The objects of one configuration, of which no two have one name. */
export const meshInput: fc.Arbitrary<object[]> = fc.record({
  hasAges: fc.boolean(),
  base: workloads,
  services,
  gateways: fc.array(gateway, { minLength: 0, maxLength: 3 }),
  virtualServices: fc.array(virtualService, { minLength: 0, maxLength: 5 }),
  entries: fc.array(serviceEntry, { maxLength: 2 }),
  machines: fc.array(workloadEntry, { maxLength: 1 }),
}).map(({ hasAges, ...lists }) => {
  const all = new Map(Object.values(lists).flat().map(object => {
    const { kind, metadata } = object as Named;
    return [`${kind} ${metadata.namespace}/${metadata.name}`, object];
  }));
  return (JSON.parse(JSON.stringify([...all.values()])) as Named[]).map(object => {
    const { creationTimestamp, ...metadata } = object.metadata;
    return hasAges && creationTimestamp !== undefined ? object : { ...object, metadata };
  });
});
