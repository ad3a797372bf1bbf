// PeerAuthentications for namespaces without sidecars, beside objects that may add the sidecars.
import { check } from '../../src/checks/runner';
import { readYaml } from '../../src/manifests/yaml';

const INPUT = `
apiVersion: v1
kind: Namespace
metadata: { name: legacy }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: legacy }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: app }] } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: legacy }
spec: { mtls: { mode: STRICT } }
`;

function findingsBeside(other: string): string[] {
  const found = check(readYaml(`${INPUT}---\n${other}`, 'input.yaml')).findings;
  return found.filter(({ id }) => id === 'strict-without-sidecar').map(({ message, fix }) => `${message}. ${fix}`);
}

const FINDING = 'no pod of namespace legacy has a sidecar: Namespace legacy has neither label istio-injection nor istio.io/rev. '
  + 'Label Namespace legacy with istio-injection: enabled, and restart its pods.';

test('the webhook of istiod names the labels, and adds none', () => {
  expect(findingsBeside(`
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-sidecar-injector }
webhooks: [{ name: namespace.sidecar-injector.istio.io, namespaceSelector: { matchLabels: { istio-injection: enabled } } }]
`)).toEqual([FINDING]);
});

test.each([
  ['a policy that labels Namespaces', `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: injection }
spec:
  rules:
    - name: label
      match: { any: [{ resources: { kinds: [Namespace] } }] }
      mutate: { patchStrategicMerge: { metadata: { labels: { istio-injection: enabled } } } }
`],
  ['a release of a chart in the namespace', `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: legacy }
spec: { chart: { spec: { chart: web } } }
`],
  ['a pod that is a gateway', `
apiVersion: v1
kind: Pod
metadata:
  name: gateway
  namespace: legacy
  labels: { sidecar.istio.io/inject: "true" }
  annotations: { inject.istio.io/templates: gateway }
spec: { containers: [{ name: istio-proxy, image: auto }] }
`],
])('%s makes the check silent', (_, other) => {
  expect(findingsBeside(other)).toEqual([]);
});

test('a policy about something else does not', () => {
  expect(findingsBeside('apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: images }\nspec: { rules: [] }\n')).toEqual([FINDING]);
});
