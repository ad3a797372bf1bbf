// Callers inside the mesh, by the pods that their requests come from.
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { listOf, propsOf, requireProps } from '../../base/prop-types';

/** Pods that send requests. What is given has to hold together. */
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

/** Callers, as a match block has them. */
export interface CallerMatch {
  readonly sourceLabels?: { readonly [key: string]: string };
  readonly sourceNamespace?: string;
}

const CALLERS = listOf(propsOf<MeshCaller>('MeshCaller'));

/** Writes the callers, each on its own: a match block has room for one. */
export function renderCallers(callers: readonly MeshCaller[]): CallerMatch[] {
  const seen = new Set<string>();
  return requireProps(CALLERS, callers, '', 'callers').map((caller, index) => {
    const prop = `callers[${index}]`;
    if (caller.labels === undefined && caller.namespace === undefined) {
      throw InvalidProps.value(prop, caller, 'must be labels, a namespace, or both');
    }
    const written = {
      sourceLabels: caller.labels && requireLabels(`${prop}.labels`, caller.labels),
      sourceNamespace: caller.namespace === undefined ? undefined : requireDnsLabel(`${prop}.namespace`, caller.namespace),
    };
    if (seen.size === seen.add(JSON.stringify(written)).size) {
      throw InvalidProps.value(prop, caller, 'must be every caller once');
    }
    return written;
  });
}
