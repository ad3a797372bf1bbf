// The settings of an Ingress beside those of its IngressClass, which win.
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import { ListenerProtocol } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import type { IAlbBackend } from '../listener/backend';
import { AlbIngressClass, type IAlbIngressClass } from './ingress-class';
import type { AlbOptions } from './options';
import { albSettings, optionOf } from './settings';

/** Settings that are always written, whether or not the user sets them. */
const ALWAYS_WRITTEN: ReadonlySet<string> = new Set<keyof AlbSettings>(['scheme', 'sslPolicy', 'sslRedirect', 'targetType']);

/** Settings that the controller merges key by key between an Ingress and its class. */
const PER_KEY = ['loadBalancerAttributes', 'tags'] as const;

interface StringMap {
  readonly [key: string]: string;
}

/** What the settings of an Ingress are made from. */
interface Wanted extends AlbOptions {
  readonly backend: IAlbBackend;
}

/** The settings on the Ingress itself: all of them except those that its class sets. @throws InvalidProps for an option that the class decides */
export function settingsBeside(ingressClass: IAlbIngressClass, wanted: Wanted, hosts: readonly string[]): AlbSettings {
  const { className, _decides: decides = [] } = ingressClass;
  const decided = settingsOf(ingressClass);
  const { scheme = wanted.scheme, targetType = wanted.targetType } = decided;
  const all = albSettings({ ...wanted, scheme, targetType }, hosts, wanted.backend);
  requireRedirectPort(all, decided, className);
  const settings = Object.entries(all);
  for (const [name, value] of settings.filter(([own]) => decides.includes(own))) {
    const asked = ALWAYS_WRITTEN.has(name) ? wanted[name as 'scheme'] : value;
    if (asked !== undefined) {
      throw InvalidProps.conflict(optionOf(name), asked, `cannot be set here: IngressClass "${className}" already sets it`);
    }
  }
  const defaults = albSettings({ ...wanted, scheme, targetType, attributes: undefined, tags: undefined }, hosts, wanted.backend);
  return {
    ...Object.fromEntries(settings.filter(([name]) => !decides.includes(name))),
    ...Object.fromEntries(PER_KEY.map(name => [name, all[name] && undecided(name, all[name], defaults[name] ?? {}, decided[name] ?? {}, className)])),
  };
}

/** The settings of an Ingress with those of its class. */
export function withClass(own: AlbSettings, ingressClass: IAlbIngressClass): AlbSettings {
  const decided = settingsOf(ingressClass);
  return {
    ...own,
    ...Object.fromEntries(Object.entries(decided).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(PER_KEY.filter(name => own[name] ?? decided[name]).map(name => [name, { ...own[name], ...decided[name] }])),
  };
}

function settingsOf(ingressClass: IAlbIngressClass): AlbSettings {
  return ingressClass instanceof AlbIngressClass ? ingressClass._settings : {};
}

/** The entries of a map that the class does not set. Key by key, the class wins over a default; a value from the user is an error. */
function undecided(name: string, own: StringMap, defaults: StringMap, decided: StringMap, className: string): StringMap | undefined {
  const left = Object.entries(own).filter(([key, value]) => {
    if (key in decided && value !== defaults[key]) {
      throw InvalidProps.conflict(`${optionOf(name)}.${key}`, value, `cannot be set here: IngressClass "${className}" already sets it to ${decided[key]}`);
    }
    return !(key in decided);
  });
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** The controller refuses a redirect to a port without an HTTPS listener; in a group, another member may provide the listener. */
function requireRedirectPort({ listenPorts = [], groupName }: AlbSettings, decided: AlbSettings, className: string): void {
  const { sslRedirect } = decided;
  const isThere = listenPorts.some(({ protocol, port }) => protocol === ListenerProtocol.HTTPS && port === sslRedirect);
  if (sslRedirect !== undefined && !isThere && groupName === undefined && decided.groupName === undefined) {
    throw InvalidProps.value('listeners', listenPorts,
      `must include an HTTPS listener on port ${sslRedirect}, because IngressClass "${className}" redirects HTTP to it`);
  }
}
