import type { Variables } from "../../expressions/json.ts";
import { answerWait, deliverSignal } from "../answer.ts";
import type { Command } from "../commands.ts";
import { CommandError } from "../errors.ts";
import type { Run } from "../run.ts";
import { requireWait } from "./require.ts";

export function fireTimer(run: Run, wait: string): void {
  answerWait(run, requireWait(run, wait, "timer"), {});
}

/** Hands a message to one subscription: the one that is named, else the first that waits for its name and key. */
export function correlate(run: Run, command: Extract<Command, { type: "correlateMessage" }>): void {
  const matching = run
    .waitsOfType("message")
    .find(
      (wait) =>
        wait.name === command.name &&
        (command.wait === null || wait.id === command.wait) &&
        (wait.correlationKey === null || wait.correlationKey === command.correlationKey),
    );
  if (!matching) {
    throw new CommandError(
      "NO_SUBSCRIPTION",
      `nothing waits for the message ${command.name}${command.correlationKey ? ` with the key ${command.correlationKey}` : ""}`,
    );
  }
  answerWait(run, matching, command.variables);
}

export function broadcast(run: Run, name: string, variables: Variables): void {
  if (!run.waitsOfType("signal").some((wait) => wait.name === name)) {
    throw new CommandError("NO_SUBSCRIPTION", `nothing waits for the signal ${name}`);
  }
  deliverSignal(run, name, variables);
}
