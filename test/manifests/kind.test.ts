import { readObjects } from '../../src/manifests/input';
import { Kind, kindOf } from '../../src/manifests/kind';
import { object } from '../manifests';

const kindsOf = (...objects: object[]) => readObjects(objects).map(kindOf);

test('all versions of a kind count, but only in its own group', () => {
  const versions = ['networking.istio.io/v1', 'networking.istio.io/v1beta1', 'networking.istio.io/v1alpha3', 'gateway.networking.k8s.io/v1', 'v1'];
  expect(kindsOf(...versions.map(apiVersion => object(apiVersion, 'Gateway', 'a'))))
    .toEqual([Kind.GATEWAY, Kind.GATEWAY, Kind.GATEWAY, undefined, undefined]);
});

test('a Service of another group is not a Service', () => {
  expect(kindsOf(object('serving.knative.dev/v1', 'Service', 'a'))).toEqual([undefined]);
});
