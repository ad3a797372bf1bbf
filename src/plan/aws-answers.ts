// What only AWS can answer. Without answers a plan says what is asked, and leaves the value open.

/** The load balancer that subnets are for: an Application Load Balancer needs two zones, a Network Load Balancer one. */
interface ForLoadBalancer {
  readonly type: 'application' | 'network';
  readonly scheme: string;
}

/** A question for the subnets of a load balancer. */
export type SubnetQuestion =
  | ForLoadBalancer & { readonly ask: 'subnets by id or name'; readonly values: readonly string[] }
  | ForLoadBalancer & { readonly ask: 'subnets by tags'; readonly tags: { readonly [key: string]: readonly string[] } }
  | ForLoadBalancer & { readonly ask: 'subnets by discovery' };

/** A question that the controller asks AWS while it builds the model. */
export type AwsQuestion =
  | SubnetQuestion
  | { readonly ask: 'security groups by id or name'; readonly values: readonly string[] }
  | { readonly ask: 'CIDR blocks of subnets'; readonly values: readonly string[]; readonly isIpv6: boolean }
  | { readonly ask: 'CIDR blocks of the VPC'; readonly isIpv6: boolean }
  | { readonly ask: 'certificates for a host'; readonly host: string }
  | { readonly ask: 'trust store by name'; readonly name: string }
  | { readonly ask: 'target group by name'; readonly name: string }
  /** Answered by its target type, IP address type, VPC and protocol, in this order. */
  | { readonly ask: 'target group by ARN'; readonly arn: string }
  | { readonly ask: 'web ACL by name'; readonly name: string };

/** An answer: ids or ARNs. `refused` says why the controller fails on what AWS answers; `undefined` leaves it unknown. */
export type AwsAnswer = readonly string[] | { readonly refused: string } | undefined;

/** Answers questions to AWS, for instance from what a pipeline knows of its account. */
export type AwsAnswers = (question: AwsQuestion) => AwsAnswer;
