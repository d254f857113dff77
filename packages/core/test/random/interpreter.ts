import {
  type Backend,
  type CancelScope,
  cancelScope,
  checkpoint,
  currentScope,
  failAfter,
  isCancelled,
  moveOnAfter,
  now,
  run,
  ScopeCancelledError,
  shield,
  sleep,
  type TaskGroup,
  taskGroup,
  TaskGroupError,
  type TaskHandle,
  TaskNotStarted,
  TimeoutError,
} from "@anywhen/core";
import { type Certainty, ModelScope } from "./model.ts";
import type { Program, Step, Steps } from "./program.ts";

/** How a body, a scope or a call ended. */
type Ending =
  | { readonly kind: "value"; readonly value?: unknown }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "cancelled"; readonly error: Error };

async function endingOf(work: () => PromiseLike<unknown>): Promise<Ending> {
  try {
    return { kind: "value", value: await work() };
  } catch (error) {
    return isCancelled(error) ? { kind: "cancelled", error } : { kind: "error", error };
  }
}

/** More microtasks than the library needs to notice that a body has ended. */
async function settled(): Promise<void> {
  for (let hop = 0; hop < 16; hop++) await Promise.resolve();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const done = "the body's value";

class GroupModel {
  readonly scope: ModelScope;
  readonly tg: TaskGroup;
  /** Everything that failed in it, and was to be reported by it. */
  readonly errors: unknown[] = [];
  /** For the body and each task that ended with a `Cancelled`: whether it came from outside. */
  readonly interrupted: Certainty[] = [];
  /** Endings the library may not have heard of yet. */
  readonly unheard = new Set<() => void>();
  live = 0;
  bodyEnded = false;
  ended = false;
  /** Whether an enclosing cancellation was visible when its last code ended. */
  outerWhenLeft: Certainty = "maybe";

  constructor(scope: ModelScope, tg: TaskGroup) {
    this.scope = scope;
    this.tg = tg;
  }
}

interface Place {
  readonly scope: ModelScope;
  /** The groups around, outermost first. */
  readonly groups: readonly GroupModel[];
}

/** Runs one random program and holds what the library does against the model. */
export class Interpreter {
  /** What the library did against the rules. */
  readonly violations: string[] = [];
  /** How often each interesting thing happened, so that a property test can tell that it tested something. */
  readonly seen: Map<string, number>;
  readonly #scopes: ModelScope[] = [];
  /** Errors on their way: thrown, not yet caught by the program. */
  readonly #outstanding = new Set<unknown>();
  #boom = 0;
  readonly #backend: Backend;

  constructor(backend: Backend, seen: Map<string, number>) {
    this.#backend = backend;
    this.seen = seen;
  }

  async run({ steps, intrusions }: Program): Promise<void> {
    const intruder = run(
      async () => {
        const start = now();
        for (const { at, target } of intrusions.toSorted((a, b) => a.at - b.at)) {
          await sleep(Math.max(0, start + at - now()));
          this.#cancel(target, "from another run");
        }
      },
      { backend: this.#backend, name: "intruder" },
    );
    let root: ModelScope | undefined;
    let end: Ending = { kind: "value" };
    const ending = await endingOf(() =>
      run(
        async () => {
          root = this.#enter(new ModelScope(now, undefined), currentScope() as CancelScope);
          const place: Place = { scope: root, groups: [] };
          end = await endingOf(() => this.#steps(steps, place));
          root.state = "leaving";
          if (end.kind !== "value") throw end.error;
        },
        { backend: this.#backend, name: "main" },
      ),
    );
    await intruder;
    await settled();
    this.#judgeRun(root as ModelScope, end, ending);
    for (const scope of this.#scopes) {
      if (scope.state !== "ended" && scope !== root) this.#violates("a scope never ended");
    }
  }

  #judgeRun(root: ModelScope, end: Ending, ending: Ending): void {
    if (end.kind === "cancelled") {
      const right = ending.kind === "error" && ending.error instanceof ScopeCancelledError;
      if (!right) this.#violates(`a cancelled run ended with ${tell(ending)}`);
      else if (!root.explains((ending.error as ScopeCancelledError).reason))
        this.#violates("a cancelled run has another reason than its root scope was given");
      this.#saw("run cancelled");
    } else if (ending.kind !== end.kind || errorOf(ending) !== errorOf(end)) {
      this.#violates(`a run whose main came to ${tell(end)} ended with ${tell(ending)}`);
    }
    const reported = end.kind === "error" ? leavesOf(end.error) : [];
    if (new Set(reported).size !== reported.length) this.#violates("an error was reported twice");
    for (const error of reported) {
      if (!this.#outstanding.delete(error)) this.#violates(`nobody had thrown ${String(error)}`);
    }
    for (const error of this.#outstanding) this.#violates(`${String(error)} was lost`);
  }

  async #steps(steps: Steps, place: Place): Promise<void> {
    for (const step of steps) await this.#step(step, place);
  }

  #step(step: Step, place: Place): Promise<void> {
    switch (step.do) {
      case "checkpoint":
        return this.#wait(place, 0, () => checkpoint());
      case "sleep":
        return this.#wait(place, Math.max(0, step.ms), () => sleep(step.ms));
      case "microtasks":
        return hops(step.count);
      case "turn":
        return turn();
      case "throw":
        return Promise.reject(this.#thrown(new Error(`boom ${++this.#boom}`)));
      case "cancel":
        this.#cancel(step.target, "from inside");
        return Promise.resolve();
      case "deadline":
        this.#moveDeadline(step.target, step.ms);
        return Promise.resolve();
      case "unshield":
        this.#unshield(step.target);
        return Promise.resolve();
      case "scope":
      case "moveOnAfter":
      case "failAfter":
      case "shield":
        return this.#scope(step, place);
      case "group":
        return this.#group(step, place);
      case "spawn":
        this.#spawn(step, place);
        return Promise.resolve();
      case "start":
        return this.#start(step, place);
      case "swallow":
        return this.#swallow(step.steps, place);
      case "rescue":
        return this.#rescue(step.steps, place);
      case "cleanup":
        return this.#cleanup(step, place);
      case "branch":
        return this.#branch(step, place);
    }
  }

  // ─── waits

  /** C1, C2, K1, K2, and that a cancellation comes at its own instant. */
  async #wait({ scope }: Place, ms: number, wait: () => Promise<void>): Promise<void> {
    const called = now();
    const before = scope.effective;
    try {
      await wait();
    } catch (error) {
      if (!isCancelled(error)) throw error;
      this.#saw("wait cancelled");
      if (scope.effective === "no") this.#violates("a checkpoint threw in a scope not cancelled");
      const due = Math.max(called, scope.effectiveSince);
      if (now() !== due)
        this.#violates(`a wait cancelled at ${due} threw at ${now()}, called at ${called}`);
      if (!scope.explains((error as { reason?: unknown }).reason))
        this.#violates("a Cancelled has a reason that no enclosing scope was given");
      throw error;
    }
    if (before === "yes") this.#violates("a checkpoint passed in a cancelled scope");
    if (now() !== called + ms) this.#violates(`a wait of ${ms} from ${called} resumed at ${now()}`);
    if (scope.effectiveSince < now())
      this.#violates("a wait resumed with a value, cancelled at an earlier instant");
  }

  // ─── what is done to scopes from anywhere

  #cancel(index: number, how: string): void {
    const scope = this.#pick(index);
    if (scope === undefined) return;
    const reason = { how };
    scope.cancel(reason);
    scope.subject?.cancel(reason);
  }

  #moveDeadline(index: number, ms: number): void {
    const scope = this.#pick(index);
    if (scope?.subject === undefined) return;
    const due = now() + ms;
    scope.moveDeadline(due);
    scope.subject.deadline = due;
  }

  #unshield(index: number): void {
    const shielded = this.#scopes.filter((scope) => scope.shield && scope.unshieldable);
    const scope = shielded[index % shielded.length];
    if (scope?.subject === undefined) return;
    scope.unshield();
    scope.subject.shield = false;
    this.#saw("unshielded");
  }

  #pick(index: number): ModelScope | undefined {
    // Mostly what is open: of late scopes there are more and more.
    const open = this.#scopes.filter((scope) => scope.state !== "ended");
    const from = index % 5 === 0 ? this.#scopes : open;
    return from[index % from.length];
  }

  // ─── scopes

  async #scope(
    step: Step & { do: "scope" | "moveOnAfter" | "failAfter" | "shield" },
    place: Place,
  ): Promise<void> {
    let scope: ModelScope | undefined;
    let subject: CancelScope | undefined;
    let end: Ending = { kind: "value" };
    let allowed: string[] = [];
    const due = step.ms === undefined ? Infinity : now() + step.ms;
    const hides = step.do === "shield" || (step.do === "scope" && step.shield);
    const body = async (opened: CancelScope): Promise<unknown> => {
      subject = opened;
      const model = new ModelScope(now, place.scope, { shield: hides, due, unshieldable: true });
      scope = this.#enter(model, opened);
      end = await endingOf(() => this.#steps(step.steps, { ...place, scope: model }));
      allowed = this.#scopeOutcomes(model, end, step.do);
      this.#checkFlagsInside(model);
      model.state = "leaving";
      if (end.kind !== "value") throw end.error;
      return done;
    };
    const ending = await endingOf(() => open(step, body));
    const model = scope as unknown as ModelScope;
    allowed = [...allowed, ...this.#scopeOutcomes(model, end, step.do)];
    model.state = "ended";
    const outcome = this.#scopeOutcome(ending, end, step.do);
    if (!allowed.includes(outcome))
      this.#violates(`a ${step.do} ended as ${outcome}, not as ${[...new Set(allowed)].join("/")}`);
    this.#checkFlags(model, subject as unknown as CancelScope, outcome);
    this.#saw(`${step.do} ${outcome}`);
    if (ending.kind === "value") return;
    if (outcome === "timed out" || outcome === "cancelled by hand") this.#thrown(ending.error);
    throw ending.error;
  }

  /** C4, C5, C6, C12. */
  #scopeOutcomes(scope: ModelScope, end: Ending, kind: string): string[] {
    if (end.kind !== "cancelled") return [end.kind];
    const outcomes = [];
    scope.settle();
    const { outer } = scope;
    if (scope.own === undefined || outer !== "no") outcomes.push("passed on");
    if (scope.own !== undefined && outer !== "yes") {
      if (kind === "scope" || kind === "moveOnAfter") outcomes.push("absorbed");
      else outcomes.push(scope.own.cause === "deadline" ? "timed out" : "cancelled by hand");
    }
    return outcomes;
  }

  #scopeOutcome(ending: Ending, end: Ending, kind: string): string {
    if (ending.kind === "value") return ending.value === done ? "value" : "absorbed";
    if (ending.kind === "cancelled") return "passed on";
    if (ending.error === errorOf(end)) return "error";
    if (kind === "scope" || kind === "moveOnAfter") return `a foreign ${String(ending.error)}`;
    if (ending.error instanceof TimeoutError) return "timed out";
    return ending.error instanceof ScopeCancelledError
      ? "cancelled by hand"
      : `a foreign ${String(ending.error)}`;
  }

  #checkFlagsInside(scope: ModelScope): void {
    const { subject, effective } = scope;
    if (subject === undefined || effective === "maybe") return;
    const is = effective === "yes";
    if (subject.cancelled !== is) this.#violates(`cancelled is ${!is}, C2 says ${is}`);
    if (subject.signal.aborted !== is) this.#violates(`signal.aborted is ${!is}, C18 says ${is}`);
    if (subject.cancelledCaught) this.#violates("cancelledCaught inside the scope");
  }

  #checkFlags(scope: ModelScope, subject: CancelScope, outcome: string): void {
    const caught = ["absorbed", "timed out", "cancelled by hand"].includes(outcome);
    if (subject.cancelledCaught !== caught)
      this.#violates(`cancelledCaught is ${subject.cancelledCaught} of a scope that ${outcome}`);
    this.#checkCalled(scope, subject);
  }

  #checkCalled(scope: ModelScope, subject: CancelScope): void {
    if (scope.touchedLate) return;
    const called = scope.own !== undefined;
    if (scope.cancelledItself === "maybe") return;
    if (subject.cancelCalled !== called)
      this.#violates(`cancelCalled is ${subject.cancelCalled}, the model says ${called}`);
    const { cause, reason } = scope.own ?? {};
    if (cause === "deadline" && !(subject.cancelReason instanceof TimeoutError))
      this.#violates("cancelReason of a deadline is no TimeoutError");
    if (cause === "call" && subject.cancelReason !== reason)
      this.#violates("cancelReason is not the first that was given");
  }

  // ─── groups

  async #group(step: Step & { do: "group" }, place: Place): Promise<void> {
    let group: GroupModel | undefined;
    let end: Ending = { kind: "value" };
    const ending = await endingOf(() =>
      taskGroup(async (tg) => {
        const scope = this.#enter(new ModelScope(now, place.scope), tg.scope);
        group = new GroupModel(scope, tg);
        const inside: Place = { scope, groups: [...place.groups, group] };
        for (const steps of step.tasks) this.#startTask(group, steps, inside);
        end = await endingOf(() => this.#steps(step.steps, inside));
        if (end.kind === "error") this.#failedIn(group, end.error);
        if (end.kind === "cancelled") group.interrupted.push("yes");
        group.bodyEnded = true;
        leaveIfEmpty(group);
        if (end.kind !== "value") throw end.error;
        return done;
      }),
    );
    const model = group as unknown as GroupModel;
    if (!model.bodyEnded) this.#violates("a group ended before its body");
    if (model.live > 0) this.#violates(`a group ended before ${model.live} of its tasks`);
    model.ended = true;
    for (const askAgain of model.unheard) askAgain();
    this.#judgeGroup(model, end, ending);
    model.scope.state = "ended";
    if (ending.kind !== "value") throw ending.error;
  }

  /** T2, T6, T7. */
  #judgeGroup(group: GroupModel, end: Ending, ending: Ending): void {
    const { errors, scope } = group;
    if (errors.length > 0) {
      if (ending.kind !== "error" || !(ending.error instanceof TaskGroupError))
        this.#violates(`a group with errors ended with ${tell(ending)}`);
      else if (!sameMembers(ending.error.errors, errors))
        this.#violates(`a group reported ${ending.error.message}, of ${errors.length} errors`);
      this.#saw("group failed");
      if (scope.own === undefined && scope.cancelledItself === "no")
        this.#violates("a failed group was not cancelled");
      this.#checkCalled(scope, group.tg.scope);
      return;
    }
    const interrupted = anyOf(group.interrupted);
    const outer = blend(scope.outer, group.outerWhenLeft);
    const passes = both(interrupted, outer);
    const passed = ending.kind === "cancelled";
    if (ending.kind === "error") this.#violates(`a group without errors threw ${tell(ending)}`);
    else if (passes !== "maybe" && passed !== (passes === "yes"))
      this.#violates(
        `a group, interrupted: ${interrupted}, outer: ${outer}, ended with ${tell(ending)}`,
      );
    if (ending.kind === "value") {
      const kept = ending.value === done;
      if (kept !== (end.kind === "value"))
        this.#violates(`a group whose body came to ${tell(end)} resolved with ${tell(ending)}`);
      if (interrupted === "yes" && outer === "no" && !group.tg.scope.cancelledCaught)
        this.#violates("a group that absorbed has no cancelledCaught");
      if (interrupted === "no" && group.tg.scope.cancelledCaught)
        this.#violates("a group that absorbed nothing has cancelledCaught");
    }
    this.#saw(`group ${ending.kind}`);
    this.#checkCalled(scope, group.tg.scope);
  }

  #failedIn(group: GroupModel, error: unknown): void {
    group.errors.push(error);
    group.scope.fail(error);
  }

  #spawn(step: Step & { do: "spawn" }, place: Place): void {
    const index = step.group % place.groups.length;
    const group = place.groups[index];
    if (group === undefined) return;
    // It may outlive the groups further in.
    this.#startTask(group, step.steps, { ...place, groups: place.groups.slice(0, index + 1) });
    this.#saw("spawned from inside");
  }

  #startTask(group: GroupModel, steps: Steps, place: Place): void {
    const scope = new ModelScope(now, group.scope);
    group.live++;
    const handle: TaskHandle = group.tg.startSoon(async () => {
      const end = await this.#taskBody(group, scope, () => this.#steps(steps, { ...place, scope }));
      this.#taskLeft(group, scope, end);
      if (end.kind !== "value") throw end.error;
    });
    this.#enter(scope, handle.scope);
  }

  async #taskBody(
    group: GroupModel,
    scope: ModelScope,
    body: () => Promise<void>,
  ): Promise<Ending> {
    if (group.ended) this.#violates("a task began after its group had ended");
    if (currentScope() !== scope.subject) this.#violates("a task does not begin in its own scope");
    const end = await endingOf(body);
    if (group.ended) this.#violates("a task outlived its group");
    scope.state = "leaving";
    return end;
  }

  /** A task of the group has ended. The library hears of it some microtasks later. */
  #taskLeft(group: GroupModel, scope: ModelScope, end: Ending): void {
    if (end.kind === "error") this.#failedIn(group, end.error);
    if (end.kind === "cancelled") {
      const { outer } = scope;
      const index = group.interrupted.push(outer) - 1;
      const askAgain = (): void => {
        if (group.unheard.delete(askAgain)) group.interrupted[index] = blend(outer, scope.outer);
      };
      group.unheard.add(askAgain);
      void settled().then(askAgain);
    }
    this.#gone(group, scope);
  }

  #gone(group: GroupModel, scope: ModelScope): void {
    group.live--;
    leaveIfEmpty(group);
    void settled().then(() => {
      scope.state = "ended";
    });
  }

  // ─── start()

  async #start(step: Step & { do: "start" }, place: Place): Promise<void> {
    const index = step.group % place.groups.length;
    const group = place.groups[index];
    if (group === undefined) return;
    const before = place.scope.effective;
    const scope = new ModelScope(now, place.scope);
    const inside: Place = { scope, groups: place.groups.slice(0, index + 1) };
    let began = false;
    let handedOver = false;
    let end: Ending | undefined;
    let callerThen: Certainty = "maybe";
    const value = { started: true };
    const ending = await endingOf(() =>
      group.tg.start(async (status) => {
        began = true;
        group.live++;
        this.#enter(scope, currentScope() as CancelScope);
        end = await this.#taskBody(group, scope, async () => {
          await this.#steps(step.before, inside);
          if (step.tells) {
            handedOver = this.#callerListens(place.scope);
            status.started(value);
            if (handedOver) scope.moveUnder(group.scope);
          }
          await this.#steps(step.after, inside);
        });
        callerThen = place.scope.effective;
        if (handedOver) this.#taskLeft(group, scope, end);
        else this.#gone(group, scope);
        if (end.kind !== "value") throw end.error;
      }),
    );
    const outcome = this.#startOutcome(ending, value, end);
    this.#saw(`start ${outcome}`);
    const caller = end === undefined ? before : blend(callerThen, place.scope.effective);
    const allowed = startOutcomes(began, handedOver, end, before, caller);
    if (!allowed.includes(outcome))
      this.#violates(`start() ended as ${outcome}, not as ${allowed.join("/")}`);
    if (ending.kind === "value") return;
    if (outcome === "not started") this.#thrown(ending.error);
    throw ending.error;
  }

  /** Whether `started()` hands the task over now. [T13, T14] */
  #callerListens(caller: ModelScope): boolean {
    const cancelled = caller.effective;
    if (cancelled !== "maybe") return cancelled === "no";
    return caller.subject?.cancelled !== true;
  }

  #startOutcome(ending: Ending, value: unknown, end: Ending | undefined): string {
    if (ending.kind === "cancelled") return "cancelled";
    if (ending.kind === "value") return ending.value === value ? "started" : "a foreign value";
    if (end !== undefined && ending.error === errorOf(end)) return "failed";
    return ending.error instanceof TaskNotStarted ? "not started" : "a foreign error";
  }

  // ─── what programs do with errors

  async #swallow(steps: Steps, place: Place): Promise<void> {
    const end = await endingOf(() => this.#steps(steps, place));
    if (end.kind === "error") throw end.error;
    if (end.kind === "cancelled") this.#saw("swallowed");
  }

  async #rescue(steps: Steps, place: Place): Promise<void> {
    const end = await endingOf(() => this.#steps(steps, place));
    if (end.kind === "cancelled") throw end.error;
    if (end.kind === "error") this.#handled(end.error);
  }

  async #cleanup(step: Step & { do: "cleanup" }, place: Place): Promise<void> {
    const end = await endingOf(() => this.#steps(step.steps, place));
    const cleaned = await endingOf(() =>
      step.shielded
        ? this.#scope({ do: "scope", shield: true, ms: undefined, steps: step.cleanup }, place)
        : this.#steps(step.cleanup, place),
    );
    if (cleaned.kind === "error" && end.kind === "error") this.#handled(end.error);
    if (cleaned.kind === "error") throw cleaned.error;
    if (end.kind !== "value") throw end.error;
    if (cleaned.kind !== "value") throw cleaned.error;
  }

  /** C15: branches of one task. */
  async #branch(step: Step & { do: "branch" }, place: Place): Promise<void> {
    const ends = await Promise.all(
      [step.left, step.right].map((steps) => endingOf(() => this.#steps(steps, place))),
    );
    const [first, ...rest] = ends.filter((end) => end.kind === "error");
    for (const { error } of rest) this.#handled(error);
    if (first !== undefined) throw first.error;
    const cancelled = ends.find((end) => end.kind === "cancelled");
    if (cancelled !== undefined) throw cancelled.error;
  }

  // ─── books

  #enter(scope: ModelScope, subject: CancelScope): ModelScope {
    scope.subject = subject;
    this.#scopes.push(scope);
    return scope;
  }

  #thrown<E>(error: E): E {
    this.#outstanding.add(error);
    return error;
  }

  #handled(error: unknown): void {
    for (const leaf of leavesOf(error)) this.#outstanding.delete(leaf);
  }

  #violates(what: string): void {
    this.violations.push(what);
  }

  #saw(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }
}

