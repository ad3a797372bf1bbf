// The settings of an Ingress: the user's options, what follows from the backend, and safer defaults than the controller's.
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import { AlbScheme, BackendProtocolVersion, ListenerProtocol, TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST } from '../../base/host';
import { isCidr, isNetworkAddress } from '../../base/ip';
import { requireLabels } from '../../base/labels';
import { requireInteger, requirePort } from '../../base/number';
import { wholeSeconds } from '../wire/duration';
import type { IAlbBackend } from '../listener/backend';
import { healthCheckSettings } from './health-check';
import type { AlbOptions, LoadBalancerOptions } from './options';
import { requireTags } from './tags';
import { renderFrontendNlb } from './frontend-nlb';
import { MAX_CAPACITY_UNITS } from './ingress-class';
import { Listener } from '../listener/listener';
import { renderLoadBalancerAttributes } from './load-balancer-attributes';
import { renderTargetGroupAttributes } from './target-group-attributes';
import { filled } from '../wire/bounds';

const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/** The option for each setting whose name differs. */
const OPTION_OF: { readonly [setting: string]: string } = {
  groupName: 'group',
  listenPorts: 'listeners',
  sslRedirect: 'listeners',
  mutualAuthentication: 'listeners',
  loadBalancerAttributes: 'attributes',
  minimumLoadBalancerCapacity: 'minimumCapacityUnits',
  securityGroupPrefixLists: 'inboundPrefixLists',
  createAcmCert: 'createCertificate',
  acmPcaArn: 'certificateAuthorityArn',
  backendProtocolVersion: 'protocolVersion',
  listenerAttributes: 'listeners',
  authType: 'auth',
  jwtValidation: 'auth',
};

/** The option that makes a setting, or the same part of it. */
export function optionOf(setting: string): string {
  return setting.replace(/^\w+/, name => OPTION_OF[name] ?? name);
}

/** The listeners of a load balancer. */
export function listenersOf(options: LoadBalancerOptions): readonly Listener[] {
  return options.listeners ?? [Listener.http(), Listener.https()];
}

/** The settings of an Ingress, without those of its rules. @throws InvalidProps for options that exclude each other */
export function albSettings(options: AlbOptions, hosts: readonly string[], backend: IAlbBackend): AlbSettings {
  if (backend.targetTypes.length === 0) {
    throw InvalidProps.conflict('backend', backend.backendService, 'cannot be behind an ALB: it has its own Network Load Balancer');
  }
  return {
    ...groupSettings(options),
    ...loadBalancerSettings(options),
    ...securitySettings(options),
    ...listenerSettings(options, hosts),
    ...targetGroupSettings(options, backend),
    ...healthCheckSettings(options.healthCheck ?? {}, backend, options.protocolVersion),
    ...options.frontendNlb && renderFrontendNlb(options.frontendNlb, {
      scheme: options.scheme ?? AlbScheme.INTERNET_FACING,
      listeners: listenersOf(options).map(listener => ({ ...listener._port(), verifies: listener._verifies })),
    }),
  };
}

/** The settings of a load balancer that depend on nothing but its options; without listeners. @throws InvalidProps for options that exclude each other */
export function sharedSettings(options: LoadBalancerOptions): AlbSettings {
  const { certificateArns, sslPolicy } = options;
  return { ...loadBalancerSettings(options), ...securitySettings(options), certificateArns, sslPolicy };
}

function groupSettings(options: AlbOptions): AlbSettings {
  if (options.groupOrder !== undefined && options.group === undefined && !isDecided(options, 'groupName')) {
    throw InvalidProps.missing('group', 'when groupOrder is set, because the IngressClass does not set one');
  }
  return { groupName: options.group?.groupName, groupOrder: options.groupOrder };
}

/** Whether the class of the Ingress decides a setting. */
function isDecided(options: AlbOptions, setting: keyof AlbSettings): boolean {
  return options.ingressClass?._decides?.includes(setting) ?? false;
}

function loadBalancerSettings(options: LoadBalancerOptions): AlbSettings {
  return {
    loadBalancerName: options.loadBalancerName,
    scheme: options.scheme ?? AlbScheme.INTERNET_FACING,
    ipAddressType: options.ipAddressType,
    subnets: options.subnets,
    customerOwnedIpv4Pool: options.customerOwnedIpv4Pool,
    ipamIpv4PoolId: options.ipamIpv4PoolId,
    loadBalancerAttributes: renderLoadBalancerAttributes(options.attributes),
    minimumLoadBalancerCapacity: options.minimumCapacityUnits === undefined ? undefined
      : { CapacityUnits: String(requireInteger('minimumCapacityUnits', options.minimumCapacityUnits, 0, MAX_CAPACITY_UNITS)) },
    tags: options.tags && requireTags('tags', options.tags),
  };
}

