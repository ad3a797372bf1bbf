// The Application Load Balancer: one Ingress for the AWS Load Balancer Controller, in front of one backend.
import type { ApiObject, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type AlbSettings, encodeAlbAnnotations } from '../../base/alb-annotations/annotations';
import { AuthType, ListenerProtocol } from '../../base/alb-annotations/words';
import { AlbController } from '../../base/alb-annotations/controller';
import { InvalidProps, renaming } from '../../base/errors';
import { externalDnsAnnotations } from '../../base/external-dns';
import { ANY_HOST, coversHost, requireHosts, requireServedHosts } from '../../base/host';
import { requireServiceName } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { instanceOf, listOf, requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { registerPassedHosts } from '../../base/passed-hosts';
import { requireUnique } from '../wire/bounds';
import { wholeSeconds } from '../wire/duration';
import type { IAlbBackend } from '../listener/backend';
import { refuseIgnoredByAutoMode } from './auto-mode';
import type { AlbOptions } from './options';
import { type AlbHostOptions, type AlbPathOptions, requireForwardOptions } from './forward-options';
import { settingsBeside, withClass } from './class-settings';
import { listenersOf, optionOf } from './settings';
import type { GroupMembers } from './group-members';
import { addedRules, hostRules, type MemberRule } from './group-rules';
import { AlbIngressClass, type IAlbIngressClass } from './ingress-class';
import { type FamilyMember, IngressFamily } from './ingress-family';
import { joinedGroup } from './ingress-group';
import { type ListenerRuleOptions, type RenderedListenerRules, renderListenerRules, RulePath } from '../listener/rule';
import { ODD_PATHS, refusingOddPaths } from './odd-paths';
import { PlainObject } from '../wire/plain-object';

export { AlbController } from '../../base/alb-annotations/controller';
export { AlbScheme, BackendProtocol, BackendProtocolVersion, IpAddressType, TargetType } from '../../base/alb-annotations/words';

/** Props of an `Alb`. */
export interface AlbProps extends AlbOptions {
  /** The Service that the load balancer forwards to. */
  readonly backend: IAlbBackend;

  /** Hosts that the load balancer serves; `*` for any host. */
  readonly hosts: string[];

  /**
   * Paths that this Ingress forwards. The rest of the hosts is up to other Ingresses of the group, whose `order` is higher. `Alb.addPaths`
   * makes such an Ingress and gives it the right order.
   *
   * @default - all paths
   */
  readonly paths?: RulePath[];

  /**
   * Name of the Ingress.
   *
   * @default - the name of the backend's Service
   */
  readonly ingressName?: string;
}

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
  private readonly ingressClass: IAlbIngressClass;
  private readonly isAutoMode: boolean;
  private readonly members: GroupMembers | undefined;
  /** The settings of the Ingress and of its class. */
  private readonly effective: AlbSettings;
  private readonly ingress: ApiObject;
  private readonly rules: [name: string, options: ListenerRuleOptions][] = [];
  private readonly family: IngressFamily;
  private readonly member: FamilyMember;
  private oddPaths?: { readonly isAnyDoubtful: boolean };

  /** @throws InvalidProps for a value that AWS or the controller would refuse, or that cannot work with the backend. */
  public constructor(scope: Construct, id: string, props: AlbProps) {
    super(requireChartScopeAndId(scope, id), id);
    const { backend } = requireProps('AlbProps', props, this.node.path);
    const main = this instanceof FurtherAlb ? scope as Alb : undefined;
    const { members, options } = main ? { members: main.members, options: props } : this.located(() => joinedGroup(this, props));
    this.props = options;
    this.members = members;
    this.ingressName = requireServiceName('ingressName', props.ingressName ?? backend.backendService, this.node.path);
    this.ingressNamespace = backend.backendNamespace;
    this.hosts = requireHosts('hosts', props.hosts, this.node.path);
    const ingressClass = AlbIngressClass._of(this, this.ingressName, props);
    this.ingressClass = ingressClass;
    this.isAutoMode = (props.controller ?? ingressClass.controller) === AlbController.EKS_AUTO_MODE;
    // The controller refuses these codes in two members, even if they are equal (AWS Load Balancer Controller 3.5.0,
    // pkg/ingress/model_build_frontend_nlb.go:875).
    const ofMain = main && { frontendNlbHealthcheckSuccessCodes: undefined };
    const settings = this.located(() => ({ ...settingsBeside(ingressClass, this.props, this.hosts), ...ofMain }));
    const annotations = this.located(() => ({ ...this.encoded(settings), ...dnsAnnotations(props.dnsTtl) }));
    this.effective = withClass(settings, ingressClass);
    if (main === undefined) {
      const asMember = { path: this.node.path, ingress: `${this.ingressNamespace}/${this.ingressName}`, settings: this.effective };
      this.located(() => members?.join(asMember, this.ownRules));
    }

    const metadata = { name: this.ingressName, namespace: this.ingressNamespace, labels: recommendedLabels(this.ingressName, 'alb'), annotations };
    const paths = pathsTo(backend, props.paths && this.located(() => requirePaths(props.paths!)));
    this.ingress = new PlainObject(this, 'Resource', { ...k8s.KubeIngress.GVK, metadata }, (): k8s.IngressSpec => ({
      ingressClassName: ingressClass.className,
      rules: [
        ...this.renderRules(this.rules).ingressRules,
        ...this.family.hostsOf(this.member).map(host => ({ host: host === ANY_HOST ? undefined : host, http: { paths } })),
      ],
    }));
    this.member = this.asMember();
    this.family = main?.family ?? new IngressFamily(this.member, this.props.groupOrder ?? 0);
    registerPassedHosts(this, `${backend.backendNamespace}/${backend.backendService}`, this.hosts);
  }

  /**
   * Gives a host settings of its own: an HTTP version, a login, a health check. The host gets an Ingress of its own in the same IngressGroup,
   * ahead of this one, and what is not set is as here, the login included.
   *
   * If the `Alb` has no `group`, this puts it into one named `<namespace>.<name of the Ingress>`. Applied to a load balancer that already
   * exists, the move into a group **replaces the load balancer**, and its DNS name changes: see docs/grpc.md.
   *
   * Rules of `addRule` hold for the Ingress that they are added to: add rules for the host to what this method returns.
   *
   * @param host one of the hosts of the `Alb`, or a name below one of its wildcards
   * @throws InvalidProps for a host that the `Alb` does not serve, or that already has an Ingress of its own, and in an IngressGroup if another
   * member is in the way: it has the position, or nothing would reach the host
   */
  public addHost(host: string, options: AlbHostOptions = {}): Alb {
    return this.located(() => {
      requireForwardOptions(options);
      const { backend } = requireProps('AlbHostOptions', options, '', 'options');
      const hosts = backend ? requireHosts('hosts', [host]) : requireServedHosts('hosts', [host], this.hosts);
      if (this.props.paths !== undefined) {
        throw InvalidProps.conflict('host', host, 'cannot be added to an Alb that has paths; add it to the Alb of the other paths');
      }
      this.family.requireMovable(host, this.member);
      return this.further(host, hosts, undefined, options);
    }, prop => optionOf(prop.replace('hosts[0]', 'host')));
  }

  /**
   * Gives paths settings of their own: a login, none (`AlbAuth.none()`), another HTTP version. They get an Ingress of their own in the same
   * IngressGroup, ahead of this one, and what is not set is as here, the login included. A more specific path of another call comes first.
   * As with `addHost`, an `Alb` without a `group` moves into one, which replaces an existing load balancer.
   *
   * If the authentication differs from that of the other paths, the load balancer responds with 400 to paths that the gateway would resolve to
   * others, such as `/public/../admin`, on the hosts in question; where the paths have an authentication of their own, also to encoded slashes
   * and semicolons. Exact paths without authentication need none of this.
   *
   * @throws InvalidProps for a path that matches every request, a path that already has settings of its own, paths that hide a rule which was
   * added here, a host that the `Alb` does not have or that has an Ingress of its own, and a wildcard without the other hosts that it covers
   */
  public addPaths(paths: RulePath[], options: AlbPathOptions = {}): Alb {
    return this.located(() => {
      requireForwardOptions(options);
      const { hosts } = requireProps('AlbPathOptions', options, '', 'options');
      if (this.props.paths !== undefined) {
        throw InvalidProps.conflict('paths', requirePaths(paths).map(path => path._values[0]),
          'cannot be added to an Alb that has paths; add them to the Alb of the host');
      }
      const [first] = requirePaths(paths);
      paths.forEach((path, index) => {
        if (path._values.some(value => /^\/?\*+$/.test(value))) {
          throw InvalidProps.value(`paths[${index}]`, path._values[0], 'must be a path below /: it would match every request of the hosts');
        }
      });
      const own = this.family.hostsOf(this.member);
      hosts?.forEach((host, index) => {
        if (!own.includes(host)) {
          throw InvalidProps.value(`hosts[${index}]`, host,
            `must be one of the hosts here, ${own.join(', ')}; add paths of another host to what addHost returns`);
        }
        const covered = own.find(other => !hosts.includes(other) && coversHost(host, other));
        if (covered !== undefined) {
          throw InvalidProps.value('hosts', hosts, `must include ${covered}, which ${host} covers: the load balancer would take these paths from it, too`);
        }
      });
      return this.further(first._values[0], hosts ?? [...this.hosts], paths, options);
    });
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
      options.hosts?.forEach((host, index) => {
        const moved = this.family.moverOf(host, this.member);
        if (moved !== undefined) {
          throw InvalidProps.value(`hosts[${index}]`, host, `must not be a host with an Ingress of its own; call addRule on what addHost('${moved}') returned`);
        }
      });
      options.action._requireBeside(this.props.backend);
      const rendered = this.renderRules([...this.rules, [name, options]]);
      const annotations = this.encoded(rendered.settings);
      this.members?.addRules(this.node.path, addedRules(name, rendered, this.ingressNamespace, this.effective));
      // Another gateway behind the rule gets requests of this load balancer, whichever hosts its own one passes.
      options.action._services.filter(service => service !== this.props.backend.backendService)
        .forEach(service => registerPassedHosts(this, `${this.ingressNamespace}/${service}`, [ANY_HOST]));
      this.rules.push([name, options]);
      this.annotate(annotations);
    }, prop => ruleProp(name, prop));
  }

  /** Settings as annotations, all of which the controller reads. */
  private encoded(settings: AlbSettings): Record<string, string> {
    if (this.isAutoMode) {
      refuseIgnoredByAutoMode(settings);
    }
    return encodeAlbAnnotations(settings);
  }

  /** In a group, a rule for any host would apply to later members, too: it is for the hosts here. */
  private renderRules(own: readonly [name: string, options: ListenerRuleOptions][]): RenderedListenerRules {
    const hosts = [...this.family.hostsOf(this.member)];
    const isShared = this.members !== undefined || this instanceof FurtherAlb;
    const rules = own.map(([name, options]) => [name, isShared ? forOwnHosts(options, hosts) : options] as const);
    const listeners = listenersOf(this.props);
    const https = listeners.filter(({ protocol }) => protocol === ListenerProtocol.HTTPS);
    const ports = (https.length > 0 ? https : listeners).map(listener => listener._port());
    const guard = this.oddPaths ? [[ODD_PATHS, refusingOddPaths(hosts, this.oddPaths.isAnyDoubtful)] as const] : [];
    return renderListenerRules([...guard, ...rules], ports);
  }

  private annotate(annotations: Readonly<Record<string, string>>): void {
    Object.entries(annotations).forEach(([key, value]) => this.ingress.metadata.addAnnotation(key, value));
  }

  /** Makes an Ingress beside this one, with the settings of this one where the options have none. */
  private further(named: string, hosts: string[], paths: RulePath[] | undefined, options: AlbPathOptions): Alb {
    const set = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as AlbPathOptions;
    const { ingressName = `${this.ingressName}-${slug(named)}`, backend = this.props.backend } = set;
    this.family.requireRoom({ name: ingressName, namespace: backend.backendNamespace, hosts, paths }, this.member);
    const { ingressClass, groupName } = this;
    if (groupName !== undefined && this.isAutoMode) {
      throw InvalidProps.value('ingressClass', ingressClass.className,
        'must be an AlbIngressClass with groupName for addHost and addPaths, because EKS Auto Mode groups Ingresses by their class');
    }
    const group = groupName === undefined ? undefined : { groupName };
    const isTaken = this.node.tryFindChild(ingressName) !== undefined;
    try {
      const made = new FurtherAlb(this, ingressName, { ...this.props, ...set, ingressClass, hosts, paths, ingressName, group, groupOrder: undefined });
      this.family.add(made.member, this.member, paths !== undefined && options.hosts !== undefined,
        further => this.members?.joinBefore(this.family.path, further, made.node.path, made.effective, made.ownRules));
      return made;
    } catch (error) {
      if (!isTaken) {
        this.node.tryRemoveChild(ingressName);
      }
      throw error;
    }
  }

  /** The rules that forward the requests for its hosts. */
  private get ownRules(): MemberRule[] {
    const { hosts, effective, props: { paths, backend } } = this;
    return hostRules(hosts, paths?.map(path => path._values), backend, effective);
  }

  private asMember(): FamilyMember {
    const { hosts, rules, props: { auth, paths } } = this;
    const rendered = auth?._render();
    return {
      path: this.node.path,
      name: this.ingressName,
      namespace: this.ingressNamespace,
      hosts,
      paths,
      auth: rendered === undefined || rendered.authType === AuthType.NONE ? '' : JSON.stringify(rendered),
      rules: () => rules.filter(([, own]) => own.hosts !== undefined || !hasHostCondition(own)).map(([rule, own]) => ({ name: rule, ...own })),
      place: groupOrder => this.annotate(this.encoded({ groupName: this.groupName, groupOrder })),
      refuseOddPaths: isAnyDoubtful => {
        this.oddPaths = { isAnyDoubtful };
        this.annotate(this.encoded(this.renderRules(this.rules).settings));
      },
    };
  }

  /** The group of the Ingresses that share the load balancer; nothing if the class sets it. A namespace has no dots, so no other Ingress has this name. */
  private get groupName(): string | undefined {
    const { props: { group }, ingressClass } = this;
    const isDecided = ingressClass._decides?.includes('groupName') ?? false;
    return isDecided ? undefined : group?.groupName ?? `${this.ingressNamespace}.${this.ingressName}`;
  }

  /** @param rename turns the name of a setting, which follows the annotation, into the name of the prop */
  private located<T>(make: () => T, rename = optionOf): T {
    return renaming(rename, make, this.node.path);
  }
}

