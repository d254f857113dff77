/** One line of what a program does, for the test that watches it. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
