import {
  CapacityLimiter,
  checkpoint,
  Condition,
  currentScope,
  type Lease,
  Lock,
  Semaphore,
  sleep,
  taskGroup,
  WouldBlock,
} from "anywhen";
import { assert, specimen, type Specimen } from "./specimen.ts";

interface Lessor {
  acquire(): Promise<Lease>;
  acquireNowait(): Lease;
  statistics(): { readonly tasksWaiting: number };
}

interface Visitor {
  readonly name: string;
  /** Whoever is cancelled has left the queue at once, and learns of it later. [L4] */
  readonly gone: () => boolean;
}

interface Admission {
  readonly lessor: Lessor;
  readonly places: number;
  /** Who has called and not been answered, in the order of the calls. */
  readonly waiting: Set<Visitor>;
  inside: number;
  visits: number;
}

/** Enters once, and looks at the others. */
async function visit(state: Admission, name: string): Promise<void> {
  const { lessor, places, waiting } = state;
  const scope = currentScope();
  const visitor: Visitor = { name, gone: () => scope?.cancelled === true };
  waiting.add(visitor);
  let lease: Lease;
  try {
    lease = await lessor.acquire();
    const first = [...waiting].find((other) => other === visitor || !other.gone());
    // With several places, several may have been admitted and resume in any order.
    assert(places > 1 || first === visitor, `L1: ${name} overtook ${first?.name}`);
  } finally {
    waiting.delete(visitor);
  }
  await stay(state, lease);
  state.visits++;
}

/** Enters if that needs no wait. */
async function snatch(state: Admission): Promise<void> {
  const { tasksWaiting } = state.lessor.statistics();
  let lease: Lease;
  try {
    lease = state.lessor.acquireNowait();
  } catch (error) {
    if (error instanceof WouldBlock) return;
    throw error;
  }
  assert(tasksWaiting === 0, "L1: a newcomer was admitted before a waiter");
  await stay(state, lease);
}

async function stay(state: Admission, lease: Lease): Promise<void> {
  try {
    assert(++state.inside <= state.places, `L3: ${state.inside} are inside`);
    await checkpoint();
  } finally {
    state.inside--;
    const { tasksWaiting } = state.lessor.statistics();
    lease.release();
    if (tasksWaiting > 0) handedOver(state.lessor);
  }
}

/** What somebody waited for is theirs already: nobody can come between. */
function handedOver(lessor: Lessor): void {
  let snatched: Lease;
  try {
    snatched = lessor.acquireNowait();
  } catch (error) {
    if (error instanceof WouldBlock) return;
    throw error;
  }
  snatched.release();
  assert(false, "L3: a newcomer was admitted between release and hand-over");
}

function admission(name: string, places: number, make: () => Lessor): Specimen<unknown> {
  return specimen<Admission>({
    name,
    setup: () => ({ lessor: make(), places, waiting: new Set(), inside: 0, visits: 0 }),
    async main(state) {
      await taskGroup((tg) => {
        const visitors = ["one", "two", "three"].map((visitor) =>
          tg.startSoon(
            async () => {
              await visit(state, `${visitor}'s first`);
              await visit(state, `${visitor}'s second`);
            },
            { name: visitor },
          ),
        );
        tg.startSoon(async function spoiler() {
          await checkpoint();
          visitors[1]?.cancel();
          await snatch(state);
          await checkpoint();
          await snatch(state);
        });
      });
    },
    check({ lessor, inside }) {
      assert(inside === 0, `${inside} are still inside`);
      assert(lessor.statistics().tasksWaiting === 0, "L4: somebody still waits");
      const leases = Array.from({ length: places }, () => lessor.acquireNowait());
      for (const lease of leases) lease.release();
    },
    complete({ visits }) {
      assert(visits >= 4, `only ${visits} visits were made`);
    },
  });
}

/** Tokens that are added and taken away while they are in use. [L5] */
const changingLimiter = specimen({
  name: "L5: CapacityLimiter whose total changes",
  setup: () => ({ limiter: new CapacityLimiter(1), finished: 0 }),
  async main(state) {
    const { limiter } = state;
    const work = (): Promise<void> =>
      limiter.use(async () => {
        assert(limiter.borrowedTokens <= 3, `L5: ${limiter.borrowedTokens} tokens are out`);
        await sleep(1);
        state.finished++;
      });
    await taskGroup((tg) => {
      for (const name of ["one", "two", "three", "four"]) tg.startSoon(work, { name });
      tg.startSoon(async function manager() {
        for (const total of [3, 0, 2, 1]) {
          await checkpoint();
          const { borrowedTokens } = limiter;
          limiter.totalTokens = total;
          const most = Math.max(borrowedTokens, total);
          assert(limiter.borrowedTokens <= most, "L5: more were served than there are tokens");
          const { tasksWaiting } = limiter.statistics();
          assert(tasksWaiting === 0 || limiter.availableTokens <= 0, "L5: a token lies idle");
        }
      });
    });
  },
  complete({ finished }) {
    assert(finished === 4, `L5: ${finished} of 4 were served`);
  },
  check({ limiter }) {
    assert(limiter.borrowedTokens === 0, `L5: ${limiter.borrowedTokens} tokens are out`);
    assert(limiter.statistics().tasksWaiting === 0, "L4: somebody still waits");
  },
});

export const exclusion: readonly Specimen<unknown>[] = [
  admission("L1-L4: Lock", 1, () => new Lock()),
  admission("L1-L4: Semaphore of 1", 1, () => new Semaphore(1, { maxValue: 1 })),
  admission("L1-L4: Semaphore of 2", 2, () => new Semaphore(2, { maxValue: 2 })),
  admission("L1-L4: CapacityLimiter of 1", 1, () => new CapacityLimiter(1)),
  admission("L1-L4: CapacityLimiter of 2", 2, () => new CapacityLimiter(2)),
  admission("L1-L4: Condition", 1, () => new Condition()),
  changingLimiter,
];
