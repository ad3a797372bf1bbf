// What the builders of the load balancer of one Service share.
import { type Manifest, nameOf, namespaceOf, qualifiedNameOf } from '../../manifests/manifest';
import type { AwsAnswers } from '../aws-answers';
import type { ControllerSettings } from '../controller-options';
import { LoadBalancerBuild, type Tags } from '../load-balancer-build';
import { UNKNOWN_NAMES } from '../names';
import type { References } from '../references';
import { uidOf } from '../services';
import type { ServiceSettings } from './service-settings';

/** The state of building the load balancer of one Service. */
export class ServiceBuild extends LoadBalancerBuild {
  public readonly manifest: Manifest;
  public readonly namespace: string;
  public readonly name: string;
  /** `namespace/name`. */
  public readonly id: string;
  /** The tags of all resources. */
  public readonly tags: Tags;

  public constructor(
    public readonly settings: ServiceSettings, options: ControllerSettings, public readonly references: References, answers: AwsAnswers,
  ) {
    super(options, answers);
    this.manifest = settings.manifest;
    this.namespace = namespaceOf(this.manifest);
    this.name = nameOf(this.manifest);
    this.id = qualifiedNameOf(this.manifest);
    this.tags = this.readTags();
  }

  /** The UID of a Service, of which names have a hash. */
  public uidOf(service: Manifest): string | undefined {
    const uid = uidOf(service);
    if (uid === undefined || this.options.clusterName === undefined) {
      this.note(UNKNOWN_NAMES);
    }
    return uid;
  }

  private readTags(): Tags {
    const own = this.settings.get('tags') ?? {};
    const fault = this.faultOfTags(own);
    if (fault !== undefined) {
      throw this.settings.refusal('tags', fault);
    }
    return this.withDefaultTags(own);
  }
}
