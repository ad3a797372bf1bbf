// Failure modes that nothing here keeps out, and why.

/** Reasons, with the ids that they hold for. */
export const NOT_COVERED: readonly (readonly [reason: string, ids: readonly string[]])[] = [
  [
    'they are in the cluster, the network or AWS, and no manifest tells: webhooks, ways between nodes and pods, security groups, zones, the address family of '
      + 'the cluster',
    ['E027', 'E049', 'E070', 'E071', 'E073', 'E077', 'E106'],
  ],
  [
    'they are about the change from what runs now, which a synth does not know: another scheme, group, name, protocol or subnet',
    ['E133', 'E134', 'E135', 'E143'],
  ],
  [
    'no check looks yet at NetworkPolicies, at sizes of connection pools, at headers that clients should not send, and at claims that no '
      + 'RequestAuthentication at the gateway validates',
    ['E072', 'E084', 'E093', 'E127', 'E140'],
  ],
  [
    'they are about the pods and Services of your workloads: labels, port names, injection, probes, keep-alive',
    ['E036', 'E040', 'E042', 'E101', 'E118', 'E146'],
  ],
  [
    'several edges, Gateways or load balancers over one gateway are not compared yet, and Gateways of others cannot be seen',
    ['E085', 'E098'],
  ],
  [
    'no check looks yet at the order and overlap of the rules in a group, and of paths within a route. `PathMatch.prefix` compares text; '
      + '`PathMatch.pathPrefix` respects segments',
    ['E062', 'E104', 'E136', 'E137'],
  ],
  ['timeouts of routes are not compared with the `idleTimeout` of the load balancer yet', ['E116']],
  [
    'they follow from what AWS and Istio do, and can only be known: no ALB verifies its targets, limits of headers differ, headers with underscores are '
      + 'dropped (by the default of E107), `Expect: 100-continue` is handed on',
    ['E105', 'E130', 'E131', 'E132'],
  ],
  ['EKS Auto Mode has another controller', ['E080']],
];
