// A container waits for an image from the injector, which does not see the pod.
import { Kind } from '../../manifests/kind';
import { nameOf } from '../../manifests/manifest';
import { asList, asObject } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import { labelsOf } from '../../mesh/objects/config';
import type { Check } from '../check';

/** https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway */
export const autoImageWithoutInjection: Check = {
  id: 'auto-image-without-injection',
  severity: 'error',
  title: 'A gateway with image auto is not injected',
  why: 'The injector replaces the image auto. It sees only pods with the label sidecar.istio.io/inject: "true" or istio.io/rev, or in a namespace with '
    + 'istio-injection: enabled or istio.io/rev, and none in a namespace with istio-injection: disabled. Without it the pods never start: ImagePullBackOff.',
  fix: 'Add the label sidecar.istio.io/inject: "true" to spec.template.metadata.labels, and remove istio-injection: disabled from the Namespace.',
  related: ['E026', 'IST0146'],
  about: [Kind.DEPLOYMENT],
  reads: [Kind.NAMESPACE],

  *run({ manifests, models: { mesh } }) {
    const namespaces = new Map(manifests.filter(({ object }) => object.kind === 'Namespace').map(own => [nameOf(own), labelsOf(own)]));
    for (const { manifest, namespace, labels } of mesh.workloads.all.filter(own => own.kind === Kind.DEPLOYMENT)) {
      const inherited = namespaces.get(namespace);
      const own = labels.get('sidecar.istio.io/inject');
      const injection = inherited?.get('istio-injection');
      const isOff = injection === 'disabled';
      const isInjected = !isOff && (own === 'true' || (own === undefined && (labels.has('istio.io/rev') || inherited === undefined
        || injection === 'enabled' || inherited.has('istio.io/rev'))));
      const containers = asList(valueAt(manifest.object, '/spec/template/spec/containers')).map(asObject);
      const index = containers.findIndex(({ image }) => image === 'auto');
      if (!isInjected && index !== -1) {
        const why = isOff && own !== 'false' ? `Namespace ${namespace} has the label istio-injection: disabled, which precedes the labels of the pods`
          : own === undefined ? `neither the pods nor Namespace ${namespace} have a label for injection`
            : `the pods have the label sidecar.istio.io/inject: "${own}"`;
        yield { manifest, pointer: `/spec/template/spec/containers/${index}/image`, message: `image auto is never replaced: ${why}` };
      }
    }
  },
};