function leaveIfEmpty(group: GroupModel): void {
  if (!group.bodyEnded || group.live > 0) return;
  group.outerWhenLeft = group.scope.outer;
  group.scope.settle();
  group.scope.state = "leaving";
}

function startOutcomes(
  began: boolean,
  handedOver: boolean,
  end: Ending | undefined,
  before: Certainty,
  caller: Certainty,
): string[] {
  if (!began) return before === "no" ? [] : ["cancelled"];
  if (before === "yes") return [];
  if (handedOver) return ["started"];
  if (end === undefined) return [];
  if (end.kind === "error") return ["failed"];
  if (caller === "maybe") return ["cancelled", "not started"];
  return caller === "yes" ? ["cancelled"] : ["not started"];
}

function open(
  step: Step & { do: "scope" | "moveOnAfter" | "failAfter" | "shield" },
  body: (scope: CancelScope) => Promise<unknown>,
): Promise<unknown> {
  switch (step.do) {
    case "scope": {
      const deadline = step.ms === undefined ? Infinity : now() + step.ms;
      return cancelScope(body, { shield: step.shield, deadline });
    }
    case "moveOnAfter":
      return moveOnAfter(step.ms, body);
    case "failAfter":
      return failAfter(step.ms, body);
    case "shield":
      return shield(body, { timeout: step.ms });
  }
}

async function hops(count: number): Promise<void> {
  for (let hop = 0; hop < count; hop++) await Promise.resolve();
}

function errorOf(ending: Ending): unknown {
  return ending.kind === "value" ? undefined : ending.error;
}

function leavesOf(error: unknown): unknown[] {
  return error instanceof TaskGroupError ? error.leaves() : [error];
}

function sameMembers(actual: readonly unknown[], expected: readonly unknown[]): boolean {
  const set = new Set(actual);
  return actual.length === expected.length && expected.every((error) => set.has(error));
}

/** The same question asked twice, around the moment at which the library asked it. */
function blend(a: Certainty, b: Certainty): Certainty {
  return a === b ? a : "maybe";
}

function anyOf(all: readonly Certainty[]): Certainty {
  if (all.includes("yes")) return "yes";
  return all.includes("maybe") ? "maybe" : "no";
}

function both(a: Certainty, b: Certainty): Certainty {
  if (a === "no" || b === "no") return "no";
  return a === "yes" && b === "yes" ? "yes" : "maybe";
}

function tell(ending: Ending): string {
  return ending.kind === "value" ? `the value ${String(ending.value)}` : String(ending.error);
}
