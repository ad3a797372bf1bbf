// The stretch of the road in AWS: load balancers with their listeners, rules and target groups.
import { objectNameOf } from '../../manifests/manifest';
import type { ForwardTarget, Listener, ListenerRule, LoadBalancer, RedirectConfig, RuleAction, RuleCondition, TargetGroup } from '../../plan/load-balancer';
import { targetName } from '../../plan/load-balancer';
import { isBuilt, isRefused, type RefusedLoadBalancer } from '../../plan/plan';
import type { TraceModels } from '../../trace/models';
import { showName } from '../object-text';
import { type Named, actionsOf, conditionsOf } from '../../plan/rule-text';
import { showShare } from '../../base/share-text';
import { addPod } from './destinations';
import type { Draft, DraftNode, Label } from './draft';
import { portOf } from './ports';
import { listed } from './short-text';

const AWS = 'AWS';

/** Draws all load balancers of the plan, and the arrows to the gateways and pods behind them. */
export function addLoadBalancers(draft: Draft, models: TraceModels, client: () => DraftNode): void {
  const { loadBalancers } = models.plan;
  loadBalancers.filter(isBuilt).forEach(loadBalancer => addLoadBalancer(draft, models, client, loadBalancer));
  loadBalancers.filter(isRefused).forEach(refused => addRefused(draft, client, refused));
}

/** The controller builds nothing, so that clients do not get further. */
function addRefused(draft: Draft, client: () => DraftNode, { group, members, refused }: RefusedLoadBalancer): void {
  const node = draft.node(`refused ${group}`, () => ({
    station: 'listener', group: AWS, title: `load balancer of ${group}`, lines: [listed(members.map(own => showName(objectNameOf(own))))],
    fault: `refused: ${refused.reason}`,
  }));
  draft.alias(refused.manifest, node);
  draft.edge(client(), node, [], { fault: 'not built' });
}

function addLoadBalancer(draft: Draft, models: TraceModels, client: () => DraftNode, loadBalancer: LoadBalancer): void {
  const { targetGroups, members } = loadBalancer;
  const named: Named = { targetGroups: new Map(targetGroups.map(own => [own.id, own])), from: members };
  for (const listener of loadBalancer.listeners) {
    const isFrontend = targetGroups.some(({ albPort }) => albPort !== undefined);
    const node = draft.node(listener, () => listenerNode(loadBalancer, listener, named, isFrontend));
    const entry = isFrontend || !isBehindFrontend(models, loadBalancer, listener) ? [client()] : [];
    entry.forEach(from => draft.edge(from, node, [{ text: arrivingAt(listener) }]));
    const forwards = [...listener.rules.map(rule => ({ rule, actions: rule.actions })), { rule: undefined, actions: listener.defaultActions }];
    for (const { rule, actions } of forwards) {
      for (const { targetGroup, share } of targetsOf(actions)) {
        const text = `${share}${ruleText(loadBalancer, listener, rule, actions)}`;
        const labels: Label[] = text === '' ? [] : [{ text, of: [rule ?? listener] }];
        addTargetGroup(draft, models, { loadBalancer, from: node, labels }, targetGroup);
      }
    }
  }
}

/** Whether only a Network Load Balancer in front sends to the listener: the Application Load Balancer is internal then. */
function isBehindFrontend({ plan }: TraceModels, { group, type, scheme }: LoadBalancer, { port }: Listener): boolean {
  return type === 'application' && scheme === 'internal' && plan.loadBalancers.some(own => isBuilt(own) && own.type === 'network' && own.group === group
    && own.targetGroups.some(({ albPort }) => albPort === port));
}

function listenerNode(loadBalancer: LoadBalancer, listener: Listener, named: Named, isFrontend: boolean): DraftNode {
  const { type, group, name, scheme } = loadBalancer;
  // A name that the controller makes up says less than that of the Ingress, the group or the Service.
  const shown = name.endsWith('…') ? group.slice(group.indexOf('/') + 1) : name;
  const answers = [...listener.rules, ...listener.defaultActions.length === 0 ? [] : [undefined]].flatMap(rule => {
    const actions = rule?.actions ?? listener.defaultActions;
    const isForwarded = actions.some(({ type: own }) => own === 'forward');
    const condition = rule !== undefined ? `${conditionText(rule.conditions)} ` : listener.rules.length > 0 ? 'all others ' : '';
    const [{ redirectConfig }] = actions;
    return isForwarded ? [] : [`${condition}→ ${redirectConfig === undefined ? actionsOf(actions, named).replace(/^\u2192 /, '') : redirectText(redirectConfig)}`];
  });
  return {
    station: isFrontend ? 'frontend' : 'listener', group: AWS, title: `${listener.protocol} ${listener.port}`,
    lines: [`${type === 'application' ? 'ALB' : 'NLB'} ${shown}`, scheme, ...answers],
  };
}

/** A redirect as its status and location, where `…` is what the request has: `301 https://…:443`. */
function redirectText({ statusCode, protocol, host, port, path }: RedirectConfig): string {
  const isKept = (part: string | undefined) => part === undefined || /^\/?#\{\w+\}$/.test(part);
  const location = [
    isKept(protocol) ? '' : `${protocol!.toLowerCase()}://`, isKept(host) ? '…' : host, isKept(port) ? '' : `:${port}`, isKept(path) ? '' : path,
  ];
  return `${statusCode.replace('HTTP_', '')} ${location.join('')}`;
}

function arrivingAt({ protocol, mutualAuthentication }: Listener): string {
  switch (protocol) {
    case 'HTTPS': return mutualAuthentication === undefined || mutualAuthentication.mode === 'off' ? 'TLS' : 'TLS, client certificate';
    case 'HTTP': return 'plaintext';
    default: return protocol;
  }
}

