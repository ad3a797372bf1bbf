// The one table of annotations of a Service of type LoadBalancer, from which the controller builds a Network Load Balancer.
// Sources: AWS Load Balancer Controller 3.5.0, docs/guide/service/annotations.md and pkg/service; AWS limits: ELBv2 API 2015-12-01.
import type { AlbAnnotation } from '../alb-annotations/annotation';
import { AnnotationTable } from '../alb-annotations/annotation-table';
import { LISTENER_ROWS, type NlbListenerSettings } from './listener';
import { LOAD_BALANCER_ROWS, type NlbLoadBalancerSettings } from './load-balancer';
import { TARGET_GROUP_ROWS, type NlbTargetGroupSettings } from './target-group';

/** The prefix of the annotations. The in-tree controller of Kubernetes and other clouds read some of them, too. */
export const NLB_PREFIX = 'service.beta.kubernetes.io/';

/** All settings of a Network Load Balancer that annotations of a Service can express, typed. */
export interface NlbSettings extends NlbLoadBalancerSettings, NlbListenerSettings, NlbTargetGroupSettings {}

/** A row of the table. The controller reads it from the Service that the load balancer is for, and no other object. */
export type NlbAnnotation = Pick<AlbAnnotation<unknown>, 'key' | 'codec' | 'default' | 'family' | 'doc' | 'ignoredByAutoMode'>;

/** The table, in documentation order. */
export const NLB_ANNOTATIONS: { readonly [P in keyof NlbSettings]-?: unknown } = { ...LOAD_BALANCER_ROWS, ...LISTENER_ROWS, ...TARGET_GROUP_ROWS };

/** The table with its loops. */
export const NLB_TABLE = new AnnotationTable<NlbSettings, NlbAnnotation>(NLB_PREFIX, NLB_ANNOTATIONS);
