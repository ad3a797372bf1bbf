// What differs between two sets of manifests, as text for a terminal and as titles that all formats share.
import type { FieldChange } from '../diff/fields';
import type { ObjectChange } from '../diff/differences';
import { RISKS, Risk } from '../diff/risk';
import { safe, showValues } from './changed-value';

/** The title of the changes of one risk. */
export const TITLES: Readonly<Record<Risk, string>> = {
  [Risk.LOAD_BALANCER]: 'May delete or replace load balancers, target groups or namespaces',
  [Risk.LISTENER]: 'Listeners, hosts and Gateway servers',
  [Risk.MTLS]: 'Mutual TLS',
  [Risk.AUTHORIZATION]: 'Authorization',
  [Risk.ROUTE]: 'Routes',
  [Risk.OTHER]: 'Other changes',
};

/** The differences as text, the riskiest first. Ends with a line break. */
export function renderDiffText(changes: readonly ObjectChange[]): string {
  const sections = RISKS.flatMap(risk => {
    const own = changes.filter(change => change.risk === risk);
    return own.length === 0 ? [] : [[TITLES[risk], ...own.flatMap(linesOf), ''].join('\n')];
  });
  return [...sections, `${countChanges(changes)}\n`].join('\n');
}

/** How many objects were changed, added and removed, in one sentence. */
export function countChanges(changes: readonly ObjectChange[]): string {
  const count = (change: ObjectChange['change']) => changes.filter(own => own.change === change).reduce((sum, { units }) => sum + units.length, 0);
  return changes.length === 0 ? 'No differences.' : `${count('changed')} changed, ${count('added')} added, ${count('removed')} removed.`;
}

/** The object by namespace and name. */
export function nameIn({ object: { namespace, name } }: ObjectChange): string {
  return safe(`${namespace ? `${namespace}/` : ''}${name || '(unnamed)'}`);
}

function linesOf(change: ObjectChange): string[] {
  const units = change.units.filter(unit => unit !== '');
  return [
    `  ${change.change} ${safe(change.object.kind)} ${nameIn(change)}${units.length > 0 ? ` in ${units.map(safe).join(', ')}` : ''}`,
    ...change.fields.map(fieldLine),
  ];
}

function fieldLine(field: FieldChange): string {
  const [before = '(not set)', after = '(not set)'] = showValues(field);
  return `    ${safe(field.path)}: ${before} → ${after}`;
}
