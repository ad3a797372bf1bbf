// What a real kube-apiserver 1.34.1 with the CRDs admits: objects with its verdict, and the verdict of this package.
import { faultsOf } from '../../src/manifests/admission';
import { readYaml } from '../../src/manifests/yaml';
import { readCases } from './case-file';

interface AdmissionCase {
  readonly id: string;
  readonly topic: string;
  readonly yaml: string;
  readonly kind: string;
  readonly accepted: boolean;
  readonly messages: readonly string[];
}

/** Cases with another verdict, by the reason. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'The API server does not look at the size of an int32, but Istio\'s webhook and istiod refuse such a number.':
    'vs-weight-int32 vs-int32-1 vs-int32-4 vs-abort-int32-1 dr-maxconn-int32 pc-int32 wp-priority-int32',
  'The CEL library reads only one of the two signs for micro that Go has.': 'dr-duration-10',
  'The YAML parser knows no !!binary.': 'yaml-binary',
  'The YAML parser turns the key null into a text.': 'yaml-null-key',
  'The kind in lower case is that of no object, and is passed over.': 'gw-kind-lower',
  'Only the types of names, labels and annotations are checked.': 'gw-name-long gw-label-bad gw-label-long gw-label-key-bad gw-annotation-key tgb-name-upper ns-64',
  'The cluster lacks the namespace.': 'ns-missing-crd ns-missing-ns',
  'An update changes what cannot change.': 'dep-selector-immutable rb-immutable cm-immutable svc-clusterip-immutable',
  'Of built-in kinds only the types of what the models read are checked.': 'ing-path-dbl ing-port-name-long ing-host-ip ing-norules svc-nodeport-low '
    + 'svc-nodeport-high svc-port-name-upper svc-port-name-underscore svc-port-name-64 svc-port-0 svc-target-numstring svc-type svc-etp svc-lbclass-np '
    + 'svc-lbclass-bad svc-lbranges svc-alloc-np svc-selector-bad svc-appProtocol-bad svc-ipfamily svc-hcnp svc-trafficDistribution-bad dep-selector-empty '
    + 'dep-selector-flat dep-replicas-neg dep-replicas-str dep-noimage dep-ctr-dup dep-ctr-name dep-port-name-16 dep-port-name-dup dep-port-70000 dep-qty-0 '
    + 'dep-qty-1 dep-qty-2 dep-qty-6 dep-qty-7 dep-qty-19 dep-resource-unknown dep-resources-list dep-env-bool dep-probe-two dep-probe-none dep-probe-scheme '
    + 'dep-liveness-success dep-mount-novol dep-mount-dup dep-vol-two dep-restart dep-strategy dep-label-bad dep-tmpl-label-bad dep-sa dep-nodeselector-bool '
    + 'dep-spec-image dep-runAsUser-str dep-runAsUser-neg dep-priv-noesc dep-seccomp dep-seccomp-enum dep-affinity-weight dep-cmd-string dep-args-int pdb-both '
    + 'pdb-pct-110 pdb-neg pdb-evict pdb-v1beta1 hpa-nomax hpa-notarget hpa-target-both hpa-target-0 hpa-policy hpa-policies-empty role-nonres '
    + 'role-resource-str rb-subject-kind rb-roleref-kind cm-int cm-key np-port np-types',
  'CRDs of other projects are not known.': 'crt-nosecret crt-alg fk-noprune fk-source fg-interval ac-nodest ac-automated-bool',
};

const CASES = readCases<AdmissionCase>('admission.json');
const DIFFERENT = Object.values(DIFFERENCES).flatMap(ids => ids.split(' '));

/** A document that cannot be read is refused by kubectl. */
function isAccepted({ yaml }: AdmissionCase): boolean {
  try {
    return readYaml(yaml, 'case.yaml').every(manifest => faultsOf(manifest).length === 0);
  } catch {
    return false;
  }
}

test.each(CASES.filter(({ id }) => !DIFFERENT.includes(id)).map(one => [one.id, one] as const))('%s', (_, one) => {
  expect(isAccepted(one)).toBe(one.accepted);
});

test('the cases that are listed as different are really so', () => {
  expect(CASES.filter(one => isAccepted(one) !== one.accepted).map(({ id }) => id).sort()).toEqual([...DIFFERENT].sort());
});

test('objects of Istio and of the controller differ in 18 cases of 395', () => {
  const own = CASES.filter(({ yaml }) => /^apiVersion: .*(istio\.io|elbv2\.k8s\.aws)\//m.test(yaml));
  expect([own.length, own.filter(({ id }) => DIFFERENT.includes(id)).length]).toEqual([395, 18]);
});
