// CPU time, which other processes on the machine disturb least.

/** The least CPU time of several runs, in milliseconds. The first runs include JIT compilation, on threads that count as well. */
export function leastCpuTime(runs: number, run: () => void): number {
  return Math.min(...Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }));
}
