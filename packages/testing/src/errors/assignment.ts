/**
 * Gives each row a column of its own that fits it, as many rows as possible; undefined for a row that
 * is left without. A greedy choice would fail where a wide pattern (`Error`) comes before a narrow one
 * (`TypeError`) and takes its only error: here a row makes another one move to a second choice.
 */
export function assignment(
  rows: number,
  columns: number,
  fits: (row: number, column: number) => boolean,
): (number | undefined)[] {
  const columnOf: (number | undefined)[] = Array.from({ length: rows }, () => undefined);
  const rowOf: (number | undefined)[] = Array.from({ length: columns }, () => undefined);
  const seat = (row: number, tried: Set<number>): boolean => {
    for (let column = 0; column < columns; column++) {
      if (tried.has(column) || !fits(row, column)) continue;
      tried.add(column);
      const holder = rowOf[column];
      if (holder !== undefined && !seat(holder, tried)) continue;
      rowOf[column] = row;
      columnOf[row] = column;
      return true;
    }
    return false;
  };
  for (let row = 0; row < rows; row++) seat(row, new Set());
  return columnOf;
}
