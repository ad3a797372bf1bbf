// An Ingress backend refers to a Service or port that does not exist in its namespace.
import { Kind } from '../../manifests/kind';
import { nameOf, namespaceOf } from '../../manifests/manifest';
import type { MissingPortCause, MissingServiceCause } from '../../plan/refusal';
import { portsOf } from '../../plan/services';
import type { Check } from '../check';
import { showPorts } from '../ports';
import type { Subject } from '../subject';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/enhanced_backend_builder.go, pkg/k8s/service_utils.go. */
export const danglingBackend: Check = {
  id: 'dangling-backend',
  severity: 'error',
  title: 'An Ingress backend refers to a Service or port that does not exist',
  why: 'The controller looks for a backend only in the namespace of the Ingress. If the Service is missing, the ALB responds with 503 '
    + '"Backend service does not exist". If the port is missing, the controller stops updating the whole IngressGroup.',
  fix: 'Correct the name, or move the Ingress to the namespace of the Service, and use a port of the Service, not a targetPort or nodePort.',
  related: ['E046', 'E047'],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE, Kind.NAMESPACE, Kind.SERVICE],

  *run(subject) {
    for (const { manifest, pointer, cause } of subject.survey.faults) {
      const message = cause.is === 'missing-service' ? missingService(cause, subject) : cause.is === 'missing-port' ? missingPort(cause) : undefined;
      if (message !== undefined) {
        yield { manifest, pointer, message };
      }
    }
  },
};

function missingService({ name, namespace }: MissingServiceCause, { namespaces, elsewhere }: Subject): string | undefined {
  const other = namespaces.meantFor(name, namespace);
  const text = `Service "${name}" does not exist in namespace ${namespace} of the Ingress`;
  return other !== undefined ? `${text}; the only Service with this name is in namespace ${other}`
    : elsewhere.mayHaveService(name, namespace) ? undefined : text;
}

function missingPort({ service, port }: MissingPortCause): string {
  const ports = portsOf(service);
  const hints = ports.filter(own => own.targetPort === port || own.nodePort === port)
    .map(own => `; ${port} is the ${own.targetPort === port ? 'targetPort' : 'nodePort'} of ${own.port}`);
  return `Service "${nameOf(service)}" in namespace ${namespaceOf(service)} has no port ${port}; its ports: ${showPorts(ports)}${hints.sort()[0] ?? ''}`;
}
