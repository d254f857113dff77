import { memoryStream, type ReceiveStream, type SendStream } from "@anywhen/core";
import { type Cause, Context, Data, Effect, type Queue, type Stream } from "effect";
import { describe, expectTypeOf, test } from "vitest";
import {
  advance,
  fromEffect,
  fromQueue,
  fromStream,
  type RunEffect,
  toEffect,
  toQueue,
  toStream,
} from "../src/index.ts";

class Db extends Context.Service<Db, { query(id: string): string }>()("Db") {}
class Log extends Context.Service<Log, { write(line: string): void }>()("Log") {}
class NotFound extends Data.TaggedError("NotFound")<{ id: number }> {}

describe("toEffect", () => {
  test("without a mapping nothing is a typed failure", () => {
    expectTypeOf(toEffect(async () => 1)).toEqualTypeOf<Effect.Effect<number>>();
    expectTypeOf(toEffect(() => "sync")).toEqualTypeOf<Effect.Effect<string>>();
  });

  test("the mapping gives the failures, and what it leaves out is no failure", () => {
    const always = toEffect(async () => 1, { catch: () => new NotFound({ id: 1 }) });
    expectTypeOf(always).toEqualTypeOf<Effect.Effect<number, NotFound>>();
    const some = toEffect(async () => 1, {
      catch: (error) => (error instanceof NotFound ? error : undefined),
    });
    expectTypeOf(some).toEqualTypeOf<Effect.Effect<number, NotFound>>();
    expectTypeOf(some.pipe(Effect.catchTag("NotFound", (e) => Effect.succeed(e.id)))).toEqualTypeOf<
      Effect.Effect<number>
    >();
  });

  test("services are named by their keys, with and without a mapping", () => {
    const keyed = toEffect(async (run) => run(Effect.map(Db, (db) => db.query("a"))), {
      services: [Db, Log],
    });
    expectTypeOf(keyed).toEqualTypeOf<Effect.Effect<string, never, Db | Log>>();
    const mapped = toEffect(async (run) => run(Effect.map(Db, (db) => db.query("a"))), {
      services: [Db],
      catch: (error) => (error instanceof NotFound ? error : undefined),
    });
    expectTypeOf(mapped).toEqualTypeOf<Effect.Effect<string, NotFound, Db>>();
  });

  test("or by annotating run", () => {
    const annotated = toEffect(async (run: RunEffect<Db | Log>) =>
      run(Effect.map(Db, (db) => db.query("a"))),
    );
    expectTypeOf(annotated).toEqualTypeOf<Effect.Effect<string, never, Db | Log>>();
    const mapped = toEffect(
      async (run: RunEffect<Db>) => run(Effect.map(Db, (db) => db.query("a"))),
      { catch: () => new NotFound({ id: 1 }) },
    );
    expectTypeOf(mapped).toEqualTypeOf<Effect.Effect<string, NotFound, Db>>();
  });

  test("a service that was not named cannot be used", () => {
    toEffect(
      async (run) =>
        // @ts-expect-error Log is not among the services
        run(Effect.map(Log, (log) => log.write("x"))),
      { services: [Db] },
    );
    toEffect(async (run: RunEffect<Db>) =>
      // @ts-expect-error Log is not among the services
      run(Effect.map(Log, (log) => log.write("x"))),
    );
  });
});

describe("fromEffect", () => {
  test("resolves with the value and asks for no services", () => {
    expectTypeOf(fromEffect(Effect.succeed(1))).toEqualTypeOf<Promise<number>>();
    // @ts-expect-error Db is not provided
    void fromEffect(Effect.map(Db, (db) => db.query("x")));
  });
});

describe("streams", () => {
  test("keep the type of their items", () => {
    const [, receive] = memoryStream<string>();
    expectTypeOf(toStream(receive)).toEqualTypeOf<Stream.Stream<string>>();
    const mapped = toStream(receive, {
      catch: (error) => (error instanceof NotFound ? error : undefined),
    });
    expectTypeOf(mapped).toEqualTypeOf<Stream.Stream<string, NotFound>>();
    const numbers = null as unknown as Stream.Stream<number, NotFound>;
    expectTypeOf(fromStream(numbers)).toEqualTypeOf<ReceiveStream<number>>();
    const queue = null as unknown as Queue.Queue<string, NotFound | Cause.Done>;
    expectTypeOf(fromQueue(queue)).toEqualTypeOf<ReceiveStream<string>>();
    expectTypeOf(toQueue(queue)).toEqualTypeOf<SendStream<string>>();
  });

  test("a queue that cannot be ended cannot be sent to", () => {
    const endless = null as unknown as Queue.Queue<string>;
    // @ts-expect-error close() could not end it
    toQueue(endless);
  });
});

describe("advance", () => {
  test("takes what Effect takes for a duration, and needs nothing", () => {
    expectTypeOf(advance("1 hour")).toEqualTypeOf<Effect.Effect<void>>();
    expectTypeOf(advance(1_000)).toEqualTypeOf<Effect.Effect<void>>();
  });
});
