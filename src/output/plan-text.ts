// Planned load balancers as text for people: for each a table of listeners and rules, its target groups, and what is not known yet.
import { objectNameOf, type Manifest } from '../manifests/manifest';
import type { ForwardTarget, HealthCheck, Listener, LoadBalancer, RuleAction, RuleCondition, TargetGroup } from '../plan/load-balancer';
import type { Plan, RefusedLoadBalancer } from '../plan/plan';
import type { PlanEvent } from '../plan/refusal';
import type { PlannedTargetGroupBinding } from '../plan/webhooks/target-group-binding';
import { safe } from './changed-value';

/** The plan. Ends with a line break. */
export function renderPlanText({ loadBalancers, targetGroupBindings, unmanaged, events }: Plan): string {
  const paragraphs = loadBalancers.map(one => ('refused' in one ? refusedLines(one) : loadBalancerLines(one)).join('\n'));
  const others = [
    ...targetGroupBindings.flatMap(bindingLines),
    ...unmanaged.filter(({ isInvalid }) => !isInvalid).map(({ manifest, reason }) => `${membersOf([manifest])} ${safe(reason)} (no load balancer)`),
    ...events.filter(({ reach }) => reach !== 'group').map(eventLine),
  ];
  const none = loadBalancers.length === 0 ? ['No load balancer: no Ingress or Service here belongs to the AWS Load Balancer Controller.'] : [];
  return `${[...none, ...paragraphs, ...others.length > 0 ? [others.join('\n')] : []].join('\n\n')}\n`;
}

function refusedLines({ group, members, refused }: RefusedLoadBalancer): string[] {
  return [
    `Load balancer of ${safe(group)}: refused. The controller changes nothing for ${membersOf(members)}.`,
    `  ${placeOf(refused)}: ${safe(refused.reason)}`,
  ];
}

/** A binding that is stored; a refused one has an event. */
function bindingLines({ manifest, spec, unknown }: PlannedTargetGroupBinding): string[] {
  if (!spec) {
    return [];
  }
  const { serviceRef, targetGroupARN, targetGroupName, targetType } = spec;
  const type = targetType === undefined ? '' : ` (${targetType})`;
  const target = targetGroupARN ?? targetGroupName ?? '';
  const line = `${membersOf([manifest])}: Service ${serviceRef?.name}:${serviceRef?.port} → ${target}${type}`;
  return [line, ...unknown.map(what => `  known after apply: ${what}`)].map(safe);
}

const EFFECTS = {
  rule: 'refused; the rule is not built', ingress: 'refused; the Ingress gets no load balancer', group: 'refused', object: 'refused at apply',
} as const;

function eventLine(event: PlanEvent): string {
  const webhook = event.webhook === undefined ? '' : ` by ${event.webhook}`;
  const effect = event.severity === 'ignored' ? 'ignored' : EFFECTS[event.reach] + webhook;
  return `${placeOf(event)}: ${safe(event.reason)} (${effect})`;
}

function loadBalancerLines(balancer: LoadBalancer): string[] {
  const { type, name, group, members, scheme, ipAddressType, securityGroups, subnets, attributes, webAcl, listeners, targetGroups, unknown } = balancer;
  const services = new Map(targetGroups.map(own => [own.id, own]));
  const sharing = members.length > 1 ? ` (group ${safe(group)})` : '';
  const facts = [
    `scheme ${scheme}, ${ipAddressType}`,
    ...subnets.length > 0 ? [`subnets ${subnets.map(({ subnetID }) => subnetID).join(', ')}`] : [],
    `security groups ${securityGroups.join(', ')}`,
    ...attributes.length > 0 ? [attributes.map(({ key, value }) => `${key}=${value}`).join(', ')] : [],
    ...webAcl ? [`web ACL ${webAcl}`] : [],
  ];
  return [
    `${type === 'application' ? 'Application' : 'Network'} Load Balancer ${safe(name)}, for ${membersOf(members)}${sharing}`,
    ...facts.map(fact => `  ${safe(fact)}`),
    '',
    ...table(listeners.flatMap(listener => listenerRows(listener, services))),
    ...targetGroups.length > 0 ? ['', '  Target groups', ...table(targetGroups.map(targetGroupRow))] : [],
    ...unknown.length > 0 ? ['', '  Known after apply', ...unknown.map(what => `    ${safe(what)}`)] : [],
  ];
}

function listenerRows({ port, protocol, certificates, sslPolicy, rules, defaultActions }: Listener, services: ReadonlyMap<string, TargetGroup>): string[][] {
  const shown = certificates.map(({ certificateARN, discoveredFor, created }) => (
    certificateARN ?? (discoveredFor ? `those of ACM for ${discoveredFor}` : `created ${created}`)));
  const tls = sslPolicy === undefined ? '' : `, ${sslPolicy}, certificates: ${shown.join(', ') || 'none'}`;
  return [
    [`${protocol} ${port}${tls}`],
    ...rules.map(({ priority, conditions, actions }) => [`  ${priority}`, conditions.map(conditionOf).join(', '), actionsOf(actions, services)]),
    ['  default', '', actionsOf(defaultActions, services)],
  ];
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

function actionsOf(actions: readonly RuleAction[], services: ReadonlyMap<string, TargetGroup>): string {
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
function targetOf({ service, albPort }: TargetGroup): string {
  return service ? `Service ${service.namespace}/${service.name}:${service.port}` : `the Application Load Balancer:${albPort}`;
}

function targetGroupRow(targetGroup: TargetGroup): string[] {
  const { name, protocol, protocolVersion = 'HTTP1', port, targetType, healthCheck } = targetGroup;
  const version = protocolVersion === 'HTTP1' ? '' : ` ${protocolVersion}`;
  const target = `${targetType} ${protocol}${version} ${port || '(node port)'}`;
  return [`  ${name}`, targetOf(targetGroup).replace(/^Service /, ''), target, healthCheckOf(healthCheck)];
}

function healthCheckOf({ protocol, port, path, matcher, intervalSeconds }: HealthCheck): string {
  const codes = matcher?.grpcCode === undefined ? matcher?.httpCode : `gRPC ${matcher.grpcCode}`;
  const expected = [...path === undefined ? [] : [path], ...codes === undefined ? [] : [`expects ${codes}`]];
  return `health: ${[protocol, port === 'traffic-port' ? 'traffic port' : port, ...expected].join(' ')} every ${intervalSeconds} s`;
}

/** Rows in columns, indented. The last cell of a row is not padded and may be of any length. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => rows.reduce((most, row) => (column < row.length - 1 ? Math.max(most, row[column].length) : most), 0);
  return rows.map(row => `  ${row.map((cell, column) => safe(cell).padEnd(column < row.length - 1 ? width(column) : 0)).join('  ').trimEnd()}`);
}

function membersOf(members: readonly Manifest[]): string {
  return members.map(objectNameOf).map(({ kind, namespace, name }) => `${kind} ${namespace ? `${namespace}/` : ''}${name}`).map(safe).join(', ');
}

function placeOf({ manifest, pointer }: Pick<PlanEvent, 'manifest' | 'pointer'>): string {
  const { origin } = manifest;
  const place = 'file' in origin ? `${origin.file}:${origin.line}: ` : origin.construct ? `${origin.construct}: ` : '';
  return `${safe(place)}${membersOf([manifest])} ${safe(pointer)}`;
}
