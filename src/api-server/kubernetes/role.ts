// What the API server refuses of roles and their bindings (Kubernetes 1.34.1 pkg/apis/rbac/validation/validation.go).
import type { Field } from './field';
import { checkName, checkSelector, oneOf, requireName } from './values';

const GROUP = 'rbac.authorization.k8s.io';

/** ValidateRole. */
export function checkRole(role: Field): void {
  role.at('rules').items.forEach(rule => checkRule(rule, true));
}

/** ValidateClusterRole. */
export function checkClusterRole(role: Field): void {
  role.at('rules').items.forEach(rule => checkRule(rule, false));
  const [aggregation, selectors] = [role.at('aggregationRule'), role.at('aggregationRule', 'clusterRoleSelectors')];
  if (aggregation.isSet) {
    selectors.require();
  }
  selectors.items.forEach(checkSelector);
}

function checkRule(rule: Field, isNamespaced: boolean): void {
  const [verbs, urls] = [rule.at('verbs'), rule.at('nonResourceURLs')];
  const resources = ['apiGroups', 'resources', 'resourceNames'].map(name => rule.at(name));
  verbs.require();
  if (urls.items.length === 0) {
    resources.slice(0, 2).forEach(field => field.require('it must have at least one entry'));
    return;
  }
  if (isNamespaced) {
    urls.refuse('cannot be set in a Role: only a ClusterRole applies to URLs');
  }
  if (resources.some(({ items }) => items.length > 0)) {
    urls.refuse('cannot be set in a rule that has apiGroups, resources or resourceNames');
  }
}

/** ValidateRoleBinding. */
export function checkRoleBinding(binding: Field): void {
  checkReference(binding.at('roleRef'), ['Role', 'ClusterRole']);
  binding.at('subjects').items.forEach(subject => checkSubject(subject, true));
}

/** ValidateClusterRoleBinding. */
export function checkClusterRoleBinding(binding: Field): void {
  checkReference(binding.at('roleRef'), ['ClusterRole']);
  binding.at('subjects').items.forEach(subject => checkSubject(subject, false));
}

function checkReference(reference: Field, kinds: readonly string[]): void {
  oneOf(reference.at('apiGroup'), [GROUP]);
  reference.at('kind').require(`one of ${kinds.join(', ')}`);
  oneOf(reference.at('kind'), kinds);
  requireName(reference.at('name'), 'segment');
}

const KINDS = ['ServiceAccount', 'User', 'Group'];

function checkSubject(subject: Field, isNamespaced: boolean): void {
  const [kind, name, group, namespace] = ['kind', 'name', 'apiGroup', 'namespace'].map(key => subject.at(key));
  kind.require(`one of ${KINDS.join(', ')}`);
  oneOf(kind, KINDS);
  name.require();
  if (kind.text === 'User' || kind.text === 'Group') {
    oneOf(group, [GROUP]);
  } else if (kind.text === 'ServiceAccount') {
    if (name.text !== '') {
      checkName(name, 'subdomain');
    }
    if (group.text !== '') {
      group.refuse(`must be empty for a ServiceAccount; got ${group.text}`);
    }
    if (!isNamespaced) {
      namespace.require();
    }
  }
}
