// Conditions and actions of listener rules as text for people.
import type { ForwardTarget, RuleAction, RuleCondition, TargetGroup } from '../plan/load-balancer';

/** The conditions of a rule, such as `host shop.example.com, path /*`. */
export function conditionsOf(conditions: readonly RuleCondition[]): string {
  return conditions.map(conditionOf).join(', ');
}

function conditionOf(condition: RuleCondition): string {
  const patterns = (name: string, { values = [], regexValues = [] }: { readonly values?: readonly string[]; readonly regexValues?: readonly string[] }) => (
    `${name} ${[...values, ...regexValues.map(value => `~ ${value}`)].join(' or ')}`);
  const { hostHeaderConfig, pathPatternConfig, httpHeaderConfig, httpRequestMethodConfig, queryStringConfig, sourceIPConfig } = condition;
  switch (condition.field) {
    case 'host-header': return patterns('host', hostHeaderConfig!);
    case 'path-pattern': return patterns('path', pathPatternConfig!);
    case 'http-header': return patterns(`header ${httpHeaderConfig!.httpHeaderName}`, httpHeaderConfig!);
    case 'http-request-method': return `method ${httpRequestMethodConfig!.values.join(' or ')}`;
    case 'query-string': return `query ${queryStringConfig!.values.map(({ key, value }) => (key ? `${key}=${value}` : value)).join(' or ')}`;
    default: return `from ${sourceIPConfig!.values.join(' or ')}`;
  }
}

/** The actions in order, such as `→ Service shop/web:80`. */
export function actionsOf(actions: readonly RuleAction[], services: ReadonlyMap<string, TargetGroup>): string {
  return `→ ${actions.map(action => actionOf(action, services)).join(', then ')}`;
}

function actionOf({ type, forwardConfig, redirectConfig, fixedResponseConfig }: RuleAction, services: ReadonlyMap<string, TargetGroup>): string {
  switch (type) {
    case 'forward': return targetsOf(forwardConfig!.targetGroups, services);
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
    default: return `login (${type.replace('authenticate-', '')})`;
  }
}

function targetsOf(targets: readonly ForwardTarget[], services: ReadonlyMap<string, TargetGroup>): string {
  const total = targets.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const shown = targets.map(({ targetGroup, targetGroupARN, targetGroupName, weight = 1 }) => {
    const known = targetGroup === undefined ? undefined : services.get(targetGroup);
    const name = (known && targetOf(known)) ?? targetGroup ?? targetGroupARN ?? targetGroupName ?? '';
    return targets.length === 1 ? name : `${total === 0 ? 0 : Math.round(1000 * weight / total) / 10} % ${name}`;
  });
  return shown.join(', ') || 'nothing: the list of targets is empty';
}

/** What the targets are: a Service, or the Application Load Balancer behind a frontend. */
export function targetOf({ service, albPort }: TargetGroup): string {
  return service ? `Service ${service.namespace}/${service.name}:${service.port}` : `the Application Load Balancer:${albPort}`;
}
