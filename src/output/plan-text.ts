// Planned load balancers as text for people: for each a table of listeners and rules, its target groups, and what is not known yet.
import { duplicatesIn } from '../base/duplicates';
import { groupBy } from '../base/multimap';
import { objectNameOf, type Manifest } from '../manifests/manifest';
import { comparePointers } from '../manifests/pointer';
import { type Attribute, certificateName, type HealthCheck, type InboundRule, type Listener, type LoadBalancer, type TargetGroup } from '../plan/load-balancer';
import { isBuilt, isRefused, type Plan, type RefusedLoadBalancer } from '../plan/plan';
import type { PlanEvent } from '../plan/refusal';
import type { PlannedTargetGroupBinding } from '../plan/webhooks/target-group-binding';
import { type QuotaUse, quotaUses } from '../plan/quotas/quota-uses';
import { safe } from './changed-value';
import { showFile, showName, showOrigin } from './object-text';
import { quotaLines } from './quota-text';
import { actionsOf, conditionsOf, type Named, targetOf } from '../plan/rule-text';

/** The plan, with what the controller refuses first. Ends with a line break. */
export function renderPlanText(plan: Plan): string {
  const { loadBalancers, targetGroupBindings, unmanaged, events } = plan;
  const uses = quotaUses(plan);
  const refusals = loadBalancers.filter(isRefused);
  const shown = new Set(refusals.map(({ refused }) => refused));
  const paragraphs = [
    ...refusals.map(refusedLines), ...loadBalancers.filter(isBuilt).map(one => loadBalancerLines(one, uses)),
  ].map(lines => lines.join('\n'));
  const others = [
    ...targetGroupBindings.flatMap(bindingLines),
    ...unmanaged.filter(({ isInvalid }) => !isInvalid).map(({ manifest, reason }) => `${membersOf([manifest])} ${safe(reason)} (no load balancer)`),
    ...eventLines(events.filter(event => event.reach !== 'group' && !shown.has(event))),
    ...quotaLines(uses, undefined),
  ];
  const hasRefusal = events.some(({ severity }) => severity === 'refused');
  const none = loadBalancers.length > 0 ? [] : hasRefusal ? ['No load balancer.']
    : ['No load balancer: no Ingress or Service here belongs to the AWS Load Balancer Controller.'];
  return `${[...none, ...paragraphs, ...others.length > 0 ? [others.join('\n')] : []].join('\n\n')}\n`;
}

