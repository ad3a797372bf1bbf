// What an apply changes in AWS, as text for people: the changes that cost an outage first, and each with its reason.
import { identityOf, type Manifest } from '../manifests/manifest';
import type { TargetGroupBindingChange } from '../plan/changes/binding-changes';
import type { PlannedFieldChange } from '../plan/changes/change';
import type { ListenerChange } from '../plan/changes/listener-changes';
import type { LoadBalancerChange } from '../plan/changes/load-balancer-changes';
import type { PlanChanges } from '../plan/changes/plan-changes';
import type { RuleChange } from '../plan/changes/rule-changes';
import type { TargetGroupChange } from '../plan/changes/target-group-changes';
import { isProtected } from '../plan/deletion-protection';
import type { Listener, ListenerRule, LoadBalancer } from '../plan/load-balancer';
import { safe, showValues } from './changed-value';
import { showFile } from './object-text';
import { eventLine, eventLines, membersOf } from './plan-text';
import { quotaLines } from './quota-text';
import { actionsOf, conditionsOf, type Named, targetOf } from '../plan/rule-text';

/** The riskiest first. */
const CHANGES = ['deleted', 'replaced', 'refused', 'unknown', 'updated', 'created', 'unchanged'] as const;

const SIGNS = { created: '+', deleted: '-', replaced: '-/+', updated: '~', moved: '>', unchanged: ' ', refused: '!', unknown: '?' } as const;

const OUTAGE = {
  loadBalancer: 'An outage: there is no load balancer until the new one is active and DNS points to it.',
  targetGroup: 'An outage: requests fail until the new targets are registered and healthy.',
} as const;

/** The changes. Ends with a line break. */
export function renderPlanChangesText({ loadBalancers, targetGroupBindings, events, quotas }: PlanChanges): string {
  const shown = loadBalancers.filter(({ change, fields, listeners, targetGroups }) => (
    change !== 'unchanged' || fields.length + listeners.length + targetGroups.length > 0));
  const replacesTargets = ({ targetGroups }: LoadBalancerChange) => (
    targetGroups.some(({ change, takesRequestsFrom }) => change === 'replaced' || takesRequestsFrom !== undefined));
  const sorted = CHANGES.flatMap(word => shown.filter(({ change }) => change === word).sort((a, b) => Number(replacesTargets(b)) - Number(replacesTargets(a))));
  const refusals = new Set(loadBalancers.map(({ refused }) => refused));
  const others = [...eventLines(events.filter(event => event.reach !== 'group' && !refusals.has(event))), ...quotaLines(quotas, undefined)];
  const heirs = loadBalancers.filter(({ after }) => after !== undefined);
  const paragraphs = sorted.map(own => [
    ...linesOf(own, heirs), ...own.after ? quotaLines(quotas, own.after).map(line => `    AWS quota ${line}`) : [],
  ].join('\n'));
  const bindings = targetGroupBindings.filter(({ change }) => change !== 'unchanged').map(bindingLines);
  paragraphs.push(...bindings.map(lines => lines.join('\n')));
  return `${[summaryOf(loadBalancers), ...paragraphs, ...others.length > 0 ? [others.join('\n')] : []].join('\n\n')}\n`;
}

function bindingLines({ change, manifest, fields }: TargetGroupBindingChange): string[] {
  return [safe(`${SIGNS[change]} ${membersOf([manifest])}${showFile([manifest])}: ${change}`), ...fields.map(field => `    ${fieldLine(field)}`)];
}

function summaryOf(loadBalancers: readonly LoadBalancerChange[]): string {
  const count = (changes: readonly { readonly change: string }[]) => {
    const counted = CHANGES.map(word => ({ word, number: changes.filter(({ change }) => change === word).length }));
    return counted.filter(({ number }) => number > 0).map(({ word, number }) => `${number} ${word}`).join(', ');
  };
  const targetGroups = count(loadBalancers.flatMap(own => own.targetGroups).filter(({ change }) => change !== 'unchanged'));
  return [
    loadBalancers.length === 0 ? 'No load balancer, before or after.' : `Load balancers: ${count(loadBalancers)}`,
    ...targetGroups === '' ? [] : [`Target groups of these: ${targetGroups}`],
  ].join('\n');
}

