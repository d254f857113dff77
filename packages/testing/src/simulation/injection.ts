import { type HostedTask, ScopeCancelledError, TaskCancelled } from "@anywhen/core";
import { currentSite } from "./checkpoint-site.ts";
import type { Probe, Simulator } from "./simulator.ts";

/** The place of one cancellation: as a checkpoint is called, or at a moment between two steps, while every task waits. Counted from 1. */
export type Place = { readonly checkpoint: number } | { readonly moment: number };

/** Whom to cancel: the root task, so everything, or the one task whose checkpoint it is. */
export type Target = "main" | "task";

/** Counts the checkpoints and moments of a run, and cancels at one of them. */
export class Injection implements Probe {
  readonly place: Place | undefined;
  checkpoints = 0;
  moments = 0;
  /** Where it has happened, in words. */
  where: string | undefined;
  readonly #target: Target;
  /** By which the cancellation is known again when it comes out of the run. */
  readonly #reason = new Error("cancelled by cancelEverywhere()");
  #ended = false;

  constructor(place: Place | undefined, target: Target) {
    this.place = place;
    this.#target = target;
  }

  atCheckpoint(simulator: Simulator, task: HostedTask): void {
    if (this.#ended) return;
    this.checkpoints++;
    const { place } = this;
    if (place === undefined || !("checkpoint" in place)) return;
    if (place.checkpoint !== this.checkpoints) return;
    const { call = "a checkpoint", caller } = currentSite();
    const site = caller === undefined ? "" : `, called by ${caller}`;
    const where = `at checkpoint ${this.checkpoints}, ${call} in task ${task.name}${site}`;
    this.#cancel(simulator, this.#target === "main" ? simulator.root : task, where);
  }

  betweenSteps(simulator: Simulator): void {
    if (this.#ended) return;
    this.moments++;
    const { place } = this;
    if (place === undefined || !("moment" in place)) return;
    if (place.moment !== this.moments) return;
    const { steps } = simulator;
    const where = `at moment ${this.moments}, between steps ${steps} and ${steps + 1}`;
    this.#cancel(simulator, simulator.root, where);
  }

  /** What comes now is no part of the program any more. */
  end(): void {
    this.#ended = true;
  }

  /** Whether `error` is what this cancellation comes to, and nothing else. */
  explains(error: unknown): boolean {
    if (this.where === undefined) return false;
    if (error instanceof ScopeCancelledError) return error.reason === this.#reason;
    if (this.#target === "main") return false;
    if (error instanceof AggregateError) return error.errors.every((one) => this.explains(one));
    return error instanceof TaskCancelled;
  }

  #cancel(simulator: Simulator, task: HostedTask | undefined, where: string): void {
    this.where = where;
    simulator.trace.push(`cancel ${task?.name} ${where}`);
    task?.cancel(this.#reason);
  }
}
