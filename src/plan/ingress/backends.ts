// Backends of Ingresses: the action that a rule takes (AWS Load Balancer Controller 3.5.0 pkg/ingress/enhanced_backend_builder.go).
import type { ActionSettings, TargetGroupTuple } from '../../base/alb-annotations/rule';
import type { Manifest } from '../../manifests/manifest';
import { asObject, asText, isObject } from '../../manifests/plain-json';
import type { Build } from './build';
import { readConditions, readTransforms } from './conditions';
import type { Member } from './groups';
import type { ForwardTarget, From, RuleAction, RuleCondition, RuleTransform } from '../load-balancer';
import { authActions } from './login';
import { Refusal } from '../refusal';
import type { Settings } from '../settings';
import { annotationPointer } from '../settings';
import type { TargetGroups } from './target-groups';
import { portOf, serviceOf, USE_ANNOTATION } from './written-backends';

/** A backend, ready for a rule or a default action. */
export interface Backend {
  readonly conditions: readonly RuleCondition[];
  readonly transforms: readonly RuleTransform[];
  /** For an HTTP listener, without the login. */
  readonly actions: readonly RuleAction[];
  /** For an HTTPS listener: the login or JWT validation, if any, and the action. */
  readonly guardedActions: () => readonly RuleAction[];
}

/** An action, and the settings of the Service if it is the only target. */
interface Action {
  readonly action: RuleAction;
  readonly onlyService?: Settings;
  /** The only target is a Service that the input lacks. */
  readonly isServiceUnknown?: boolean;
}

/** Reads backends and makes the target groups that they need. Paths with the same backend share what is read. */
export class Backends {
  private readonly known = new Map<Member, Map<string, Backend>>();

  public constructor(private readonly build: Build, private readonly targetGroups: TargetGroups) {}

  /** @throws Refusal for what the controller refuses */
  public read(member: Member, value: unknown, pointer: string): Backend {
    const from: From = { manifest: member.manifest, pointer };
    const service = serviceOf(member.manifest, asObject(value));
    if (!isObject(service)) {
      throw new Refusal(member.manifest, pointer, 'must have a service: the controller does not know other backends');
    }
    const name = asText(service.name) ?? '';
    const port = portOf(asObject(service.port));
    const ofMember = this.known.get(member) ?? new Map<string, Backend>();
    this.known.set(member, ofMember);
    const key = typeof port === 'number' ? `${port} ${name}` : JSON.stringify([name, port]);
    const known = ofMember.get(key);
    if (known) {
      this.targetGroups.repeat(member, name, port, from);
      return known;
    }
    const read = this.readNew(member, name, port, from);
    ofMember.set(key, read);
    return read;
  }

  private readNew(member: Member, name: string, port: number | string, from: From): Backend {
    const { refusals } = this.build;
    const conditions = refusals.attempt(() => readConditions(member, name), []);
    const transforms = refusals.attempt(() => readTransforms(member, name), []);
    const action = port === USE_ANNOTATION ? this.annotated(member, name, from) : forwardTo({ serviceName: name, servicePort: port });
    const decided = port === USE_ANNOTATION ? { manifest: member.manifest, pointer: annotationPointer(`actions.${name}`) } : from;
    const refused: Action = { action: unavailable('Refused') as RuleAction };
    const { action: built, onlyService, isServiceUnknown } = refusals.attempt(() => this.built(member, action, decided), refused);
    // A Service that is not in the input may have settings for the login.
    const before = refusals.areCollected && isServiceUnknown ? noLogin(member) : refusals.attempt(() => authActions(this.build, member, onlyService), () => []);
    let guarded: readonly RuleAction[] | undefined;
    return { conditions, transforms, actions: [built], guardedActions: () => (guarded ??= [...before(), built]) };
  }

  private annotated(member: Member, name: string, from: From): ActionSettings {
    const { refusals } = this.build;
    const action = member.settings.named('actions', name) as ActionSettings | undefined;
    if (action) {
      return action;
    }
    if (refusals.areCollected) {
      if (!member.settings.unreadable('actions', name)) {
        refusals.report(new Refusal(from.manifest, from.pointer, `no annotation declares action ${name}`, { is: 'missing-action', name }));
      }
    } else if (!this.build.options.tolerateNonExistentBackendAction) {
      throw member.settings.refusal('actions', 'is missing, and a backend uses it', name);
    }
    return unavailable('Backend action does not exist');
  }

