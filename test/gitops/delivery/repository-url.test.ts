// URLs of repositories stand in Git themselves.
import { InvalidProps } from '../../../src/base/errors';
import { requireNoPassword } from '../../../src/gitops/delivery/repository-url';
import { refusal } from '../../refusal';

test.each(['https://git.example.com/a@b.git', 'ssh://git@github.com/acme/platform', 'git@github.com:acme/platform.git'])('%s tells no secret', url => {
  expect(() => requireNoPassword('url', url)).not.toThrow();
});

test.each([
  ['https://ann:hunter2@git.example.com/a', 'https://…@git.example.com/a'], ['https://ghp_token@github.com/a', 'https://…@github.com/a'],
  ['ssh://git:hunter2@github.com/a', 'ssh://…@github.com/a'], ['http://a:b@c@git.example.com/a', 'http://…@git.example.com/a'],
])('%s is refused, without showing it', (url, shown) => {
  expect(refusal(() => requireNoPassword('url', url))).toEqual({
    prop: 'url', value: shown, path: '', reason: 'must be a URL without a password or token, which would stand in Git: name a Secret',
  });
  expect(String(InvalidProps.value('url', shown, 'must be '))).not.toMatch(/hunter2|ghp_/);
});
