// DENY rules of the examples, for which Istio's webhook prints no warning at an apply.
import { appliedFolders, committedManifests } from '../committed-manifests';

interface Rule {
  readonly from?: readonly { readonly source?: object }[];
  readonly to?: readonly { readonly operation?: { readonly ports?: unknown; readonly notPorts?: unknown } }[];
  readonly when?: readonly { readonly key: string }[];
}

/** Istio 1.30, pkg/config/validation/validation.go: a DENY rule on HTTP attributes drops them on TCP ports, so it should name its ports. */
function isWarnedAbout({ from = [], to = [], when = [] }: Rule): boolean {
  const isHttp = from.some(({ source = {} }) => /RequestPrincipals/i.test(Object.keys(source).join()))
    || to.some(({ operation = {} }) => /hosts|methods|paths/i.test(Object.keys(operation).join()))
    || when.some(({ key }) => key.startsWith('request.'));
  return isHttp && (to.length === 0 || to.some(({ operation = {} }) => operation.ports === undefined && operation.notPorts === undefined));
}

test('every DENY rule on HTTP attributes names its ports', () => {
  const policies = appliedFolders().flatMap(committedManifests).filter(({ kind, spec }) => kind === 'AuthorizationPolicy' && spec.action === 'DENY');
  const rules = policies.flatMap(({ metadata: { name }, spec }) => (spec.rules as Rule[]).map(rule => ({ name, rule })));
  expect(rules.length).toBeGreaterThan(2);
  expect(rules.filter(({ rule }) => isWarnedAbout(rule)).map(({ name }) => name)).toEqual([]);
});
