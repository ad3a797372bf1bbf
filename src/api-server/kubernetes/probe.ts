// What the API server refuses of probes and lifecycle handlers (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, validateProbe, validateHandler).
import type { Field } from './field';
import { between, checkPort, checkPortOrName, oneOf } from './values';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/** Refuses the probes of a container. */
export function checkProbes(container: Field): void {
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container.at(name);
    if (probe.isSet) {
      checkProbe(probe, name === 'readinessProbe');
    }
  }
}

/** Refuses the handlers that run when a container starts and before it stops. */
export function checkLifecycle(lifecycle: Field, gracePeriod: number): void {
  [lifecycle.at('postStart'), lifecycle.at('preStop')].filter(({ isSet }) => isSet).forEach(handler => {
    checkHandler(handler);
    between(handler.at('sleep', 'seconds'), 0, gracePeriod);
  });
}

function checkProbe(probe: Field, isReadiness: boolean): void {
  checkHandler(probe);
  ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold', 'successThreshold'].forEach(name => between(probe.at(name), 0));
  const [successes, gracePeriod] = [probe.at('successThreshold'), probe.at('terminationGracePeriodSeconds')];
  if (!isReadiness && (successes.number ?? 0) > 1) {
    successes.mustBe('1: only a readinessProbe may need more successes');
  }
  if (isReadiness && gracePeriod.isSet) {
    gracePeriod.refuse('cannot be set for a readinessProbe');
  } else {
    between(gracePeriod, 1);
  }
}

function checkHandler(handler: Field): void {
  const set = HANDLERS.filter(name => handler.at(name).isSet);
  if (set.length === 0) {
    handler.refuse(`must have one of ${HANDLERS.slice(0, 4).join(', ')}`);
  }
  set.slice(1).forEach(name => handler.at(name).refuse(`cannot be set together with ${set[0]}: a probe or handler does one thing`));
  switch (set[0]) {
    case 'exec':
      handler.at('exec', 'command').require();
      break;
    case 'httpGet':
      checkHttpGet(handler.at('httpGet'));
      break;
    case 'tcpSocket':
      checkTarget(handler.at('tcpSocket', 'port'));
      break;
    case 'grpc':
      checkPort(handler.at('grpc', 'port'));
      handler.at('grpc', 'port').require();
      break;
    default:
  }
}

function checkHttpGet(get: Field): void {
  checkTarget(get.at('port'));
  oneOf(get.at('scheme'), ['HTTP', 'HTTPS']);
  for (const header of get.at('httpHeaders').items) {
    if (!/^[-A-Za-z0-9]+$/.test(header.at('name').text)) {
      header.at('name').mustBe('the name of a header: letters, digits and hyphens');
    }
  }
}

function checkTarget(port: Field): void {
  if (port.isSet) {
    checkPortOrName(port);
  } else {
    port.require();
  }
}
