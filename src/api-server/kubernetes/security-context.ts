// What the API server refuses of security contexts (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, ValidateSecurityContext).
import type { Field } from './field';
import { between, oneOf } from './values';

/** The highest user and group. */
const MAX_ID = 2 ** 31 - 1;

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** Refuses the security context of a container. */
export function checkContainerSecurity(context: Field): void {
  checkIds(context);
  oneOf(context.at('procMount'), ['Default', 'Unmasked'], false);
  const [escalation, privileged] = [context.at('allowPrivilegeEscalation'), context.at('privileged')];
  if (escalation.value === false && privileged.value === true) {
    escalation.refuse('cannot be false when privileged is true');
  }
  if (escalation.value === false && context.at('capabilities', 'add').items.some(({ text }) => text === 'CAP_SYS_ADMIN')) {
    escalation.refuse('cannot be false when the capability CAP_SYS_ADMIN is added');
  }
}

/** Refuses the security context of a pod. */
export function checkPodSecurity(context: Field): void {
  checkIds(context);
  between(context.at('fsGroup'), 0, MAX_ID);
  context.at('supplementalGroups').items.forEach(group => between(group, 0, MAX_ID));
  oneOf(context.at('fsGroupChangePolicy'), ['Always', 'OnRootMismatch'], false);
  oneOf(context.at('supplementalGroupsPolicy'), ['Merge', 'Strict'], false);
}

function checkIds(context: Field): void {
  between(context.at('runAsUser'), 0, MAX_ID);
  between(context.at('runAsGroup'), 0, MAX_ID);
  [context.at('seccompProfile'), context.at('appArmorProfile')].filter(({ isSet }) => isSet).forEach(checkProfile);
}

function checkProfile(profile: Field): void {
  const [type, file] = [profile.at('type'), profile.at('localhostProfile')];
  type.require(`one of ${PROFILES.join(', ')}`);
  oneOf(type, PROFILES);
  if (type.text === 'Localhost') {
    if (!file.isSet) {
      file.require('the type is Localhost');
    }
  } else if (file.isSet) {
    file.refuse('cannot be set unless the type is Localhost');
  }
}
