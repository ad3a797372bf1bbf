// What checks read: the manifests of one input, and what the controller and istiod make of them, each built when it is first needed.
import { Kind, kindOf } from '../manifests/kind';
import type { Manifest } from '../manifests/manifest';
import { Model } from '../model/model';
import { type Survey, surveyOf } from '../plan/survey';
import { DescribedNamespaces } from './described-namespaces';

/** The subject of a check run. */
export class Subject {
  private readonly kinds: ReadonlySet<Kind | undefined>;
  private knownSurvey: Survey | undefined;
  private knownNamespaces: DescribedNamespaces | undefined;
  private knownModel: Model | undefined;

  public constructor(public readonly manifests: readonly Manifest[]) {
    this.kinds = new Set(manifests.map(kindOf));
  }

  /** Whether the input contains an object of the kind. */
  public has(kind: Kind): boolean {
    return this.kinds.has(kind);
  }

  /** What the AWS Load Balancer Controller would refuse of the Ingresses. */
  public get survey(): Survey {
    return (this.knownSurvey ??= surveyOf(this.manifests));
  }

  /** The namespaces that the input describes. */
  public get namespaces(): DescribedNamespaces {
    return (this.knownNamespaces ??= new DescribedNamespaces(this.manifests));
  }

  public get model(): Model {
    return (this.knownModel ??= new Model(this.manifests));
  }
}
