// What the API server refuses of pods (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, ValidatePodSpec).
import { checkContainers } from './container';
import type { Field } from './field';
import { checkScheduling } from './scheduling';
import { checkPodSecurity } from './security-context';
import { between, checkAnnotationKeys, checkIp, checkLabels, checkName, oneOf, type NameRule } from './values';
import { checkVolumes } from './volume';

/** Names in the spec that may be empty, and the rule of each. */
const NAMES: readonly (readonly [field: string, rule: NameRule])[] = [
  ['serviceAccountName', 'subdomain'], ['nodeName', 'subdomain'], ['priorityClassName', 'subdomain'], ['runtimeClassName', 'subdomain'], ['hostname', 'label'],
  ['subdomain', 'label'],
];

/** Refuses the spec of a pod. Besides its volumes it can mount the claims. */
export function checkPodSpec(spec: Field, claims: readonly string[] = []): void {
  checkVolumes(spec.at('volumes'));
  checkContainers(spec, [...spec.at('volumes').items.map(volume => volume.at('name').text), ...claims]);
  oneOf(spec.at('restartPolicy'), ['Always', 'Never', 'OnFailure']);
  oneOf(spec.at('preemptionPolicy'), ['Never', 'PreemptLowerPriority'], false);
  checkLabels(spec.at('nodeSelector'));
  checkPodSecurity(spec.at('securityContext'));
  checkScheduling(spec);
  NAMES.map(([field, rule]) => [spec.at(field), rule] as const).filter(([{ text }]) => text !== '').forEach(([field, rule]) => checkName(field, rule));
  between(spec.at('activeDeadlineSeconds'), 1, 2 ** 31 - 1);
  between(spec.at('terminationGracePeriodSeconds'), 0);
  checkDns(spec.at('dnsPolicy'), spec.at('dnsConfig'));
  for (const alias of spec.at('hostAliases').items) {
    checkIp(alias.at('ip'));
    alias.at('hostnames').items.forEach(name => checkName(name, 'subdomain'));
  }
}

/** The most name servers of a pod (MaxDNSNameservers). */
const MAX_NAMESERVERS = 3;

function checkDns(policy: Field, config: Field): void {
  oneOf(policy, ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']);
  const servers = config.at('nameservers');
  if (policy.text === 'None' && servers.items.length === 0) {
    servers.refuse('is required when dnsPolicy is None');
  }
  if (servers.items.length > MAX_NAMESERVERS) {
    servers.refuse(`cannot have more than ${MAX_NAMESERVERS} entries; got ${servers.items.length}`);
  }
  servers.items.forEach(checkIp);
}

/** Refuses the labels, the annotations and the spec of a pod template. The claims of a StatefulSet are volumes of its pods. */
export function checkTemplate(template: Field, claims: readonly string[] = []): void {
  checkLabels(template.at('metadata', 'labels'));
  checkAnnotationKeys(template.at('metadata', 'annotations'));
  checkPodSpec(template.at('spec'), claims);
}
