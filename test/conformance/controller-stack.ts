// A planned load balancer in the form in which the controller's own marshaller prints it, for comparison with recorded verdicts.
import { qualifiedNameOf } from '../../src/manifests/manifest';
import type { Attribute, LoadBalancer, OpenedPort, RuleAction, TargetGroup } from '../../src/plan/load-balancer';
import { VPC } from './fake-aws';

const LB = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const reference = (type: string, id: string, status: string) => ({ $ref: `#/resources/${type}/${id}/status/${status}` });
const loadBalancerArn = reference(LB, 'LoadBalancer', 'loadBalancerARN');
const securityGroup = (id: string) => (
  id === 'managed' ? reference('AWS::EC2::SecurityGroup', 'ManagedLBSecurityGroup', 'groupID') : id === 'backend' ? 'sg-backend' : id);

/** The load balancers of a group or of a Service as the oracle prints them. */
export function stackOf(balancers: readonly LoadBalancer[]): object {
  const stacks = balancers.map(balancer => (isFrontend(balancer) ? frontendStack(balancer) : ownStack(balancer)));
  const types = [...new Set(stacks.flatMap(Object.keys))];
  const ofIngresses = balancers.some(({ members }) => members[0].object.kind === 'Ingress');
  return clean({
    ...Object.fromEntries(types.map(type => [type, Object.assign({}, ...stacks.map(stack => stack[type]))])),
    FrontendNLBTargetGroup: ofIngresses ? { FrontendNLBTargetGroup: { TargetGroups: Object.assign({}, ...balancers.filter(isFrontend).map(frontendTargets)) } } : undefined,
  });
}

function isFrontend({ type, members }: LoadBalancer): boolean {
  return type === 'network' && members[0].object.kind === 'Ingress';
}

type Stack = Record<string, Record<string, object>>;

function frontendStack(balancer: LoadBalancer): Stack {
  const own = ownStack(balancer);
  return clean({
    [LB]: { FrontendNlb: own[LB].LoadBalancer },
    [LISTENER]: renamed(own[LISTENER], port => `FrontendNlb-ls-TCP-${port}`, listener => ({ spec: { ...listener.spec, loadBalancerARN: reference(LB, 'FrontendNlb', 'loadBalancerARN') } })),
    [TARGET_GROUP]: own[TARGET_GROUP],
  }) as Stack;
}

function renamed(items: Record<string, object> | undefined, rename: (id: string) => string, change: (item: any) => object): Record<string, object> | undefined {
  return items && Object.fromEntries(Object.entries(items).map(([id, item]) => [rename(id), change(item)]));
}

function frontendTargets({ targetGroups }: LoadBalancer): object {
  return Object.fromEntries(targetGroups.map(({ id, name, port, albPort }) => [name, {
    ARN: reference(TARGET_GROUP, id, 'targetGroupARN'), Name: name, Port: port, TargetARN: loadBalancerArn, TargetPort: albPort,
  }]));
}

function ownStack(balancer: LoadBalancer): Stack {
  const { listeners, targetGroups, managedSecurityGroup, createdCertificates, webAcl, webAclClassic, shield } = balancer;
  const byId = <T>(items: readonly T[], idOf: (item: T) => string, render: (item: T) => object) => (
    items.length === 0 ? undefined : Object.fromEntries(items.map(item => [idOf(item), { spec: clean(render(item)) }])));
  return clean({
    'AWS::EC2::SecurityGroup': managedSecurityGroup && {
      ManagedLBSecurityGroup: {
        spec: clean({
          description: '[k8s] Managed SecurityGroup for LoadBalancer',
          groupName: managedSecurityGroup.name,
          ingress: filled(sorted(managedSecurityGroup.inbound.map(({ protocol, port, icmp, cidrIP, cidrIPv6, prefixList }) => clean({
            fromPort: icmp?.type ?? port, toPort: icmp?.code ?? port, ipProtocol: protocol,
            ipRanges: cidrIP && [{ cidrIP }], ipv6Ranges: cidrIPv6 && [{ cidrIPv6 }], prefixLists: prefixList && [{ listID: prefixList }],
          })))),
          tags: filled(managedSecurityGroup.tags),
        }),
      },
    },
    'AWS::ACM::Certificate': byId(createdCertificates, ({ id }) => id, ({ domainName, subjectAlternativeNames, certificateAuthorityARN }) => ({
      certificateAuthorityARN, domainName, subjectAlternativeNames, keyAlgorithm: '',
      type: certificateAuthorityARN === '' ? 'AMAZON_ISSUED' : 'PRIVATE', validationMethod: 'DNS',
    })),
    [LISTENER]: byId(listeners, ({ port }) => String(port), listener => ({
      certificates: filled(listener.certificates.map(({ certificateARN, created }) => ({
        certificateARN: certificateARN ?? reference('AWS::ACM::Certificate', created!, 'certificateARN'),
      }))),
      defaultActions: listener.defaultActions.map(actionOf),
      // The only fields that the controller does not rename for JSON.
      listenerAttributes: filled(listener.attributes.map(({ key, value }) => ({ Key: key, Value: value }))),
      loadBalancerARN: loadBalancerArn,
      mutualAuthentication: listener.mutualAuthentication && { trustStoreArn: '', ...listener.mutualAuthentication },
      port: listener.port,
      protocol: listener.protocol,
      sslPolicy: listener.sslPolicy,
      alpnPolicy: listener.alpnPolicy && [listener.alpnPolicy],
      tags: filled(listener.tags),
    })),
    'AWS::ElasticLoadBalancingV2::ListenerRule': filled(Object.fromEntries(listeners.flatMap(({ port, rules }) => rules.map(rule => [`${port}:${rule.priority}`, {
      spec: clean({
        priority: rule.priority,
        conditions: rule.conditions,
        actions: rule.actions.map(actionOf),
        transforms: filled(rule.transforms ?? []),
        tags: filled(rule.tags),
        listenerARN: reference(LISTENER, String(port), 'listenerARN'),
      }),
    }])))),
    [LB]: {
      LoadBalancer: {
        spec: clean({
          type: balancer.type, name: balancer.name, scheme: balancer.scheme, ipAddressType: balancer.ipAddressType,
          subnetMapping: balancer.subnets,
          securityGroups: filled(balancer.securityGroups.map(securityGroup)),
          loadBalancerAttributes: filled(balancer.attributes),
          minimumLoadBalancerCapacity: balancer.capacityUnits === undefined ? undefined : { capacityUnits: balancer.capacityUnits },
          ipv4IPAMPool: balancer.ipv4IpamPool,
          enablePrefixForIpv6SourceNat: balancer.enablePrefixForIpv6SourceNat,
          securityGroupsInboundRulesOnPrivateLink: balancer.securityGroupsInboundRulesOnPrivateLink,
          customerOwnedIPv4Pool: balancer.customerOwnedIpv4Pool,
          tags: filled(balancer.tags),
        }),
      },
    },
    [TARGET_GROUP]: byId(targetGroups, ({ id }) => id, own => ({
      name: own.name, port: own.port, protocol: own.protocol, protocolVersion: own.protocolVersion, targetType: own.targetType, ipAddressType: own.ipAddressType,
      healthCheckConfig: own.healthCheck,
      targetGroupAttributes: filled(own.attributes),
      targetControlPort: own.controlPort,
      tags: filled(own.tags),
    })),
    'K8S::ElasticLoadBalancingV2::TargetGroupBinding': byId(targetGroups.filter(({ service }) => service !== undefined), ({ id }) => id, own => bindingOf(own, balancer)),
    'AWS::WAFv2::WebACLAssociation': webAcl === undefined ? undefined : { LoadBalancer: { spec: { resourceARN: loadBalancerArn, webACLARN: webAcl } } },
    'AWS::WAFRegional::WebACLAssociation': webAclClassic === undefined ? undefined : { LoadBalancer: { spec: { resourceARN: loadBalancerArn, webACLID: webAclClassic } } },
    'AWS::Shield::Protection': shield === undefined ? undefined : { LoadBalancer: { spec: { enabled: shield, resourceARN: loadBalancerArn } } },
  }) as Stack;
}

