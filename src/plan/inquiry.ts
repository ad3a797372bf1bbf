// The questions that the controller asks AWS while it builds one load balancer, and what is unknown because nobody answers them.
import { duplicatesIn } from '../base/duplicates';
import type { Manifest } from '../manifests/manifest';
import { annotationAt } from '../manifests/pointer';
import type { AwsAnswers, AwsQuestion, SubnetQuestion } from './aws-answers';
import type { SubnetMapping } from './load-balancer';
import { Refusal } from './refusal';

/** Who asks: the object whose load balancer is not built if the controller fails on the answer. */
export interface Asker {
  readonly manifest: Manifest;
}

/** How the note on subnets starts that nothing names. */
export const DISCOVERED_SUBNETS = 'the subnets: discovered';

/** The questions about one load balancer. */
export class Inquiry {
  private readonly notes = new Set<string>();

  public constructor(private readonly answers: AwsAnswers) {}

  /** What only AWS or the cluster knows, in the order of asking. */
  public get unknown(): string[] {
    return [...this.notes];
  }

  /** Notes something that only AWS or the cluster knows. */
  public note(what: string): void {
    this.notes.add(what);
  }

  /**
   * Asks AWS.
   *
   * @param what what is unknown without an answer, in words; absent if the question has the answer in it
   * @throws Refusal if the controller fails on the answer
   */
  public ask(question: AwsQuestion, what: string | undefined, asker: Asker, pointer: string): readonly string[] | undefined {
    const answer = this.answers(question);
    if (answer === undefined && what !== undefined) {
      this.note(what);
    }
    if (answer !== undefined && 'refused' in answer) {
      throw new Refusal(asker.manifest, pointer, answer.refused);
    }
    return answer;
  }

  /** Asks for subnets. Without an answer they are those that the question names. */
  public subnets(question: SubnetQuestion, asker: Asker, pointer: string): SubnetMapping[] {
    const what = {
      'subnets by discovery': `${DISCOVERED_SUBNETS} by their role tags for scheme ${question.scheme}`,
      'subnets by tags': 'the subnets: those with the tags that the class params name',
      'subnets by id or name': `the subnets: ${'values' in question ? question.values.join(', ') : ''}`,
    }[question.ask];
    const asked = 'values' in question ? question.values : [];
    const areIds = asked.length > 0 && asked.every(value => value.startsWith('subnet-'));
    const [twice] = duplicatesIn(asked.filter(value => value.startsWith('subnet-')));
    if (twice !== undefined && annotationAt(pointer) !== undefined) {
      // AWS describes it once, and the controller counts those of annotations (3.5.0 pkg/networking/subnet_resolver.go:328), not those of class params.
      throw new Refusal(asker.manifest, pointer, `subnet ${twice} is in the list twice, and each subnet must be in another zone`);
    }
    const ids = this.ask(question, areIds ? undefined : what, asker, pointer);
    return (ids ?? asked).map(subnetID => ({ subnetID }));
  }

  /** Asks for the ids of security groups. Without an answer they are as written. */
  public securityGroups(values: readonly string[], asker: Asker, pointer: string): readonly string[] {
    const what = values.every(value => value.startsWith('sg-')) ? undefined : `the ids of security groups ${values.join(', ')}`;
    return this.ask({ ask: 'security groups by id or name', values }, what, asker, pointer) ?? values;
  }
}
