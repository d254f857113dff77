/** How many orders to try of each program: the default takes seconds, `ANYWHEN_SIMULATION_RUNS=10000` minutes. */
export const simulationRuns: number = Number(process.env["ANYWHEN_SIMULATION_RUNS"] ?? 150);
