// Real faults from the field, with what a good finding says and where. They are not part of the repository: without them the test is skipped.
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Finding } from '../../src/checks/finding';
import { check } from '../../src/checks/runner';
import { pointer } from '../../src/manifests/pointer';
import { readYaml } from '../../src/manifests/yaml';

interface FieldCase {
  readonly id: string;
  readonly decidable: 'yes' | 'partly' | 'no';
  readonly expected: 'error' | 'warning' | 'clean';
  /** `Gateway istio-ingress/edge spec.servers[0].hosts`, maybe with more in parentheses. */
  readonly faultAt: string;
}

/** Faults that no check finds yet. */
const MISSED: readonly string[] = [
];

const FOLDER = path.join(__dirname, '../../../shared/field-cases');
/** None where the folder is missing, as it is for users. */
const CASES = !fs.existsSync(FOLDER) ? [] : fs.readdirSync(FOLDER).filter(name => /^\d/.test(name))
  .map(name => JSON.parse(fs.readFileSync(path.join(FOLDER, name, 'case.json'), 'utf8')) as FieldCase);

function findingsOf({ id }: FieldCase): readonly Finding[] {
  const file = path.join(FOLDER, id, 'manifests.yaml');
  return check(readYaml(fs.readFileSync(file, 'utf8'), file)).findings;
}

/** Whether a finding is at the place of a fault: the same object, and one pointer leads to the other. */
function isAt(finding: Finding, { faultAt }: FieldCase): boolean {
  const [, kind, namespace, name, field = ''] = /^(\S+) (?:([^\s/]+)\/)?(\S+?)(?: (.*))?$/.exec(faultAt)!;
  const { object } = finding;
  if (object.kind !== kind || object.name !== name || (namespace !== undefined && (object.namespace ?? 'default') !== namespace)) {
    return false;
  }
  const written = field.replace(/ ?\(.*/, '');
  const steps = [...written.matchAll(/\[([^\]]+)\]|([^.[\]]+)/g)].map(([, inside, plain]) => inside ?? plain);
  const place = pointer(...steps);
  return finding.pointer.startsWith(place) || place.startsWith(finding.pointer);
}

test('the clean ones have no finding', () => {
  const clean = CASES.filter(({ expected }) => expected === 'clean');
  expect(clean.flatMap(one => findingsOf(one).map(({ id, pointer: place }) => `${one.id}: ${id} ${place}`))).toEqual([]);
});

test('each fault is found at its place, except for those known as missed', () => {
  if (CASES.length === 0) {
    console.warn('skipped: ../shared/field-cases is not there');
    return;
  }
  const faults = CASES.filter(({ expected }) => expected !== 'clean');
  const missed = faults.filter(fault => !findingsOf(fault).some(finding => isAt(finding, fault)));
  expect(missed.map(({ id }) => id)).toEqual(MISSED);
});