interface Share {
  readonly targetGroup: ForwardTarget;
  /** Empty for the only one. */
  readonly share: string;
}

function targetsOf(actions: readonly RuleAction[]): Share[] {
  const targets = actions.flatMap(({ forwardConfig }) => forwardConfig?.targetGroups ?? []);
  const weights = targets.map(({ weight = 1 }) => weight);
  return targets.map(targetGroup => ({ targetGroup, share: targets.length === 1 ? '' : `${showShare(targetGroup.weight ?? 1, weights)} ` }));
}

/** What the rule wants, and what precedes the forwarding. A listener with the default action alone needs no words. */
function ruleText({ type }: LoadBalancer, listener: Listener, rule: ListenerRule | undefined, actions: readonly RuleAction[]): string {
  const gates = actions.some(own => own.type.startsWith('authenticate-')) ? ', login' : actions.some(own => own.type === 'jwt-validation') ? ', JWT' : '';
  const transforms = rule?.transforms === undefined || rule.transforms.length === 0 ? '' : ', rewrite';
  const text = rule === undefined ? type === 'network' || listener.rules.length === 0 ? '' : 'all others' : conditionText(rule.conditions);
  return `${text}${gates}${transforms}`.replace(/^, /, '');
}

/** `shop.example.com/*` for a host with a path, else the conditions in words. */
function conditionText(conditions: readonly RuleCondition[]): string {
  const single = (field: string) => {
    const [own, other] = conditions.filter(condition => condition.field === field);
    const { values = [], regexValues = [] } = own?.hostHeaderConfig ?? own?.pathPatternConfig ?? {};
    return other === undefined && values.length === 1 && regexValues.length === 0 ? values[0] : undefined;
  };
  const [host, path] = [single('host-header'), single('path-pattern')];
  const known = [...host === undefined ? [] : ['host-header'], ...path === undefined ? [] : ['path-pattern']];
  const rest = conditions.filter(({ field }) => !known.includes(field));
  return [...known.length === 0 ? [] : [`${host ?? ''}${path ?? ''}`], ...rest.length === 0 ? [] : [conditionsOf(rest)]].join(', ') || 'all';
}

/** Where a forward action starts. */
interface Forward {
  readonly loadBalancer: LoadBalancer;
  readonly from: DraftNode;
  readonly labels: readonly Label[];
}

function addTargetGroup(draft: Draft, models: TraceModels, { loadBalancer, from, labels }: Forward, target: ForwardTarget): void {
  const group = loadBalancer.targetGroups.find(({ id }) => id === target.targetGroup);
  const behind = group?.albPort === undefined ? undefined : models.loadBalancers.at({ group: loadBalancer.group, type: 'application' }, group.albPort);
  if (behind !== undefined) {
    const named: Named = { targetGroups: new Map(behind.loadBalancer.targetGroups.map(own => [own.id, own])), from: behind.loadBalancer.members };
    draft.edge(from, draft.node(behind.listener, () => listenerNode(behind.loadBalancer, behind.listener, named, false)), [{ text: 'TCP' }]);
    return;
  }
  const found = group && models.targetsOf(group);
  const isKnown = group !== undefined && group.service !== undefined;
  const node = draft.node(group ?? `target group ${loadBalancer.group} ${targetName(target)}`, () => ({
    station: 'target-group', group: AWS, title: isKnown ? `${group.service!.name}:${group.service!.port}` : targetName(target),
    lines: isKnown ? ['target group', `${group.targetType} targets`] : ['target group', 'not in the input'],
    ...isKnown && found === undefined ? { fault: 'no such Service in the input' } : {},
  }));
  draft.edge(from, node, labels);
  if (group === undefined || found === undefined) {
    return;
  }
  if (found.gateways.length + found.pods.length === 0) {
    node.fault = 'no pods in the input: 503';
  }
  for (const gateway of found.gateways) {
    const failure = group.protocol === 'HTTP' || group.protocol === 'HTTPS' ? '502' : 'connection closed';
    const { node: port, listener } = portOf(draft, models.mesh, gateway, models.mesh.gateway(gateway).targetOf(found.port), undefined, failure);
    draft.edge(node, port, [{ text: sentBy(group) }], { fault: mismatch(group, listener) });
  }
  for (const endpoint of found.pods) {
    draft.edge(node, addPod(draft, models.mesh, endpoint), [{ text: sentBy(group) }]);
  }
}

function sentBy({ protocol, protocolVersion }: TargetGroup): string {
  const version = protocolVersion === undefined || protocolVersion === 'HTTP1' ? '' : `, ${protocolVersion}`;
  return `${protocol === 'HTTPS' || protocol === 'TLS' ? 'TLS' : protocol === 'HTTP' ? 'plaintext' : protocol}${version}`;
}

/** What an Application Load Balancer sends has no server name. */
function mismatch({ protocol }: TargetGroup, listener: ReturnType<typeof portOf>['listener']): string | undefined {
  if (listener === undefined || (protocol !== 'HTTPS' && protocol !== 'HTTP')) {
    return undefined;
  }
  const chain = listener.filterChains.select(protocol === 'HTTPS' ? { tls: true, serverName: '' } : { tls: false });
  if (chain === undefined) {
    return protocol === 'HTTPS' ? 'no server without SNI: 502' : 'plaintext to TLS: 502';
  }
  const fits = chain.terminatesTls === (protocol === 'HTTPS') || chain.tcp !== undefined;
  return fits ? undefined : protocol === 'HTTPS' ? 'TLS to plaintext: 502' : 'plaintext to TLS: 502';
}
