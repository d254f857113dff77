/**
 * A schedule is the list of choices of a run: at each point where several tasks could go on, the place
 * in the queue, from 0, of the one that went. Past its end the first in the queue goes, so zeros at the
 * end say nothing.
 */
export type Choices = readonly number[];

/** A place up to 35 is one character, a later one stands in parentheses. */
const place = /[0-9a-z]|\((\d+)\)/y;

/** The compact text of a schedule, such as "0021"; "0" is the default order. */
export function formatSchedule(choices: Choices): string {
  const text = trimmed(choices).map((choice) =>
    choice < 36 ? choice.toString(36) : `(${choice})`,
  );
  return text.length === 0 ? "0" : text.join("");
}

/**
 * The choices that a text of `formatSchedule`, or a list of numbers, stands for.
 *
 * @throws TypeError or RangeError for what is neither
 */
export function parseSchedule(schedule: string | Choices): Choices {
  if (typeof schedule === "string") return parseText(schedule);
  if (!Array.isArray(schedule)) {
    throw new TypeError(
      `schedule is a text such as "0021" or a list of numbers, got ${typeof schedule}`,
    );
  }
  for (const choice of schedule as Choices) {
    if (Number.isSafeInteger(choice) && choice >= 0) continue;
    throw new RangeError(`schedule: a choice is 0 or a positive integer, got ${String(choice)}`);
  }
  return schedule;
}

/** The same schedule without the zeros at its end. */
export function trimmed(choices: Choices): Choices {
  const last = choices.findLastIndex((choice) => choice !== 0);
  return choices.slice(0, last + 1);
}

function parseText(text: string): Choices {
  const choices: number[] = [];
  place.lastIndex = 0;
  for (let at = 0; at < text.length; at = place.lastIndex) {
    const match = place.exec(text);
    if (match === null) {
      throw new RangeError(
        `schedule ${JSON.stringify(text)} cannot be read from character ${at + 1} on: copy it from the ` +
          "message of a failure, digits and letters a-z, or a number in parentheses",
      );
    }
    choices.push(match[1] === undefined ? Number.parseInt(match[0], 36) : Number(match[1]));
  }
  return choices;
}
