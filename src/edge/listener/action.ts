// The action of a listener rule: forward, redirect, or a fixed response from the load balancer itself.
import type { Duration } from 'cdk8s';
import type { Codec } from '../../base/alb-annotations/codecs';
import { ListenerProtocol } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { isHost } from '../../base/host';
import { requireServiceName } from '../../base/kubernetes-name';
import { requireInteger, requirePort } from '../../base/number';
import { instanceOf, listOf, requireProps, STRING } from '../../base/prop-types';
import { type ActionSettings, RULE_ANNOTATIONS, type TargetGroupTuple } from '../../base/alb-annotations/rule';
import { boundedBy, requireUnique } from '../wire/bounds';
import { wholeSeconds } from '../wire/duration';
import type { IAlbBackend } from './backend';

/** A target of a forward action, with its weight. */
export class ForwardTarget {
  /**
   * A Service in the namespace of the Ingress. The controller creates its target group with the settings of the Ingress, so the Service
   * must use the gateway's protocol and respond to the gateway's health check on a port of the same name, unless annotations on the
   * Service override these settings.
   *
   * @param serviceName name of the Service
   * @param port Service port
   * @param weight share among several targets, 0 to 999
   */
  public static service(serviceName: string, port: number, weight?: number): ForwardTarget {
    return new ForwardTarget({ serviceName: requireServiceName('serviceName', serviceName), servicePort: requirePort('port', port), weight });
  }

  /**
   * A backend such as `edge.gateway`, with the Service and the port that it declares. It must be in the namespace of the Ingress and use the
   * protocol of the load balancer's own backend, whose settings its target group gets.
   *
   * @param backend the backend
   * @param weight share among several targets, 0 to 999
   */
  public static backend(backend: IAlbBackend, weight?: number): ForwardTarget {
    const { backendService, backendPort } = requireProps('IAlbBackend', backend, '', 'backend');
    return new ForwardTarget({ serviceName: backendService, servicePort: backendPort, weight }, backend);
  }

  /**
   * An existing target group.
   *
   * @param targetGroupArn its ARN
   * @param weight share among several targets, 0 to 999
   */
  public static targetGroup(targetGroupArn: string, weight?: number): ForwardTarget {
    return new ForwardTarget({ targetGroupARN: requireProps(STRING, targetGroupArn, '', 'targetGroupArn'), weight });
  }

  /**
   * An existing target group, looked up by name.
   *
   * @param targetGroupName its name, 1 to 32 letters, digits and hyphens
   * @param weight share among several targets, 0 to 999
   */
  public static targetGroupName(targetGroupName: string, weight?: number): ForwardTarget {
    return new ForwardTarget({ targetGroupName: requireProps(STRING, targetGroupName, '', 'targetGroupName'), weight });
  }

  private constructor(
    private readonly tuple: TargetGroupTuple,
    /** @internal */
    public readonly _backend?: IAlbBackend,
  ) {
    if (tuple.weight !== undefined) {
      requireInteger('weight', tuple.weight, 0, 999);
    }
    bounded({ type: 'forward', forwardConfig: { targetGroups: [tuple] } }, {
      'forwardConfig.targetGroups[0].targetGroupARN': 'targetGroupArn', 'forwardConfig.targetGroups[0].': '',
    });
  }

  /** @internal */
  public _render(): TargetGroupTuple {
    return this.tuple;
  }
}

/** How a listener rule forwards. */
export interface ListenerForwardOptions {
  /**
   * How long a client sticks to its first target group, 1 to 604,800 s.
   *
   * @default - no stickiness
   */
  readonly stickiness?: Duration;
}

/**
 * Where a listener rule redirects to. Parts that are not set stay as in the request. `host`, `path` and `query` may contain `#{host}`,
 * `#{path}` (without its first slash), `#{port}`, `#{protocol}` and `#{query}`, where AWS supports them.
 */
export interface ListenerRedirectOptions {
  /**
   * Target host, 1 to 128 characters; may contain `#{host}`, as in `www.#{host}`.
   *
   * @default - the host of the request
   */
  readonly host?: string;

  /**
   * Target path, 1 to 128 characters including the leading slash; may contain `#{host}`, `#{path}` and `#{port}`.
   *
   * @default - the path of the request
   */
  readonly path?: string;

  /**
   * Target port.
   *
   * @default - 443 with `protocol` HTTPS, otherwise the port of the request
   */
  readonly port?: number;

  /**
   * Target protocol. HTTP is an error: rules also apply to HTTPS listeners, and AWS does not redirect from HTTPS to HTTP.
   *
   * @default - the protocol of the request
   */
  readonly protocol?: ListenerProtocol;

  /**
   * Target query, without the question mark, at most 128 characters; may contain all placeholders.
   *
   * @default - the query of the request
   */
  readonly query?: string;

  /**
   * Whether the redirect is permanent (301) or temporary (302).
   *
   * @default true
   */
  readonly permanent?: boolean;
}

/** Content types of fixed responses (ELBv2 API 2015-12-01). */
export enum ResponseContentType {
  TEXT_PLAIN = 'text/plain',
  TEXT_CSS = 'text/css',
  TEXT_HTML = 'text/html',
  APPLICATION_JAVASCRIPT = 'application/javascript',
  APPLICATION_JSON = 'application/json',
}

/** Content of a fixed response. */
export interface ListenerResponseOptions {
  /**
   * Content type of the body.
   *
   * @default ResponseContentType.TEXT_PLAIN if there is a body
   */
  readonly contentType?: ResponseContentType;

  /**
   * The body, at most 1,024 characters.
   *
   * @default - an empty body
   */
  readonly body?: string;
}

