// What only AWS can answer. Without answers a plan says what is asked, and leaves the value open.

/** A question that the controller asks AWS while it builds the model. */
export type AwsQuestion =
  | { readonly ask: 'subnets by id or name'; readonly values: readonly string[]; readonly scheme: string }
  | { readonly ask: 'subnets by tags'; readonly tags: { readonly [key: string]: readonly string[] }; readonly scheme: string }
  | { readonly ask: 'subnets by discovery'; readonly scheme: string }
  | { readonly ask: 'security groups by id or name'; readonly values: readonly string[] }
  | { readonly ask: 'certificates for a host'; readonly host: string }
  | { readonly ask: 'trust store by name'; readonly name: string }
  | { readonly ask: 'target group by name'; readonly name: string }
  | { readonly ask: 'web ACL by name'; readonly name: string };

/** An answer: ids or ARNs. `refused` says why the controller fails on what AWS answers; `undefined` leaves it unknown. */
export type AwsAnswer = readonly string[] | { readonly refused: string } | undefined;

/** Answers questions to AWS, for instance from what a pipeline knows of its account. */
export type AwsAnswers = (question: AwsQuestion) => AwsAnswer;
