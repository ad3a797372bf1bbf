// What the API server refuses of volumes and their mounts (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, ValidateVolumes, ValidateVolumeMounts).
import { hasPlaceholder } from '../../manifests/placeholder';
import { asObject } from '../../manifests/plain-json';
import type { Field } from './field';
import { nanosOf } from './quantity';
import { between, oneOf, requireName } from './values';

/** The highest mode of a file: 0777. */
const MAX_MODE = 0o777;

/** Fields of some sources of a volume that cannot be empty. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  configMap: ['name'], secret: ['secretName'], hostPath: ['path'], persistentVolumeClaim: ['claimName'], csi: ['driver'], nfs: ['server', 'path'],
};

/** Refuses the volumes of a pod. */
export function checkVolumes(volumes: Field): void {
  const names = new Set<string>();
  for (const volume of volumes.items) {
    const name = volume.at('name');
    requireName(name, 'label');
    if (name.text !== '' && names.has(name.text)) {
      name.refuse(`must be unique in the pod; got ${name.text} twice`);
    }
    names.add(name.text);
    checkSources(volume);
  }
}

function checkSources(volume: Field): void {
  const sources = volume.entries.filter(([key, { isSet }]) => key !== 'name' && isSet);
  // Without any it is an emptyDir (pkg/apis/core/v1/defaults.go, SetDefaults_Volume).
  sources.slice(1).forEach(([, source]) => source.refuse(`cannot be set together with ${sources[0][0]}: a volume has one type`));
  const [key, source] = sources[0] ?? [];
  if (source === undefined) {
    return;
  }
  (REQUIRED[key] ?? []).forEach(field => source.at(field).require());
  between(source.at('defaultMode'), 0, MAX_MODE);
  if (key === 'configMap' || key === 'secret') {
    source.at('items').items.forEach(checkItem);
  }
  if (key === 'hostPath') {
    checkHostPath(source);
  }
  if ((nanosOf(source.at('sizeLimit').value) ?? 0n) < 0n) {
    source.at('sizeLimit').mustBe('at least 0');
  }
  if (key === 'projected') {
    source.at('sources').items.forEach(checkProjection);
  }
}

function checkItem(item: Field): void {
  item.at('key').require();
  item.at('path').require();
  checkRelative(item.at('path'));
  between(item.at('mode'), 0, MAX_MODE);
}

function checkProjection(source: Field): void {
  const set = source.entries.filter(([, { isSet }]) => isSet);
  set.slice(1).forEach(([, field]) => field.refuse(`cannot be set together with ${set[0][0]}`));
  ['configMap', 'secret'].map(key => source.at(key)).filter(({ isSet }) => isSet).forEach(field => {
    field.at('name').require();
    field.at('items').items.forEach(checkItem);
  });
  const token = source.at('serviceAccountToken');
  if (token.isSet) {
    token.at('path').require();
    between(token.at('expirationSeconds'), 600, 2 ** 32);
  }
}

const HOST_PATHS = ['BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function checkHostPath(source: Field): void {
  checkBackSteps(source.at('path'));
  oneOf(source.at('type'), HOST_PATHS);
}

function checkBackSteps(path: Field): void {
  if (path.text.split('/').includes('..')) {
    path.mustBe('a path without ..');
  }
}

function checkRelative(path: Field): void {
  checkBackSteps(path);
  if (path.text.startsWith('/')) {
    path.mustBe('a relative path');
  }
}

/** Refuses the mounts of a container, which can mount the volumes with those names. */
export function checkMounts(container: Field, names: readonly string[]): void {
  const paths = new Set<string>();
  for (const mount of container.at('volumeMounts').items) {
    const [name, path] = [mount.at('name'), mount.at('mountPath')];
    if (name.text === '') {
      name.require();
    } else if (!names.includes(name.text) && !names.some(hasPlaceholder)) {
      name.mustBe(`one of the volumes of the pod, which has ${names.length === 0 ? 'none' : names.join(', ')}`);
    }
    path.require();
    if (path.text !== '' && paths.has(path.text)) {
      path.refuse(`must be unique in the container; got ${path.text} twice`);
    }
    paths.add(path.text);
    checkSubPath(mount.at('subPath'), mount.at('subPathExpr'));
    oneOf(mount.at('mountPropagation'), ['Bidirectional', 'HostToContainer', 'None'], false);
    if (mount.at('mountPropagation').text === 'Bidirectional' && asObject(container.at('securityContext').value).privileged !== true) {
      mount.at('mountPropagation').refuse('cannot be Bidirectional unless the container is privileged');
    }
  }
}

function checkSubPath(subPath: Field, expression: Field): void {
  checkRelative(subPath);
  checkRelative(expression);
  if (subPath.text !== '' && expression.text !== '') {
    expression.refuse('cannot be set together with subPath');
  }
}
