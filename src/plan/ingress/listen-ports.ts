// The listener ports of one Ingress, and how the members of a group share them (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_listener.go).
import { isCidr } from '../../base/ip';
import { asList, asObject, asText } from '../../manifests/plain-json';
import { specOf } from '../../manifests/manifest';
import { type Build, classField, classList } from './build';
import type { Member } from './groups';
import type { Certificate, CreatedCertificate, MutualAuthentication } from '../load-balancer';
import { Refusal } from '../refusal';
import { annotationPointer } from '../settings';

/** What one Ingress wants of a port. */
export interface PortConfig {
  readonly member: Member;
  readonly port: number;
  readonly protocol: string;
  readonly cidrs: readonly string[];
  readonly prefixLists: readonly string[];
  readonly sslPolicy?: string;
  readonly certificates: readonly Certificate[];
  readonly mutualAuthentication?: MutualAuthentication;
}

/** A port of the load balancer. */
export interface MergedPort {
  readonly port: number;
  readonly protocol: string;
  readonly members: readonly Member[];
  readonly cidrs: readonly string[];
  readonly prefixLists: readonly string[];
  readonly sslPolicy?: string;
  readonly certificates: readonly Certificate[];
  readonly mutualAuthentication?: MutualAuthentication;
}

/** The ports that an Ingress wants. @throws Refusal for settings that cannot be read, and for a host without a certificate */
export function portsWanted(build: Build, member: Member, created: CreatedCertificate | undefined): PortConfig[] {
  const { settings } = member;
  const explicit = explicitCertificates(member, created);
  const listenPorts = settings.get('listenPorts') ?? [explicit.length > 0 ? { protocol: 'HTTPS', port: 443 } : { protocol: 'HTTP', port: 80 }];
  const usesTls = listenPorts.some(({ protocol }) => protocol === 'HTTPS');
  const certificates = usesTls && explicit.length === 0 ? discovered(build, member) : explicit;
  const cidrs = inboundCidrs(member);
  const prefixLists = classList(member, 'prefixListsIDs') ?? classList(member, 'PrefixListsIDs') ?? settings.get('securityGroupPrefixLists') ?? [];
  const sslPolicy = usesTls ? classField(member, 'sslPolicy') ?? settings.get('sslPolicy') : undefined;
  const clients = new Map((settings.get('mutualAuthentication') ?? []).map(own => [own.port, own]));
  return listenPorts.map(({ port, protocol }) => {
    const client = protocol === 'HTTPS' ? clients.get(port) : undefined;
    return {
      member, port, protocol, cidrs, prefixLists,
      ...protocol === 'HTTPS' ? { sslPolicy, certificates } : { certificates: [] },
      mutualAuthentication: client && mutualAuthenticationOf(build, member, client),
    };
  });
}

/** Certificates of the class, or the annotation, or the one that the controller creates. */
function explicitCertificates(member: Member, created: CreatedCertificate | undefined): Certificate[] {
  const arns = classList(member, 'certificateArn') ?? member.settings.get('certificateArns') ?? [];
  return arns.length > 0 ? arns.map(certificateARN => ({ certificateARN })) : created ? [{ created: created.id }] : [];
}

/** The certificates that AWS has for the hosts of rules and `spec.tls` (:213), sorted by ARN. */
function discovered(build: Build, member: Member): Certificate[] {
  const found = hostsOf(member).map((host): { readonly host: string; readonly arns?: readonly string[] } => {
    const arns = build.ask({ ask: 'certificates for a host', host }, `the ACM certificates for ${host}`, member, '/spec');
    if (arns?.length === 0) {
      throw new Refusal(member.manifest, '/spec', `no issued ACM certificate is for host ${host}`);
    }
    return { host, arns };
  });
  const arns = [...new Set(found.flatMap(own => own.arns ?? []))].sort();
  return [...arns.map(certificateARN => ({ certificateARN })), ...found.filter(own => !own.arns).map(({ host }) => ({ discoveredFor: host }))];
}

