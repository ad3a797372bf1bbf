// The Application Load Balancer: one Ingress for the AWS Load Balancer Controller, in front of one backend.
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
import { registerServedHosts } from '../../base/served-hosts';
import { wholeSeconds } from '../wire/duration';
import { type IAlbBackend } from './backend';
import type { AlbOptions } from './options';
import { albSettings, listenersOf } from './settings';
import { AlbIngressClass, type IAlbIngressClass } from './ingress-class';
import { type ListenerRuleOptions, renderListenerRules } from './listener-rule';
import { PlainObject } from '../wire/plain-object';

export { AlbScheme, BackendProtocol, BackendProtocolVersion, IpAddressType, TargetType } from '../../base/alb-annotations/words';
import { requireChartScopeAndId } from '../../base/scope';

/** Props of an `Alb`. */
export interface AlbProps extends AlbOptions {
  /** The Service that the load balancer forwards to. */
  readonly backend: IAlbBackend;

  /** Hosts that the load balancer serves; `*` for any host. */
  readonly hosts: string[];

  /**
   * Name of the Ingress.
   *
   * @default - the name of the backend's Service
   */
  readonly ingressName?: string;
}

/** The option for each setting whose name differs. */
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

/** Settings that are always written, whether or not the user sets them. */
const ALWAYS_WRITTEN: ReadonlySet<string> = new Set<keyof AlbSettings>(['scheme', 'sslPolicy', 'sslRedirect', 'targetType']);

/**
 * An Application Load Balancer in front of one backend.
 *
 * Protocol, health check, target type and namespace come from the backend, so the two sides cannot disagree. Every path is forwarded to
 * the backend, except those of rules added here: route order is decided in one place, the mesh.
 */
export class Alb extends Construct {
  /**
   * A load balancer, or `undefined` if no ALB may forward to the backend.
   *
   * @throws InvalidProps for options if no ALB may forward to the backend
   * @internal
   */
  public static _ifWanted(scope: Construct, id: string, props: AlbProps, options: AlbOptions | undefined): Alb | undefined {
    if (props.backend.targetTypes.length > 0) {
      return new Alb(scope, id, { ...props, ...options });
    }
    if (options !== undefined) {
      throw InvalidProps.conflict('alb', options,
        'cannot be set, because the workload has its own Network Load Balancer; remove alb or change workload', scope.node.path);
    }
    return undefined;
  }

  /** Name of the Ingress. */
  public readonly ingressName: string;
  /** Namespace of the Ingress, which is the backend's. */
  public readonly ingressNamespace: string;
  /** Hosts that the load balancer serves. */
  public readonly hosts: string[];
  private readonly props: AlbProps;
  private readonly ingress: ApiObject;
  private readonly rules: [name: string, options: ListenerRuleOptions][] = [];
  private ruleEntries: readonly k8s.IngressRule[] = [];

  /** @throws InvalidProps for a value that AWS or the controller would refuse, or that cannot work with the backend. */
  public constructor(scope: Construct, id: string, props: AlbProps) {
    super(requireChartScopeAndId(scope, id), id);
    const { backend } = requireProps('AlbProps', props, this.node.path);
    this.props = props;
    this.ingressName = requireServiceName('ingressName', props.ingressName ?? backend.backendService, this.node.path);
    this.ingressNamespace = backend.backendNamespace;
    this.hosts = requireHosts('hosts', props.hosts, this.node.path);
    registerServedHosts(this, `${backend.backendNamespace}/${backend.backendService}`, this.hosts);
    const ingressClass = props.ingressClass ?? AlbIngressClass.fromName('alb');
    const annotations = this.located(() => ({ ...encodeAlbAnnotations(this.settings(ingressClass)), ...dnsAnnotations(props.dnsTtl) }));

    const metadata = { name: this.ingressName, namespace: this.ingressNamespace, labels: recommendedLabels(this.ingressName, 'alb'), annotations };
    this.ingress = new PlainObject(this, 'Resource', { ...k8s.KubeIngress.GVK, metadata }, (): k8s.IngressSpec => ({
      ingressClassName: ingressClass.className,
      rules: [...this.ruleEntries, ...this.hosts.map(host => toBackend(host, backend))],
    }));
  }

