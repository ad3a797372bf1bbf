// An Ingress names its class twice: in the annotation, which decides alone, and in the spec.
import { AlbController } from '../../base/alb-annotations/controller';
import { Kind } from '../../manifests/kind';
import { annotationsOf, nameOf, specOf } from '../../manifests/manifest';
import { asObject, asText } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import { CHART_CLASS, CLASS_ANNOTATION } from '../../plan/ingress/ingress-classes';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/group_loader.go:198. Kubernetes 1.36: pkg/apis/networking/validation ValidateIngressCreate. */
export const classAnnotationBesideClassName: Check = {
  id: 'class-annotation-beside-class-name',
  severity: 'error',
  title: 'An Ingress has both ingressClassName and the old class annotation',
  why: 'If they differ, the API server refuses to create the Ingress. Where it exists already, the controller reads only the annotation and skips the '
    + 'IngressClassParams of the class, so the load balancer is built without their scheme, certificates, CIDR blocks and group.',
  fix: 'Remove the annotation kubernetes.io/ingress.class.',
  related: ['E059', 'E088'],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS],
  reach: 'object',

  *run(subject) {
    const classes = new Map(subject.of(Kind.INGRESS_CLASS).map(own => [nameOf(own), specOf(own)]));
    for (const manifest of subject.of(Kind.INGRESS)) {
      const annotation = annotationsOf(manifest).find(([key]) => key === CLASS_ANNOTATION)?.[1];
      const name = asText(specOf(manifest).ingressClassName);
      if (typeof annotation !== 'string' || name === undefined) {
        continue;
      }
      const spec = classes.get(name);
      const isOurs = spec === undefined ? name === CHART_CLASS : spec.controller === AlbController.AWS_LOAD_BALANCER_CONTROLLER;
      const params = isOurs ? asText(asObject(spec?.parameters).name) : undefined;
      const skips = params === undefined ? '' : `; the controller skips IngressClassParams ${params}`;
      if ((annotation !== name && (isOurs || annotation === CHART_CLASS)) || params !== undefined) {
        const relation = annotation === name ? 'repeats ingressClassName' : `is ${annotation}, and ingressClassName is ${name}`;
        yield { manifest, pointer: pointer('metadata', 'annotations', CLASS_ANNOTATION), message: `${CLASS_ANNOTATION} ${relation}${skips}` };
      }
    }
  },
};