const TARGETS = listOf(instanceOf<ForwardTarget>('ForwardTarget'));

/** What the load balancer does with a request before it reaches the gateway. */
export class ListenerAction {
  /**
   * Forwards to Services or target groups. The requests bypass the gateway and every policy that Istio enforces there.
   *
   * @throws InvalidProps for no target or more than five, duplicate targets, and weights that are missing or all zero
   */
  public static forward(targets: ForwardTarget[], options: ListenerForwardOptions = {}): ListenerAction {
    const { stickiness } = requireProps('ListenerForwardOptions', options, '', 'options');
    const targetGroups = requireProps(TARGETS, targets, '', 'targets').map(target => target._render());
    requireUnique('targets', targetGroups.map(target => JSON.stringify({ ...target, weight: undefined })));
    if (targetGroups.length > 0 && targetGroups.every(({ weight }) => weight === 0)) {
      throw InvalidProps.value('targets', targetGroups.map(({ weight }) => weight), 'must have at least one weight above 0');
    }
    return new ListenerAction(bounded({
      type: 'forward',
      forwardConfig: {
        targetGroups,
        targetGroupStickinessConfig: stickiness && { enabled: true, durationSeconds: wholeSeconds('stickiness', stickiness, 1, 604_800) },
      },
    }, { 'forwardConfig.targetGroups': 'targets' }), targets.flatMap(({ _backend }) => _backend ?? []));
  }

  /** Responds with a redirect. @throws InvalidProps for a redirect to itself or from HTTPS to HTTP, and for values that AWS would refuse */
  public static redirect(options: ListenerRedirectOptions): ListenerAction {
    const { host, path, protocol, query, permanent = true } = requireProps('ListenerRedirectOptions', options, '', 'options');
    if (protocol !== undefined && protocol !== ListenerProtocol.HTTPS) {
      throw InvalidProps.value('protocol', protocol, 'must be HTTPS or unset: AWS does not redirect from HTTPS to HTTP');
    }
    const port = options.port ?? (protocol && 443);
    if (port === undefined && [undefined, '#{host}'].includes(host) && [undefined, '/#{path}'].includes(path)) {
      throw InvalidProps.value('host', host, 'must differ from the request unless path, port or protocol does; the redirect would point to itself');
    }
    if (host !== undefined && (host.includes('*') || !isHost(host.replaceAll('#{host}', 'a')))) {
      throw InvalidProps.value('host', host, 'must be a lowercase host name without a port; it may contain #{host}');
    }
    requirePlaceholders('path', path, ['host', 'path', 'port']);
    requirePlaceholders('query', query, ['host', 'path', 'port', 'protocol', 'query']);
    return new ListenerAction(bounded({
      type: 'redirect',
      redirectConfig: {
        host, path, port: port === undefined ? undefined : String(requirePort('port', port)), protocol, query, statusCode: permanent ? 'HTTP_301' : 'HTTP_302',
      },
    }, { 'redirectConfig.': '' }));
  }

  /**
   * Responds with a fixed response.
   *
   * @param status 200 to 299, or 400 to 599
   */
  public static respond(status: number, options: ListenerResponseOptions = {}): ListenerAction {
    const { body, contentType = body === undefined ? undefined : ResponseContentType.TEXT_PLAIN } =
      requireProps('ListenerResponseOptions', options, '', 'options');
    if (!Number.isInteger(status) || !((status >= 200 && status <= 299) || (status >= 400 && status <= 599))) {
      throw InvalidProps.value('status', status, 'must be an integer from 200 to 299 or from 400 to 599');
    }
    return new ListenerAction(bounded({
      type: 'fixed-response', fixedResponseConfig: { contentType, messageBody: body, statusCode: String(status) },
    }, { 'fixedResponseConfig.messageBody': 'body', 'fixedResponseConfig.': '' }));
  }

  private constructor(private readonly settings: ActionSettings, private readonly backends: readonly IAlbBackend[] = []) {}

  /** Throws for a backend that cannot be behind the load balancer of another one. @internal */
  public _requireBeside({ backendNamespace, backendProtocol }: IAlbBackend): void {
    for (const backend of this.backends) {
      if (backend.backendNamespace !== backendNamespace) {
        const name = `${backend.backendNamespace}/${backend.backendService}`;
        throw InvalidProps.value('action', name, `must forward to a Service in the namespace ${backendNamespace}`);
      }
      if (backend.backendProtocol !== backendProtocol) {
        throw InvalidProps.value('action', backend.backendProtocol, `must forward to a Service with the protocol ${backendProtocol} of the gateway`);
      }
    }
  }

  /** Names of the Services that it forwards to. @internal */
  public get _services(): string[] {
    return this.settings.forwardConfig?.targetGroups?.flatMap(({ serviceName }) => serviceName ?? []) ?? [];
  }

  /** @internal */
  public _render(): ActionSettings {
    return this.settings;
  }
}

function bounded(settings: ActionSettings, names: { readonly [field: string]: string }): ActionSettings {
  return boundedBy(RULE_ANNOTATIONS.actions.codec as Codec<ActionSettings>, settings, names);
}

function requirePlaceholders(prop: string, value: string | undefined, known: readonly string[]): void {
  const unknown = [...value?.matchAll(/#\{([^}]*)\}?/g) ?? []].find(([whole, name]) => !known.includes(name) || !whole.endsWith('}'));
  if (unknown) {
    throw InvalidProps.value(prop, value, `must not contain placeholders other than ${known.map(name => `#{${name}}`).join(', ')}`);
  }
}
