// Random Services of type LoadBalancer that people could write, right ones and wrong ones.
import * as fc from 'fast-check';
import { NLB_TABLE } from '../src/base/nlb-annotations/annotations';
import { someOf } from './annotation-values';
import { COMBINATIONS, serviceAnnotations } from './nlb-annotations';

const HTTP = { name: 'http', port: 80, targetPort: 8080 };
const HTTPS = { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' };
const DNS = { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' };
const SCTP = { name: 'sctp', port: 3868, targetPort: 3868, protocol: 'SCTP' };
const ports = fc.constantFrom<readonly object[]>(
  [HTTP, HTTPS], [HTTP, HTTPS],
  [HTTPS, { name: 'status', port: 15021, targetPort: 15021 }],
  [DNS],
  [DNS, { ...DNS, name: 'dns-tcp', protocol: 'TCP' }],
  [{ ...DNS, name: 'dns-tcp', protocol: 'TCP', targetPort: 5353 }, DNS],
  [{ name: 'named', port: 443, targetPort: 'web' }, HTTP],
  [{ ...HTTPS, name: 'quic', protocol: 'UDP' }, HTTPS, HTTP],
  [{ ...HTTPS, name: 'quic', protocol: 'UDP' }],
  [SCTP], [HTTP, SCTP], [{ ...SCTP, port: 80 }, HTTP],
  [{ port: 80 }], [{ port: 80, nodePort: 30080 }],
  [{ ...HTTP, targetPort: '8080' }],
);

const edge = fc.record({
  own: someOf(serviceAnnotations, 5),
  combination: fc.constantFrom(...COMBINATIONS),
  isIp: fc.boolean(),
  spec: fc.record({
    type: fc.constantFrom('LoadBalancer', 'LoadBalancer', 'LoadBalancer', 'LoadBalancer', 'LoadBalancer', 'NodePort', 'ClusterIP'),
    ports,
    loadBalancerClass: fc.constantFrom('service.k8s.aws/nlb', undefined, 'x/y', 'service.k8s.aws/nlb', undefined),
    externalTrafficPolicy: fc.constantFrom(undefined, undefined, 'Local', 'Cluster'),
    healthCheckNodePort: fc.constantFrom(undefined, undefined, 32000),
    allocateLoadBalancerNodePorts: fc.constantFrom(undefined, undefined, undefined, false, true),
    loadBalancerSourceRanges: fc.constantFrom(undefined, undefined, undefined, ['10.0.0.0/8'], ['2001:db8::/32'], ['10.0.0.0/8', '0.0.0.0/0'], []),
    ipFamilies: fc.constantFrom(undefined, undefined, undefined, ['IPv6'], ['IPv4', 'IPv6']),
  }),
}).map(({ own, combination, isIp, spec }) => {
  const isBalancer = spec.type === 'LoadBalancer';
  const { healthCheckNodePort, ...rest } = spec;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'edge', namespace: 'shop',
      annotations: {
        ...isIp ? { [NLB_TABLE.keyOf('targetType')]: 'ip' } : {},
        ...combination,
        ...isBalancer ? {} : { [NLB_TABLE.keyOf('type')]: 'external' },
        ...own,
      },
    },
    spec: isBalancer ? { ...rest, ...rest.externalTrafficPolicy === 'Local' ? { healthCheckNodePort } : {} } : { type: rest.type, ports: rest.ports,
      ipFamilies: rest.ipFamilies },
  };
});

const other = fc.record({
  type: fc.constantFrom('ClusterIP', 'NodePort'),
  targetPort: fc.constantFrom<number | string>(9090, 9090, 'web'),
}).map(({ type, targetPort }) => (
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other', namespace: 'shop' }, spec: { type, ports: [{ name: 'web', port: 80, targetPort }] } }));

/** The objects of an input: a Service, and one that may share its listeners. */
export const serviceObjects: fc.Arbitrary<readonly object[]> = fc.tuple(edge, other);
