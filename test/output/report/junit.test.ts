import { DOMParser, type Element } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import { renderJunit } from '../../../src/output/report/junit';
import { EMPTY, ERROR, REPORT } from './findings';

function parsed(xml: string): Element {
  const onError = (level: string, message: string) => {
    if (level !== 'warning') {
      throw new Error(`${level}: ${message}`);
    }
  };
  return new DOMParser({ onError }).parseFromString(xml, 'text/xml').documentElement!;
}

const children = (element: Element) => [...element.childNodes].filter(node => node.nodeType === 1) as Element[];
const attributes = (element: Element) => Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));

test('each check is a suite, each finding a test, and what did not run is skipped', () => {
  const root = parsed(renderJunit(REPORT));
  expect([root.tagName, attributes(root)]).toEqual(['testsuites', { name: 'alb-istio check', tests: '6', failures: '1', errors: '0' }]);
  expect(children(root).map(suite => [suite.tagName, attributes(suite)])).toEqual([
    ['malformed-annotation', 1, 0, 0], ['unknown-subset', 1, 1, 0], ['weights-not-100', 1, 0, 0], ['zero-weights', 2, 0, 2], ['dangling-backend', 1, 0, 1],
  ].map(([name, tests, failures, skipped]) => ['testsuite', { name, tests: `${tests}`, failures: `${failures}`, errors: '0', skipped: `${skipped}` }]));
  const cases = children(root).flatMap(children);
  expect(cases.map(own => [own.getAttribute('classname'), own.getAttribute('name'), children(own).map(inner => inner.tagName).join()])).toEqual([
    ['malformed-annotation', 'no finding', ''],
    ['unknown-subset', 'dist/a, b: c/shop #1.yaml: VirtualService prod/shop /spec/http/0', 'failure'],
    ['weights-not-100', 'VirtualService prod/shop', 'system-out'],
    ['zero-weights', 'dist/a, b: c/shop #1.yaml: VirtualService prod/shop /spec/http/0', 'skipped'],
    ['zero-weights', 'dist/a, b: c/shop #1.yaml: VirtualService prod/shop /spec/http/1', 'skipped'],
    ['dangling-backend', 'not run', 'skipped'],
  ]);
  expect(attributes(cases[1])).toMatchObject({ file: 'dist/a, b: c/shop #1.yaml', line: '17' });
  expect(cases.map(own => children(own)[0]?.getAttribute('message') ?? '')).toEqual([
    '', ERROR.message, '', 'acknowledged: set by "Argo" & co.', 'acknowledged: known', 'the input has no Ingress',
  ]);
});

test('a failure contains what the text output says', () => {
  const [, suite] = children(parsed(renderJunit(REPORT)));
  expect(children(children(suite)[0])[0].textContent).toBe(`dist/a, b: c/shop #1.yaml:17: error unknown-subset: VirtualService prod/shop
  at /spec/http/0
  subset "v9" is declared nowhere: 100%, <none>
  fix: Declare it.
`);
});

test('warnings fail if they fail the run', () => {
  expect(parsed(renderJunit(REPORT, { failOn: 'warning' })).getAttribute('failures')).toBe('2');
});

test('without checks it is empty', () => {
  expect(children(parsed(renderJunit(EMPTY)))).toEqual([]);
});

test('any text survives, apart from characters that XML does not have', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
    const xml = renderJunit({ ...REPORT, findings: [{ ...ERROR, message: text }] });
    const failure = parsed(xml).getElementsByTagName('failure')[0];
    expect(failure.getAttribute('message')).toBe(text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD'));
  }), { numRuns: 300 });
});