function actionOf({ forwardConfig, ...action }: RuleAction): object {
  return clean({
    ...action,
    forwardConfig: forwardConfig && {
      ...forwardConfig,
      // Go writes an empty list that nobody filled as null.
      targetGroups: forwardConfig.targetGroups.length === 0 ? null : forwardConfig.targetGroups.map(({ targetGroup, targetGroupARN, weight }) => clean({
        targetGroupARN: targetGroup === undefined ? targetGroupARN : reference(TARGET_GROUP, targetGroup, 'targetGroupARN'), weight,
      })),
    },
  });
}

function bindingOf({ id, name, service, targetType, ipAddressType, protocol, protocolVersion, nodeSelector, multiCluster, opened }: TargetGroup, { securityGroups }: LoadBalancer): object {
  // For SCTP the controller writes a rule without ports, which opens nothing (pkg/service/model_build_target_group.go:625).
  const admitted = protocol === 'SCTP' ? securityGroups.find(id => id === 'backend') ?? securityGroups.find(id => id === 'managed') : undefined;
  const unopened = admitted === undefined ? undefined : { ingress: [{ from: [{ securityGroup: { groupID: securityGroup(admitted) } }], ports: null }] };
  return {
    template: {
      metadata: { name, namespace: service!.namespace },
      spec: clean({
        ipAddressType,
        multiClusterTargetGroup: multiCluster || undefined,
        networking: opened.length === 0 ? unopened : { ingress: rulesOf(opened, protocol, protocolVersion === undefined) },
        nodeSelector: nodeSelector && { matchLabels: nodeSelector },
        serviceRef: { name: service!.name, port: service!.port },
        targetGroupARN: reference(TARGET_GROUP, id, 'targetGroupARN'),
        targetGroupProtocol: protocol,
        targetType,
        vpcID: VPC,
      }),
    },
  };
}

/**
 * The rules of a binding. For an Ingress each port has its own (pkg/ingress/model_build_target_group.go). For a Service, those from a security group
 * share one; from addresses, only TCP and UDP of the targets' port do, and the health check has its own (pkg/service/model_build_target_group.go:708).
 */
function rulesOf(opened: readonly OpenedPort[], protocol: string, isOfService: boolean): object[] {
  const from = ({ fromSecurityGroup, fromCIDRs = [] }: OpenedPort) => (
    fromSecurityGroup === undefined ? fromCIDRs.map(cidr => ({ ipBlock: { cidr } })) : [{ securityGroup: { groupID: securityGroup(fromSecurityGroup) } }]);
  const shared = !isOfService ? 1 : opened[0].fromCIDRs === undefined ? opened.length : protocol.startsWith('TCP_') ? 2 : 1;
  const rules = [opened.slice(0, shared), ...opened.slice(shared).map(own => [own])];
  return rules.map(own => ({ from: from(own[0]), ports: own.map(({ port, protocol: layer }) => clean({ port, protocol: layer })) }));
}

/** `namespace/name` of the members, in order. */
export function memberNames({ members }: Pick<LoadBalancer, 'members'>): string[] {
  return members.map(qualifiedNameOf);
}

function filled<T extends readonly unknown[] | object | readonly Attribute[]>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

function clean(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, own]) => own !== undefined));
}

function sorted(list: readonly object[]): object[] {
  const text = (value: object) => JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
  return [...list].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
