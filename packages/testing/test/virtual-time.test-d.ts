import { virtual, type VirtualBackend, type VirtualClock, withVirtualTime } from "@anywhen/testing";
import { test as ours } from "@anywhen/testing/vitest";
import type { BackendSpec, TaskGroup } from "anywhen";
import { describe, expectTypeOf, test } from "vitest";

describe("virtual time", () => {
  test("gives the result of the function, which takes the clock", () => {
    expectTypeOf(withVirtualTime((clock) => clock.now)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(withVirtualTime(async () => "text")).toEqualTypeOf<Promise<string>>();
    void withVirtualTime((clock) => expectTypeOf(clock).toEqualTypeOf<VirtualClock>());
  });

  test("is a backend with a clock", () => {
    expectTypeOf(virtual({ backend: "effect", rate: 2 })).toEqualTypeOf<VirtualBackend>();
    // @ts-expect-error: the rate is a number
    virtual({ rate: "fast" });
  });
});

describe("the vitest integration", () => {
  test("types what a body is given", () => {
    ours("title", ({ clock, tg, backend, task }) => {
      expectTypeOf(clock).toEqualTypeOf<VirtualClock>();
      expectTypeOf(tg).toEqualTypeOf<TaskGroup>();
      expectTypeOf(backend).toEqualTypeOf<BackendSpec | undefined>();
      expectTypeOf(task.name).toBeString();
    });
    ours.onEveryBackend.for([1])("title", (value, { clock }) => {
      expectTypeOf(value).toBeNumber();
      expectTypeOf(clock).toEqualTypeOf<VirtualClock>();
    });
  });

  test("keeps the types of fixtures of one's own", () => {
    const extended = ours.extend("port", ({ clock }) => clock.now);
    extended("title", ({ port, tg }) => {
      expectTypeOf(port).toBeNumber();
      expectTypeOf(tg).toEqualTypeOf<TaskGroup>();
    });
    // @ts-expect-error: there is no such fixture
    ours("title", ({ missing }) => missing);
    // @ts-expect-error: a backend is an object or a name
    ours.override({ backend: 5 });
  });
});
