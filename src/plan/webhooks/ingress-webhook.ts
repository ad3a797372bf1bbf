// What the validating webhook for Ingresses refuses besides classes that cannot be loaded (AWS Load Balancer Controller 3.5.0
// webhooks/networking/ingress_validator.go:59). It reads neither actions, transforms, the default backend nor any other annotation.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { AlbController } from '../../base/alb-annotations/controller';
import { annotationsOf, isDeleted, type Manifest, specOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import type { ControllerSettings } from '../controller-options';
import { readConditions } from '../ingress/conditions';
import { CLASS_ANNOTATION, type IngressClasses } from '../ingress/ingress-classes';
import { orRefusal, type PlanEvent, Refusal, Webhook } from '../refusal';
import { annotationPointer, Settings } from '../settings';

/** How keys of annotations with conditions start. */
const CONDITIONS = `${ALB_PREFIX}conditions.`;

/** The refusal of an Ingress; absent if it is admitted, or if it is being deleted, which nobody asks to admit. */
export function ingressRefusal(ingress: Manifest, namespace: string, classes: IngressClasses, options: ControllerSettings): PlanEvent | undefined {
  if (isDeleted(ingress) || classes.controllerOf(ingress, namespace) !== AlbController.AWS_LOAD_BALANCER_CONTROLLER) {
    return undefined;
  }
  const refusal = orRefusal(() => {
    refuseAnnotations(ingress, options);
    refuseClass(ingress, classes);
    refuseConditions(ingress);
  });
  return !(refusal instanceof Refusal) ? undefined
    : { severity: 'refused', reason: refusal.reason, manifest: ingress, pointer: refusal.pointer, reach: 'object', webhook: Webhook.INGRESS };
}

function refuseAnnotations(ingress: Manifest, options: ControllerSettings): void {
  if (options.disableIngressClassAnnotation && annotationsOf(ingress).some(([key]) => key === CLASS_ANNOTATION)) {
    throw new Refusal(ingress, pointer('metadata', 'annotations', CLASS_ANNOTATION), 'cannot be set (--disable-ingress-class-annotation)');
  }
  if (options.disableIngressGroupNameAnnotation && new Settings(ingress).text('group.name') !== undefined) {
    throw new Refusal(ingress, annotationPointer('group.name'), 'cannot be set (--disable-ingress-group-name-annotation)');
  }
}

/** The class must exist even where the annotation decides (:186). */
function refuseClass(ingress: Manifest, classes: IngressClasses): void {
  const name = asText(specOf(ingress).ingressClassName);
  if (name !== undefined && classes.isMissing(name)) {
    throw new Refusal(ingress, '/spec/ingressClassName', `IngressClass ${name} does not exist`);
  }
}

/** Conditions for the backends of paths. A path whose backend is no Service crashes the webhook, which refuses the Ingress, too (:221). */
function refuseConditions(ingress: Manifest): void {
  const settings = annotationsOf(ingress).some(([key]) => key.startsWith(CONDITIONS)) ? new Settings(ingress) : undefined;
  asList(specOf(ingress).rules).map(asObject).forEach((rule, index) => asList(asObject(rule.http).paths).map(asObject).forEach((path, at) => {
    const name = asText(asObject(asObject(path.backend).service).name);
    if (name === undefined) {
      const place = `/spec/rules/${index}/http/paths/${at}/backend`;
      throw new Refusal(ingress, place, 'must have a service: the webhook of the controller crashes on other backends');
    }
    if (settings) {
      readConditions({ settings }, name);
    }
  }));
}
