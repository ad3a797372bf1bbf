// Which DestinationRules may be in force for some client of a namespace.
import { type KubernetesObject, destinationRule, subjectOf } from '../manifests';

describe('DestinationRules are searched in the order of namespaces that a client uses', () => {
  const HOST = 'reviews.prod.svc.cluster.local';
  const used = (client: string, ...rules: KubernetesObject[]) => subjectOf(...rules).destinationRules.possible(client, HOST, ['prod']).map(({ config }) => config.name);

  const own = destinationRule('edge/own', { host: HOST });
  const beside = destinationRule('prod/beside', { host: 'reviews' });
  const root = destinationRule('istio-system/root', { host: '*.local' });
  const other = destinationRule('other/other', { host: HOST });

  test('its own namespace first, then the Service\'s, then the root namespace, then no other', () => {
    expect(used('edge', root, beside, own, other)).toEqual(['own']);
    expect(used('edge', root, beside, other)).toEqual(['beside']);
    expect(used('edge', root, other)).toEqual(['root']);
    expect(used('edge', other)).toEqual([]);
  });

  test('a wildcard in its own namespace hides the exact rule in the Service\'s namespace', () => {
    expect(used('edge', beside, destinationRule('edge/wide', { host: '*.cluster.local' }))).toEqual(['wide']);
  });

  test('a client in the root namespace sees the public rules there last', () => {
    expect(used('istio-system', root, beside)).toEqual(['beside']);
    expect(used('istio-system', root)).toEqual(['root']);
    expect(used('istio-system', destinationRule('istio-system/private', { host: '*.local', exportTo: ['.'] }), beside)).toEqual(['private']);
  });

  test('a rule that is not exported to the client is ignored', () => {
    expect(used('edge', destinationRule('prod/hidden', { host: 'reviews', exportTo: ['.'] }), root)).toEqual(['root']);
    expect(used('edge', destinationRule('prod/shown', { host: 'reviews', exportTo: ['edge'] }), root)).toEqual(['shown']);
    expect(used('prod', destinationRule('prod/hidden', { host: 'reviews', exportTo: ['.'] }), root)).toEqual(['hidden']);
  });

  test('a rule for some pods only does not end the search', () => {
    expect(used('edge', destinationRule('edge/some', { host: HOST, workloadSelector: { matchLabels: { a: 'b' } } }), beside)).toEqual(['some', 'beside']);
  });
});
