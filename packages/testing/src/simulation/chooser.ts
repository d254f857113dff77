import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Choices } from "./schedule.ts";
import type { Ready } from "./step.ts";

/** Says which of those that could go on does: a place in their queue, from 0. Asked only where there are two or more. */
export type Chooser = (queue: readonly Ready[]) => number;

type Random = (least: number, most: number) => number;

/**
 * The same seed gives the same choices, on every runtime. Every other seed, on average, chooses each
 * time anew, which mixes all tasks evenly; the rest give each task a rank, which finds what takes one
 * task far ahead of another.
 */
export function seeded(seed: number): Chooser {
  const generator = xoroshiro128plus(scattered(seed));
  const random: Random = (least, most) => uniformInt(generator, least, most);
  return random(0, 1) === 0 ? ({ length }) => random(0, length - 1) : ranked(random);
}

/**
 * The task of the highest rank goes, until at some moment it drops below all others. After the PCT
 * algorithm of Burckhardt and others, "A randomized scheduler with probabilistic guarantees of
 * finding bugs", 2010.
 */
function ranked(random: Random): Chooser {
  const ranks = new Map<unknown, number>();
  let lowest = 0;
  // Some seeds change often, some hardly ever: nobody knows how long a program is.
  const choicesPerChange = 2 ** random(2, 8);
  const rankOf = (host: unknown): number => {
    const rank = ranks.get(host) ?? random(1, 2 ** 31);
    ranks.set(host, rank);
    return rank;
  };
  return (queue) => {
    let place = 0;
    let highest = -Infinity;
    for (const [at, { host }] of queue.entries()) {
      const rank = rankOf(host);
      if (rank <= highest) continue;
      highest = rank;
      place = at;
    }
    if (random(1, choicesPerChange) === 1) ranks.set(queue[place]?.host, --lowest);
    return place;
  };
}

/** The choices of a schedule, then the first. A place that is not there is counted around. */
export function replaying(choices: Choices): Chooser {
  let next = 0;
  return ({ length }) => (choices[next++] ?? 0) % length;
}

/** @throws RangeError for what is no seed */
export function checkedSeed(seed: unknown): number {
  if (Number.isSafeInteger(seed)) return seed as number;
  throw new RangeError(`seed is an integer, got ${String(seed)}`);
}

/** A seed to begin with where none is given. */
export function anySeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

/**
 * Spreads neighbouring seeds over all 32 bits, since the generator's first numbers are close to its
 * seed. The finalizer of MurmurHash3.
 */
function scattered(seed: number): number {
  let hash = seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