function refusedLines({ autoMode, group, members, refused }: RefusedLoadBalancer): string[] {
  return [
    `Load balancer of ${safe(group)}: refused. ${autoMode ? 'EKS Auto Mode' : 'The controller'} changes nothing for ${membersOf(members)}.`,
    `  ${refused.reach === 'object' ? eventLine(refused) : `${placeOf(refused)}: ${safe(refused.reason)}`}`,
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

/** Events on a line each, and all dropped rules of an Ingress on one: behind a redirect to HTTPS that is what its author means. */
export function eventLines(events: readonly PlanEvent[]): string[] {
  const isDropped = ({ topic }: PlanEvent) => topic === 'dropped-rule';
  const dropped = groupBy(events.filter(isDropped), ({ manifest }) => manifest);
  return [...events.filter(event => !isDropped(event)).map(eventLine), ...[...dropped.values()].map(droppedLine)];
}

function droppedLine(events: readonly PlanEvent[]): string {
  const [{ manifest }] = events;
  const places = [...groupBy(events, ({ port }) => port)].sort(([one = 0], [other = 0]) => one - other)
    .map(([port, own]) => `port ${port} without ${own.map(({ pointer }) => pointer).sort(comparePointers).join(', ')}`);
  return safe(`${placeOf({ manifest, pointer: '' })}: redirects make rules useless, which are left out: ${places.join('; ')}`);
}

/** An event on one line. */
export function eventLine(event: PlanEvent): string {
  const by = event.webhook ?? (event.reach === 'object' ? 'the API server' : undefined);
  const effect = event.severity === 'ignored' ? 'ignored' : EFFECTS[event.reach] + (by === undefined ? '' : ` by ${by}`);
  return `${placeOf(event)}: ${safe(event.reason)} (${effect})`;
}

function loadBalancerLines(balancer: LoadBalancer, uses: readonly QuotaUse[]): string[] {
  const { type, name, group, members, scheme, ipAddressType, securityGroups, subnets, attributes, tags, webAcl } = balancer;
  const { listeners, targetGroups, unknown } = balancer;
  const quotas = quotaLines(uses, balancer);
  const by = balancer.autoMode ? ', by EKS Auto Mode' : '';
  const named: Named = { targetGroups: new Map(targetGroups.map(own => [own.id, own])), from: members };
  const repeated = new Set(duplicatesIn(targetGroups.map(targetOf)));
  const sharing = members.length > 1 ? ` (group ${safe(group)})` : '';
  const facts = [
    `scheme ${scheme}, ${ipAddressType}`,
    ...subnets.length > 0 ? [`subnets ${subnets.map(({ subnetID }) => subnetID).join(', ')}`] : [],
    `security groups ${securityGroups.join(', ') || 'none'}`,
    ...inboundOf(balancer.managedSecurityGroup?.inbound ?? []),
    ...attributes.length > 0 ? [pairsOf(attributes)] : [],
    ...webAcl ? [`web ACL ${webAcl}`] : [],
    ...Object.keys(tags).length > 0 ? [`tags ${pairsOf(Object.entries(tags).map(([key, value]) => ({ key, value })))}`] : [],
  ];
  return [
    `${type === 'application' ? 'Application' : 'Network'} Load Balancer ${safe(name)}, for ${membersOf(members)}${sharing}${safe(showFile(members))}${by}`,
    ...facts.map(fact => `  ${safe(fact)}`),
    '',
    ...table(listeners.flatMap(listener => listenerRows(listener, named, members.length > 1))),
    ...targetGroups.length > 0 ? ['', '  Target groups', ...table(targetGroups.map(own => targetGroupRow(own, repeated.has(targetOf(own)))))] : [],
    ...quotas.length > 0 ? ['', '  AWS quotas', ...quotas.map(line => `    ${line}`)] : [],
    ...unknown.length > 0 ? ['', '  Known after apply', ...unknown.map(what => `    ${safe(what)}`)] : [],
  ];
}

/** What the managed security group admits, such as `inbound tcp 80, 443 from 0.0.0.0/0`. */
function inboundOf(rules: readonly InboundRule[]): string[] {
  const sourceOf = ({ cidrIP, cidrIPv6, prefixList }: InboundRule) => cidrIP ?? cidrIPv6 ?? prefixList ?? '';
  const bySource = [...groupBy(rules.filter(({ port }) => port !== undefined), rule => `${rule.protocol} ${sourceOf(rule)}`).values()];
  const byPorts = groupBy(bySource, own => `${own[0].protocol} ${own.map(({ port }) => port).join(', ')}`);
  return [...byPorts].map(([ports, sources]) => `inbound ${ports} from ${sources.map(([rule]) => sourceOf(rule)).join(', ')}`);
}

/** @param isShared whether rules of several Ingresses are on the listener, so that each says where it is from */
function listenerRows(
  { port, protocol, certificates, sslPolicy, mutualAuthentication, attributes, rules, defaultActions }: Listener, named: Named, isShared: boolean,
): string[][] {
  const tls = sslPolicy === undefined ? '' : `, ${sslPolicy}, certificates: ${certificates.map(certificateName).join(', ') || 'none'}`;
  const clients = mutualAuthentication === undefined || mutualAuthentication.mode === 'off' ? '' : `, client certificates: ${mutualAuthentication.mode}`;
  const others = attributes.length > 0 ? `, ${pairsOf(attributes)}` : '';
  return [
    [`${protocol} ${port}${tls}${clients}${others}`],
    ...rules.map(({ priority, conditions, actions, transforms, from }) => [
      `  ${priority}`, conditionsOf(conditions), actionsOf(actions, { ...named, from: [from.manifest] }, transforms),
      ...isShared ? [`(${membersOf([from.manifest])})`] : [],
    ]),
    ['  default', '', actionsOf(defaultActions, named)],
  ];
}

/** @param isRepeated whether another Ingress has a target group of the same Service and port */
function targetGroupRow(targetGroup: TargetGroup, isRepeated: boolean): string[] {
  const { name, protocol, protocolVersion = 'HTTP1', port, targetType, healthCheck, attributes, from } = targetGroup;
  const version = protocolVersion === 'HTTP1' ? '' : ` ${protocolVersion}`;
  // The number in AWS is 1: each pod is registered with its own (3.5.0 pkg/ingress/model_build_target_group.go:304).
  const shown = port === 0 ? '(node port)' : port === 1 && targetType === 'ip' ? '(named port, of each pod)' : port;
  const owner = isRepeated ? ` for ${membersOf([from.manifest])}` : '';
  return [
    `  ${name}`, targetOf(targetGroup).replace(/^Service /, '') + owner, `${targetType} ${protocol}${version} ${shown}`,
    `${healthCheckOf(healthCheck)}${attributes.length > 0 ? `, ${pairsOf(attributes)}` : ''}`,
  ];
}

function pairsOf(pairs: readonly Attribute[]): string {
  return pairs.map(({ key, value }) => `${key}=${value}`).join(', ');
}

function healthCheckOf({ protocol, port, path, matcher, intervalSeconds }: HealthCheck): string {
  const codes = matcher?.grpcCode === undefined ? matcher?.httpCode : `gRPC ${matcher.grpcCode}`;
  const expected = [...path === undefined ? [] : [path], ...codes === undefined ? [] : [`expects ${codes}`]];
  const shown = port === 'traffic-port' ? 'traffic port' : port === 0 ? '(node port)' : port;
  return `health: ${[protocol, shown, ...expected].join(' ')} every ${intervalSeconds} s`;
}

/** Rows in columns, indented. The last cell of a row is not padded and may be of any length. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => rows.reduce((most, row) => (column < row.length - 1 ? Math.max(most, row[column].length) : most), 0);
  return rows.map(row => `  ${row.map((cell, column) => safe(cell).padEnd(column < row.length - 1 ? width(column) : 0)).join('  ').trimEnd()}`);
}

/** How many members a line names. */
const MAX_MEMBERS = 10;

/** The names of objects, as many as a line has. */
export function membersOf(members: readonly Manifest[]): string {
  const names = members.slice(0, MAX_MEMBERS).map(objectNameOf).map(showName);
  return safe(`${names.join(', ')}${members.length > MAX_MEMBERS ? ` and ${members.length - MAX_MEMBERS} more` : ''}`);
}

function placeOf({ manifest, pointer }: Pick<PlanEvent, 'manifest' | 'pointer'>): string {
  const annotation = /^\/metadata\/annotations\/([^/]+)$/.exec(pointer)?.[1].replaceAll('~1', '/').replaceAll('~0', '~');
  return `${safe(showOrigin(manifest.origin))}${membersOf([manifest])} ${safe(annotation === undefined ? pointer : `annotation ${annotation}`)}`.trimEnd();
}
