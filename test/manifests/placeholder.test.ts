// What is a placeholder, and what only looks like one.
import { hasPlaceholder, placeholderIn } from '../../src/manifests/placeholder';

test.each([
  ['$(loadBalancerScheme)', '$(loadBalancerScheme)'],
  ['shop.${domain}', '${domain}'],
  ['${port:-443}', '${port:-443}'],
  ['arn:$ACCOUNT_ID:x', '$ACCOUNT_ID'],
  ['{{ .Values.host }}', '{{ .Values.host }}'],
  ['a{{`b`}}', '{{`b`}}'],
  ['{{range $1}}', '{{range $1}}'],
  ['shop.#{domain}#', '#{domain}#'],
  ['#{a}##{b}#', '#{a}#'],
  ['shop.%{domain}%', '%{domain}%'],
  ['@@Domain@@:443', '@@Domain@@'],
  ['shop__ENV_NAME__.example.com', '__ENV_NAME__'],
  ['ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]', 'ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]'],
])('%j has the placeholder %s', (text, placeholder) => {
  expect(placeholderIn(text)).toBe(placeholder);
});

test.each(['', 'a', '^/api/(.*)$', '/api/$1', '$2/a', '/v[0-9]{2}$', '^(a|b$)', '{"a":{"b":1}}', '/{*}', '/{id}', '#{host}', '$(', '${', '{{', 'a$', '$x', '%REQ(:path)%',
  '#{host}#{path}', '#{}#', '%{}%', '@@', 'a@@b', '__init__', '__Host-id', '__A', 'ENC[]', 'ENC[a]'])(
  '%j has none', text => {
    expect(hasPlaceholder(text)).toBe(false);
  });
