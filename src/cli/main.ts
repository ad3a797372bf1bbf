// The command line: finds the command, and turns errors into exit codes.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EdgeError, UsageError } from '../base/errors';
import { similarTo } from '../base/spelling';
import { reading } from '../settings/reading';
import type { Command, OptionName, Options, Terminal } from './command';
import { packageVersion } from './package-version';

const USAGE = `alb-istio: checks, plans, traces and compares the manifests of an AWS ALB in front of an Istio gateway

  alb-istio check [--format text|json|sarif|junit|github|gitlab] [--fail-on error|warning] [--only ID,…] [--skip ID,…] [--complete] [--fix] PATH…
                                                      report what is wrong
  alb-istio plan [--format text|json] [--complete] [--against DEPLOYED] PATH…
                                                      show the load balancers that the controller will build, or what an apply changes
  alb-istio mesh [--format text|json] [--complete] [--workload NAMESPACE/NAME] PATH…
                                                      show what istiod will program into the gateways, or into one workload
  alb-istio trace [--format text|json] [--follow] [--complete] 'REQUEST' PATH…
                                                      show where one request goes, hop by hop, and why
  alb-istio test [--format text|json] [--complete] [--write] [--min-coverage PERCENT] REQUESTS PATH…
                                                      check that requests end where they should, and what they do not cover
  alb-istio test [--format text|json] [--complete] --from-access-log LOG | --from-har FILE [--against OLD] PATH…
                                                      show where the requests of a log go, or which would end elsewhere than with OLD
  alb-istio diagram [--format mermaid|svg] [--complete] [--trace 'REQUEST'] PATH…
                                                      draw the edge from the client to the pods, and one request on it
  alb-istio diff [--format text|markdown] OLD NEW     show what differs, the riskiest changes first
  alb-istio explain [CHECK-ID]                        list the checks, or describe one: what it reports, why, and how to fix it
  alb-istio --help | --version

A PATH is a file, a folder (with its subfolders), a pipe such as <(helm template …), or - for standard input.
Files without Kubernetes objects are skipped with a line on standard error.

  --ignore GLOB   pass over matching files and folders; may be repeated. All commands with a PATH
  --config FILE   the settings, in place of those in alb-istio.yaml. All commands with a PATH
  --fail-on error|warning
                  the least severity of findings that exit with 1; the default is error. check
  --only ID[,ID], --skip ID[,ID]
                  the checks to run, or to leave out; may be repeated. check
  --complete      the manifests are all there is: what they lack, such as a Service of a Helm chart, is a fault, and a request to it fails.
                  check, plan, mesh, trace, test and diagram
  --fix           change files where a fix changes nothing else, print what changed, and report what is left. check
  --follow        follow redirects, as browsers do. trace
  --trace 'REQUEST'
                  draw the way of a request. diagram
  --write         write the ends of today into REQUESTS, where it has none or others. test
  --min-coverage PERCENT
                  exit with 1 if the requests reach less of the rules, routes and policies. test
  --from-access-log LOG, --from-har FILE
                  an access log of an Application Load Balancer or a gateway, as text or .gz, or a recording of a browser; a folder means all of its
                  files; may be repeated. test

A REQUEST is METHOD URL, then optional words: 'GET https://shop.example.com/cart end-user=jason'. A word is a header (name=value) or one of
  via=gateway:PORT | via=gateway:NAMESPACE/NAME:PORT | via=pod:NAMESPACE/WORKLOAD | via=load-balancer:GROUP
                  where the request enters; otherwise the load balancer that serves the host
  from=ADDRESS, sni=NAME, http=1.0|1.1|2, cert, login, claims={…}
                  address of the client, server name, HTTP version, client certificate, login, claims of a valid token: docs/trace.md

REQUESTS is a file with a REQUEST on each line and its expected end behind ->: 'GET https://shop.example.com/cart -> cart.shop:80@v2'.
Other ends: '301 https://…', '403', '404 no route', 'closed', '80% a.shop:80, 20% b.shop:80'. # begins a comment: docs/route-tests.md

alb-istio.yaml in the folder of the manifests, or the nearest one above, has globs to ignore, acknowledged findings, flags of the controller
and settings of the mesh, for check, plan, mesh, trace, test and diagram: docs/settings.md

Manifests that are applied together are checked together. A folder with a kustomization file is a unit: all manifests in it and below it,
down to the next such folder. Everything outside of such folders is one unit, unless two of its folders contain the same object, as
staging and production do: then each folder is a unit. A base and its overlay are two units; to check the result of an overlay, run
kustomize build OVERLAY | alb-istio check -

diff compares each unit of OLD with the unit of NEW at the same relative path, and plan --against each unit of DEPLOYED with that of PATH.

Exit codes:
  check     0: no errors (warnings and acknowledged errors are allowed). 1: errors. With --fail-on warning: 0: no findings. 1: findings
  plan      0: the controller builds everything. 1: it refuses something, or AWS does because of a quota that cannot be raised
  plan --against DEPLOYED
            0: nothing changes. 1: something changes, or the controller refuses something
  mesh      0: the cluster takes everything. 1: the API server or Istio's webhook refuses an object
  trace     0: every end is by design: a workload, a redirect or a response. 1: the request is refused, or its end is not certain
  test      0: every request ends as expected. 1: one does not, or too little is covered
  test --from-…
            0: every request ends by design. 1: one does not, or too little is covered. With --against: 0: none ends elsewhere. 1: one does
  diagram   0, whatever happens to the request
  diff      0: no differences. 1: differences
  any       2: wrong usage, or input that cannot be read
`;

