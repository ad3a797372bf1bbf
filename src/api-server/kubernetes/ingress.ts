// What the API server refuses of an Ingress and an IngressClass (Kubernetes 1.34.1 pkg/apis/networking/validation/validation.go).
import { isIpAddress } from '../../base/ip';
import { isDnsSubdomain } from '../../base/kubernetes-name';
import type { Field } from './field';
import { checkName, checkPort, checkPortName, requireName } from './values';

const PATH_TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'];

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** ValidateIngressCreate. */
export function checkIngress(ingress: Field): void {
  const spec = ingress.at('spec');
  const [defaultBackend, rules, className] = [spec.at('defaultBackend'), spec.at('rules'), spec.at('ingressClassName')];
  if (!defaultBackend.isSet && rules.items.length === 0) {
    spec.refuse('must have defaultBackend or rules');
  }
  if (defaultBackend.isSet) {
    checkBackend(defaultBackend);
  }
  for (const rule of rules.items) {
    checkHost(rule.at('host'));
    if (rule.at('http').isSet) {
      checkPaths(rule.at('http', 'paths'));
    }
  }
  for (const tls of spec.at('tls').items) {
    tls.at('hosts').items.forEach(host => checkHostName(host));
    if (tls.at('secretName').text !== '') {
      checkName(tls.at('secretName'), 'subdomain');
    }
  }
  checkName(className, 'subdomain');
  const annotation = ingress.at('metadata', 'annotations', CLASS_ANNOTATION);
  if (annotation.isSet && className.isSet && annotation.text !== className.text) {
    annotation.refuse(`must be the same as spec.ingressClassName, which is ${className.text}; got ${annotation.text}`);
  }
}

function checkHost(host: Field): void {
  if (host.text === '') {
    return;
  }
  if (isIpAddress(host.text)) {
    host.refuse(`must be a DNS name, not an IP address; got ${host.text}`);
  } else {
    checkHostName(host);
  }
}

function checkHostName(host: Field): void {
  const { text } = host;
  const isWildcard = text.includes('*');
  if (!(isWildcard ? text.startsWith('*.') && text.length <= 253 && isDnsSubdomain(text.slice(2)) : isDnsSubdomain(text))) {
    host.mustBe(isWildcard ? 'a DNS name with * as its first label alone, such as *.example.com'
      : 'a DNS name: lowercase letters, digits, hyphens and dots, at most 253 characters');
  }
}

function checkPaths(paths: Field): void {
  paths.require();
  for (const path of paths.items) {
    checkPath(path.at('path'), path.at('pathType'));
    if (path.at('pathType').text !== '') {
      checkBackend(path.at('backend'));
    }
  }
}

const FORBIDDEN = ['//', '/./', '/../', '%2f', '%2F'];

function checkPath(path: Field, pathType: Field): void {
  const { text } = path;
  if (pathType.text === '') {
    pathType.require(`one of ${PATH_TYPES.join(', ')}`);
  } else if (!PATH_TYPES.includes(pathType.text)) {
    pathType.mustBe(`one of ${PATH_TYPES.join(', ')}`);
  } else if (!text.startsWith('/') && !(pathType.text === 'ImplementationSpecific' && text === '')) {
    path.refuse(`must start with /; got "${text}"`);
  } else if (pathType.text !== 'ImplementationSpecific') {
    const part = FORBIDDEN.find(each => text.includes(each)) ?? ['/..', '/.'].find(end => text.endsWith(end));
    if (part !== undefined) {
      path.refuse(`must not contain ${part}; got "${text}"`);
    }
  }
}

function checkBackend(backend: Field): void {
  const [service, resource] = [backend.at('service'), backend.at('resource')];
  if (service.isSet === resource.isSet) {
    backend.refuse(service.isSet ? 'cannot have both service and resource' : 'must have service or resource');
  } else if (resource.isSet) {
    checkReference(resource);
  } else {
    requireName(service.at('name'), 'service');
    checkServicePort(service.at('port'));
  }
}

function checkServicePort(port: Field): void {
  const [name, number] = [port.at('name'), port.at('number')];
  const hasNumber = (number.number ?? 0) !== 0;
  if ((name.text === '') !== hasNumber) {
    port.refuse(hasNumber ? `cannot have both name and number; got ${name.text} and ${number.number}` : 'must have name or number');
  } else if (hasNumber) {
    checkPort(number);
  } else {
    checkPortName(name);
  }
}

function checkReference(reference: Field): void {
  checkName(reference.at('apiGroup'), 'subdomain');
  requireName(reference.at('kind'), 'segment');
  requireName(reference.at('name'), 'segment');
}

const CONTROLLER_PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

/** ValidateIngressClass. */
export function checkIngressClass(ingressClass: Field): void {
  const [controller, parameters] = [ingressClass.at('spec', 'controller'), ingressClass.at('spec', 'parameters')];
  const [, domain, path] = /^([^/]+)\/(.+)$/s.exec(controller.text) ?? [];
  if (controller.text === '') {
    controller.require();
  } else if (domain === undefined || !isDnsSubdomain(domain) || !CONTROLLER_PATH.test(path) || controller.text.length > 250) {
    controller.mustBe('a domain and a path, such as ingress.k8s.aws/alb, at most 250 characters');
  }
  if (parameters.isSet) {
    checkReference(parameters);
    checkScope(parameters.at('scope'), parameters.at('namespace'));
  }
}

function checkScope(scope: Field, namespace: Field): void {
  if (scope.isSet && scope.text !== 'Cluster' && scope.text !== 'Namespace') {
    scope.mustBe('one of Cluster, Namespace');
  } else if (scope.text === 'Namespace') {
    requireName(namespace, 'label');
  } else if (namespace.isSet) {
    namespace.refuse('cannot be set unless the scope is Namespace');
  }
}
