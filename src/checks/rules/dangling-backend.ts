// An Ingress of the ALB sends requests to a Service or a port that does not exist in its namespace.
import { redirectsHttp, usesBackends } from '../../model/alb-group';
import { Kind } from '../../model/kind';
import { Model } from '../../model/model';
import { Backend } from '../../model/ingress';
import { Service, knownPorts, showPorts } from '../../model/service';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/enhanced_backend_builder.go, pkg/k8s/service_utils.go. */
export const danglingBackend: Check = {
  id: 'dangling-backend',
  severity: 'error',
  title: 'An Ingress backend names a Service or port that does not exist',
  why: 'The controller looks for a backend only in the namespace of the Ingress. For a missing Service the ALB answers 503 with '
    + '"Backend service does not exist"; a missing port stops every update of the whole IngressGroup.',
  fix: 'Put the Ingress into the namespace of the Service, and name a port of the Service, not its targetPort or nodePort.',
  related: [],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.NAMESPACE, Kind.SERVICE],

  *run(model) {
    for (const group of model.albGroups) {
      const redirects = redirectsHttp(group);
      for (const { ingress: { manifest, namespace, backends } } of group.members.filter(member => usesBackends(member, redirects))) {
        for (const backend of backends) {
          const services = model.services.find({ name: backend.service, namespace });
          const message = services.length === 0 ? missingService(model, backend, namespace) : missingPort(services, backend, namespace);
          if (message !== undefined) {
            yield { manifest, pointer: backend.pointer, message };
          }
        }
      }
    }
  },
};

function missingService(model: Model, { service }: Backend, namespace: string): string | undefined {
  const other = model.namespaceMeantFor({ name: service, namespace });
  return other && `Service "${service}" is looked for in namespace ${namespace}, where the Ingress is, but the only one of that name is in ${other}`;
}

function missingPort(services: readonly Service[], { service, port }: Backend, namespace: string): string | undefined {
  const ports = knownPorts(services);
  if (port === undefined || ports === undefined || ports.some(own => own.port === port || own.name === port)) {
    return undefined;
  }
  const hints = ports.filter(own => own.targetPort === port || own.nodePort === port)
    .map(own => `; ${port} is the ${own.targetPort === port ? 'targetPort' : 'nodePort'} of ${own.port}`);
  return `Service "${service}" in namespace ${namespace} has no port ${port}; its ports: ${showPorts(ports)}${hints.sort()[0] ?? ''}`;
}
