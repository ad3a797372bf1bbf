// Which codes of istioctl the conformance run compares.
import { COMPARED, OTHERWISE } from '../../conformance/analyzer-differences';
import { SHELF } from '../../src/checks/shelf';

test('each code of istioctl that a check claims is compared, or there is a reason', () => {
  const claimed = new Set(SHELF.flatMap(({ related }) => related).filter(code => code.startsWith('IST')));
  // IST0112 is compared together with IST0101.
  expect([...claimed].sort()).toEqual([...Object.keys(COMPARED), ...Object.keys(OTHERWISE), 'IST0112'].sort());
});