  /**
   * Adds a listener rule in front of the gateway: requests that match it never reach the mesh. Rules are evaluated in the order in which
   * you add them, and the first match wins.
   *
   * @param name name of the rule and of its backend in the Ingress; not the name of the gateway's Service
   * @throws InvalidProps for a name that is already used, a host that is not served, and values that AWS or the controller would refuse
   */
  public addRule(name: string, options: ListenerRuleOptions): void {
    requireServiceName('name', name, this.node.path);
    requireProps('ListenerRuleOptions', options, this.node.path, 'options');
    this.located(() => {
      if (name === this.props.backend.backendService) {
        throw InvalidProps.duplicate('name', name, 'the name of the gateway\'s Service');
      }
      if (options.hosts) {
        requireServedHosts('hosts', options.hosts, this.hosts);
      }
      options.action._requireBeside(this.props.backend);
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

  /** The settings on the Ingress itself: all of them except those that its IngressClass sets. */
  private settings(ingressClass: IAlbIngressClass): AlbSettings {
    const { className, _decides: decides = [] } = ingressClass;
    const decided = ingressClass instanceof AlbIngressClass ? ingressClass._settings : {};
    const { scheme = this.props.scheme, targetType = this.props.targetType } = decided;
    const all = albSettings({ ...this.props, scheme, targetType }, this.hosts, this.props.backend);
    requireRedirectPort(all, decided, className);
    const settings = Object.entries(all);
    for (const [name, value] of settings.filter(([own]) => decides.includes(own))) {
      const option = OPTION_OF[name] ?? name;
      const asked = ALWAYS_WRITTEN.has(name) ? this.props[name as 'scheme'] : value;
      if (asked !== undefined) {
        throw InvalidProps.conflict(option, asked, `cannot be set here: IngressClass "${className}" already sets it`);
      }
    }
    const defaults = albSettings({ ...this.props, scheme, targetType, attributes: undefined, tags: undefined }, this.hosts, this.props.backend);
    return {
      ...Object.fromEntries(settings.filter(([name]) => !decides.includes(name))),
      ...Object.fromEntries(PER_KEY.map(name => [name, all[name] && this.undecided(name, all[name], defaults[name] ?? {}, decided[name] ?? {}, className)])),
    };
  }

  /** The entries of a map that the class does not set. Key by key, the class wins over a default; a value from the user is an error. */
  private undecided(name: string, own: StringMap, defaults: StringMap, decided: StringMap, className: string): StringMap | undefined {
    const left = Object.entries(own).filter(([key, value]) => {
      if (key in decided && value !== defaults[key]) {
        throw InvalidProps.conflict(`${OPTION_OF[name] ?? name}.${key}`, value,
          `cannot be set here: IngressClass "${className}" already sets it to ${decided[key]}`);
      }
      return !(key in decided);
    });
    return left.length > 0 ? Object.fromEntries(left) : undefined;
  }

  /** @param rename turns the name of a setting, which follows the annotation, into the name of the prop */
  private located<T>(make: () => T, rename = optionOf): T {
    return renaming(rename, make, this.node.path);
  }
}

/** Settings that the controller merges key by key between an Ingress and its class. */
const PER_KEY = ['loadBalancerAttributes', 'tags'] as const;

interface StringMap {
  readonly [key: string]: string;
}

function optionOf(setting: string): string {
  return setting.replace(/^\w+/, name => OPTION_OF[name] ?? name);
}

/** The prop of one rule; among all rules it is reported as `rules.<name>.<prop>`. */
function ruleProp(name: string, prop: string): string {
  const own = `rules.${name}`;
  if (prop === own) {
    return 'options';
  }
  return prop === 'rules' ? 'name' : prop.startsWith(`${own}.`) ? prop.slice(own.length + 1) : prop;
}

/** The controller refuses a redirect to a port without an HTTPS listener; in a group, another member may provide the listener. */
function requireRedirectPort({ listenPorts = [], groupName }: AlbSettings, decided: AlbSettings, className: string): void {
  const { sslRedirect } = decided;
  const isThere = listenPorts.some(({ protocol, port }) => protocol === ListenerProtocol.HTTPS && port === sslRedirect);
  if (sslRedirect !== undefined && !isThere && groupName === undefined && decided.groupName === undefined) {
    throw InvalidProps.value('listeners', listenPorts,
      `must include an HTTPS listener on port ${sslRedirect}, because IngressClass "${className}" redirects HTTP to it`);
  }
}

function toBackend(host: string, { backendService, backendPort }: IAlbBackend): k8s.IngressRule {
  return {
    host: host === ANY_HOST ? undefined : host,
    http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: backendService, port: { number: backendPort } } } }] },
  };
}

/** ExternalDNS publishes the hosts of the rules on its own; only the TTL needs an annotation. */
function dnsAnnotations(ttl: Duration | undefined): Record<string, string> {
  return ttl === undefined ? {} : externalDnsAnnotations('ttl', `${wholeSeconds('dnsTtl', ttl, 1, 2 ** 31 - 1)}`);
}
