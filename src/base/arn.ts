// Amazon Resource Names and the other AWS ids that appear in ALB annotations.

/** A certificate that an ALB can use: in ACM, or an IAM server certificate. */
export const CERTIFICATE_ARN = /^arn:aws[a-z-]*:(acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+|iam::\d{12}:server-certificate\/[\w+=,.@/-]+)$/;

/** A subnet id has 8 or 17 hexadecimal digits. Anything that does not start with `subnet-` is looked up as a Name tag. */
export const SUBNET = /^(subnet-([0-9a-f]{8}|[0-9a-f]{17})|(?!subnet-)[^,\s](?:[^,]*[^,\s])?)$/;
