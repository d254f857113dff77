import { expect, it } from "vitest";
import { lanes } from "../src/lanes.ts";

it("puts each into the first line where nothing overlaps it", () => {
  const extents = [
    { from: 0, to: 10 },
    { from: 5, to: 15 },
    { from: 10, to: 20 },
    { from: 12, to: 13 },
    { from: -5, to: 0 },
  ];
  expect(lanes(extents)).toEqual([0, 1, 0, 2, 0]);
});
