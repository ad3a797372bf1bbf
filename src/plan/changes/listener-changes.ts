// Which listeners an apply creates, updates and deletes (AWS Load Balancer Controller 3.5.0 pkg/deploy/elbv2/listener_synthesizer.go:107). They are
// matched by port alone.
import type { ControllerSettings } from '../controller-options';
import { certificateName, type Listener, type MutualAuthentication } from '../load-balancer';
import { byKey, byText, changeOf, type EffectRule, fieldChanges, KEPT_ATTRIBUTES, type PlannedFieldChange } from './change';
import { KEPT_STICKINESS, normal, type RuleChange, ruleChanges } from './rule-changes';

/** A listener before and after. */
export interface ListenerChange {
  /** `updated` if only its rules change, too. */
  readonly change: 'created' | 'deleted' | 'updated' | 'unchanged';
  readonly port: number;
  readonly before?: Listener;
  readonly after?: Listener;
  /** What differs, for a listener that exists before and after. */
  readonly fields: readonly PlannedFieldChange[];
  /** The rules that change, by priority; for a listener that exists before and after. */
  readonly rules: readonly RuleChange[];
}

const KEPT: readonly EffectRule[] = [
  // listener_attributes_reconciler.go:43
  KEPT_ATTRIBUTES,
  KEPT_STICKINESS,
];

/** Without gate EnhancedDefaultBehavior (listener_manager.go:333, :338). */
const KEPT_BY_DEFAULT: readonly EffectRule[] = [
  { path: /^\/mutualAuthentication$/, onRemoval: true, effect: 'kept', why: 'the controller does not turn off mutual TLS that is no longer set: set mode off instead' },
  { path: /^\/alpnPolicy$/, onRemoval: true, effect: 'kept', why: 'the controller does not reset an ALPN policy that is no longer set' },
];

/** The listeners by port. @param replaced ids of the target groups that are replaced */
export function listenerChanges(
  before: readonly Listener[], after: readonly Listener[], replaced: ReadonlySet<string>, { featureGates }: ControllerSettings,
): ListenerChange[] {
  const [old, now] = [before, after].map(listeners => new Map(listeners.map(own => [own.port, own])));
  const rules = featureGates.EnhancedDefaultBehavior === true ? KEPT : [...KEPT, ...KEPT_BY_DEFAULT];
  return [...new Set([...old.keys(), ...now.keys()])].sort((a, b) => a - b).map((port): ListenerChange => {
    const [was, is] = [old.get(port), now.get(port)];
    if (!was || !is) {
      return { change: is ? 'created' : 'deleted', port, before: was, after: is, fields: [], rules: [] };
    }
    const fields = fieldChanges(shown(was), shown(is), was.protocol === is.protocol ? rules : KEPT);
    const changed = ruleChanges(was.rules, is.rules, replaced);
    const isChanged = changeOf(fields) !== 'unchanged' || changed.some(({ change }) => change !== 'unchanged');
    return { change: isChanged ? 'updated' : 'unchanged', port, before: was, after: is, fields, rules: changed };
  });
}

function shown({ protocol, certificates, sslPolicy, alpnPolicy, mutualAuthentication, attributes, tags, defaultActions }: Listener): object {
  const [first, ...others] = certificates.map(certificateName);
  return {
    protocol, sslPolicy, alpnPolicy, tags,
    mutualAuthentication: mutualAuthentication && sentenceOf(mutualAuthentication),
    defaultCertificate: first,
    certificates: byText(others, name => name),
    attributes: byKey(attributes),
    defaultActions: defaultActions.map(action => normal(action, new Set())),
  };
}

function sentenceOf({ mode, ...others }: MutualAuthentication): string {
  return [mode, ...Object.entries(others).filter(([, value]) => value !== undefined).map(([key, value]) => `${key} ${value}`)].join(', ');
}
