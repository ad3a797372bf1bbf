// Routes that istiod never builds, compared with what the model of the mesh builds, which is compared with istiod.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RouteUse } from '../../src/checks/route-use';
import { Subject } from '../../src/checks/subject';
import type { Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { meshOf } from '../../src/mesh/mesh';
import { destinationRule, gateway, service, subjectOf, to, virtualService } from '../manifests';

const recorded = ['routes.json', 'routes-own.json'].flatMap(file => {
  const { configs } = JSON.parse(readFileSync(join(__dirname, '../conformance', file), 'utf8')) as { readonly configs: Readonly<Record<string, string>> };
  return Object.entries(configs);
});

/** Object and pointer of each HTTP and TCP route that a gateway has. */
function builtAtGateways(manifests: readonly Manifest[]): Set<string> {
  const mesh = meshOf(manifests);
  const places = mesh.gatewayWorkloads().map(workload => mesh.gateway(workload)).flatMap(proxy => [
    ...proxy.allRouteConfigs().flatMap(({ virtualHosts }) => virtualHosts.flatMap(({ routes }) => routes)).flatMap(({ http, virtualService: one }) => (
      http === undefined || one === undefined ? [] : [http])),
    ...proxy.allListeners().flatMap(({ filterChains }) => filterChains.all).flatMap(({ tcp }) => (tcp === undefined ? [] : [tcp])),
  ]);
  return new Set(places.map(({ manifest, pointer }) => `${manifests.indexOf(manifest)} ${pointer}`));
}

test('no route that a gateway has counts as never built, in any recorded configuration', () => {
  let [built, unused] = [0, 0];
  for (const [name, yaml] of recorded) {
    const manifests = readYaml(yaml, name);
    const subject = new Subject(manifests);
    const use = RouteUse.of(subject);
    const places = builtAtGateways(manifests);
    for (const one of subject.virtualServices) {
      const isUsed = new Map(one.routes.map(route => [`${manifests.indexOf(one.manifest)} ${route.pointer}`, use.mayBeBuilt(one, route)]));
      const wrong = [...isUsed].filter(([place, may]) => !may && places.has(place)).map(([place]) => `${name}: ${place}`);
      expect(wrong).toEqual([]);
      built += [...isUsed.keys()].filter(place => places.has(place)).length;
      unused += [...isUsed.values()].filter(may => !may).length;
    }
  }
  expect(built).toBeGreaterThan(100);
  expect(unused).toBeGreaterThan(10);
});

describe('a VirtualService of a gateway', () => {
  const GATEWAY = [gateway('edge/g', { istio: 'edge' }), service('edge/g', [443], { selector: { istio: 'edge' } })];
  const mayBeBuilt = (spec: object, ...objects: object[]) => {
    const subject = subjectOf(virtualService('prod/a', { hosts: ['a.example.com'], gateways: ['edge/g'], http: [{ route: [to('a')] }], ...spec }), ...objects);
    const [one] = subject.virtualServices;
    return RouteUse.of(subject).mayBeBuilt(one, one.routes[0]);
  };

  test.each<[what: string, may: boolean, spec: object, objects: object[]]>([
    ['that the input lacks', true, {}, []],
    ['with pods that see it', true, {}, GATEWAY],
    ['with pods in a namespace to which it is not exported', false, { exportTo: ['.'] }, GATEWAY],
    ['with unknown pods', true, { exportTo: ['.'] }, GATEWAY.slice(0, 1)],
    ['with a port that no server has', false, { http: [{ match: [{ port: 80 }], route: [to('a')] }] }, GATEWAY],
    ['with a port in one match only', true, { http: [{ match: [{ port: 80 }, {}], route: [to('a')] }] }, GATEWAY],
    ['with the port of the server', true, { http: [{ match: [{ port: 443 }], route: [to('a')] }] }, GATEWAY],
    ['that is named beside the sidecars', true, { gateways: ['mesh', 'edge/g'], exportTo: ['.'] }, GATEWAY],
  ])('%s: %s', (_, may, spec, objects) => {
    expect(mayBeBuilt(spec, ...objects)).toBe(may);
  });
});

test('a subset that only a gateway with the route lacks is found', () => {
  const objects = [gateway('edge/g', { istio: 'edge' }), service('edge/g', [443], { selector: { istio: 'edge' } }), service('prod/a'),
    destinationRule('prod/a', { host: 'a', exportTo: ['.'], subsets: [{ name: 'v1' }] })];
  const subject = subjectOf(virtualService('prod/a', { hosts: ['a'], gateways: ['edge/g', 'mesh'], http: [{ route: [to('a', { subset: 'v1' })] }] }), ...objects);
  const [one] = subject.virtualServices;
  expect(one.routes[0].gateways.map(name => RouteUse.of(subject).mayBeBuiltAt(name, one, one.routes[0]))).toEqual([true, true]);
});
