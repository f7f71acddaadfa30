import { CommandError } from "../errors.ts";
import type { Run } from "../run.ts";
import type { Token, Wait } from "../state.ts";

/** The open wait that a command names; throws `CommandError` when there is none or it is of another type. */
export function requireWait<T extends Wait["type"]>(run: Run, id: string, type: T): Extract<Wait, { type: T }> {
  const wait = run.waits.get(id);
  if (!wait) throw new CommandError("WAIT_NOT_FOUND", `${id} does not wait (any more)`);
  if (!isOfType(wait, type))
    throw new CommandError("WAIT_OF_OTHER_TYPE", `${id} is a ${wait.type}, not a ${type}`, wait.element);
  return wait;
}

function isOfType<T extends Wait["type"]>(wait: Wait, type: T): wait is Extract<Wait, { type: T }> {
  return wait.type === type;
}

/** The token that has an incident, with it. */
export function requireIncident(run: Run, id: string) {
  const token = run.tokens.get(id);
  const incident = token?.incident;
  if (!token || token.at !== "incident" || !incident)
    throw new CommandError("INCIDENT_NOT_FOUND", `the token ${id} has no incident`);
  return { token: token satisfies Token, incident };
}