/** @param heirs the load balancers after the apply */
function linesOf(own: LoadBalancerChange, heirs: readonly LoadBalancerChange[]): string[] {
  const { change, type, group, before, after, refused, fields, listeners, targetGroups } = own;
  const { members = refused ? [refused.manifest] : [] } = after ?? before ?? {};
  // A load balancer that is not replaced keeps its name.
  const { name } = (change === 'replaced' ? after : before ?? after) ?? {};
  const title = type === undefined ? `Load balancer of ${group}` : `${type === 'application' ? 'Application' : 'Network'} Load Balancer ${name}`;
  const planned = [...before?.targetGroups ?? [], ...after?.targetGroups ?? []];
  const named: Named = { targetGroups: new Map(planned.map(target => [target.id, target])), from: members };
  return [
    safe(`${SIGNS[change]} ${title}, for ${membersOf(members)}${showFile(members)}: ${change}`),
    ...detailsOf(own, heirs).map(line => `    ${line}`),
    ...fields.map(field => `    ${fieldLine(field)}`),
    ...listeners.flatMap(listener => listenerLines(listener, named)),
    ...targetGroups.flatMap(target => targetGroupLines(target, named)),
  ];
}

function detailsOf({ change, type, before, after, refused }: LoadBalancerChange, heirs: readonly LoadBalancerChange[]): string[] {
  const of = heirs.filter(heir => heir.type === type);
  switch (change) {
    case 'created': {
      const rules = (after?.listeners ?? []).reduce((sum, listener) => sum + listener.rules.length, 0);
      return [safe(`${after?.scheme}, ${(after?.listeners ?? []).map(nameOf).join(', ')}, ${rules} ${rules === 1 ? 'rule' : 'rules'}`)];
    }
    case 'replaced': return [OUTAGE.loadBalancer, ...protectionLines(before)];
    case 'deleted': return [...protectionLines(before), ...movedLines(before?.members ?? [], of, 'the old DNS name is gone')];
    case 'updated': return movedLines(leaversOf(before, after), of, 'the rules are gone from the old load balancer');
    case 'refused': return ['AWS keeps what it has, and nothing changes until the cause is fixed.', ...refused ? [eventLine(refused)] : []];
    case 'unknown': return ['The controller refuses the old objects, so that nobody can tell what AWS has.'];
    default: return [];
  }
}

function protectionLines(before: LoadBalancer | undefined): string[] {
  return before === undefined || !isProtected(before) ? [] : before.autoMode
    ? ['Deletion protection is on, and whether EKS Auto Mode turns it off is not known.']
    : ['Deletion protection does not prevent it: the controller turns it off.'];
}

/** The members that a load balancer loses. */
function leaversOf(before: LoadBalancer | undefined, after: LoadBalancer | undefined): Manifest[] {
  const left = new Set(after?.members.map(identityOf));
  return before?.members.filter(member => !left.has(identityOf(member))) ?? [];
}

/** Objects that get another load balancer, such as an Ingress in another group. */
function movedLines(members: readonly Manifest[], heirs: readonly LoadBalancerChange[], loss: string): string[] {
  const own = new Set(members.map(identityOf));
  return heirs.flatMap(({ change, after }) => {
    const moved = after?.members.filter(member => own.has(identityOf(member))) ?? [];
    return moved.length === 0 ? [] : [
      safe(`${membersOf(moved)} moves to load balancer ${after?.name}, which ${change === 'created' ? 'is created and ' : ''}has another DNS name.`),
      `An outage: ${loss} before DNS points to the new one.`,
    ];
  });
}

function nameOf({ protocol, port }: Listener): string {
  return `${protocol} ${port}`;
}

function listenerLines({ change, before, after, fields, rules }: ListenerChange, named: Named): string[] {
  const count = change === 'created' ? after!.rules.length : change === 'deleted' ? before!.rules.length : 0;
  return [
    safe(`  ${SIGNS[change]} ${nameOf((after ?? before)!)}${count > 0 ? ` with ${count} ${count === 1 ? 'rule' : 'rules'}` : ''}: ${change}`),
    ...fields.some(({ path }) => path.startsWith('/defaultActions')) ? [
      safe(`      default ${actionsOf(after!.defaultActions, named)}`), safe(`        before: ${actionsOf(before!.defaultActions, named)}`),
    ] : [],
    ...fields.filter(({ path, effect }) => !path.startsWith('/defaultActions') || effect !== 'updated').map(field => `      ${fieldLine(field)}`),
    ...joined(rules).flatMap(own => ruleLines(own, named)),
  ];
}