function securitySettings(options: AlbOptions): AlbSettings {
  const { securityGroups, wafv2AclArn, wafv2AclName } = options;
  if (wafv2AclName !== undefined && (wafv2AclArn !== undefined || isDecided(options, 'wafv2AclArn'))) {
    throw InvalidProps.conflict('wafv2AclName', wafv2AclName, 'cannot be set together with wafv2AclArn: the controller would use the name');
  }
  if (wafv2AclArn !== undefined && isDecided(options, 'wafv2AclName')) {
    throw InvalidProps.conflict('wafv2AclArn', wafv2AclArn, 'cannot be set here: the IngressClass sets wafv2AclName, which the controller prefers');
  }
  if (securityGroups !== undefined && (isDecided(options, 'inboundCidrs') || isDecided(options, 'securityGroupPrefixLists'))) {
    throw InvalidProps.conflict('securityGroups', securityGroups,
      'cannot be set here: the IngressClass restricts inbound addresses, and security groups would bypass that');
  }
  for (const prop of securityGroups ? ['inboundCidrs', 'inboundPrefixLists'] as const : ['manageBackendSecurityGroupRules'] as const) {
    if (options[prop] !== undefined) {
      throw InvalidProps.conflict(prop, options[prop], securityGroups
        ? 'cannot be set together with securityGroups, which control inbound addresses themselves'
        : 'cannot be set without securityGroups: the controller always manages the rules of its own group');
    }
  }
  requireNetworks('inboundCidrs', options.inboundCidrs);
  return {
    wafv2AclArn,
    wafv2AclName,
    shieldAdvancedProtection: options.shieldAdvancedProtection,
    securityGroups,
    // With custom groups, the controller opens nothing to the load balancer unless this is true.
    manageBackendSecurityGroupRules: securityGroups && (options.manageBackendSecurityGroupRules ?? true),
    inboundCidrs: options.inboundCidrs,
    securityGroupPrefixLists: options.inboundPrefixLists,
  };
}

/** EC2 clears the bits behind the prefix of a rule, so that such a block admits other addresses than it seems to. What is no block is refused elsewhere. */
function requireNetworks(prop: string, cidrs: readonly string[] | undefined): void {
  cidrs?.forEach((cidr, index) => {
    if (isCidr(cidr) && !isNetworkAddress(cidr)) {
      throw InvalidProps.value(`${prop}[${index}]`, cidr, 'must be a network address, without host bits behind the prefix');
    }
  });
}

function listenerSettings(options: AlbOptions, hosts: readonly string[]): AlbSettings {
  const listeners = listenersOf(options);
  const [http, https] = [ListenerProtocol.HTTP, ListenerProtocol.HTTPS].map(protocol => listeners.filter(l => l.protocol === protocol));
  if (https.length === 0) {
    for (const prop of ['certificateArns', 'createCertificate', 'sslPolicy', 'auth', 'protocolVersion'] as const) {
      if (options[prop] !== undefined && options[prop] !== BackendProtocolVersion.HTTP1 && options[prop] !== false) {
        throw InvalidProps.conflict(prop, options[prop], 'cannot be set without an HTTPS listener');
      }
    }
  } else if (options.certificateArns === undefined && hosts.every(host => host === ANY_HOST) && !isDecided(options, 'certificateArns')) {
    throw InvalidProps.missing('certificateArns', 'for host *: the controller cannot discover a certificate without a host name');
  }
  if (options.createCertificate && options.certificateArns) {
    throw InvalidProps.conflict('createCertificate', true, 'cannot be set together with certificateArns, which take precedence');
  }
  if (options.certificateAuthorityArn !== undefined && !options.createCertificate) {
    throw InvalidProps.conflict('certificateAuthorityArn', options.certificateAuthorityArn, 'cannot be set without createCertificate');
  }
  const rendered = listeners.map(listener => listener._render());
  const attributes = Object.assign({}, ...rendered.map(({ listenerAttributes }) => listenerAttributes)) as AlbSettings['listenerAttributes'];
  const clientCertificates = rendered.flatMap(({ mutualAuthentication }) => mutualAuthentication ?? []);
  return {
    listenPorts: rendered.flatMap(({ listenPorts }) => listenPorts ?? []),
    listenerAttributes: filled(attributes),
    mutualAuthentication: clientCertificates.length > 0 ? clientCertificates : undefined,
    sslRedirect: http.length > 0 ? https[0]?.port : undefined,
    certificateArns: options.certificateArns,
    createAcmCert: options.createCertificate,
    acmPcaArn: options.certificateAuthorityArn,
    sslPolicy: https.length > 0 ? options.sslPolicy ?? TLS_POLICY : undefined,
    ...options.auth?._render(),
  };
}

function targetGroupSettings(options: AlbOptions, backend: IAlbBackend): AlbSettings {
  const targetType = options.targetType ?? backend.targetTypes[0];
  if (!backend.targetTypes.includes(targetType)) {
    throw InvalidProps.value('targetType', targetType, `must be ${backend.targetTypes.join(' or ')}, which the Service supports`);
  }
  for (const [prop, needed] of [['targetNodeLabels', TargetType.INSTANCE], ['targetControlPort', TargetType.IP]] as const) {
    if (options[prop] !== undefined && targetType !== needed) {
      throw InvalidProps.conflict(prop, options[prop], `cannot be set with target type ${targetType}`);
    }
  }
  return {
    targetType,
    targetNodeLabels: options.targetNodeLabels && requireLabels('targetNodeLabels', options.targetNodeLabels),
    backendProtocol: backend.backendProtocol,
    backendProtocolVersion: options.protocolVersion,
    targetGroupAttributes: {
      'deregistration_delay.timeout_seconds': String(deregistrationSeconds(options, backend)),
      ...renderTargetGroupAttributes(options.targetGroupAttributes),
    },
    multiClusterTargetGroup: options.multiClusterTargetGroup,
    targetControlPorts: options.targetControlPort === undefined ? undefined
      : { [`${backend.backendService}.${backend.backendPort}`]: requirePort('targetControlPort', options.targetControlPort) },
  };
}

/** The gateway must outlive the deregistration delay, or the load balancer sends requests to a terminated pod. */
function deregistrationSeconds({ deregistrationDelay }: AlbOptions, { drainDuration }: IAlbBackend): number {
  const longest = Math.min(Math.floor(drainDuration.toMilliseconds({ integral: false }) / 1000), 3600);
  return deregistrationDelay === undefined ? longest
    : wholeSeconds('deregistrationDelay', deregistrationDelay, 0, longest, ', the drain duration of the gateway');
}
