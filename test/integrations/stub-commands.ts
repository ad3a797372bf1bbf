// npm and npx for tests without a network: they note what they are called with, and install the sources of this repository as `alb-istio`.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** The version that all integrations must install. */
export const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** The text of a file of the repository. */
export function fileOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The YAML blocks of a page. */
export function yamlBlocksOf(page: string): string[] {
  return [...fileOf(page).matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text);
}

/** A VirtualService without an error, or with an error or a warning in line 4. */
export function routes(weights: readonly [number, number] = [60, 40]): string {
  const targets = weights.map((weight, index) => `{ destination: { host: ${'ab'[index]} }, weight: ${weight} }`);
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec: { hosts: [a], http: [{ route: [${targets.join(', ')}] }] }\n`;
}

/** What a script did. */
export interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with scripts in place of npm and npx. */
export class StubCommands {
  public readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'integration-')));
  private readonly bin = join(this.folder, 'bin');
  private readonly log = join(this.folder, 'calls');

  public constructor() {
    const command = `exec ${JSON.stringify(process.execPath)} --require ${JSON.stringify(require.resolve('tsx/cjs'))} ${JSON.stringify(join(ROOT, 'src', 'cli.ts'))} "$@"\n`;
    this.script('sources', command);
    const place = `prefix=; global=; while [ $# -gt 0 ]; do case $1 in --prefix) prefix=$2; shift;; --global) global=1;; esac; shift; done
bin=$prefix/node_modules/.bin; [ -z "$global" ] || bin=${this.bin}
mkdir -p "$bin"; cp ${this.bin}/sources "$bin/alb-istio"\n`;
    this.script('npm', `echo "npm $*" >> ${this.log}\n[ "$1" != cache ] || exit 0\n${place}`);
    this.script('npx', `echo "npx $*" >> ${this.log}\nwhile [ "$1" != -- ]; do shift; done; shift\n[ "$1" = alb-istio ] && shift\nexec ${this.bin}/sources "$@"\n`);
  }

  /** Runs a script as CI systems do: it stops at the first command that fails. */
  public run(shell: readonly string[], script: string, env: Readonly<Record<string, string>> = {}, cwd = this.folder): Done {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GITHUB_|CI_|NODE_OPTIONS|npm_)/.test(name)));
    const [command, ...args] = [...shell, script];
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd, encoding: 'utf8', env: { ...inherited, ...env, PATH: `${this.bin}:${dirname(process.execPath)}:/usr/bin:/bin` },
    });
    return { code: status, out: stdout, err: stderr };
  }

  /** Writes files below the folder. */
  public write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  public read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** What npm and npx were called with, in order. */
  public get calls(): string[] {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').trimEnd().split('\n') : [];
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private script(name: string, text: string): void {
    mkdirSync(this.bin, { recursive: true });
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${text}`);
    chmodSync(join(this.bin, name), 0o755);
  }
}
