// The table of codes: each failure mode has a name, and a check or a reason, unless it is known as open.
import { OTHER_MODES, WITHOUT_CHECK } from '../../scripts/check-codes';
import { FAILURE_MODES, LAST_ID } from '../../scripts/failure-modes';
import { SHELF } from '../../src/checks/shelf';

const ids = Array.from({ length: LAST_ID }, (_, index) => `E${String(index + 1).padStart(3, '0')}`);
const rows = FAILURE_MODES.flatMap(([, own]) => own).map(({ id }) => id);
const isFound = (id: string) => SHELF.some(({ related }) => related.includes(id));

test('each failure mode has a check or a reason', () => {
  expect(ids.filter(id => !isFound(id) && WITHOUT_CHECK[id] === undefined)).toEqual([]);
});

test('a reason is only for what no check finds', () => {
  expect(Object.keys(WITHOUT_CHECK).filter(id => isFound(id) || !ids.includes(id))).toEqual([]);
});

test('each failure mode has one name', () => {
  expect(ids.filter(id => rows.includes(id) === (OTHER_MODES[id] !== undefined))).toEqual([]);
});
