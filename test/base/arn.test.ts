// Which texts are ARNs of certificates, and which are subnets.
import { CERTIFICATE_ARN, SUBNET } from '../../src/base/arn';

test.each([
  'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789',
  'arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/abc',
  'arn:aws-cn:acm:cn-north-1:123456789012:certificate/abc',
  'arn:aws:iam::123456789012:server-certificate/cloudfront/my_cert',
])('%s is the ARN of a certificate', arn => {
  expect(arn).toMatch(CERTIFICATE_ARN);
});

test.each([
  '', 'arn', 'arn:aws:acm', 'arn:aws:acm:us-east-1:12345678901:certificate/abc', 'arn:aws:acm:us-east-1:123456789012:certificate/',
  'arn:aws:acm::123456789012:certificate/abc', 'arn:aws:iam:us-east-1:123456789012:server-certificate/abc', 'arn:aws:acm:us-east-1:123456789012:certificate/a,b',
  ' arn:aws:acm:us-east-1:123456789012:certificate/abc', 'arn:aws:s3:::bucket', 'ARN:aws:acm:us-east-1:123456789012:certificate/abc',
])('%p is not the ARN of a certificate', arn => {
  expect(arn).not.toMatch(CERTIFICATE_ARN);
});

test.each(['subnet-0a1b2c3d', 'subnet-0c6d0e5f7a8b9c0d1', 'my subnet', 'public-1a', 'a'])('%s is a subnet', subnet => {
  expect(subnet).toMatch(SUBNET);
});

test.each(['', ' ', 'subnet-', 'subnet-1', 'subnet-0a1b2c3', 'subnet-0a1b2c3d4', 'subnet-0A1B2C3D', 'subnet-xyz', 'a,b', ' a', 'a '])('%p is not a subnet', subnet => {
  expect(subnet).not.toMatch(SUBNET);
});
