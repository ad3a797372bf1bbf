// The stage: a copy of the project in a temporary folder, compiled like the published package, in which the measured programs run.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const PROJECT = join(__dirname, '..');
const COPIED = ['scripts', 'src', 'imports', 'examples', 'package.json', 'tsconfig.json', 'cdk8s.yaml', 'README.md', 'LICENSE'];

/** A folder where `cdk8s-alb-istio` is the compiled package. */
export class Stage {
  public readonly folder = mkdtempSync(join(tmpdir(), 'alb-istio-bench-'));

  /** @throws Error with the compiler output, if the package does not build */
  public constructor() {
    for (const name of COPIED) {
      cpSync(join(PROJECT, name), join(this.folder, name), { recursive: true });
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(this.folder, 'node_modules'), 'dir');
    const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: this.folder, encoding: 'utf8', shell: process.platform === 'win32' });
    if (build.status !== 0) {
      this.clear();
      throw new Error(`npm run build failed:\n${build.stdout}${build.stderr}`);
    }
    this.compile(join(__dirname, 'programs'), 'programs');
    this.compile(join(PROJECT, 'examples'), 'compiled');
  }

  public path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** A path in the project that is measured. */
  public project(...names: string[]): string {
    return join(PROJECT, ...names);
  }

  /** Runs a compiled script in a new process and returns what it prints. */
  public node(...args: string[]): string {
    return execFileSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  }

  /** Runs a command line and returns its duration in milliseconds. */
  public time(command: string): number {
    const start = performance.now();
    const { status, stderr } = spawnSync(command, { cwd: this.folder, shell: true, encoding: 'utf8' });
    const milliseconds = performance.now() - start;
    if (status !== 0) {
      throw new Error(`${command} failed:\n${stderr}`);
    }
    return milliseconds;
  }

  /** The CPU time of a shell command and its children, in milliseconds. @param runs several for a short one: the clock of `times` ticks every 10 ms */
  public cpuTime(command: string, runs = 1): number {
    const all = Array.from({ length: runs }, () => `${command} > /dev/null || exit`).join('\n');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `${all}\ntimes`], { cwd: this.folder, encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(`${command} failed:\n${stderr}`);
    }
    const [, user, system] = /\n(\d+m[\d.]+s) (\d+m[\d.]+s)\n$/.exec(stdout)!;
    return [user, system].reduce((sum, text) => {
      const [minutes, seconds] = text.slice(0, -1).split('m').map(Number);
      return sum + 1000 * (60 * minutes + seconds) / runs;
    }, 0);
  }

  public clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Compiles file by file without type checking, which `npm test` does. */
  private compile(from: string, into: string): void {
    for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))) {
      const compiled = this.path(into, file.replace(/\.ts$/, '.js'));
      const { outputText } = transpileModule(readFileSync(join(from, file), 'utf8'), {
        compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
      });
      mkdirSync(dirname(compiled), { recursive: true });
      writeFileSync(compiled, outputText);
    }
  }
}
