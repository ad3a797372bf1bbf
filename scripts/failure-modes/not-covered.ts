// Failure modes that this package does not cover, and why.

/** Reasons, each with the ids it applies to. */
export const NOT_COVERED: readonly (readonly [reason: string, ids: readonly string[]])[] = [
  [
    'they depend on the cluster, the network or AWS, which manifests do not show: webhooks, connectivity between nodes and pods, security groups, zones, the '
      + 'address family of the cluster',
    ['E027', 'E049', 'E070', 'E071', 'E073', 'E077', 'E106'],
  ],
  [
    'they depend on what runs now, which a synth does not know: a change of scheme, group, name, protocol or subnet',
    ['E133', 'E134', 'E135', 'E143'],
  ],
  [
    'they concern NetworkPolicies, connection pool sizes, headers that clients should not send, and claims that no RequestAuthentication at the gateway '
      + 'validates',
    ['E072', 'E084', 'E093', 'E127', 'E140'],
  ],
  [
    'they concern the pods and Services of your workloads: labels, port names, injection, probes, keep-alive',
    ['E036', 'E040', 'E042', 'E101', 'E118', 'E146'],
  ],
  [
    'they concern several edges, Gateways or load balancers in front of one gateway, and Gateways of other apps are not in the input',
    ['E085', 'E098'],
  ],
  [
    'they concern the order of members in a group, and the overlap of paths in a route. `PathMatch.prefix` is a plain string prefix; '
      + '`PathMatch.pathPrefix` respects path segments',
    ['E104', 'E136'],
  ],
  ['no prop compares route timeouts with the `idleTimeout` of the load balancer', ['E116']],
  [
    'they are fixed behavior of AWS and Istio: an ALB does not verify its targets, header limits differ, headers with underscores are dropped (by the '
      + 'default of E107), `Expect: 100-continue` is forwarded',
    ['E105', 'E130', 'E131', 'E132'],
  ],
];
