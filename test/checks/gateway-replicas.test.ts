// The number of pods of a gateway, where Argo CD leaves it to the autoscaler.
import { check } from '../../src/checks/runner';
import { readYaml } from '../../src/manifests/yaml';
import { fixture } from './fixture';

const APPLICATION = `
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: edge, namespace: argocd }
spec:
  ignoreDifferences: [{ group: apps, kind: Deployment, jsonPointers: [/spec/replicas] }]
`;

test('replicas beside an autoscaler are no fault where an Application ignores them', () => {
  const id = 'gateway-replicas-beside-autoscaler';
  const found = (text: string) => check(readYaml(text, 'edge.yaml')).findings.filter(finding => finding.id === id).length;
  expect([found(fixture(id, 'bad')), found(fixture(id, 'bad') + APPLICATION)]).toEqual([1, 0]);
});
