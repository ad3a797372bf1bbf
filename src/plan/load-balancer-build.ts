// What the builders of one load balancer share, whether it is for Ingresses or for a Service.
import type { AwsAnswers } from './aws-answers';
import type { ControllerSettings } from './controller-options';
import { Inquiry } from './inquiry';

/** Tags of AWS resources by key. */
export type Tags = Readonly<Record<string, string>>;

/** The state of building one load balancer. */
export class LoadBalancerBuild extends Inquiry {
  public constructor(public readonly options: ControllerSettings, answers: AwsAnswers) {
    super(answers);
  }

  public isOn(gate: string): boolean {
    return this.options.featureGates[gate] === true;
  }

  /** The tags, and those of `--default-tags`, which win unless the gate says otherwise (3.5.0 pkg/service/model_build_load_balancer.go:301). */
  public withDefaultTags(tags: Tags): Tags {
    const { defaultTags } = this.options;
    return this.isOn('EnableDefaultTagsLowPriority') ? { ...defaultTags, ...tags } : { ...tags, ...defaultTags };
  }

  /** Why the controller refuses the tags, if `--external-managed-tags` reserves one. */
  public faultOfTags(tags: Tags): string | undefined {
    const reserved = Object.keys(tags).find(key => this.options.externalManagedTags.includes(key));
    return reserved === undefined ? undefined : `sets tag ${reserved}, which is managed outside of the controller (--external-managed-tags)`;
  }
}
