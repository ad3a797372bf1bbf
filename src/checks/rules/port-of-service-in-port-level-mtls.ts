// A PeerAuthentication has a mode for a port of the Service, not for that of the pods.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { specOf } from '../../manifests/manifest';
import { asList, asObject } from '../../manifests/plain-json';
import { pointer, valueAt } from '../../manifests/pointer';
import { targetPortOf } from '../../mesh/objects/service-index';
import type { Check } from '../check';
import { selectedPods } from '../known-pods';

/** Istio 1.30: pilot/pkg/security/authn/policy_applier.go takes the keys for ports of the pods. */
export const portOfServiceInPortLevelMtls: Check = {
  id: 'port-of-service-in-port-level-mtls',
  severity: 'error',
  title: 'A PeerAuthentication has a mode for the port of a Service instead of that of its pods',
  why: 'The keys of portLevelMtls are ports of the pods. A mode for the port of the Service applies to no connection, so that the pods accept plaintext, or '
    + 'refuse it, where the policy says otherwise.',
  fix: 'Use the targetPort of the Service as the key.',
  related: ['E102'],
  about: [Kind.PEER_AUTHENTICATION],
  reads: [Kind.DEPLOYMENT, Kind.SERVICE],

  *run(subject) {
    for (const manifest of subject.of(Kind.PEER_AUTHENTICATION)) {
      const pods = selectedPods(manifest, subject);
      const declared = new Set(pods.flatMap(({ manifest: own, pointer: place }) => ['containers', 'initContainers']
        .flatMap(list => asList(valueAt(own.object, `${place}/spec/${list}`))).map(asObject)
        .flatMap(({ ports: of }) => asList(of).map(port => asObject(port).containerPort))));
      const ports = pods.flatMap(workload => subject.services.selecting(workload).flatMap(service => service.ports.map(port => (
        { service, port: port.port, target: targetPortOf(port, workload) }))));
      for (const key of Object.keys(asObject(specOf(manifest).portLevelMtls))) {
        const meant = ports.filter(own => own.port === Number(key) && own.target !== undefined && own.target !== own.port);
        const isOfPods = declared.has(Number(key)) || ports.some(({ target }) => target === undefined || target === Number(key));
        if (meant.length > 0 && !isOfPods) {
          const [{ service, target }] = meant;
          const message = `${key} is a port of Service ${namespacedName(service)}; its pods listen on ${target}`;
          yield { manifest, pointer: pointer('spec', 'portLevelMtls', key), message, fix: `Use ${target}, the targetPort of the Service, as the key.` };
        }
      }
    }
  },
};
