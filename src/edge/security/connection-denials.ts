// Rules that deny by what only HTTP has, kept apart from gateways that hand on TCP and TLS.
// Facts: Istio 1.30, pilot/pkg/security/authz/model/model.go and pilot/pkg/networking/core/networkfilter.go.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { oncePerApp } from '../../base/once-per-app';
import type { AuthorizationRule } from './authorization-rule';
import type { PolicyScope } from './policy-scope';

/** Gateways, by namespace and Service, that hand on connections. */
const OPEN = oncePerApp<string>();
/** Policies that would close them, by the gateway. */
const DENYING = oncePerApp<string>();

/**
 * Notes a rule that denies, or asks a provider.
 *
 * @param found the prop to name, and its value, by the part of the rule that only HTTP has
 * @throws InvalidProps where the gateway hands on connections: Istio takes such parts away there, and what is left matches every connection
 */
export function noteDenial(
  policy: Construct, scope: PolicyScope, rule: AuthorizationRule, found: (part: string) => readonly [prop: string, value: unknown],
): void {
  const pods = scope._layer4Gateway;
  const part = rule._httpPart();
  if (pods === undefined || part === undefined) {
    return;
  }
  const open = OPEN(policy).get(pods);
  if (open !== undefined) {
    const [prop, value] = found(part);
    throw InvalidProps.value(prop, value,
      `must be the ports of HTTP: the gateway ${pods} hands on TCP or TLS (${open}), and a rule on what only HTTP has would close every connection there`,
      policy.node.path);
  }
  DENYING(policy).set(pods, policy.node.path);
}

/** Notes that a gateway hands on connections. @throws InvalidProps where a policy would close them */
export function noteConnections(gateway: Construct, pods: string): void {
  const denying = DENYING(gateway).get(pods);
  if (denying !== undefined) {
    throw InvalidProps.value('gateway', pods,
      `must be a gateway for TCP and TLS whose policies name the ports of HTTP (ports, tokenPorts): ${denying} denies by what only HTTP has, `
      + 'and would close every connection', gateway.node.path);
  }
  OPEN(gateway).set(pods, gateway.node.path);
}
