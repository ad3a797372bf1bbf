// An Ingress backend refers to a Service or port that does not exist in its namespace.
import { redirectsHttp, usesBackends } from '../../model/alb-group';
import { Kind } from '../../manifests/kind';
import { Model } from '../../model/model';
import { ForwardTarget } from '../../model/ingress';
import { Service, knownPorts, showPorts } from '../../model/service';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/enhanced_backend_builder.go, pkg/k8s/service_utils.go. */
export const danglingBackend: Check = {
  id: 'dangling-backend',
  severity: 'error',
  title: 'An Ingress backend refers to a Service or port that does not exist',
  why: 'The controller looks for a backend only in the namespace of the Ingress. If the Service is missing, the ALB responds with 503 '
    + '"Backend service does not exist". If the port is missing, the controller stops updating the whole IngressGroup.',
  fix: 'Move the Ingress to the namespace of the Service, and use a port of the Service, not a targetPort or nodePort.',
  related: [],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.NAMESPACE, Kind.SERVICE],

  *run(model) {
    for (const group of model.albGroups) {
      const redirects = redirectsHttp(group);
      for (const { ingress: { manifest, namespace, targets } } of group.members.filter(member => usesBackends(member, redirects))) {
        for (const target of targets) {
          const services = model.services.find({ name: target.service, namespace });
          const message = services.length === 0 ? missingService(model, target, namespace) : missingPort(services, target, namespace);
          if (message !== undefined) {
            yield { manifest, pointer: target.pointer, message };
          }
        }
      }
    }
  },
};

function missingService(model: Model, { service }: ForwardTarget, namespace: string): string | undefined {
  const other = model.namespaceMeantFor({ name: service, namespace });
  return other && `Service "${service}" does not exist in namespace ${namespace} of the Ingress; the only Service with this name is in namespace ${other}`;
}

function missingPort(services: readonly Service[], { service, port }: ForwardTarget, namespace: string): string | undefined {
  const ports = knownPorts(services);
  if (port === undefined || ports === undefined || ports.some(own => own.port === port || own.name === port)) {
    return undefined;
  }
  const hints = ports.filter(own => own.targetPort === port || own.nodePort === port)
    .map(own => `; ${port} is the ${own.targetPort === port ? 'targetPort' : 'nodePort'} of ${own.port}`);
  return `Service "${service}" in namespace ${namespace} has no port ${port}; its ports: ${showPorts(ports)}${hints.sort()[0] ?? ''}`;
}
