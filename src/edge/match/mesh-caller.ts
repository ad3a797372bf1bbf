// Callers inside the mesh, identified by the labels and namespace of their pods.
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { listOf, propsOf, requireProps } from '../../base/prop-types';

/** Pods that send requests. If both labels and a namespace are set, both must match. */
export interface MeshCaller {
  /**
   * Labels that the pods have.
   *
   * @default - any labels
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Namespace that the pods are in.
   *
   * @default - any namespace
   */
  readonly namespace?: string;
}

/** The fields of a match block that select callers. */
export interface CallerMatch {
  readonly sourceLabels?: { readonly [key: string]: string };
  readonly sourceNamespace?: string;
}

const CALLERS = listOf(propsOf<MeshCaller>('MeshCaller'));

/** Renders the callers, each for a match block of its own, because a block can select only one. */
export function renderCallers(callers: readonly MeshCaller[]): CallerMatch[] {
  const seen = new Set<string>();
  return requireProps(CALLERS, callers, '', 'callers').map((caller, index) => {
    const prop = `callers[${index}]`;
    if (caller.labels === undefined && caller.namespace === undefined) {
      throw InvalidProps.value(prop, caller, 'must set labels, namespace, or both');
    }
    const rendered = {
      sourceLabels: caller.labels && requireLabels(`${prop}.labels`, caller.labels),
      sourceNamespace: caller.namespace === undefined ? undefined : requireDnsLabel(`${prop}.namespace`, caller.namespace),
    };
    if (seen.size === seen.add(JSON.stringify(rendered)).size) {
      throw InvalidProps.duplicate(prop, caller, 'in callers');
    }
    return rendered;
  });
}
