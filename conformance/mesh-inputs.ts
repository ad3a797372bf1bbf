// Random configurations of a mesh.
import * as fc from 'fast-check';
import { destinationRule } from './destination-rules';
import { gateway } from './gateways';
import { rarely } from './mesh-words';
import { serviceEntry, services, workloadEntry, workloads } from './mesh-services';
import { authorizationPolicy, peerAuthentication, requestAuthentication, sidecar } from './policies';
import { virtualService } from './virtual-services';

interface Named { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace: string; readonly creationTimestamp?: string } }

/** The objects of one configuration, of which no two have one name. */
export const meshInput: fc.Arbitrary<object[]> = fc.record({
  hasAges: fc.boolean(),
  base: workloads,
  services,
  gateways: fc.array(gateway, { minLength: 0, maxLength: 3 }),
  virtualServices: fc.array(virtualService, { minLength: 0, maxLength: 5 }),
  // Two ServiceEntries of one host are left out.
  entries: fc.uniqueArray(serviceEntry, { maxLength: 2, selector: one => (one as { spec: { hosts: string[] } }).spec.hosts[0] }),
  machines: fc.array(workloadEntry, { maxLength: 1 }),
  rules: fc.array(destinationRule, { maxLength: 3 }),
  sidecars: rarely(fc.array(sidecar, { minLength: 1, maxLength: 2 }), 2).map(list => list ?? []),
  peers: fc.array(peerAuthentication, { maxLength: 2 }),
  requests: rarely(fc.array(requestAuthentication, { minLength: 1, maxLength: 2 }), 2).map(list => list ?? []),
  policies: fc.array(authorizationPolicy, { maxLength: 2 }),
}).map(together);

interface Lists extends Readonly<Record<string, unknown>> {
  /** Whether the objects keep their times of creation. */
  readonly hasAges: boolean;
}

/** All objects, the last one of each name. */
export function together({ hasAges, ...lists }: Lists): object[] {
  const all = new Map((Object.values(lists) as object[][]).flat().map(object => {
    const { kind, metadata } = object as Named;
    return [`${kind} ${metadata.namespace}/${metadata.name}`, object];
  }));
  return (JSON.parse(JSON.stringify([...all.values()])) as Named[]).map(object => {
    const { creationTimestamp, ...metadata } = object.metadata;
    return hasAges && creationTimestamp !== undefined ? object : { ...object, metadata };
  });
}
