// What the API server refuses of containers (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, validateContainers).
import type { Field } from './field';
import { checkLifecycle, checkProbes } from './probe';
import { checkResources } from './resources';
import { checkContainerSecurity } from './security-context';
import { checkPort, checkPortName, oneOf, requireName } from './values';
import { checkMounts } from './volume';

/** The fields of a container that only long-running ones have. */
const OF_RUNNING = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'];

/** Seconds between the signal to end and the end of a pod, unless it says otherwise. */
const GRACE_PERIOD = 30;

/** Refuses the containers of a pod, which can mount the volumes with those names. */
export function checkContainers(spec: Field, volumes: readonly string[]): void {
  const [containers, initContainers] = [spec.at('containers'), spec.at('initContainers')];
  containers.require();
  const names = new Set<string>();
  const gracePeriod = spec.at('terminationGracePeriodSeconds').number ?? GRACE_PERIOD;
  for (const container of containers.items) {
    checkContainer(container, volumes, names);
    checkRunning(container, gracePeriod);
  }
  checkHostPorts(containers.items, spec.at('hostNetwork').value === true);
  for (const container of initContainers.items) {
    checkContainer(container, volumes, names);
    checkInit(container, gracePeriod);
  }
}

function checkInit(container: Field, gracePeriod: number): void {
  oneOf(container.at('restartPolicy'), ['Always'], false);
  if (container.at('restartPolicy').text === 'Always') {
    checkRunning(container, gracePeriod);
    return;
  }
  OF_RUNNING.map(name => container.at(name)).filter(({ isSet }) => isSet).forEach(field => {
    field.refuse('cannot be set for an init container unless its restartPolicy is Always');
  });
}

function checkRunning(container: Field, gracePeriod: number): void {
  checkLifecycle(container.at('lifecycle'), gracePeriod);
  checkProbes(container);
}

function checkContainer(container: Field, volumes: readonly string[], names: Set<string>): void {
  const name = container.at('name');
  requireName(name, 'label');
  if (name.text !== '' && names.has(name.text)) {
    name.refuse(`must be unique in the pod; got ${name.text} twice`);
  }
  names.add(name.text);
  container.at('image').require();
  oneOf(container.at('imagePullPolicy'), ['Always', 'IfNotPresent', 'Never']);
  oneOf(container.at('terminationMessagePolicy'), ['FallbackToLogsOnError', 'File']);
  checkPorts(container.at('ports'));
  container.at('env').items.forEach(checkEnv);
  container.at('envFrom').items.forEach(checkEnvFrom);
  checkMounts(container, volumes);
  checkResources(container.at('resources'));
  checkContainerSecurity(container.at('securityContext'));
}

function checkPorts(ports: Field): void {
  const names = new Set<string>();
  for (const port of ports.items) {
    const [name, number, hostPort] = [port.at('name'), port.at('containerPort'), port.at('hostPort')];
    if (name.text !== '') {
      checkPortName(name);
      if (names.has(name.text)) {
        name.refuse(`must be unique in the container; got ${name.text} twice`);
      }
      names.add(name.text);
    }
    if (number.isSet) {
      checkPort(number);
    } else {
      number.require();
    }
    if (hostPort.value !== 0) {
      checkPort(hostPort);
    }
    oneOf(port.at('protocol'), ['SCTP', 'TCP', 'UDP']);
  }
}

/** A node has each port once (AccumulateUniqueHostPorts, validatePodHostNetworkDeps). */
function checkHostPorts(containers: readonly Field[], isHostNetwork: boolean): void {
  const seen = new Set<string>();
  const ports = containers.flatMap(container => container.at('ports').items).filter(port => (port.at('hostPort').number ?? 0) !== 0);
  for (const port of ports) {
    const hostPort = port.at('hostPort');
    const key = `${port.at('protocol').text || 'TCP'} ${port.at('hostIP').text} ${hostPort.number}`;
    if (seen.has(key)) {
      hostPort.refuse(`must be unique in the pod; got ${hostPort.number} twice`);
    }
    seen.add(key);
    if (isHostNetwork && hostPort.number !== port.at('containerPort').number) {
      hostPort.refuse(`must be the same as containerPort when hostNetwork is true; got ${hostPort.number}`);
    }
  }
}

/** Since 1.34 any printable ASCII character but = (IsRelaxedEnvVarName). */
const ENV_NAME = /^[ -<>-~]+$/;

function checkEnvName(name: Field): void {
  if (!ENV_NAME.test(name.text)) {
    name.mustBe('the name of an environment variable: printable ASCII characters other than =');
  }
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];

/** Fields of the pod that an environment variable may have (validEnvDownwardAPIFieldPathExpressions); labels and annotations by key. */
const FIELD_PATH = /^(metadata\.(name|namespace|uid|(labels|annotations)\['.+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIP|podIP)s?)$/;

function checkEnv(env: Field): void {
  const [name, source] = [env.at('name'), env.at('valueFrom')];
  if (name.text === '') {
    name.require();
  } else {
    checkEnvName(name);
  }
  if (!source.isSet) {
    return;
  }
  const set = SOURCES.filter(key => source.at(key).isSet);
  if (set.length !== 1 && !source.at('fileKeyRef').isSet) {
    source.refuse(`must have exactly one of ${SOURCES.join(', ')}`);
  } else if (env.at('value').text !== '') {
    source.refuse('cannot be set together with value');
  }
  ['configMapKeyRef', 'secretKeyRef'].map(key => source.at(key)).filter(({ isSet }) => isSet).forEach(reference => {
    requireName(reference.at('name'), 'subdomain');
    requireName(reference.at('key'), 'key');
  });
  const path = source.at('fieldRef', 'fieldPath');
  if (source.at('fieldRef').isSet && !FIELD_PATH.test(path.text)) {
    path.mustBe('a field that a variable may have, such as metadata.name, metadata.labels[\'app\'] or status.podIP');
  }
}

function checkEnvFrom(from: Field): void {
  const set = ['configMapRef', 'secretRef'].filter(key => from.at(key).isSet);
  if (set.length !== 1) {
    from.refuse('must have exactly one of configMapRef, secretRef');
  }
  set.forEach(key => requireName(from.at(key, 'name'), 'subdomain'));
  if (from.at('prefix').text !== '') {
    checkEnvName(from.at('prefix'));
  }
}
