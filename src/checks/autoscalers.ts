// Autoscalers: which workload each scales, and to how many pods.
import { Kind, kindNameOf } from '../manifests/kind';
import { type Manifest, namespaceOf, specOf } from '../manifests/manifest';
import { asInteger, asObject, asText } from '../manifests/plain-json';
import type { Workload } from '../mesh/objects/workloads';
import type { Subject } from './subject';

/** An autoscaler with its limits. */
export interface Autoscaler {
  readonly manifest: Manifest;
  readonly min: number;
  readonly max: number;
}

/** The autoscaler of a workload, if the input has one. */
export function autoscalerOf({ manifest: scaled, namespace, name }: Workload, subject: Subject): Autoscaler | undefined {
  const kind = kindNameOf(scaled);
  const found = subject.of(Kind.HORIZONTAL_POD_AUTOSCALER).find(own => {
    const target = asObject(specOf(own).scaleTargetRef);
    const group = asText(target.apiVersion)?.split('/')[0];
    return namespaceOf(own) === namespace && target.name === name && `${asText(target.kind)}.${group ?? 'apps'}` === kind;
  });
  const { minReplicas, maxReplicas } = found === undefined ? {} : specOf(found);
  const max = asInteger(maxReplicas);
  return found === undefined || max === undefined ? undefined : { manifest: found, min: asInteger(minReplicas) ?? 1, max };
}
