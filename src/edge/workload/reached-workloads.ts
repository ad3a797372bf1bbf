// The workloads that routes reach, and what acts on each of them, such as mutual TLS. It accepts all workloads of a route before it acts on one.
import type { IWorkload } from './workload';

/** What acts on every workload that routes reach. */
export interface WorkloadListener {
  /** Throws if it rejects one of the workloads, alone or together with the others. Changes nothing. */
  _accept(workloads: readonly IWorkload[]): void;
  /** Called with each workload that all listeners have accepted. */
  _reach(workload: IWorkload): void;
}

/** A set of workloads that grows, and its listeners. */
export class ReachedWorkloads {
  private readonly reached = new Set<IWorkload>();
  private readonly listeners: WorkloadListener[] = [];

  /** All workloads, in the order in which routes reached them. */
  public list(): IWorkload[] {
    return [...this.reached];
  }

  /** Throws if a listener rejects one of the workloads. Changes nothing. */
  public accept(workloads: readonly IWorkload[]): void {
    const fresh = workloads.filter(workload => !this.reached.has(workload));
    if (fresh.length > 0) {
      for (const listener of this.listeners) {
        listener._accept(fresh);
      }
    }
  }

  /** Adds a workload that `accept` has not rejected. */
  public add(workload: IWorkload): void {
    if (!this.reached.has(workload)) {
      for (const listener of this.listeners) {
        listener._reach(workload);
      }
      this.reached.add(workload);
    }
  }

  /** Calls the listener for every workload, now or later. Throws if it rejects one of the present workloads. */
  public listen(listener: WorkloadListener): void {
    listener._accept(this.list());
    this.reached.forEach(workload => listener._reach(workload));
    this.listeners.push(listener);
  }
}
