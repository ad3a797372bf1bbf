// A Network Load Balancer in front of the Application Load Balancer: static addresses, and which ports it forwards.
import type { Duration } from 'cdk8s';
import { type AlbSettings, encodeAlbAnnotations } from '../../base/alb-annotations/annotations';
import { AlbScheme, BackendProtocol, ListenerProtocol } from '../../base/alb-annotations/words';
import { InvalidProps, renaming } from '../../base/errors';
import type { FrontendNlbSettings } from '../../base/alb-annotations/frontend-nlb';
import type { ListenPort } from '../../base/alb-annotations/listener';
import { requirePort } from '../../base/number';
import { wholeSeconds } from '../wire/duration';
import { requireTags } from './tags';
import { type FrontendNlbAttributes, renderFrontendNlbAttributes } from './frontend-nlb-attributes';
import { filled } from '../wire/bounds';

/** A port of the Network Load Balancer and the listener it forwards to. */
export interface FrontendNlbPort {
  /** Port that clients connect to. */
  readonly nlbPort: number;
  /** Port of a listener of the Application Load Balancer. */
  readonly albPort: number;
}

/** How the Network Load Balancer checks the Application Load Balancer. */
export interface FrontendNlbHealthCheck {
  /**
   * Port of the listener to check; the protocol is the listener's. A listener that verifies client certificates cannot be checked.
   *
   * @default - the first HTTPS listener that does not verify, or else the first HTTP listener
   */
  readonly port?: number;

  /**
   * Path of the check, at most 1,024 characters including the leading slash.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * Time between checks, 5 to 300 s and more than the timeout.
   *
   * @default - 15 s, the default of the controller
   */
  readonly interval?: Duration;

  /**
   * Time to wait for a response, 2 to 120 s.
   *
   * @default - 5 s, the default of the controller
   */
  readonly timeout?: Duration;

  /**
   * Successes in a row before the load balancer counts as healthy, 2 to 10.
   *
   * @default - 2, the default of the controller
   */
  readonly healthyThreshold?: number;

  /**
   * Failures in a row before it counts as unhealthy, 2 to 10.
   *
   * @default - 2, the default of the controller
   */
  readonly unhealthyThreshold?: number;

  /**
   * HTTP codes from 200 to 499 that count as healthy: one, a list, or a range. The check sends no host name that the gateway knows, so
   * a working edge responds with a redirect or a 404; without healthy gateway pods the Application Load Balancer responds with 503.
   *
   * @default '200-499'
   */
  readonly successCodes?: string;
}

/** A Network Load Balancer whose target is the Application Load Balancer (AWS Load Balancer Controller 3.5.0, pkg/ingress/model_build_frontend_nlb.go). */
export interface FrontendNlbOptions {
  /**
   * Whether it has public addresses. Always written, because the controller's own default is `internal` regardless of the Application
   * Load Balancer.
   *
   * @default - the scheme of the Application Load Balancer
   */
  readonly scheme?: AlbScheme;

  /**
   * Subnet ids or Name tags.
   *
   * @default - the controller finds the subnets by their role tags
   */
  readonly subnets?: string[];

  /**
   * Security group ids or Name tags.
   *
   * @default - those of the Application Load Balancer
   */
  readonly securityGroups?: string[];

  /**
   * Elastic IP allocation ids, one per entry of `subnets`, in the same order. Internet-facing only.
   *
   * @default - AWS assigns addresses
   */
  readonly eipAllocations?: string[];

  /**
   * Ports to forward. If set, only these ports exist.
   *
   * @default - every listener on its own port
   */
  readonly portMapping?: FrontendNlbPort[];

  /**
   * Health check of the Application Load Balancer.
   *
   * @default - every 15 s by the first HTTPS listener that does not verify client certificates
   */
  readonly healthCheck?: FrontendNlbHealthCheck;

  /**
   * Attributes.
   *
   * @default - the AWS defaults
   */
  readonly attributes?: FrontendNlbAttributes;

  /**
   * Tags; they replace all other tags on it.
   *
   * @default - the tags of the Application Load Balancer
   */
  readonly tags?: { readonly [key: string]: string };
}

/** A listener of the Application Load Balancer. */
export interface AlbListener extends ListenPort {
  /** Whether it rejects clients without a valid certificate, including health checks. @default false */
  readonly verifies?: boolean;
}

/** The prop for each setting. */
const PROPS: readonly (readonly [setting: string, prop: string])[] = [
  ['frontendNlbHealthcheckHealthyThresholdCount', 'healthCheck.healthyThreshold'],
  ['frontendNlbHealthcheckUnhealthyThresholdCount', 'healthCheck.unhealthyThreshold'],
  ['frontendNlbHealthcheckSuccessCodes', 'healthCheck.successCodes'],
  ['frontendNlbHealthcheckPath', 'healthCheck.path'],
  ['frontendNlbEipAllocations', 'eipAllocations'],
  ['frontendNlbSecurityGroups', 'securityGroups'],
  ['frontendNlbSubnets', 'subnets'],
  ['frontendNlbScheme', 'scheme'],
];

/**
 * The settings of a frontend NLB.
 *
 * @param alb scheme and listeners of the Application Load Balancer
 * @throws InvalidProps for a value that is out of bounds or does not fit the Application Load Balancer, reported under `prop`
 */
