// A Namespace has two labels for injection.
import { Kind } from '../../manifests/kind';
import { labelsOf } from '../../mesh/objects/config';
import { pointer } from '../../manifests/pointer';
import type { Check } from '../check';

/** https://istio.io/latest/docs/setup/upgrade/canary/#data-plane */
export const twoInjectionLabels: Check = {
  id: 'two-injection-labels',
  severity: 'warning',
  title: 'A Namespace has two labels for injection',
  why: 'The label istio-injection comes before istio.io/rev. The pods get the proxy of the default revision, so an upgrade by revision label changes nothing.',
  fix: 'Keep one of the labels.',
  related: ['IST0123'],
  about: [Kind.NAMESPACE],
  reads: [],

  *run(subject) {
    for (const manifest of subject.of(Kind.NAMESPACE)) {
      const labels = labelsOf(manifest);
      const revision = labels.get('istio.io/rev');
      if (labels.get('istio-injection') === 'enabled' && revision !== undefined) {
        const message = `revision "${revision}" has no effect, because istio-injection: enabled comes first`;
        yield { manifest, pointer: pointer('metadata', 'labels', 'istio.io/rev'), message };
      }
    }
  },
};
