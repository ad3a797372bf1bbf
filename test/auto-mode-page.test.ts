// The tables of docs/auto-mode.md are those of the annotation tables and of what the constructs reject.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALB_ANNOTATIONS, ALB_PREFIX } from '../src/base/alb-annotations/annotations';
import type { AlbAnnotation } from '../src/base/alb-annotations/annotation';
import { AlbController, NLB_CLASSES } from '../src/base/alb-annotations/controller';
import { isReadByAutoMode } from '../src/base/nlb-annotations/auto-mode';

const PAGE = readFileSync(join(__dirname, '..', 'docs', 'auto-mode.md'), 'utf8');
const ROWS = Object.values(ALB_ANNOTATIONS) as AlbAnnotation<never>[];

/** The rows of the only table in a section, without its head. */
function tableIn(section: string): string[][] {
  const text = new RegExp(`\n## ${section}\n([^]*?)(\n## |$)`).exec(PAGE)![1];
  return text.split('\n').filter(line => line.startsWith('| ')).slice(1).map(line => line.slice(2, -2).split(' | '));
}

test('rejected settings are those that the table of annotations calls ignored', () => {
  const ignored = ROWS.flatMap(({ key, ignoredByAutoMode: own }) => own === undefined ? [] : [[`\`${key}\`${own.value === undefined ? '' : `: \`${own.value}\``}`, own.why]]);
  expect(tableIn('Rejected settings').map(([key, , why]) => [key, why]).sort()).toEqual(ignored.sort());
});

test('class parameters are those that the table of annotations has, and the namespace selector', () => {
  const fields = ROWS.flatMap(({ autoModeField }) => autoModeField ?? []);
  expect(tableIn('Class parameters').map(([, parameter]) => parameter).sort()).toEqual(['namespaceSelector', ...fields].map(field => `\`${field}\``).sort());
});

test('classes of both controllers are those that are written', () => {
  const rowOf = (name: string) => tableIn('Both controllers').find(([first]) => first.startsWith(name))!.slice(1);
  const [own, other] = [AlbController.EKS_AUTO_MODE, AlbController.AWS_LOAD_BALANCER_CONTROLLER];
  expect(rowOf('controller of the IngressClass')).toEqual([`\`${other}\``, `\`${own}\``]);
  expect(rowOf('`loadBalancerClass`')).toEqual([`\`${NLB_CLASSES[other]}\``, `\`${NLB_CLASSES[own]}\`, also for Services without a class`]);
});

test('an annotation whose value decides is ignored with that value only, and what no table has is known as well', () => {
  const read = (key: string, value: string) => isReadByAutoMode(ALB_PREFIX + key, value);
  expect([read('auth-type', 'oidc'), read('auth-type', 'cognito'), read('waf-acl-id', 'a'), read('wafv2-acl-arn', 'a'), read('transforms.a', '')]).toEqual([
    false, true, false, true, false]);
});
