// Prevents policies with HTTP-only deny rules on gateways that also proxy TCP or TLS passthrough.
// Facts: Istio 1.30, pilot/pkg/security/authz/model/model.go and pilot/pkg/networking/core/networkfilter.go.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { oncePerApp } from '../../base/once-per-app';

/** Construct paths of gateways that proxy TCP or TLS, by namespace and Service of their pods. */
const LAYER_4 = oncePerApp<string>();
/** Construct paths of policies with HTTP-only deny rules, by the gateway. */
const HTTP_ONLY = oncePerApp<string>();

/**
 * Registers a policy with a DENY or CUSTOM rule that has a part for HTTP only. Istio drops such parts on TCP, where the rest of the rule
 * then matches every connection.
 *
 * @param gateway namespace and Service of the gateway's pods
 * @param found the prop to blame, and its value
 * @throws InvalidProps if the gateway proxies TCP or TLS
 */
export function registerHttpOnlyDenial(policy: Construct, gateway: string, found: { readonly prop: string; readonly value: unknown }): void {
  const open = LAYER_4(policy).get(gateway);
  if (open !== undefined) {
    throw InvalidProps.conflict(found.prop, found.value,
      `must be limited to the HTTP ports of the gateway ${gateway}: ${open} also proxies TCP or TLS there, and a deny rule on HTTP attributes would deny `
      + 'all of these connections', policy.node.path);
  }
  HTTP_ONLY(policy).set(gateway, policy.node.path);
}

/** Registers a gateway that proxies TCP or TLS. @throws InvalidProps if a policy would deny all of its connections */
export function registerLayer4Gateway(gateway: Construct, pods: string): void {
  const denying = HTTP_ONLY(gateway).get(pods);
  if (denying !== undefined) {
    throw InvalidProps.conflict('gateway', pods,
      `cannot proxy TCP or TLS, because the policy ${denying} denies by HTTP attributes and would deny all of these connections; `
      + 'limit the policy to the HTTP ports (ports or tokenPorts)', gateway.node.path);
  }
  LAYER_4(gateway).set(pods, gateway.node.path);
}
