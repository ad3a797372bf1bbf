// The cluster to which Argo CD applies a folder.
import { ArgoDestination } from '../../../src/gitops/delivery/argo-destination';
import { refusal } from '../../refusal';

const fieldOf = ({ _field, _value }: ArgoDestination) => ({ [_field]: _value });

test('is the cluster of Argo CD, or another one by server or name', () => {
  expect(fieldOf(ArgoDestination.inCluster())).toEqual({ server: 'https://kubernetes.default.svc' });
  expect(fieldOf(ArgoDestination.server('https://10.0.0.1:6443'))).toEqual({ server: 'https://10.0.0.1:6443' });
  expect(fieldOf(ArgoDestination.cluster('production-eu-west-1'))).toEqual({ name: 'production-eu-west-1' });
});

test.each(['http://10.0.0.1', 'https://', 'https:///a', ' https://a', '10.0.0.1', '', 5, null, undefined, ['https://a']])('rejects the server %p', value => {
  expect(refusal(() => ArgoDestination.server(value as string))).toEqual({
    prop: 'url', value, reason: 'must be the https URL of an API server, such as https://kubernetes.default.svc', path: '',
  });
});

test.each(['', ' ', 5, null, undefined])('rejects the name %p', value => {
  expect(refusal(() => ArgoDestination.cluster(value as string))).toEqual({
    prop: 'clusterName', value, reason: 'must be the name of a cluster, as shown by argocd cluster list', path: '',
  });
});
