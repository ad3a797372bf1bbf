// Laws of the writing wing: whatever is accepted can be written, read back and written again.
import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { apiObjects } from '../synthesized';
import { build, edgePlan } from './edge-plan';

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The YAML that a synth writes, without the checks, which have laws of their own. */
function yamlOf(plan: Parameters<typeof build>[0]): string {
  return Yaml.stringify(...apiObjects(build(plan)).map(object => object.toJson()));
}

test('two apps of the same props give the same bytes', () => {
  fc.assert(fc.property(edgePlan, plan => {
    expect(yamlOf(plan)).toBe(yamlOf(plan));
  }), { numRuns: 60 });
});

test('one app written twice gives the same bytes', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const objects = apiObjects(build(plan));
    const write = () => Yaml.stringify(...objects.map(object => object.toJson()));
    expect(write()).toBe(write());
  }), { numRuns: 30 });
});

test('accepted props give names that Kubernetes takes', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const wrong = apiObjects(build(plan)).filter(({ name, metadata }) => !NAME.test(name) || (metadata.namespace !== undefined && !NAME.test(metadata.namespace)));
    expect(wrong.map(({ kind, name }) => `${kind} ${name}`)).toEqual([]);
  }), { numRuns: 100 });
});

test('accepted props give every object once', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const keys = apiObjects(build(plan)).map(({ apiGroup, kind, name, metadata }) => `${apiGroup} ${kind} ${metadata.namespace}/${name}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  }), { numRuns: 100 });
});

test('what is written parses back to the same objects', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const objects = apiObjects(build(plan)).map(object => object.toJson());
    expect(loadAll(Yaml.stringify(...objects))).toEqual(JSON.parse(JSON.stringify(objects)));
  }), { numRuns: 100 });
});

test('weights, paths and hosts come out as they went in', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const objects = apiObjects(build(plan)).map(object => object.toJson());
    const rules = objects.find(({ kind }) => kind === 'Ingress').spec.rules;
    expect(rules.map((rule: { host: string }) => rule.host)).toEqual(plan.hosts);
    const http = objects.filter(({ kind }) => kind === 'VirtualService').flatMap(({ spec }) => spec.http);
    plan.routes.forEach((wish, index) => {
      const written = http.filter(({ name }) => name === `Route${index}`);
      expect(written).toHaveLength(1);
      expect((written[0].match ?? []).flatMap(({ uri }: any) => (uri ? [Object.entries(uri)[0]] : []))).toEqual(wish.paths);
    });
  }), { numRuns: 60 });
});
