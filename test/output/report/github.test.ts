import { renderGithub } from '../../../src/output/report/github';
import { EMPTY, REPORT, UNJUDGED } from './findings';

test('each finding that is not acknowledged is one command, with everything escaped that would end a value', () => {
  expect(renderGithub(REPORT).split('\n')).toEqual([
    '::error file=dist/a%2C b%3A c/shop #1.yaml,line=17,title=unknown-subset::VirtualService prod/shop /spec/http/0: '
      + 'subset "v9" is declared nowhere: 100%25, <none>%0AFix: Declare it.',
    '::warning title=weights-not-100::VirtualService prod/shop: the weights add up to 3%0A%0AFix: Declare it.',
    '1 error, 1 warning, 2 acknowledged, 4 checks ran, 1 skipped: the input has no Ingress',
    '',
  ]);
});

test('an escaped command is what the runner reads back', () => {
  const [, properties, data] = /^::error (.*?)::(.*)$/.exec(renderGithub(REPORT).split('\n')[0])!;
  const unescape = (text: string) => text.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%25/g, '%');
  expect(Object.fromEntries(properties.split(',').map(own => own.split('=').map(unescape)))).toEqual({ file: 'dist/a, b: c/shop #1.yaml', line: '17', title: 'unknown-subset' });
  expect(unescape(data)).toBe('VirtualService prod/shop /spec/http/0: subset "v9" is declared nowhere: 100%, <none>\nFix: Declare it.');
});

test('paths are those of the caller, and without findings there is one line', () => {
  expect(renderGithub(REPORT, file => `deploy/${file}`)).toContain('file=deploy/dist/');
  expect(renderGithub(EMPTY)).toBe('0 errors, 0 warnings, 0 checks ran\n');
});

test('what could not be judged is one notice, in which a value cannot begin a command', () => {
  expect(renderGithub(UNJUDGED).split('\n')).toEqual([
    '::notice title=alb-istio::not judged: ${host}%0A::error::none at Ingress shop/web /spec/rules/0/host and 1 other value, and what depends on them, '
      + 'because they are placeholders; check the rendered manifests',
    '0 errors, 0 warnings, 0 checks ran', '',
  ]);
});