export function renderFrontendNlb(
  options: FrontendNlbOptions, alb: { readonly scheme: AlbScheme; readonly listeners: readonly AlbListener[] }, prop = 'frontendNlb',
): FrontendNlbSettings {
  const { scheme = alb.scheme, subnets, securityGroups, eipAllocations, portMapping, attributes, tags } = options;
  if (eipAllocations !== undefined && scheme !== AlbScheme.INTERNET_FACING) {
    throw InvalidProps.conflict(`${prop}.eipAllocations`, eipAllocations, `cannot be set with scheme ${scheme}: Elastic IP addresses are public`);
  }
  if (eipAllocations !== undefined && eipAllocations.length !== subnets?.length) {
    throw InvalidProps.value(`${prop}.eipAllocations`, eipAllocations,
      `must have one entry per subnet; ${subnets === undefined ? 'subnets is not set' : `there are ${subnets.length} subnets`}`);
  }
  const settings: FrontendNlbSettings = {
    enableFrontendNlb: true,
    frontendNlbScheme: scheme,
    frontendNlbSubnets: subnets,
    frontendNlbSecurityGroups: securityGroups,
    frontendNlbEipAllocations: eipAllocations,
    frontendNlbListenerPortMapping: portMapping && mapping(`${prop}.portMapping`, portMapping, alb.listeners),
    ...healthCheck(`${prop}.healthCheck`, options.healthCheck ?? {}, alb.listeners),
    frontendNlbAttributes: attributes && filled(renderFrontendNlbAttributes(attributes, `${prop}.attributes`)),
    frontendNlbTags: tags && requireTags(`${prop}.tags`, tags),
  };
  requireBounds(prop, settings);
  return settings;
}

function mapping(prop: string, ports: readonly FrontendNlbPort[], listeners: readonly ListenPort[]): { readonly [nlbPort: string]: string } {
  if (ports.length === 0) {
    throw InvalidProps.value(prop, ports, 'must have at least one entry; leave it unset to forward every listener');
  }
  ports.forEach(({ nlbPort, albPort }, index) => {
    requirePort(`${prop}[${index}].nlbPort`, nlbPort);
    if (ports.findIndex(other => other.nlbPort === nlbPort) !== index) {
      throw InvalidProps.duplicate(`${prop}[${index}].nlbPort`, nlbPort, 'mapped above');
    }
    listenerOf(`${prop}[${index}].albPort`, albPort, listeners);
  });
  return Object.fromEntries(ports.map(({ nlbPort, albPort }) => [String(nlbPort), String(albPort)]));
}

function healthCheck(prop: string, check: FrontendNlbHealthCheck, listeners: readonly AlbListener[]): FrontendNlbSettings {
  const listener = listenerToAsk(`${prop}.port`, check.port, listeners);
  const interval = check.interval && wholeSeconds(`${prop}.interval`, check.interval, 5, 300);
  const timeout = check.timeout && wholeSeconds(`${prop}.timeout`, check.timeout, 2, 120);
  if ((timeout ?? 5) >= (interval ?? 15)) {
    throw InvalidProps.value(`${prop}.timeout`, `${timeout ?? 5} s`, `must be less than the interval of ${interval ?? 15} s`);
  }
  return {
    frontendNlbHealthcheckPort: String(listener.port),
    frontendNlbHealthcheckProtocol: listener.protocol === ListenerProtocol.HTTPS ? BackendProtocol.HTTPS : BackendProtocol.HTTP,
    frontendNlbHealthcheckPath: check.path,
    frontendNlbHealthcheckIntervalSeconds: interval,
    frontendNlbHealthcheckTimeoutSeconds: timeout,
    frontendNlbHealthcheckHealthyThresholdCount: check.healthyThreshold,
    frontendNlbHealthcheckUnhealthyThresholdCount: check.unhealthyThreshold,
    frontendNlbHealthcheckSuccessCodes: check.successCodes ?? '200-499',
  };
}

/** The Network Load Balancer cannot present a client certificate. */
function listenerToAsk(prop: string, port: number | undefined, listeners: readonly AlbListener[]): ListenPort {
  const open = listeners.filter(({ verifies }) => !verifies);
  if (open.length === 0) {
    throw InvalidProps.value(prop, port,
      'must be a listener that does not verify client certificates; here every listener does, and the health check has no certificate');
  }
  return port === undefined
    ? open.find(({ protocol }) => protocol === ListenerProtocol.HTTPS) ?? open[0]
    : listenerOf(prop, port, open, ' that does not verify client certificates');
}

/** The controller silently skips ports without a listener. */
function listenerOf(prop: string, port: number, listeners: readonly ListenPort[], why = ''): ListenPort {
  const found = listeners.find(listener => listener.port === port);
  if (!found) {
    throw InvalidProps.value(prop, port, `must be the port of a listener${why}: ${listeners.map(listener => listener.port).join(', ')}`);
  }
  return found;
}

function requireBounds(prop: string, settings: AlbSettings): void {
  renaming(refused => {
    const [setting, name] = PROPS.find(([known]) => refused.startsWith(known)) ?? ['', ''];
    return `${prop}.${name}${refused.slice(setting.length)}`;
  }, () => encodeAlbAnnotations(settings));
}
