/** What takes up some of a line, from left to right. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** The line of each, so that none lies over another: the first with room, in the order given. */
export function lanes(extents: readonly Extent[]): number[] {
  const taken: Extent[][] = [];
  return extents.map((extent) => {
    const free = taken.findIndex((lane) =>
      lane.every(({ from, to }) => extent.to <= from || to <= extent.from),
    );
    const lane = free === -1 ? taken.push([]) - 1 : free;
    taken[lane]?.push(extent);
    return lane;
  });
}
