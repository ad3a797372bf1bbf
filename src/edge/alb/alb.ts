// The Application Load Balancer: one Ingress, written for the AWS Load Balancer Controller, in front of one backend.
import type { ApiObject, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type AlbSettings, encodeAlbAnnotations } from '../../base/alb-annotations/annotations';
import { ListenerProtocol } from '../../base/alb-annotations/words';
import { InvalidProps, renaming } from '../../base/errors';
import { externalDnsAnnotations } from '../../base/external-dns';
import { ANY_HOST, requireHosts, requireServedHosts } from '../../base/host';
import { requireServiceName } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { requireProps } from '../../base/prop-types';
import { wholeSeconds } from '../wire/duration';
import { type IAlbBackend } from './backend';
import type { AlbOptions } from './options';
import { albSettings, listenersOf } from './settings';
import { AlbIngressClass, type IAlbIngressClass } from './ingress-class';
import { type ListenerRuleOptions, renderListenerRules } from './listener-rule';
import { PlainObject } from '../wire/plain-object';

export { AlbScheme, BackendProtocol, BackendProtocolVersion, IpAddressType, TargetType } from '../../base/alb-annotations/words';

/** Props of an `Alb`. */
export interface AlbProps extends AlbOptions {
  /** Where the requests go. */
  readonly backend: IAlbBackend;

  /** Hosts that the load balancer answers for; `*` for any. */
  readonly hosts: string[];

  /**
   * Name of the Ingress.
   *
   * @default - the name of the backend's Service
   */
  readonly ingressName?: string;
}

/** Options, where their name differs from that of the setting. */
const OPTION_OF: { readonly [setting: string]: string } = {
  groupName: 'group.name',
  groupOrder: 'group.order',
  listenPorts: 'listeners',
  sslRedirect: 'listeners',
  loadBalancerAttributes: 'attributes',
  minimumLoadBalancerCapacity: 'minimumCapacityUnits',
  securityGroupPrefixLists: 'inboundPrefixLists',
  createAcmCert: 'createCertificate',
  acmPcaArn: 'certificateAuthorityArn',
  backendProtocolVersion: 'protocolVersion',
};

/** Settings that are written whether a user asks for them or not. */
const ALWAYS_WRITTEN: ReadonlySet<string> = new Set<keyof AlbSettings>(['scheme', 'sslPolicy', 'sslRedirect', 'targetType']);

/**
 * An Application Load Balancer in front of one backend.
 *
 * Protocol, health check, target type and namespace are read from the backend, so the two sides cannot disagree. All paths go to
 * the backend, but for those of rules that are added here: the order of routes is decided in one place, the mesh.
 */
export class Alb extends Construct {
  /**
   * A load balancer, or none where none belongs in front of the backend and none was asked for.
   *
   * @internal
   */
  public static _ifWanted(scope: Construct, id: string, props: AlbProps, options: AlbOptions | undefined): Alb | undefined {
    return props.backend.whyNotBehindAlb !== undefined && options === undefined ? undefined : new Alb(scope, id, { ...props, ...options });
  }

  /** Name of the Ingress. */
  public readonly ingressName: string;
  /** Namespace of the Ingress, which is the backend's. */
  public readonly ingressNamespace: string;
  /** Hosts that the load balancer answers for. */
  public readonly hosts: string[];
  private readonly props: AlbProps;
  private readonly ingress: ApiObject;
  private readonly rules: [name: string, options: ListenerRuleOptions][] = [];
  private ruleEntries: readonly k8s.IngressRule[] = [];

  /** @throws InvalidProps for a value that AWS or the controller would refuse, or that cannot work with the backend. */
  public constructor(scope: Construct, id: string, props: AlbProps) {
    super(scope, id);
    const { backend } = requireProps('AlbProps', props, this.node.path);
    this.props = props;
    this.ingressName = requireServiceName('ingressName', props.ingressName ?? backend.backendService, this.node.path);
    this.ingressNamespace = backend.backendNamespace;
    this.hosts = requireHosts('hosts', props.hosts, this.node.path);
    const ingressClass = props.ingressClass ?? AlbIngressClass.named('alb');
    const annotations = this.located(() => ({ ...encodeAlbAnnotations(this.settings(ingressClass)), ...dnsAnnotations(props.dnsTtl) }));

    const metadata = { name: this.ingressName, namespace: this.ingressNamespace, labels: recommendedLabels(this.ingressName, 'alb'), annotations };
    this.ingress = new PlainObject(this, 'Resource', { ...k8s.KubeIngress.GVK, metadata }, (): k8s.IngressSpec => ({
      ingressClassName: ingressClass.className,
      rules: [...this.ruleEntries, ...this.hosts.map(host => toBackend(host, backend))],
    }));
  }