/** An Ingress beside that of the Alb which is its scope. */
class FurtherAlb extends Alb {}

function forOwnHosts(options: ListenerRuleOptions, hosts: string[]): ListenerRuleOptions {
  return options.hosts !== undefined || hasHostCondition(options) ? options : { ...options, hosts };
}

function hasHostCondition({ conditions = [] }: ListenerRuleOptions): boolean {
  return conditions.some(condition => condition._render().field === 'host-header');
}

/** The prop of one rule; among all rules it is reported as `rules.<name>.<prop>`. */
function ruleProp(name: string, prop: string): string {
  const own = `rules.${name}`;
  if (prop === own) {
    return 'options';
  }
  return prop === 'rules' ? 'name' : prop.startsWith(`${own}.`) ? prop.slice(own.length + 1) : prop;
}

function pathsTo({ backendService, backendPort }: IAlbBackend, paths: readonly RulePath[] = [RulePath.prefix('/')]): k8s.HttpIngressPath[] {
  return paths.map(path => ({ ...path._render(), backend: { service: { name: backendService, port: { number: backendPort } } } }));
}

const PATHS = listOf(instanceOf<RulePath>('RulePath'));

function requirePaths(paths: RulePath[]): RulePath[] {
  if (requireProps(PATHS, paths, '', 'paths').length === 0) {
    throw InvalidProps.value('paths', paths, 'must have at least one entry');
  }
  requireUnique('paths', paths.map(path => path._values.join()));
  return paths;
}

/** A part of the name of an Ingress that tells its host or path. */
function slug(text: string): string {
  return text.toLowerCase().replace(/\*/g, 'any').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'root';
}

/** ExternalDNS publishes the hosts of the rules on its own; only the TTL needs an annotation. */
function dnsAnnotations(ttl: Duration | undefined): Record<string, string> {
  return ttl === undefined ? {} : externalDnsAnnotations('ttl', `${wholeSeconds('dnsTtl', ttl, 1, 2 ** 31 - 1)}`);
}
