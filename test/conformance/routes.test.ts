// What istiod programs and Envoy does with it: requests whose fate in the real systems was recorded, walked through the model of the mesh.
import { isDeepStrictEqual } from 'node:util';
import { nameOf, namespaceOf } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { type Mesh, meshOf } from '../../src/mesh/mesh';
import { prepareTrace } from '../../src/inspect';
import { readRoutes } from './case-file';
import { recordedRoute, routeName, walkedRoute } from './route-verdict';
import { differingIn, recordedFate, tracedFates } from './trace-verdict';

/** Rows that the model does not reproduce yet. One that passes, and any other that fails, fails the test. */
const NOT_YET: readonly string[] = [];

describe.each(['routes.json', 'routes-own.json'])('%s', file => {
  const { configs, cases } = readRoutes(file);
  const meshes = new Map(Object.entries(configs).map(([name, yaml]) => [name, meshOf(readYaml(yaml, name))]));

  test('names of rows are unique, and each has its configuration and its answer', () => {
    expect(new Set(cases.map(routeName)).size).toBe(cases.length);
    expect(new Set(cases.map(({ config }) => config))).toEqual(new Set(Object.keys(configs)));
    expect(cases.filter(({ result }) => result === undefined).map(routeName)).toEqual([]);
  });

  test.each(cases.filter(one => !NOT_YET.includes(routeName(one))).map(one => [routeName(one), one] as const))('%s', (_, one) => {
    expect(walkedRoute(meshes.get(one.config)!, one)).toEqual(recordedRoute(one));
  });

  test('the public trace ends as each request did, or says that it cannot tell', () => {
    const models = new Map(Object.entries(configs).map(([name, yaml]) => [name, prepareTrace(readYaml(yaml, name))]));
    const differing = cases.filter(one => !(one.varies ?? []).includes('status')).flatMap(one => {
      const [fates, fate] = [tracedFates(models.get(one.config)!, one), recordedFate(one)];
      return fates === undefined || fates.some(own => differingIn(own, fate) === undefined) ? [] : [{ name: routeName(one), fates, fate }];
    });
    expect(differing).toEqual([]);
  });

  test('what is listed as not yet reproduced is really not', () => {
    const isReproduced = cases.filter(one => isDeepStrictEqual(walkedRoute(meshes.get(one.config)!, one), recordedRoute(one)));
    expect(isReproduced.map(routeName).filter(name => NOT_YET.includes(name))).toEqual([]);
  });

  test('the webhook refuses the same objects, in the same words', () => {
    const refusals = (mesh: Mesh) => mesh.refusals.map(({ manifest, message }) => `${manifest.object.kind} ${namespaceOf(manifest)}/${nameOf(manifest)}: ${message}`);
    const wanted = new Map(cases.map(({ config, rejectedByWebhook = [] }) => [config, [...rejectedByWebhook].sort()]));
    expect(new Map([...meshes].map(([name, mesh]) => [name, refusals(mesh).sort()]))).toEqual(wanted);
  });
});
