// What the load balancer rewrites.
import { encodeAlbAnnotations } from '../../../src/base/alb-annotations/annotations';
import { ListenerTransform } from '../../../src/edge/listener/transform';
import { refusal } from '../../refusal';

test('URL and host rewrites are rendered', () => {
  const transforms = [ListenerTransform.urlRewrite('^/api/(.*)$', '/$1'), ListenerTransform.hostHeaderRewrite('^(.*)\\.old$', '$1.new')].map(transform => transform._render());
  expect(transforms).toEqual([
    { type: 'url-rewrite', urlRewriteConfig: { rewrites: [{ regex: '^/api/(.*)$', replace: '/$1' }] } },
    { type: 'host-header-rewrite', hostHeaderRewriteConfig: { rewrites: [{ regex: '^(.*)\\.old$', replace: '$1.new' }] } },
  ]);
  expect(encodeAlbAnnotations({ transforms: { it: transforms } })).toEqual({
    'alb.ingress.kubernetes.io/transforms.it': '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[{"regex":"^/api/(.*)$","replace":"/$1"}]}},'
      + '{"type":"host-header-rewrite","hostHeaderRewriteConfig":{"rewrites":[{"regex":"^(.*)\\\\.old$","replace":"$1.new"}]}}]',
  });
});

test('a replacement may be empty, an expression may not, and both are limited to 1,024 characters', () => {
  const [full, long] = ['a'.repeat(1024), 'a'.repeat(1025)];
  for (const make of [ListenerTransform.urlRewrite, ListenerTransform.hostHeaderRewrite]) {
    expect(() => [make(full, full), make('a', '')]).not.toThrow();
    expect(refusal(() => make('', 'a'))).toMatchObject({ prop: 'regex', value: '' });
    expect(refusal(() => make(long, 'a'))).toMatchObject({ prop: 'regex', value: long });
    expect(refusal(() => make('a', long))).toMatchObject({ prop: 'replace', value: long });
  }
});
