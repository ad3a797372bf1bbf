// Address blocks in authorization rules.
import { requireIpBlocks } from '../../../src/edge/security/ip-block';
import { refusal } from '../../refusal';

test('accepts addresses and CIDR blocks of both families', () => {
  const blocks = ['203.0.113.7', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::/0'];
  expect(requireIpBlocks('blocks', blocks)).toEqual(blocks);
});

test.each(['10.0.0.0/33', '256.0.0.1', '10.0.0', '2001:db8::/129', 'localhost', '10.0.0.0/8/8', '1.2.3.4-1.2.3.9', '10.*'])('rejects %s', block => {
  expect(refusal(() => requireIpBlocks('blocks', ['10.0.0.1', block]))).toMatchObject({ prop: 'blocks[1]', value: block });
});
