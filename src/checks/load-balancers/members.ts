// The members of IngressGroups: Ingresses with their settings and the load balancer that they get.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { similarTo } from '../../base/spelling';
import { kindOf, Kind } from '../../manifests/kind';
import { annotationsOf, type Manifest } from '../../manifests/manifest';
import type { LoadBalancer } from '../../plan/load-balancer';
import { isRefused, type Plan } from '../../plan/plan';
import { isDecided } from '../../plan/ingress/ingress-classes';
import { type WrittenBackend, backendsOf } from '../../plan/ingress/written-backends';
import { annotationPointer, Settings } from '../../plan/settings';

/** The annotations whose keys end in the name of a backend. */
type Family = 'actions' | 'conditions' | 'transforms';

/** An Ingress of the controller. */
export class Member {
  public readonly settings: Settings;
  public readonly backends: readonly WrittenBackend[];

  /** @param loadBalancer absent if the controller refuses to build it */
  public constructor(public readonly manifest: Manifest, public readonly group: string, public readonly loadBalancer?: LoadBalancer) {
    this.settings = new Settings(manifest);
    this.backends = backendsOf(manifest);
  }

  /** Whether the input has all that decides about the load balancer. */
  public get isDecided(): boolean {
    return isDecided(this.loadBalancer ?? { group: this.group, unknown: [] });
  }

  /** The names in the keys of a family, each with the pointer to its annotation. */
  public named(family: Family): { readonly name: string; readonly pointer: string }[] {
    const prefix = `${ALB_PREFIX}${family}.`;
    const names = annotationsOf(this.manifest).filter(([key]) => key.startsWith(prefix)).map(([key]) => key.slice(prefix.length));
    return names.map(name => ({ name, pointer: annotationPointer(`${family}.${name}`) }));
  }

  /** The conditions for backends that the Ingress does not have, each with the backend that was probably meant. */
  public lostConditions(): { readonly name: string; readonly pointer: string; readonly meant?: WrittenBackend }[] {
    const conditions = this.named('conditions');
    const without = this.backends.filter(({ name }) => !conditions.some(own => own.name === name));
    return conditions.filter(own => !this.backends.some(({ name }) => name === own.name)).map(own => ({ ...own, meant: meantBy(own.name, without) }));
  }
}

/** The backend whose name is similar, longer or shorter. */
function meantBy(name: string, backends: readonly WrittenBackend[]): WrittenBackend | undefined {
  const similar = similarTo(name, backends.map(own => own.name));
  return backends.find(own => own.name === similar || own.name.startsWith(name) || (own.name !== '' && name.startsWith(own.name)));
}

/** The members of all groups, in the controller's order. */
export function membersOf({ loadBalancers }: Plan): Member[] {
  return loadBalancers.flatMap(own => {
    const built = isRefused(own) ? undefined : own;
    // A Network Load Balancer in front of the group has the same members.
    const members = built?.type === 'network' ? [] : own.members.filter(manifest => kindOf(manifest) === Kind.INGRESS);
    return members.map(manifest => new Member(manifest, own.group, built));
  });
}