/** A run of rules that move by the same distance. */
interface Run {
  readonly rule: RuleChange;
  readonly last: RuleChange;
}

/** Rules in a row that only move, as one: an inserted rule moves all rules after it. */
function joined(rules: readonly RuleChange[]): Run[] {
  const distance = ({ priority, previousPriority = 0 }: RuleChange) => priority - previousPriority;
  const runs: Run[] = [];
  for (const rule of rules) {
    const run = runs.at(-1);
    const continues = run !== undefined && [run.last, rule].every(({ change, fields }) => change === 'moved' && fields.length === 0)
      && run.last.priority === rule.priority - 1 && distance(run.last) === distance(rule);
    if (continues) {
      runs[runs.length - 1] = { ...run, last: rule };
    } else {
      runs.push({ rule, last: rule });
    }
  }
  return runs;
}

function ruleLines({ rule, last }: Run, named: Named): string[] {
  const { change, priority, previousPriority, before, after, fields } = rule;
  const sign = `    ${SIGNS[change]} `;
  if (rule !== last) {
    return [`${sign}rules ${previousPriority} to ${last.previousPriority} become ${priority} to ${last.priority}`];
  }
  const shown = ({ conditions, actions, transforms, from }: ListenerRule) => (
    `${conditionsOf(conditions)}  ${actionsOf(actions, { ...named, from: [from.manifest] }, transforms)}`);
  const isRewritten = change === 'updated' && shown(before!) !== shown(after!);
  const others = fields.filter(({ path, effect }) => !isRewritten || effect !== 'updated' || !/^\/(conditions|actions|transforms)\//.test(path));
  return [
    safe(`${sign}rule ${change === 'moved' ? `${previousPriority} becomes ${priority}` : priority}  ${shown((after ?? before)!)}`),
    ...isRewritten ? [safe(`        before: ${shown(before!)}`)] : [],
    ...others.map(field => `        ${fieldLine(field)}`),
  ];
}

function targetGroupLines({ change, before, after, fields, takesRequestsFrom }: TargetGroupChange, { targetGroups }: Named): string[] {
  const sources = takesRequestsFrom?.map(id => (targetGroups.has(id) ? targetOf(targetGroups.get(id)!) : id));
  return [
    safe(`  ${SIGNS[change]} target group of ${targetOf((after ?? before)!)}: ${change}${sources ? `, for requests that ${sources.join(', ')} gets now` : ''}`),
    ...change === 'replaced' || sources ? [`      ${OUTAGE.targetGroup}`] : [],
    ...fields.map(field => `      ${fieldLine(field)}`),
  ];
}

/** Such as `scheme: "internal" → "internet-facing" (replaced: …)`. Entries of lists without order are added or removed. */
function fieldLine(field: PlannedFieldChange): string {
  const [first, ...steps] = field.path.slice(1).split('/').map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  const name = safe([ENTRIES[first] ?? first, ...steps].join(' '));
  const [before, after] = showValues(field);
  const values = before === undefined ? `added${isOwnName(field.after, name) ? '' : `: ${after}`}`
    : after === undefined ? `removed${isOwnName(field.before, name) ? '' : `; it was ${before}`}` : `${before} → ${after}`;
  const effect = field.effect === 'updated' ? '' : ` (${field.effect}: ${field.why})`;
  return `${name}${before === undefined || after === undefined ? ' ' : ': '}${values}${effect}`;
}

/** What one entry of a list or map is called. */
const ENTRIES: Readonly<Record<string, string>> = {
  attributes: 'attribute', tags: 'tag', subnets: 'subnet', securityGroups: 'security group', inboundRules: 'inbound rule', members: 'member',
  certificates: 'certificate', createdCertificates: 'created certificate', opened: 'opened to targets:', healthCheck: 'health check',
};

/** Whether an entry of a list without order is identified by its value. */
function isOwnName(value: unknown, name: string): boolean {
  return typeof value === 'string' && name.endsWith(` ${safe(value)}`);
}
