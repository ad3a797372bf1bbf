// Ingresses that share one load balancer have different values for the same setting.
import { Kind } from '../../manifests/kind';
import type { AlbGroup } from '../../model/alb-group';
import { type GroupConflict, conflictsOf } from '../../model/group-conflicts';
import { pointer } from '../../manifests/pointer';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_builder.go:387, model_build_load_balancer.go, model_build_tags.go. */
export const conflictingGroupMembers: Check = {
  id: 'conflicting-group-members',
  severity: 'error',
  title: 'Members of an IngressGroup have conflicting settings for their load balancer',
  why: 'The controller builds one load balancer from all members. If two members set different values for the same setting, it rejects the '
    + 'whole group: no change to any member reaches AWS, including those of other teams.',
  fix: 'Set the value in one member only, set the same value in all, or set it once in the IngressClassParams of their class.',
  related: [],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS],

  *run(model) {
    for (const group of model.albGroups) {
      for (const conflict of conflictsOf(group)) {
        const { member, key } = conflict.other.key === undefined && conflict.first.key !== undefined ? conflict.first : conflict.other;
        yield {
          manifest: member.ingress.manifest,
          pointer: key === undefined ? '' : pointer('metadata', 'annotations', key),
          message: `${describe(conflict)}; the controller rejects the whole group "${group.name}": ${namesIn(group)}`,
        };
      }
    }
  },
};

function describe({ about, ports, first, other }: GroupConflict): string {
  const place = ports.length === 0 ? '' : ` on port ${ports.join(', ')}`;
  const both = first.value === other.value
    ? `${show(first.value)} in both ${first.member.name} and ${other.member.name}, which the controller treats as different values`
    : `${show(first.value)} in ${first.member.name} and ${show(other.value)} in ${other.member.name}`;
  return `${about}${place} is ${both}`;
}

function show(value: string | undefined): string {
  return value === undefined ? 'not set' : value.length > 120 ? `"${value.slice(0, 120)}…"` : `"${value}"`;
}

function namesIn({ members }: AlbGroup): string {
  const more = members.length - 20;
  return members.slice(0, 20).map(({ name }) => name).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
