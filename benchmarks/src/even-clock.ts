/**
 * Makes time pass by as much at each look at the clock, so that a budget of time is used up after as
 * many looks in every run. To be called before anything is loaded that keeps a reference to the clock.
 * @returns what sets by how many milliseconds
 */
export function installEvenClock(): (pace: number) => void {
  let now = 0;
  let step = 1;
  performance.now = () => (now += step);
  return (pace) => {
    step = pace;
  };
}