/** The hosts of an Ingress, in rules and in `spec.tls`, sorted. */
export function hostsOf({ manifest }: Member): string[] {
  const { rules, tls } = specOf(manifest);
  const hosts = [...asList(rules).map(rule => asText(asObject(rule).host)), ...asList(tls).flatMap(one => asList(asObject(one).hosts).map(asText))];
  return [...new Set(hosts.filter((host): host is string => host !== undefined && host !== ''))].sort();
}

function inboundCidrs(member: Member): readonly string[] {
  const ofClass = classList(member, 'inboundCIDRs');
  const bad = ofClass?.find(cidr => !isCidr(cidr));
  if (bad !== undefined) {
    throw new Refusal(member.params!.manifest, '/spec/inboundCIDRs', `must be CIDR blocks; got ${bad}`);
  }
  return ofClass ?? member.settings.get('inboundCidrs') ?? [];
}

function mutualAuthenticationOf(build: Build, member: Member, { mode, trustStore, ignoreClientCertificateExpiry, advertiseTrustStoreCaNames }: {
  readonly mode: string; readonly trustStore?: string; readonly ignoreClientCertificateExpiry?: boolean; readonly advertiseTrustStoreCaNames?: string;
}): MutualAuthentication {
  if (mode !== 'verify' || trustStore === undefined) {
    return { mode };
  }
  const isArn = trustStore.startsWith('arn:');
  const place = annotationPointer('mutual-authentication');
  const found = isArn ? [trustStore] : build.ask({ ask: 'trust store by name', name: trustStore }, `the ARN of trust store ${trustStore}`, member, place);
  return {
    mode,
    ...found ? { trustStoreArn: found[0] } : {},
    ignoreClientCertificateExpiry: ignoreClientCertificateExpiry ?? false,
    ...advertiseTrustStoreCaNames === undefined ? {} : { advertiseTrustStoreCaNames },
  };
}

/** One port of all Ingresses that want it (pkg/ingress/model_builder.go:423). @throws Refusal where they disagree */
export function mergePort(build: Build, configs: readonly PortConfig[]): MergedPort {
  const [{ port }] = configs;
  const of = new Map(configs.map(config => [config.member, config]));
  const members = [...of.keys()];
  const agreed = <T>(what: string, valueOf: (config: PortConfig) => T | undefined, show?: (value: T) => string) =>
    build.agreed(`${what} of port ${port}`, member => valueOf(of.get(member)!), show, members);
  const asSet = (list: readonly string[]) => [...new Set(list)].sort().join(', ');
  const filled = <T>(list: readonly T[]) => (list.length > 0 ? list : undefined);
  const protocol = agreed('protocol', config => config.protocol)!;
  const cidrs = agreed('inbound-cidrs', config => filled(config.cidrs), asSet) ?? [];
  const prefixLists = agreed('security-group-prefix-lists', config => filled(config.prefixLists), asSet) ?? [];
  const isOpen = cidrs.length === 0 && prefixLists.length === 0;
  // The default certificate, and all others once: the default is there again if a second one is the same (pkg/ingress/model_builder.go:462).
  const [first, ...rest] = configs.flatMap(config => config.certificates);
  const others = new Map(rest.map(own => [JSON.stringify(own), own]));
  return {
    port,
    protocol,
    members,
    cidrs: isOpen ? ['0.0.0.0/0', '::/0'] : cidrs,
    prefixLists,
    sslPolicy: protocol === 'HTTPS' ? agreed('ssl-policy', config => config.sslPolicy) ?? build.options.defaultSslPolicy : undefined,
    certificates: first ? [first, ...others.values()] : [],
    mutualAuthentication: agreed('mutual-authentication', config => config.mutualAuthentication, value => JSON.stringify(value)),
  };
}
