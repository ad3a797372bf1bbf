// The listener ports of one Ingress, and how the members of a group share them (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_listener.go).
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import { isCidr } from '../../base/ip';
import { asList, asObject, asText } from '../../manifests/plain-json';
import { specOf } from '../../manifests/manifest';
import { type Build, classField, classList } from './build';
import type { Member } from './groups';
import type { Certificate, CreatedCertificate, MutualAuthentication } from '../load-balancer';
import { Refusal } from '../refusal';
import { annotationPointer } from '../settings';

type ClientSettings = NonNullable<AlbSettings['mutualAuthentication']>[number];

/** What one Ingress wants of a port. */
export interface PortConfig {
  readonly member: Member;
  readonly port: number;
  readonly protocol: string;
  readonly cidrs: readonly string[];
  readonly prefixLists: readonly string[];
  readonly sslPolicy?: string;
  readonly certificates: readonly Certificate[];
  readonly clients?: { readonly written: ClientSettings; readonly built: MutualAuthentication };
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
  const written = settings.get('listenPorts');
  // Only a survey comes here with ports that are unknown: unreadable, or up to certificates of which a class or a flag decides.
  if (settings.unreadable('listenPorts') || (build.refusals.areCollected && written === undefined && mayHaveCertificates(member, explicit))) {
    return [];
  }
  const listenPorts = written ?? [explicit.length > 0 ? { protocol: 'HTTPS', port: 443 } : { protocol: 'HTTP', port: 80 }];
  const usesTls = listenPorts.some(({ protocol }) => protocol === 'HTTPS');
  const certificates = usesTls && explicit.length === 0 ? discovered(build, member) : explicit;
  const cidrs = inboundCidrs(build, member);
  const prefixLists = classList(member, 'prefixListsIDs') ?? classList(member, 'PrefixListsIDs') ?? settings.get('securityGroupPrefixLists') ?? [];
  const sslPolicy = usesTls ? classField(member, 'sslPolicy') ?? settings.get('sslPolicy') : undefined;
  const httpsPorts = listenPorts.filter(({ protocol }) => protocol === 'HTTPS').map(({ port }) => port);
  // Those for other ports have no effect, but the controller looks up their trust stores, too (:340).
  const clients = new Map((settings.get('mutualAuthentication') ?? []).map(client => (
    [client.port, { written: client, built: mutualAuthenticationOf(build, member, client, httpsPorts.includes(client.port)) }])));
  return listenPorts.map(({ port, protocol }) => ({
    member, port, protocol, cidrs, prefixLists,
    ...protocol === 'HTTPS' ? { sslPolicy, certificates, clients: clients.get(port) } : { certificates: [] },
  }));
}

function mayHaveCertificates({ settings }: Member, explicit: readonly Certificate[]): boolean {
  return settings.isHidden('certificateArns') || (explicit.length === 0 && settings.readable('createAcmCert') === true);
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

function inboundCidrs(build: Build, member: Member): readonly string[] {
  const ofClass = classList(member, 'inboundCIDRs');
  const bad = ofClass?.find(cidr => !isCidr(cidr));
  if (bad !== undefined) {
    build.refusals.report(new Refusal(member.params!.manifest, '/spec/inboundCIDRs', `must be CIDR blocks; got ${bad}`));
  }
  return ofClass ?? member.settings.get('inboundCidrs') ?? [];
}

function mutualAuthenticationOf(build: Build, member: Member, clients: ClientSettings, isUsed: boolean): MutualAuthentication {
  const { mode, trustStore, ignoreClientCertificateExpiry, advertiseTrustStoreCaNames } = clients;
  if (mode !== 'verify' || trustStore === undefined) {
    return { mode };
  }
  const isArn = trustStore.startsWith('arn:');
  const place = annotationPointer('mutual-authentication');
  const what = isUsed ? `the ARN of trust store ${trustStore}` : undefined;
  const found = isArn ? [trustStore] : build.ask({ ask: 'trust store by name', name: trustStore }, what, member, place);
  return {
    mode,
    ...found ? { trustStoreArn: found[0] } : {},
    ignoreClientCertificateExpiry: ignoreClientCertificateExpiry ?? false,
    ...advertiseTrustStoreCaNames === undefined ? {} : { advertiseTrustStoreCaNames },
  };
}

/** Without the answers of AWS, a trust store by name and one by ARN may be the same. */
function showClients({ mode, trustStore, ignoreClientCertificateExpiry, advertiseTrustStoreCaNames }: ClientSettings): string {
  const store = trustStore?.replace(/^arn:.*:truststore\/([^/]*).*$/, '$1');
  const options = [ignoreClientCertificateExpiry && 'expiry ignored', advertiseTrustStoreCaNames === 'on' && 'CA names advertised'];
  return [mode, store, ...options].filter(Boolean).join(', ');
}

/** One port of all Ingresses that want it (pkg/ingress/model_builder.go:423). @throws Refusal where they disagree */
export function mergePort(build: Build, configs: readonly PortConfig[]): MergedPort {
  const [{ port }] = configs;
  const of = new Map(configs.map(config => [config.member, config]));
  const members = [...of.keys()];
  const agreed = <T>(
    prop: keyof AlbSettings, valueOf: (config: PortConfig) => T | undefined, isOfClass: (member: Member) => boolean, show?: (value: T) => string,
  ) => {
    const ofMember = (member: Member) => valueOf(of.get(member)!);
    return build.agreed<T>({ prop, port, members, ofClass: member => (isOfClass(member) ? ofMember(member) : undefined), own: ofMember, show });
  };
  const asSet = (list: readonly string[]) => [...new Set(list)].sort().join(', ');
  const filled = <T>(list: readonly T[]) => (list.length > 0 ? list : undefined);
  const sets = (field: string) => (member: Member) => classField(member, field) !== undefined || classList(member, field) !== undefined;
  const isDefault = ({ settings }: Member) => !settings.has('listenPorts');
  const protocol = build.agreed<string>({
    prop: 'listenPorts', about: 'the protocol', port, members,
    ofClass: member => (isDefault(member) ? of.get(member)!.protocol : undefined), own: member => of.get(member)!.protocol,
  })!;
  const cidrs = agreed('inboundCidrs', config => filled(config.cidrs), sets('inboundCIDRs'), asSet) ?? [];
  const prefixLists = agreed('securityGroupPrefixLists', config => filled(config.prefixLists),
    member => sets('prefixListsIDs')(member) || sets('PrefixListsIDs')(member), asSet) ?? [];
  const isOpen = cidrs.length === 0 && prefixLists.length === 0;
  // The default certificate, and all others once: the default is there again if a second one is the same (pkg/ingress/model_builder.go:462).
  const [first, ...rest] = configs.flatMap(config => config.certificates);
  const others = new Map(rest.map(own => [JSON.stringify(own), own]));
  return {
    port,
    protocol,
    members,
    cidrs: isOpen ? ['0.0.0.0/0', '::/0'] : [...new Set(cidrs)],
    prefixLists: [...new Set(prefixLists)],
    sslPolicy: protocol === 'HTTPS' ? agreed('sslPolicy', config => config.sslPolicy, sets('sslPolicy')) ?? build.options.defaultSslPolicy : undefined,
    certificates: first ? [first, ...others.values()] : [],
    mutualAuthentication: agreed('mutualAuthentication', config => config.clients, () => false,
      ({ written, built }) => (build.refusals.areCollected ? showClients(written) : JSON.stringify(built)))?.built,
  };
}
