import { expect, test } from "vitest";
import type { CoreMutant } from "./mutant.ts";
import { patched } from "./patched.ts";

const mutant: CoreMutant = {
  fault: "adds where it should multiply",
  breaks: ["C1"],
  message: /$/,
  file: "product.ts",
  find: "return a * b;",
  replace: "return a + b + $&;",
};

test("a fault takes the place of its text, however that is broken into lines", () => {
  expect(patched("{ return a *\n    b; }", mutant)).toBe("{ return a + b + $&; }");
});

test("a fault whose text is gone is an error that names the mutant and the file", () => {
  expect(() => patched("{ return b * a; }", mutant)).toThrow(
    /"adds where it should multiply" is stale: its text is 0 times in product\.ts/,
  );
});

test("a fault whose text is there twice is an error that says so", () => {
  expect(() => patched("return a * b; return a * b;", mutant)).toThrow(/is 2 times in product\.ts/);
});
