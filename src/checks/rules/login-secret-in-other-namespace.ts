// The Secret of a login is not in the namespace of the Ingress.
import { ALB_ANNOTATIONS } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import { namespaceOf } from '../../manifests/manifest';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_actions.go:182 reads the Secret in the namespace of the Ingress. */
export const loginSecretInOtherNamespace: Check = {
  id: 'login-secret-in-other-namespace',
  severity: 'error',
  title: 'The Secret of a login is in another namespace than the Ingress',
  why: 'The controller reads the client id and secret of auth-idp-oidc in the namespace of the Ingress. Without the Secret it cannot build the load balancer: '
    + 'no change to the IngressGroup reaches AWS.',
  fix: 'Create the Secret, or the ExternalSecret that makes it, in the namespace of the Ingress.',
  related: ['E053'],
  about: [Kind.INGRESS],
  reads: [Kind.SECRET, Kind.VIRTUAL_SERVICE],

  *run(subject) {
    for (const { manifest, settings, loadBalancer } of subject.members) {
      const [namespace, name] = [namespaceOf(manifest), settings.readable('authIdpOidc')?.secretName];
      const rules = loadBalancer?.listeners.flatMap(own => own.rules).filter(({ from }) => from.manifest === manifest) ?? [];
      const isUsed = rules.some(({ actions }) => actions.some(({ type }) => type === 'authenticate-oidc'));
      const other = name === undefined || !isUsed || subject.namespaces.mayBringInto(namespace) ? undefined : subject.secretPlaces.onlyOther(name, namespace);
      // The cluster may have another Secret of the name; in the namespace of an application it is the one that is meant.
      if (other !== undefined && subject.virtualServices.some(own => own.namespace === other)) {
        const { key } = ALB_ANNOTATIONS.authIdpOidc;
        const message = `${key}: Secret "${name}" is in namespace ${other}, and the controller reads it in namespace ${namespace} of the Ingress`;
        yield { manifest, pointer: settings.pointer('authIdpOidc'), message };
      }
    }
  },
};
