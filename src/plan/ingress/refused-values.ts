// Values of annotations that the controller passes on to AWS, and AWS refuses.
import type { MalformedAnnotation } from '../../base/alb-annotations/annotation-table';
import { ALB_TABLE, type AlbSettings } from '../../base/alb-annotations/annotations';
import { annotationOf } from '../../manifests/manifest';
import { annotationAt } from '../../manifests/pointer';
import type { From, ListenerRule, LoadBalancer } from '../load-balancer';
import type { Settings } from '../settings';
import { refusedAttributes, refusedHealthChecks, type RefusedValue, type TargetGroupSettings } from './refused-settings';
import { TargetSettings } from './target-groups';
import { USE_ANNOTATION, type WrittenBackend } from './written-backends';

type Prop = keyof AlbSettings;

/** Settings that AWS compares with bounds. */
const OF_TARGET_GROUPS: readonly Prop[] = ['healthcheckIntervalSeconds', 'healthcheckTimeoutSeconds', 'healthyThresholdCount', 'unhealthyThresholdCount'];

const OF_LOGINS: { readonly [type: string]: readonly Prop[] } = {
  'authenticate-cognito': ['authIdpCognito', 'authOnUnauthenticatedRequest', 'authSessionTimeout'],
  'authenticate-oidc': ['authIdpOidc', 'authOnUnauthenticatedRequest', 'authSessionTimeout'],
  'jwt-validation': ['jwtValidation'],
};

/** A value to be replaced: an ARN of documentation, or a placeholder such as `<path:secret/alb#arn>` of the Vault plugin for Argo CD. */
const SAMPLE = /<|\barn:[^"]*(xxx|\*\*\*|your|account)/i;

/** A value that the table of annotations does not accept, in words. */
export function malformedText({ key, value, part, reason }: MalformedAnnotation): string {
  const shown = value.length > 120 ? `${value.slice(0, 120)}…` : value;
  return `${key.slice(key.indexOf('/') + 1)}${part} ${reason}; got ${JSON.stringify(shown)}`;
}

/** A member of an IngressGroup. */
interface Member {
  readonly settings: Settings;
  readonly backends: readonly WrittenBackend[];
}

/**
 * The values that AWS refuses of a member of an IngressGroup, among those that its load balancer has.
 *
 * @param services the settings of Services, by `namespace/name`
 */
export function refusedValues(member: Member, loadBalancer: LoadBalancer, services: ReadonlyMap<string, Settings>): RefusedValue[] {
  const { settings } = member;
  const { manifest } = settings;
  const groups = loadBalancer.targetGroups.filter(({ from }) => from.manifest === manifest).map((group): TargetGroupSettings => (
    [group, new TargetSettings(settings, services.get(`${group.service?.namespace}/${group.service?.name}`) ?? settings)]));
  const places = [
    ...usedOf(member, loadBalancer),
    ...groups.flatMap(([, own]) => OF_TARGET_GROUPS.map(prop => own.placeOf(prop))),
    ...loadBalancer.listeners.flatMap(({ rules }) => rules).filter(({ from }) => from.manifest === manifest).flatMap(rule => loginPlaces(rule, member, groups)),
  ];
  const spots = places.flatMap(refusedAt);
  const isNew = (own: RefusedValue) => !spots.some(({ manifest: other, pointer }) => other === own.manifest && pointer === own.pointer);
  return [...spots, ...refusedHealthChecks(groups).filter(isNew), ...refusedAttributes(settings, loadBalancer, groups)];
}

/** The annotations of the Ingress whose values the load balancer has. */
function usedOf({ settings, backends }: Member, { listeners, name, webAcl }: LoadBalancer): From[] {
  const { manifest } = settings;
  const arns = settings.readable('certificateArns') ?? [];
  const isUsed: { readonly [P in Prop]?: boolean } = {
    loadBalancerName: settings.readable('loadBalancerName') === name,
    certificateArns: listeners.some(own => own.certificates.some(({ certificateARN = '' }) => arns.includes(certificateARN))),
    sslPolicy: listeners.some(own => own.sslPolicy === settings.readable('sslPolicy')),
    // A web ACL of another Region or scope is a fault of its own.
    wafv2AclArn: webAcl === settings.readable('wafv2AclArn') && webAcl?.includes(':global/') === false,
  };
  return [
    ...Object.keys(isUsed).map(prop => prop as Prop).filter(prop => isUsed[prop]).map((prop): From => ({ manifest, pointer: settings.pointer(prop) })),
    ...backends.filter(({ port }) => port === USE_ANNOTATION).map((own): From => ({ manifest, pointer: settings.pointer('actions', own.name) })),
  ];
}

/** The annotations of a login, which are those of the Service if the rule forwards to it alone. */
function loginPlaces({ actions }: ListenerRule, { settings }: Member, groups: readonly TargetGroupSettings[]): From[] {
  const targets = actions.flatMap(({ forwardConfig }) => forwardConfig?.targetGroups ?? []);
  const own = targets.length === 1 ? groups.find(([{ id }]) => id === targets[0].targetGroup)?.[1] : undefined;
  return actions.flatMap(({ type }) => OF_LOGINS[type] ?? []).map(prop => (own ?? new TargetSettings(settings, settings)).placeOf(prop));
}

function refusedAt({ manifest, pointer }: From): RefusedValue[] {
  const key = annotationAt(pointer);
  const value = key === undefined ? undefined : annotationOf(manifest, key);
  const malformed = value === undefined || SAMPLE.test(value) ? [] : ALB_TABLE.decode({ [key!]: value }).malformed;
  return malformed.map(own => ({ manifest, pointer, message: malformedText(own) }));
}
