/**
 * Whether two runs failed the same way: errors of the same classes with the same messages, save for
 * the numbers in them, which differ from schedule to schedule.
 */
export function sameFailure(one: unknown, other: unknown): boolean {
  return kindOf(one) === kindOf(other);
}

function kindOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return `${error.name}[${error.errors.map(kindOf).toSorted().join()}]`;
  }
  if (!(error instanceof Error)) return `${typeof error} ${withoutNumbers(String(error))}`;
  const [firstLine = ""] = error.message.split("\n", 1);
  return `${error.name}: ${withoutNumbers(firstLine)}`;
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, "#");
}
