// What the API server refuses of workloads (Kubernetes 1.34.1 pkg/apis/apps/validation/validation.go and pkg/apis/batch/validation/validation.go).
import { asObject } from '../../manifests/plain-json';
import type { Field } from './field';
import { checkPodSpec, checkTemplate } from './pod';
import { between, checkIntegerOrPercent, checkSelector, isMismatch, isZero, oneOf } from './values';

/** ValidatePod. */
export function checkPod(pod: Field): void {
  checkPodSpec(pod.at('spec'));
}

/** The default of progressDeadlineSeconds. */
const DEADLINE = 600;

/** ValidateDeploymentSpec. */
export function checkDeployment(deployment: Field): void {
  const spec = deployment.at('spec');
  checkReplicated(spec);
  checkStrategy(spec.at('strategy'));
  const [deadline, ready] = [spec.at('progressDeadlineSeconds'), spec.at('minReadySeconds')];
  between(deadline, 0);
  if ((deadline.number ?? DEADLINE) <= (ready.number ?? 0)) {
    ready.mustBe(`less than progressDeadlineSeconds, which is ${deadline.number ?? DEADLINE}`);
  }
}

function checkStrategy(strategy: Field): void {
  const [type, update] = [strategy.at('type'), strategy.at('rollingUpdate')];
  oneOf(type, ['Recreate', 'RollingUpdate']);
  if (type.text === 'Recreate') {
    if (update.isSet) {
      update.refuse('cannot be set when the type is Recreate');
    }
    return;
  }
  const [unavailable, surge] = [update.at('maxUnavailable'), update.at('maxSurge')];
  checkIntegerOrPercent(unavailable, true);
  checkIntegerOrPercent(surge, false);
  if (isZero(unavailable.value) && isZero(surge.value)) {
    unavailable.refuse('cannot be 0 when maxSurge is 0');
  }
}

/** ValidateReplicaSetSpec. */
export function checkReplicaSet(replicaSet: Field): void {
  checkReplicated(replicaSet.at('spec'));
}

/** ValidateDaemonSetSpec. */
export function checkDaemonSet(daemonSet: Field): void {
  const spec = daemonSet.at('spec');
  checkReplicated(spec);
  const [type, update] = [spec.at('updateStrategy', 'type'), spec.at('updateStrategy', 'rollingUpdate')];
  oneOf(type, ['OnDelete', 'RollingUpdate']);
  if (type.text !== 'OnDelete') {
    checkIntegerOrPercent(update.at('maxUnavailable'), true);
    checkIntegerOrPercent(update.at('maxSurge'), true);
  }
}

/** ValidateStatefulSetSpec. The claims that it makes are volumes of its pods. */
export function checkStatefulSet(statefulSet: Field): void {
  const spec = statefulSet.at('spec');
  checkReplicated(spec, spec.at('volumeClaimTemplates').items.map(claim => claim.at('metadata', 'name').text));
  oneOf(spec.at('podManagementPolicy'), ['OrderedReady', 'Parallel']);
  oneOf(spec.at('updateStrategy', 'type'), ['OnDelete', 'RollingUpdate']);
  between(spec.at('updateStrategy', 'rollingUpdate', 'partition'), 0);
}

function checkReplicated(spec: Field, claims: readonly string[] = []): void {
  const [selector, template] = [spec.at('selector'), spec.at('template')];
  ['replicas', 'minReadySeconds', 'revisionHistoryLimit'].forEach(name => between(spec.at(name), 0));
  if (!selector.isSet) {
    selector.require();
  } else {
    checkSelector(selector);
    if (selector.at('matchLabels').entries.length + selector.at('matchExpressions').items.length === 0) {
      // Other fields than these two are refused already.
      if (selector.entries.every(([key]) => key === 'matchLabels' || key === 'matchExpressions')) {
        selector.refuse('cannot be empty');
      }
    } else if (isMismatch(asObject(selector.value), asObject(template.at('metadata', 'labels').value))) {
      template.at('metadata', 'labels').refuse('must have the labels that spec.selector requires');
    }
  }
  checkTemplate(template, claims);
  const restartPolicy = template.at('spec', 'restartPolicy');
  if (restartPolicy.text !== 'Always' && ['Never', 'OnFailure'].includes(restartPolicy.text)) {
    restartPolicy.mustBe('Always');
  }
  if (template.at('spec', 'activeDeadlineSeconds').isSet) {
    template.at('spec', 'activeDeadlineSeconds').refuse('cannot be set: only the pods of a Job have an end');
  }
}

/** ValidateJobSpec. */
export function checkJob(job: Field): void {
  checkJobSpec(job.at('spec'));
}

/** ValidateCronJobSpec. */
export function checkCronJob(cronJob: Field): void {
  const spec = cronJob.at('spec');
  spec.at('schedule').require();
  oneOf(spec.at('concurrencyPolicy'), ['Allow', 'Forbid', 'Replace']);
  ['failedJobsHistoryLimit', 'successfulJobsHistoryLimit', 'startingDeadlineSeconds'].forEach(name => between(spec.at(name), 0));
  checkJobSpec(spec.at('jobTemplate', 'spec'));
}

function checkJobSpec(spec: Field): void {
  ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'].forEach(name => between(spec.at(name), 0));
  checkTemplate(spec.at('template'));
  const restartPolicy = spec.at('template', 'spec', 'restartPolicy');
  if (restartPolicy.text === '' || restartPolicy.text === 'Always') {
    restartPolicy.refuse('must be set to Never or OnFailure');
  }
}
