// Laws of the writing wing: whatever is accepted can be written, read back and written again.
import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { decodeAlbAnnotations } from '../../src/base/alb-annotations/annotations';
import { isFailing } from '../../src/checks/finding';
import { check } from '../../src/checks/runner';
import { apiObjects } from '../synthesized';
import { build, edgePlan, isLayer4 } from './edge-plan';
import { brokenBy } from './istio-law';

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

test('what is written parses back to the same objects', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const objects = apiObjects(build(plan)).map(object => object.toJson());
    expect(loadAll(Yaml.stringify(...objects))).toEqual(JSON.parse(JSON.stringify(objects)));
  }), { numRuns: 100 });
});

test('weights, paths and hosts come out as they went in', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const objects = apiObjects(build(plan)).map(object => object.toJson());
    const rules = isLayer4(plan) ? [] : objects.find(({ kind }) => kind === 'Ingress').spec.rules;
    const toGateway = rules.filter(({ http: { paths } }: any) => paths[0].backend.service.port.name === undefined);
    expect(toGateway.map((rule: { host: string }) => rule.host)).toEqual(isLayer4(plan) ? [] : plan.hosts);
    expect(rules.slice(-toGateway.length)).toEqual(toGateway);
    const http = objects.filter(({ kind }) => kind === 'VirtualService').flatMap(({ spec }) => spec.http);
    expect(http.length).toBeGreaterThanOrEqual(Math.min(plan.routes.length, 1));
    plan.routes.forEach((wish, index) => {
      const written = http.filter(({ name }) => name === `Route${index}`);
      // A route that earlier ones hide is left out, and paths that they hide for one host are left out for that host.
      expect(new Set(written.map(each => JSON.stringify({ ...each, match: undefined }))).size).toBe(written.length > 0 ? 1 : 0);
      const paths = written.flatMap(({ match = [] }) => match.flatMap(({ uri }: any) => (uri ? [Object.entries(uri)[0]] : [])));
      expect(new Set(paths.map(own => JSON.stringify(own)))).toEqual(new Set(written.length > 0 ? wish.paths.map(own => JSON.stringify(own)) : []));
    });
  }), { numRuns: 60 });
});

test('every Ingress has only annotations that the controller knows, with values that the controller and AWS accept', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const ingresses = apiObjects(build(plan)).map(object => object.toJson()).filter(({ kind }) => kind === 'Ingress');
    expect(ingresses).toHaveLength(isLayer4(plan) ? 0 : 1);
    ingresses.map(({ metadata }) => decodeAlbAnnotations(metadata.annotations)).forEach(({ malformed, unknown, settings }) => {
      expect({ malformed, unknown }).toEqual({ malformed: [], unknown: [] });
      expect(settings.actions ?? {}).toEqual(Object.fromEntries((plan.alb?.rules ?? []).map((rule, index) => [`rule-${index}`, rule.action._render()])));
    });
  }), { numRuns: 150 });
});

test('accepted props give every object once, with names that Kubernetes and fields that the CRDs of Istio and of the controller accept', () => {
  fc.assert(fc.property(edgePlan, plan => {
    expect(brokenBy(build(plan), new Set())).toEqual([]);
  }), { numRuns: 200 });
});

/** What no prop compares with another. */
const COMPARED_BY_CHECKS_ALONE: ReadonlySet<string> = new Set([
  'arn-of-another-region', 'client-certificates-bypassed', 'fixed-quota-exceeded', 'open-rule-before-login', 'redirect-to-itself', 'unreachable-route', 'unreachable-rule',
]);

test('accepted props pass the checks', () => {
  fc.assert(fc.property(edgePlan, plan => {
    const app = build(plan);
    // Where Services of a namespace are known, one that is not among them is missing.
    const known = new Set(apiObjects(app).filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.namespace));
    fc.pre(!plan.workloads.some(({ namespace }) => known.has(namespace)));
    expect(check(app).findings.filter(own => isFailing(own) && !COMPARED_BY_CHECKS_ALONE.has(own.id))).toEqual([]);
  }), { numRuns: 100 });
});
