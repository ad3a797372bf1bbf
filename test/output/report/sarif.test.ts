import { SHELF } from '../../../src/checks/shelf';
import { renderSarif } from '../../../src/output/report/sarif';
import { ACKNOWLEDGED, EMPTY, ERROR, REPORT, UNJUDGED, WARNING } from './findings';

const [run] = JSON.parse(renderSarif(REPORT, SHELF, { version: '1.2.3' })).runs;

test('the tool has a rule for each check, with help, level and page', () => {
  expect(run.tool.driver).toMatchObject({ name: 'alb-istio', version: '1.2.3', semanticVersion: '1.2.3' });
  expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(SHELF.map(({ id }) => id));
  for (const [index, rule] of run.tool.driver.rules.entries()) {
    const { id, severity, title, why, fix } = SHELF[index];
    expect(rule).toMatchObject({
      shortDescription: { text: `${title}.` }, fullDescription: { text: why }, help: { text: expect.stringContaining(fix), markdown: expect.stringContaining(fix) },
      helpUri: expect.stringMatching(new RegExp(`^https://.*/docs/checks/${id}\\.md$`)), defaultConfiguration: { level: severity }, properties: { 'problem.severity': severity },
    });
  }
});

test('a result has rule, level, message, place and fingerprint', () => {
  expect(run.results[0]).toEqual({
    ruleId: 'unknown-subset',
    ruleIndex: SHELF.findIndex(({ id }) => id === 'unknown-subset'),
    level: 'error',
    message: { text: `${ERROR.message}. Fix: Declare it.` },
    locations: [{
      physicalLocation: { artifactLocation: { uri: 'dist/a%2C%20b%3A%20c/shop%20%231.yaml', uriBaseId: '%SRCROOT%' }, region: { startLine: 17 } },
      logicalLocations: [{ name: 'shop', fullyQualifiedName: 'VirtualService prod/shop/spec/http/0', kind: 'object' }],
    }],
    partialFingerprints: { 'albIstioFinding/v1': expect.stringMatching(/^[\da-f]{40}$/) },
  });
});

test('a finding of a construct has its path, and no place in a file', () => {
  expect(run.results[1]).toMatchObject({ level: 'warning', locations: [{ logicalLocations: [{ name: 'shop' }, { fullyQualifiedName: 'app/shop', kind: 'member' }] }] });
  expect(run.results[1].locations[0]).not.toHaveProperty('physicalLocation');
});

test('acknowledged findings are suppressed, with the reason and where it is', () => {
  expect(run.results.map(({ suppressions }: { suppressions: unknown }) => suppressions)).toEqual([undefined, undefined, ...ACKNOWLEDGED.map(({ acknowledged }, index) => (
    [{ kind: ['inSource', 'external'][index], status: 'accepted', justification: acknowledged }]))]);
});

test.each([
  ['/outside/a b.yaml', { uri: 'file:///outside/a%20b.yaml' }],
  ['C:\\outside\\a.yaml', { uri: 'file:///C:/outside/a.yaml' }],
  ['a/b.yaml', { uri: 'a/b.yaml', uriBaseId: '%SRCROOT%' }],
])('the file %s is %j', (file, artifactLocation) => {
  const [{ results: [{ locations: [{ physicalLocation }] }] }] = JSON.parse(renderSarif(REPORT, SHELF, { path: () => file })).runs;
  expect(physicalLocation.artifactLocation).toEqual(artifactLocation);
});

test('a check that is not among the rules has no index, and without findings there are no results', () => {
  const [{ results: [first] }] = JSON.parse(renderSarif({ ...REPORT, findings: [WARNING] }, [])).runs;
  expect(first).not.toHaveProperty('ruleIndex');
  expect(JSON.parse(renderSarif(EMPTY, SHELF)).runs[0].results).toEqual([]);
});

test('what could not be judged is a notification', () => {
  expect(run.invocations).toEqual([{ executionSuccessful: true }]);
  expect(JSON.parse(renderSarif(UNJUDGED, SHELF)).runs[0].invocations).toEqual([{
    executionSuccessful: true, toolExecutionNotifications: [{ level: 'note', message: { text: expect.stringMatching(/^not judged: .* and 1 other value, /s) } }],
  }]);
});
