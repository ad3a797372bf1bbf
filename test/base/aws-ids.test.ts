// Which texts are ids of AWS things.
import * as ids from '../../src/base/aws-ids';

const ACCEPTED: Record<keyof typeof ids, readonly string[]> = {
  CERTIFICATE_ARN: [
    'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789',
    'arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/abc',
    'arn:aws-cn:acm:cn-north-1:123456789012:certificate/abc',
    'arn:aws:iam::123456789012:server-certificate/cloudfront/my_cert',
  ],
  WAFV2_ACL_ARN: [
    'none', 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/my_acl/0a1b2c3d-4e5f-6789-abcd-ef0123456789',
    `arn:aws-us-gov:wafv2:us-gov-west-1:123456789012:regional/webacl/${'a'.repeat(128)}/b`,
  ],
  SUBNET: ['subnet-0a1b2c3d', 'subnet-0c6d0e5f7a8b9c0d1', 'my subnet', 'public-1a', 'a', 'Subnet-1'],
  SECURITY_GROUP: ['sg-0a1b2c3d', 'sg-0c6d0e5f7a8b9c0d1', 'my group', 'web'],
  PREFIX_LIST: ['pl-0a1b2c3d', 'pl-0c6d0e5f7a8b9c0d1'],
  EIP_ALLOCATION: ['eipalloc-0a1b2c3d', 'eipalloc-0c6d0e5f7a8b9c0d1'],
  TARGET_GROUP_ARN: ['arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/my-group/0123456789abcdef', `arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:targetgroup/${'a'.repeat(32)}/0123456789abcdef`],
};

const REFUSED: Record<keyof typeof ids, readonly string[]> = {
  CERTIFICATE_ARN: [
    '', 'arn', 'arn:aws:acm', 'arn:aws:acm:us-east-1:12345678901:certificate/abc', 'arn:aws:acm:us-east-1:123456789012:certificate/',
    'arn:aws:acm::123456789012:certificate/abc', 'arn:aws:iam:us-east-1:123456789012:server-certificate/abc', 'arn:aws:acm:us-east-1:123456789012:certificate/a,b',
    ' arn:aws:acm:us-east-1:123456789012:certificate/abc', 'arn:aws:s3:::bucket', 'arn:aws:acm:us-east-1:1234567890123:certificate/abc', 'arn:aws:acm:us-east-1:12345678901x:certificate/abc',
    'arn:aws:iam::123456789012:server-certificate/a b', 'arn:aws:iam::123456789012:server-certificate/', 'arn:aws:iam::12345:server-certificate/a', 'ARN:aws:acm:us-east-1:123456789012:certificate/abc',
  ],
  WAFV2_ACL_ARN: [
    '', 'None', 'none ', ' none', ' arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b', 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b ',
    'arn:aws:wafv2:eu-west-1:12345:regional/webacl/a/b', 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl//b', 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a.b/c',
    `arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/${'a'.repeat(129)}/b`,
    'arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b', 'arn:aws:wafv2::123456789012:regional/webacl/a/b', 'arn:aws:waf-regional:us-east-1:123456789012:webacl/a',
  ],
  SUBNET: ['', ' ', 'subnet-', 'subnet-1', 'subnet-0a1b2c3', 'subnet-0a1b2c3d4', 'subnet-0A1B2C3D', 'subnet-xyz', 'a,b', ' a', 'a ', 'a\x85'],
  SECURITY_GROUP: ['', 'sg-', 'sg-1', 'sg-0A1B2C3D', 'a,b', ' a'],
  PREFIX_LIST: ['', 'pl-', 'pl-xyz', 'my list', 'pl-0123456', 'pl-0c6d0e5f7a8b9c0d12', 'pl-0a1b2c3g', 'apl-0a1b2c3d', 'pl-0a1b2c3d '],
  EIP_ALLOCATION: ['', 'eipalloc-1', 'eipalloc-0a1b2c3d4', 'eipalloc-0c6d0e5f7a8b9c0d12', 'eipalloc-0a1b2c3g', 'eipalloc-0c6d0e5f7a8b9c0dg', 'a eipalloc-0a1b2c3d', '203.0.113.1'],
  TARGET_GROUP_ARN: [
    '', ...[
      '123456789012:loadbalancer/app/a/0123456789abcdef', '123456789012:targetgroup/a_b/0123456789abcdef', '123456789012:targetgroup//0123456789abcdef',
      `123456789012:targetgroup/${'a'.repeat(33)}/0123456789abcdef`, '123456789012:targetgroup/a/0123456789abcde', '123456789012:targetgroup/a/0123456789abcdef0',
      '123456789012:targetgroup/a/0123456789abcdeg', '12345678901:targetgroup/a/0123456789abcdef', '12345678901a:targetgroup/a/0123456789abcdef',
    ].map(rest => `arn:aws:elasticloadbalancing:eu-west-1:${rest}`), ' arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/0123456789abcdef',
    'arn:aws:elasticloadbalancing::123456789012:targetgroup/a/0123456789abcdef',
  ],
};

describe.each(Object.keys(ids) as (keyof typeof ids)[])('%s', id => {
  it.each(ACCEPTED[id])('is matched by %p', text => {
    expect(text).toMatch(ids[id]);
  });

  it.each(REFUSED[id])('is not matched by %p', text => {
    expect(text).not.toMatch(ids[id]);
  });
});