  private built(member: Member, action: ActionSettings, from: From): Action {
    const refuse = (reason: string) => new Refusal(from.manifest, from.pointer, reason);
    switch (action.type) {
      case 'fixed-response':
        if (!action.fixedResponseConfig?.statusCode) {
          throw refuse(action.fixedResponseConfig ? 'needs fixedResponseConfig.statusCode' : 'needs fixedResponseConfig');
        }
        return { action: { type: action.type, fixedResponseConfig: action.fixedResponseConfig } };
      case 'redirect':
        if (!action.redirectConfig?.statusCode) {
          throw refuse(action.redirectConfig ? 'needs redirectConfig.statusCode' : 'needs redirectConfig');
        }
        return { action: { type: action.type, redirectConfig: action.redirectConfig } };
      case 'forward':
        return this.forward(member, action, from, refuse);
      default:
        throw refuse(`type must be forward, redirect or fixed-response; got ${String(action.type)}`);
    }
  }

  private forward(member: Member, { forwardConfig }: ActionSettings, from: From, refuse: (reason: string) => Refusal): Action {
    if (!forwardConfig) {
      throw refuse('needs forwardConfig, targetGroupARN or targetGroupName');
    }
    const written = forwardConfig.targetGroups ?? [];
    const { references, refusals } = this.build;
    written.forEach(tuple => refusals.attempt(() => requireTuple(tuple, written.length > 1, refuse), undefined));
    const tuples = written.filter(isComplete);
    const own = ({ serviceName }: TargetGroupTuple) => (serviceName === undefined ? undefined : references.service(member.namespace, serviceName));
    const targets = tuples.map(tuple => ({ tuple, service: own(tuple) }));
    // A survey reports it with the target group.
    const missing = refusals.areCollected ? undefined : targets.find(({ tuple: { serviceName }, service }) => (
      serviceName !== undefined && !service && !references.elsewhere.mayHaveService(serviceName, member.namespace)));
    if (missing && (targets.length > 1 || !this.build.options.tolerateNonExistentBackendService)) {
      throw refuse(`Service ${member.namespace}/${missing.tuple.serviceName} does not exist`);
    }
    if (missing) {
      return { action: unavailable('Backend service does not exist') as RuleAction };
    }
    const targetGroups = targets.map(({ tuple, service }) => this.forwardTarget(member, tuple, service, from));
    const { targetGroupStickinessConfig } = forwardConfig;
    const only = targets.length === 1 ? targets[0].service : undefined;
    const isServiceUnknown = targets.length === 1 && tuples[0].serviceName !== undefined && only === undefined;
    return {
      isServiceUnknown,
      action: { type: 'forward', forwardConfig: { targetGroups, ...targetGroupStickinessConfig && { targetGroupStickinessConfig } } },
      onlyService: only && this.build.references.settingsOf(only),
    };
  }

  private forwardTarget(member: Member, tuple: TargetGroupTuple, service: Manifest | undefined, from: From): ForwardTarget {
    const { serviceName, servicePort, targetGroupARN, targetGroupName, weight } = tuple;
    const weighted = weight === undefined ? {} : { weight };
    if (serviceName !== undefined) {
      const port = typeof servicePort === 'string' && /^\d+$/.test(servicePort) ? Number(servicePort) : servicePort!;
      return { targetGroup: this.targetGroups.idOf({ member, service, serviceName, port, from }), ...weighted };
    }
    if (targetGroupARN !== undefined) {
      return { targetGroupARN, ...weighted };
    }
    const found = this.build.ask({ ask: 'target group by name', name: targetGroupName! }, `the ARN of target group ${targetGroupName}`, member, from.pointer);
    return { ...found ? { targetGroupARN: found[0] } : { targetGroupName }, ...weighted };
  }
}

/** Whether a target group has all that it needs; always so if {@link requireTuple} does not refuse it. */
function isComplete({ serviceName, servicePort, targetGroupARN, targetGroupName }: TargetGroupTuple): boolean {
  return serviceName !== undefined ? servicePort !== undefined : targetGroupARN !== undefined || targetGroupName !== undefined;
}

/** Empty strings count as set (pkg/ingress/config_types.go:86). */
function requireTuple(tuple: TargetGroupTuple, isOneOfSeveral: boolean, refuse: (reason: string) => Refusal): void {
  const hasService = tuple.serviceName !== undefined;
  const isExisting = tuple.targetGroupARN !== undefined || tuple.targetGroupName !== undefined;
  if (hasService === isExisting) {
    throw refuse('each target group must be either a Service with its port or an existing target group');
  }
  if (hasService && tuple.servicePort === undefined) {
    throw refuse('a target group needs servicePort');
  }
  if (isOneOfSeveral && tuple.weight === undefined) {
    throw refuse('each of several target groups needs a weight');
  }
}

/** Only JWT validation, which no Service sets. */
function noLogin({ settings }: Member): () => RuleAction[] {
  settings.get('jwtValidation');
  return () => [];
}

function forwardTo(tuple: TargetGroupTuple): ActionSettings {
  return { type: 'forward', forwardConfig: { targetGroups: [tuple] } };
}

function unavailable(messageBody: string): ActionSettings & RuleAction {
  return { type: 'fixed-response', fixedResponseConfig: { contentType: 'text/plain', messageBody, statusCode: '503' } } as ActionSettings & RuleAction;
}