/** Each command is loaded when it runs: the others cost time. */
/* eslint-disable @typescript-eslint/no-require-imports */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  check: () => (require('./check') as typeof import('./check')).CHECK,
  plan: () => (require('./plan') as typeof import('./plan')).PLAN,
  mesh: () => (require('./mesh') as typeof import('./mesh')).MESH,
  trace: () => (require('./trace') as typeof import('./trace')).TRACE,
  test: () => (require('./test') as typeof import('./test')).TEST,
  diagram: () => (require('./diagram') as typeof import('./diagram')).DIAGRAM,
  diff: () => (require('./diff') as typeof import('./diff')).DIFF,
  explain: () => (require('./explain') as typeof import('./explain')).EXPLAIN,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** All options of commands. */
const OPTIONS = {
  format: { type: 'string' }, workload: { type: 'string' }, against: { type: 'string' }, ignore: { type: 'string', multiple: true }, config: { type: 'string' },
  trace: { type: 'string' }, follow: { type: 'boolean' }, write: { type: 'boolean' }, 'min-coverage': { type: 'string' },
  'fail-on': { type: 'string' }, only: { type: 'string', multiple: true }, skip: { type: 'string', multiple: true }, complete: { type: 'boolean' },
  fix: { type: 'boolean' },
  'from-har': { type: 'string', multiple: true }, 'from-access-log': { type: 'string', multiple: true },
} as const;
const OPTION_NAMES = Object.keys(OPTIONS).filter((name): name is OptionName => name !== 'format');

/**
 * Runs the command line.
 *
 * @param args the arguments, without `node` and the script
 * @returns the exit code
 */
export function main(args: readonly string[], terminal: Terminal): number {
  try {
    const { values, positionals: [name, ...rest] } = parse(args);
    if (values.help || values.version) {
      terminal.out(values.help ? USAGE : `${packageVersion()}\n`);
      return 0;
    }
    const command = commandOf(name);
    return command.run(rest, optionsOf(name, command, values), terminal);
  } catch (error) {
    if (error instanceof EdgeError) {
      terminal.err(`alb-istio: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

/** Runs the command line of this process. */
export function runProcess(): void {
  // `alb-istio diff … | head`: the reader has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
    process.exit();
  });
  process.exitCode = main(process.argv.slice(2), {
    out: text => process.stdout.write(text),
    err: text => process.stderr.write(text),
    input: () => reading('standard input', () => readFileSync(0, 'utf8')),
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  });
}

function parse(args: readonly string[]) {
  const config = {
    args: [...args], allowPositionals: true, options: { ...OPTIONS, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
  } as const;
  const { tokens, positionals: [command] } = parseArgs({ ...config, strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'option') {
      refuseOption(token.name, token.rawName, seen.has(token.name), command);
      seen.add(token.name);
    }
  }
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; ${optionsText(command)}`);
  }
}

const ALL_OPTIONS = [...Object.keys(OPTIONS), 'help', 'version'];

/** @throws UsageError for an unknown option, and for a repeated one, of which only one value would count */
function refuseOption(name: string, written: string, isRepeated: boolean, command: string | undefined): void {
  if (!ALL_OPTIONS.includes(name)) {
    const meant = similarTo(name, optionsFor(command));
    throw new UsageError(`unknown option ${written}; ${meant === undefined ? optionsText(command) : `did you mean --${meant}?`}`);
  }
  if (isRepeated && name in OPTIONS && !('multiple' in OPTIONS[name as keyof typeof OPTIONS])) {
    throw new UsageError(`${written} can be given only once`);
  }
}

/** The options of the command, or of all commands where there is no such command. */
function optionsFor(command: string | undefined): readonly string[] {
  if (command === undefined || !Object.hasOwn(COMMANDS, command)) {
    return ALL_OPTIONS;
  }
  const { formats, options } = COMMANDS[command]();
  return [...formats.length === 0 ? [] : ['format'], ...options, 'help'];
}

function optionsText(command: string | undefined): string {
  const options = optionsFor(command);
  return `options${options === ALL_OPTIONS ? '' : ` of ${command}`}: ${options.map(name => `--${name}`).join(', ')}`;
}

function optionsOf(name: string, command: Command, values: ReturnType<typeof parse>['values']): Options {
  for (const option of OPTION_NAMES) {
    if (values[option] !== undefined && !command.options.includes(option)) {
      throw new UsageError(`${name} has no --${option}`);
    }
  }
  return { ...values, format: formatOf(name, command, values.format) };
}

function commandOf(name: string | undefined): Command {
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    const names = Object.keys(COMMANDS);
    const meant = name === undefined ? undefined : similarTo(name, names);
    throw new UsageError(`${name === undefined ? 'no command' : `unknown command "${name}"`}; `
      + (meant === undefined ? `commands: ${names.join(', ')}` : `did you mean ${meant}?`));
  }
  return COMMANDS[name]();
}

function formatOf(name: string, { formats }: Command, format: string | undefined): string {
  if (format !== undefined && !formats.includes(format)) {
    throw new UsageError(formats.length === 0 ? `${name} has no --format` : `unknown format "${format}"; formats of ${name}: ${formats.join(', ')}`);
  }
  return format ?? formats[0] ?? 'text';
}
