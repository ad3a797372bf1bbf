// What the builders of the load balancer of one Service share.
import { type Manifest, nameOf, namespaceOf, qualifiedNameOf } from '../../manifests/manifest';
import type { AwsAnswers } from '../aws-answers';
import type { ControllerSettings } from '../controller-options';
import { Inquiry } from '../inquiry';
import { UNKNOWN_NAMES } from '../names';
import type { References } from '../references';
import { uidOf } from '../services';
import type { ServiceSettings } from './service-settings';

/** The state of building the load balancer of one Service. */
export class ServiceBuild extends Inquiry {
  public readonly manifest: Manifest;
  public readonly namespace: string;
  public readonly name: string;
  /** `namespace/name`. */
  public readonly id: string;
  /** The tags of all resources. */
  public readonly tags: Readonly<Record<string, string>>;

  public constructor(
    public readonly settings: ServiceSettings, public readonly options: ControllerSettings, public readonly references: References, answers: AwsAnswers,
  ) {
    super(answers);
    this.manifest = settings.manifest;
    this.namespace = namespaceOf(this.manifest);
    this.name = nameOf(this.manifest);
    this.id = qualifiedNameOf(this.manifest);
    this.tags = this.readTags();
  }

  public isOn(gate: string): boolean {
    return this.options.featureGates[gate] === true;
  }

  /** The UID of a Service, of which names have a hash. */
  public uidOf(service: Manifest): string | undefined {
    const uid = uidOf(service);
    if (uid === undefined || this.options.clusterName === undefined) {
      this.note(UNKNOWN_NAMES);
    }
    return uid;
  }

  /** Default tags win unless the gate says otherwise (3.5.0 pkg/service/model_build_load_balancer.go:301). */
  private readTags(): Record<string, string> {
    const own = this.settings.get('tags') ?? {};
    const reserved = Object.keys(own).find(key => this.options.externalManagedTags.includes(key));
    if (reserved !== undefined) {
      throw this.settings.refusal('tags', `sets tag ${reserved}, which is managed outside of the controller (--external-managed-tags)`);
    }
    const { defaultTags } = this.options;
    return this.isOn('EnableDefaultTagsLowPriority') ? { ...defaultTags, ...own } : { ...own, ...defaultTags };
  }
}
