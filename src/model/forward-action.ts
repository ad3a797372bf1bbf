// The ALB actions that an Ingress keeps in annotations, as far as they forward to Services.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { Manifest, annotationsOf } from './manifest';
import { asInteger, asList, asObject, asText } from './plain-json';

/** A Service among the targets of a forward action. */
export interface ForwardTarget {
  readonly service: string;
  readonly port?: number | string;
}

/** The annotation in which the action of a backend stands whose port is called `use-annotation`. */
export function actionKey(name: string): string {
  return `${ALB_PREFIX}actions.${name}`;
}

/**
 * The Services that an action forwards to. Empty when the action is absent, unreadable or does something else.
 *
 * The controller matches property names in any letter case and takes digits in a port as its number
 * (AWS Load Balancer Controller 3.5.0 pkg/ingress/config_types.go and enhanced_backend_builder.go).
 */
export function forwardTargets(ingress: Manifest, name: string): ForwardTarget[] {
  const key = actionKey(name);
  const text = annotationsOf(ingress).find(([own]) => own === key)?.[1];
  const action = lowerCaseKeys(typeof text === 'string' ? parse(text) : undefined);
  if (action.type !== 'forward') {
    return [];
  }
  return asList(lowerCaseKeys(action.forwardconfig).targetgroups).flatMap(group => {
    const { servicename, serviceport } = lowerCaseKeys(group);
    const service = asText(servicename);
    return service ? [{ service, port: asInteger(serviceport) ?? numeric(asText(serviceport)) }] : [];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function numeric(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function lowerCaseKeys(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(asObject(value)).map(([key, own]) => [key.toLowerCase(), own]));
}
