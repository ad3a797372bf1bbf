// Amazon Resource Names and the ids of AWS resources in annotations.

/** A certificate that an ALB can use: in ACM, or an IAM server certificate. */
export const CERTIFICATE_ARN = /^arn:aws[a-z-]*:(acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+|iam::\d{12}:server-certificate\/[\w+=,.@/-]+)$/;

/** A regional web ACL of WAFv2, or `none`, which removes it. Web ACLs with the scope CLOUDFRONT cannot protect a load balancer. */
export const WAFV2_ACL_ARN = /^(none|arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[\w-]{1,128}\/[0-9A-Za-z-]+)$/;

/** A subnet id has 8 or 17 hexadecimal digits. Anything that does not start with `subnet-` is looked up as a Name tag. */
export const SUBNET = idOrNameTag('subnet');

/** A security group id, or the Name tag of one. */
export const SECURITY_GROUP = idOrNameTag('sg');

/** The id of a managed prefix list. */
export const PREFIX_LIST = /^pl-[0-9a-f]{8,17}$/;

/** An Elastic IP allocation id. */
export const EIP_ALLOCATION = /^eipalloc-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** The ARN of a target group. */
export const TARGET_GROUP_ARN = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/;

function idOrNameTag(prefix: string): RegExp {
  return new RegExp(`^(${prefix}-([0-9a-f]{8}|[0-9a-f]{17})|(?!${prefix}-)[^,\\s\\x85](?:[^,]*[^,\\s\\x85])?)$`);
}
