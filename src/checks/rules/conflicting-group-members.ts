// Ingresses that share one load balancer have different values for the same setting.
import { Kind } from '../../manifests/kind';
import { hasPlaceholder } from '../../manifests/placeholder';
import type { Conflict, SurveyedGroup } from '../../plan/survey';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_builder.go:387, model_build_load_balancer.go, model_build_tags.go. */
export const conflictingGroupMembers: Check = {
  id: 'conflicting-group-members',
  severity: 'error',
  title: 'Members of an IngressGroup have conflicting settings for their load balancer',
  why: 'The controller builds one load balancer from all members. If two members set different values for the same setting, it rejects the '
    + 'whole group: no change to any member reaches AWS, including those of other teams.',
  fix: 'Set the value in one member only, set the same value in all, or set it once in the IngressClassParams of their class.',
  related: ['E065'],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS, Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE],

  *run({ survey }) {
    for (const conflict of survey.conflicts) {
      const { manifest, pointer, group, cause: { first, other } } = conflict;
      if (hasPlaceholder(`${first.value} ${other.value}`)) {
        continue;
      }
      yield { manifest, pointer, message: `${describe(conflict)}; the controller rejects the whole group "${group.id}": ${namesIn(group)}` };
    }
  },
};

function describe({ cause: { about, first, other }, ports }: Conflict): string {
  const place = ports.length === 0 ? '' : ` on port ${ports.join(', ')}`;
  const both = first.value === other.value
    ? `${show(first.value)} in both ${first.member} and ${other.member}, which the controller treats as different values`
    : `${show(first.value)} in ${first.member} and ${show(other.value)} in ${other.member}`;
  return `${about}${place} is ${both}`;
}

function show(value: string | undefined): string {
  return value === undefined ? 'not set' : value.length > 120 ? `"${value.slice(0, 120)}…"` : `"${value}"`;
}

function namesIn({ members }: SurveyedGroup): string {
  const more = members.length - 20;
  return members.slice(0, 20).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
