// The annotations of a Service of type LoadBalancer.
import { NLB_TABLE, type NlbSettings } from '../../base/nlb-annotations/annotations';
import type { Manifest } from '../../manifests/manifest';
import { AnnotationReader } from '../settings';

/** The settings of a Network Load Balancer in the annotations of a Service. */
export class ServiceSettings extends AnnotationReader<NlbSettings> {
  /** @param isRead whether the controller reads an annotation at all */
  public constructor(manifest: Manifest, isRead?: (key: string, value: string) => boolean) {
    super(manifest, NLB_TABLE, undefined, isRead);
  }
}
