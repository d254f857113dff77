import type * as core from "@anywhen/core";
import { expectTypeOf, test } from "vitest";
import type * as contract from "./contract.ts";

type Core = typeof core;
type Contract = typeof contract;

type Constructible = abstract new (...args: never[]) => unknown;

/** Of an error class, and of one that users cannot make, the instances count: how it is made is the library's business. */
type Promised<Value> = Value extends (...args: never[]) => unknown
  ? Value
  : Value extends { readonly prototype: infer Made }
    ? Made extends Error
      ? Made
      : Value extends Constructible
        ? Value
        : Made
    : Value;

/** They take what only the library makes, so no declaration of another will do; `select.test-d.ts` has them. */
type Nominal = "happened" | "receiving" | "sending";

type Incompatible = {
  [Name in Exclude<keyof Contract & keyof Core, Nominal>]: Promised<Core[Name]> extends Promised<
    Contract[Name]
  >
    ? never
    : Name;
}[Exclude<keyof Contract & keyof Core, Nominal>];

test("the core exports every value of the contract", () => {
  expectTypeOf<Exclude<keyof Contract, keyof Core>>().toEqualTypeOf<never>();
});

test("every value of the core can stand where the contract's is expected", () => {
  expectTypeOf<Incompatible>().toEqualTypeOf<never>();
});

test("the types of the contract and of the core are the same to a caller", () => {
  expectTypeOf<core.TaskState>().toEqualTypeOf<contract.TaskState>();
  expectTypeOf<core.TaskInfo>().toEqualTypeOf<contract.TaskInfo>();
  expectTypeOf<core.ScopeOptions>().toEqualTypeOf<contract.ScopeOptions>();
  expectTypeOf<core.TaskOptions>().toEqualTypeOf<contract.TaskOptions>();
  expectTypeOf<contract.RunOptions>().toExtend<core.RunOptions>();
  expectTypeOf<core.BackendSpec>().toEqualTypeOf<contract.BackendSpec>();
  expectTypeOf<core.TaskHandle<number>>().toExtend<contract.TaskHandle<number>>();
  expectTypeOf<core.TaskGroup>().toExtend<contract.TaskGroup>();
  expectTypeOf<core.TaskStatus<string>>().toEqualTypeOf<contract.TaskStatus<string>>();
  expectTypeOf<core.Lease>().toExtend<contract.Lease>();
  expectTypeOf<core.ConditionLease>().toExtend<contract.ConditionLease>();
  expectTypeOf<core.ReceiveStream<Date>>().toExtend<contract.ReceiveStream<Date>>();
  expectTypeOf<core.SendStream<Date>>().toExtend<contract.SendStream<Date>>();
  expectTypeOf<core.ObjectStream<Date>>().toExtend<contract.ObjectStream<Date>>();
});
