// What a real kube-apiserver 1.34.1 with the CRDs admits: objects with its verdict, and the verdict of this package.
import { faultsOf } from '../../src/api-server/admission';
import { readYaml } from '../../src/manifests/yaml';
import { readCases } from './case-file';

interface AdmissionCase {
  readonly id: string;
  readonly topic: string;
  readonly yaml: string;
  readonly kind: string;
  readonly accepted: boolean;
  readonly messages: readonly string[];
  /** Where it differs from creation. */
  readonly serverSideApply?: { readonly accepted: boolean; readonly messages: readonly string[] };
}

/** Cases with another verdict, by the reason. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'The cluster lacks the namespace.': 'ns-missing-crd ns-missing-ns',
  'An update changes what cannot change.': 'dep-selector-immutable rb-immutable cm-immutable svc-clusterip-immutable',
  'CRDs of other projects are not known.': 'crt-nosecret crt-alg fk-noprune fk-source fg-interval ac-nodest ac-automated-bool',
};

const CASES = readCases<AdmissionCase>('admission.json');
const DIFFERENT = Object.values(DIFFERENCES).flatMap(ids => ids.split(' '));

/** Creation drops the nulls of a custom resource, and server-side apply refuses them, which Flux uses and Argo CD can. */
function expected({ accepted, serverSideApply: applied }: AdmissionCase): boolean {
  return accepted && !(applied?.accepted === false && applied.messages.some(message => message.includes('"null"')));
}

/** A document that cannot be read is refused by kubectl. */
function isAccepted({ yaml }: AdmissionCase): boolean {
  try {
    return readYaml(yaml, 'case.yaml').every(manifest => faultsOf(manifest).length === 0);
  } catch {
    return false;
  }
}

test.each(CASES.filter(({ id }) => !DIFFERENT.includes(id)).map(one => [one.id, one] as const))('%s', (_, one) => {
  expect(isAccepted(one)).toBe(expected(one));
});

test('the cases that are listed as different are really so', () => {
  expect(CASES.filter(one => isAccepted(one) !== expected(one)).map(({ id }) => id).sort()).toEqual([...DIFFERENT].sort());
});

test('objects of Istio and of the controller differ in one case of 395', () => {
  const own = CASES.filter(({ yaml }) => /^apiVersion: .*(istio\.io|elbv2\.k8s\.aws)\//m.test(yaml));
  expect([own.length, own.filter(({ id }) => DIFFERENT.includes(id)).length]).toEqual([395, 1]);
});