  /**
   * Adds a rule that stands before the gateway: what it takes never reaches the mesh. The first rule that takes a request wins, in the
   * order in which they are added.
   *
   * @param name name of the rule, and of its backend in the Ingress; not that of the gateway's Service
   * @throws InvalidProps for a name that is taken, a host that is not served, and what AWS or the controller would refuse
   */
  public addRule(name: string, options: ListenerRuleOptions): void {
    requireServiceName('name', name, this.node.path);
    requireProps('ListenerRuleOptions', options, this.node.path, 'options');
    this.located(() => {
      if (name === this.props.backend.backendService) {
        throw InvalidProps.value('name', name, 'must be another name than the Service of the gateway');
      }
      if (options.hosts) {
        requireServedHosts('hosts', options.hosts, this.hosts);
      }
      const listeners = listenersOf(this.props);
      const https = listeners.filter(({ protocol }) => protocol === ListenerProtocol.HTTPS);
      const ports = (https.length > 0 ? https : listeners).map(listener => listener._port());
      const { ingressRules, settings } = renderListenerRules([...this.rules, [name, options]], ports);
      const annotations = encodeAlbAnnotations(settings);
      this.rules.push([name, options]);
      this.ruleEntries = ingressRules;
      Object.entries(annotations).forEach(([key, value]) => this.ingress.metadata.addAnnotation(key, value));
    }, prop => ruleProp(name, prop));
  }

  /** What the Ingress says itself: all settings, without those that its class decides. */
  private settings(ingressClass: IAlbIngressClass): AlbSettings {
    const { className, decides } = ingressClass;
    const decided = ingressClass instanceof AlbIngressClass ? ingressClass._settings : {};
    const { scheme = this.props.scheme, targetType = this.props.targetType } = decided;
    const all = albSettings({ ...this.props, scheme, targetType }, this.hosts, this.props.backend);
    requireRedirectPort(all, decided, className);
    const settings = Object.entries(all);
    for (const [name, value] of settings.filter(([own]) => decides.includes(own))) {
      const option = OPTION_OF[name] ?? name;
      const asked = ALWAYS_WRITTEN.has(name) ? this.props[name as 'scheme'] : value;
      if (asked !== undefined) {
        throw InvalidProps.conflict(option, asked, `cannot be set: the IngressClass ${className} decides it`);
      }
    }
    const defaults = albSettings({ ...this.props, scheme, targetType, attributes: undefined, tags: undefined }, this.hosts, this.props.backend);
    return {
      ...Object.fromEntries(settings.filter(([name]) => !decides.includes(name))),
      ...Object.fromEntries(PER_KEY.map(name => [name, all[name] && this.undecided(name, all[name], defaults[name] ?? {}, decided[name] ?? {}, className)])),
    };
  }

  /** The entries of a map that the class does not decide: its own win, key by key. A default gives way; what the user wrote is refused. */
  private undecided(name: string, own: StringMap, defaults: StringMap, decided: StringMap, className: string): StringMap | undefined {
    const left = Object.entries(own).filter(([key, value]) => {
      if (key in decided && value !== defaults[key]) {
        throw InvalidProps.conflict(`${OPTION_OF[name] ?? name}.${key}`, value, `cannot be set: the IngressClass ${className} decides it as ${decided[key]}`);
      }
      return !(key in decided);
    });
    return left.length > 0 ? Object.fromEntries(left) : undefined;
  }

  /** @param rename makes the name of a prop from that of a setting: the one is named after what it holds, the other after its annotation */
  private located<T>(make: () => T, rename = optionOf): T {
    return renaming(rename, make, this.node.path);
  }
}

/** Settings of an Ingress and its class that the controller joins key by key. */
const PER_KEY = ['loadBalancerAttributes', 'tags'] as const;

interface StringMap {
  readonly [key: string]: string;
}

function optionOf(setting: string): string {
  return setting.replace(/^\w+/, name => OPTION_OF[name] ?? name);
}

/** The prop of a rule, which is rendered among all rules as `rules.<name>.<prop>`. */
function ruleProp(name: string, prop: string): string {
  const own = `rules.${name}`;
  if (prop === own) {
    return 'options';
  }
  return prop === 'rules' ? 'name' : prop.startsWith(`${own}.`) ? prop.slice(own.length + 1) : prop;
}

/** The controller refuses a redirect to a port that is no HTTPS listener; other members of a group may bring it. */
function requireRedirectPort({ listenPorts = [], groupName }: AlbSettings, decided: AlbSettings, className: string): void {
  const { sslRedirect } = decided;
  const isThere = listenPorts.some(({ protocol, port }) => protocol === ListenerProtocol.HTTPS && port === sslRedirect);
  if (sslRedirect !== undefined && !isThere && groupName === undefined && decided.groupName === undefined) {
    throw InvalidProps.value('listeners', listenPorts, `must be an HTTPS listener on ${sslRedirect}, which the IngressClass ${className} redirects to`);
  }
}

function toBackend(host: string, { backendService, backendPort }: IAlbBackend): k8s.IngressRule {
  return {
    host: host === ANY_HOST ? undefined : host,
    http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: backendService, port: { number: backendPort } } } }] },
  };
}

/** ExternalDNS publishes the hosts of the rules by itself, at the load balancer's name. */
function dnsAnnotations(ttl: Duration | undefined): Record<string, string> {
  return ttl === undefined ? {} : externalDnsAnnotations('ttl', `${wholeSeconds('dnsTtl', ttl, 1, 2 ** 31 - 1)}`);
}
