// What is wrong with Kubernetes objects by the schemas of their kinds. A kind without a schema is a fault.
import { faultsOf as refusedBy } from '../../src/api-server/admission';
import { validateManifest } from '../../src/api-server/crd/validate-manifest';
import { type PlainObject, asObject, asText, isObject } from '../../src/manifests/plain-json';
import { autoModeParamsFaults } from './auto-mode-params';
import { metadataFaults, shapeFaults } from './kubernetes-shape';
import { customFaults, kubernetesValueFaults } from './published-models';

/** What is wrong with each of some objects, and which of them are the same one twice. */
export function faultsOf(objects: readonly unknown[]): string[] {
  const names = objects.map(nameOf);
  return objects.flatMap((object, index) => [
    ...objectFaults(object).map(fault => `${names[index]} ${fault}`),
    ...names.indexOf(names[index]) < index ? [`${names[index]} is there twice`] : [],
  ]);
}

/** What is wrong with an object, as `/spec/replicas: must be integer`. */
export function objectFaults(object: unknown): string[] {
  if (!isObject(object) || [object.apiVersion, object.kind, asObject(object.metadata).name].some(text => !asText(text))) {
    return ['is no object with apiVersion, kind and metadata.name'];
  }
  const faults = shapeFaults(object);
  const known = faults === undefined
    ? [...metadataFaults(object), ...customFaults(object) ?? autoModeParamsFaults(object) ?? crdFaults(object) ?? [`has no schema: ${object.apiVersion} ${object.kind}`]]
    : faults.length > 0 ? faults : kubernetesValueFaults(object) ?? ['has no validator for its values'];
  // What others know of Kubernetes is older, and says less of values.
  return known.length > 0 ? known : admissionFaults(object);
}

function admissionFaults(object: PlainObject): string[] {
  return refusedBy({ object, origin: { file: '-', document: 1, line: 1 } }).map(({ pointer, message }) => `${pointer}: ${message}`);
}

function crdFaults(object: PlainObject): string[] | undefined {
  return validateManifest(object)?.map(({ pointer, message }) => `${pointer}: ${message}`);
}

/** As the API server tells objects apart: whatever version of its API an object is written in. */
function nameOf(object: unknown): string {
  const { apiVersion, kind, metadata } = asObject(object);
  const [group] = String(apiVersion).includes('/') ? String(apiVersion).split('/') : ['core'];
  const { namespace, name } = asObject(metadata);
  return `${group} ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
