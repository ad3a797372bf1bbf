// All examples in one run, for `npx cdk8s synth`; each also runs alone: `npx tsx examples/bookinfo/main.ts`.
import { relative } from 'node:path';
import { app as autoMode } from './auto-mode/main';
import { app as bookinfo } from './bookinfo/main';
import { app as canaryBlueGreen } from './canary-blue-green/main';
import { app as echoserver } from './echoserver/main';
import { app as ecommerce } from './ecommerce/main';
import { apps as fleet } from './fleet/main';
import { app as kiali } from './kiali/main';
import { app as nlb } from './nlb/main';
import { apps as platform } from './platform/main';
import { app as twoTeams } from './two-teams/main';
import { app as wafNodeport } from './waf-nodeport/main';
import { app as zeroTrust } from './zero-trust/main';

for (const app of [autoMode, bookinfo, canaryBlueGreen, echoserver, ecommerce, ...fleet, kiali, nlb, ...platform, twoTeams, wafNodeport, zeroTrust]) {
  // The CLI does not show the standard output of an app.
  console.error(`wrote ${relative(process.cwd(), app.folder)}: ${app.files.join(', ')}`);
}
