// Conditions and actions of listener rules as text for people.
import { namespacedName } from '../base/kubernetes-name';
import { type Manifest, namespaceOf, qualifiedNameOf } from '../manifests/manifest';
import type { ForwardTarget, Patterns, RuleAction, RuleCondition, RuleTransform, TargetGroup } from './load-balancer';
import { showShare } from '../base/share-text';

/** The conditions of a rule, such as `host shop.example.com, path /*`. */
export function conditionsOf(conditions: readonly RuleCondition[]): string {
  return conditions.map(conditionText).join(', ');
}

/** One condition. */
export function conditionText(condition: RuleCondition): string {
  const patterns = (name: string, { values = [], regexValues = [] }: Patterns) => (
    `${name} ${[...values, ...regexValues.map(value => `~ ${value}`)].join(' or ')}`);
  const { hostHeaderConfig, pathPatternConfig, httpHeaderConfig, httpRequestMethodConfig, queryStringConfig, sourceIPConfig } = condition;
  switch (condition.field) {
    case 'host-header': return patterns('host', hostHeaderConfig!);
    case 'path-pattern': return patterns('path', pathPatternConfig!);
    case 'http-header': return patterns(`header ${httpHeaderConfig!.httpHeaderName}`, httpHeaderConfig!);
    case 'http-request-method': return `method ${httpRequestMethodConfig!.values.join(' or ')}`;
    case 'query-string': return `query ${queryStringConfig!.values.map(({ key, value }) => (key ? `${key}=${value}` : value)).join(' or ')}`;
    default: return `source address ${sourceIPConfig!.values.join(' or ')}`;
  }
}

/** What actions refer to. */
export interface Named {
  /** The target groups of the plan, by id. */
  readonly targetGroups: ReadonlyMap<string, TargetGroup>;
  /** The Ingresses that an action may come from. */
  readonly from: readonly Manifest[];
}

/** The actions in order, such as `→ Service shop/web:80`. */
export function actionsOf(actions: readonly RuleAction[], named: Named, transforms: readonly RuleTransform[] = []): string {
  return `→ ${[...transforms.map(transformOf), ...actions.map(action => actionOf(action, named))].join(', then ')}`;
}

function transformOf({ type, urlRewriteConfig, hostHeaderRewriteConfig }: RuleTransform): string {
  const rewrites = (type === 'url-rewrite' ? urlRewriteConfig : hostHeaderRewriteConfig)?.rewrites ?? [];
  return `rewrite of the ${type === 'url-rewrite' ? 'URL' : 'host'} ${rewrites.map(({ regex, replace }) => `~ ${regex} to "${replace}"`).join(', ')}`;
}

function actionOf(action: RuleAction, named: Named): string {
  const { type, forwardConfig, redirectConfig, fixedResponseConfig } = action;
  switch (type) {
    case 'forward': return targetsOf(forwardConfig!.targetGroups, named) + stickinessOf(forwardConfig!);
    case 'redirect': {
      const { statusCode, ...parts } = redirectConfig!;
      const changes = Object.entries(parts).filter(([, value]) => !/^\/?#\{\w+\}$/.test(value)).map(([part, value]) => `${part} ${value}`);
      return `redirect to ${changes.join(', ') || 'the same URL'} (${statusCode.replace('HTTP_', '')})`;
    }
    case 'fixed-response': {
      const { statusCode, messageBody } = fixedResponseConfig!;
      return messageBody ? `${statusCode} "${messageBody}"` : statusCode;
    }
    case 'jwt-validation': return 'JWT validation';
    default: return loginOf(action);
  }
}

/** Whether a request without a login gets through is what matters most. */
function loginOf({ type, authenticateCognitoConfig, authenticateOIDCConfig }: RuleAction): string {
  const { onUnauthenticatedRequest } = authenticateCognitoConfig ?? authenticateOIDCConfig ?? {};
  const effect = onUnauthenticatedRequest === 'allow' ? '; requests without a login get through'
    : onUnauthenticatedRequest === 'deny' ? '; requests without a login get 401' : '';
  return `login (${type.replace('authenticate-', '')}${effect})`;
}

function stickinessOf({ targetGroupStickinessConfig }: NonNullable<RuleAction['forwardConfig']>): string {
  const { enabled, durationSeconds } = targetGroupStickinessConfig ?? {};
  return enabled === true ? ` (a client keeps its target group${durationSeconds === undefined ? '' : ` for ${durationSeconds} s`})` : '';
}

function targetsOf(targets: readonly ForwardTarget[], { targetGroups, from }: Named): string {
  const weights = targets.map(({ weight = 1 }) => weight);
  const shown = targets.map(({ targetGroup, targetGroupARN, targetGroupName, weight = 1 }) => {
    const known = targetGroup === undefined ? undefined : targetGroups.get(targetGroup);
    const missing = known === undefined && targetGroup !== undefined ? missingService(targetGroup, from) : undefined;
    const name = (known && targetOf(known)) ?? missing ?? targetGroupARN ?? targetGroupName ?? '';
    return targets.length === 1 ? name : `${showShare(weight, weights)} ${name}`;
  });
  return shown.join(', ') || 'nothing: the list of targets is empty';
}

/** The Service of a target group that the plan does not have. The id starts with the Ingress, unless two names of Ingresses start the same. */
function missingService(id: string, from: readonly Manifest[]): string {
  const owners = from.filter(own => id.startsWith(`${qualifiedNameOf(own)}-`));
  return owners.length !== 1 ? `${id} (not in the input)`
    : `Service ${namespaceOf(owners[0])}/${id.slice(qualifiedNameOf(owners[0]).length + 1)} (not in the input)`;
}

/** What the targets are: a Service, or the Application Load Balancer behind a frontend. */
export function targetOf({ service, albPort }: TargetGroup): string {
  return service ? `Service ${namespacedName(service)}:${service.port}` : `the Application Load Balancer:${albPort}`;
}
