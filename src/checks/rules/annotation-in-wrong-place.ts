// An ALB annotation is on an object of which the controller does not read it, or among the labels.
import { ALB_PREFIX, ALB_TABLE } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import { annotationsOf, type Manifest } from '../../manifests/manifest';
import { pointer } from '../../manifests/pointer';
import { labelsOf } from '../../mesh/objects/config';
import type { Check } from '../check';
import type { Spot } from '../finding';

/** Objects of which the controller reads no such annotation. */
const OTHERS = [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.INGRESS_CLASS, Kind.VIRTUAL_SERVICE] as const;

/** AWS Load Balancer Controller 3.5.0: docs/guide/ingress/annotations.md, which says where each annotation is read. */
export const annotationInWrongPlace: Check = {
  id: 'annotation-in-wrong-place',
  severity: 'warning',
  title: 'An ALB annotation is where the controller does not read it',
  why: 'The controller reads settings of load balancers and listeners from annotations of Ingresses alone, and those of target groups from Services, too. '
    + 'Anywhere else, and among labels, they have no effect: the load balancer is built with its defaults, such as the scheme internal.',
  fix: 'Move it to the annotations of the Ingress.',
  related: ['E052', 'E068'],
  about: [Kind.INGRESS, Kind.SERVICE, ...OTHERS],
  reads: [],
  reach: 'object',

  *run(subject) {
    const ingresses = subject.members.map(own => own.manifest);
    for (const manifest of subject.of(Kind.SERVICE)) {
      yield* misplaced(manifest, 'this Service', key => ALB_TABLE.find(key)?.row.on.includes('Service') === false);
    }
    for (const manifest of subject.of(...OTHERS)) {
      yield* misplaced(manifest, `this ${String(manifest.object.kind)}`, () => true);
    }
    for (const manifest of [...ingresses, ...subject.of(Kind.SERVICE)]) {
      for (const key of [...labelsOf(manifest).keys()].filter(own => ALB_TABLE.find(own) !== undefined)) {
        const message = `${key.slice(ALB_PREFIX.length)} is a label, and the controller reads annotations`;
        yield { manifest, pointer: pointer('metadata', 'labels', key), message };
      }
    }
  },
};

function misplaced(manifest: Manifest, place: string, isIgnored: (key: string) => boolean): Spot[] {
  return annotationsOf(manifest).filter(([key]) => key.startsWith(ALB_PREFIX) && isIgnored(key)).map(([key]) => (
    { manifest, pointer: pointer('metadata', 'annotations', key), message: `${key.slice(ALB_PREFIX.length)} has no effect on ${place}` }));
}
