export type CommandErrorCode =
  | "INSTANCE_ENDED"
  | "INSTANCE_SUSPENDED"
  | "INSTANCE_NOT_SUSPENDED"
  | "ALREADY_STARTED"
  | "NOT_STARTED"
  | "WAIT_NOT_FOUND"
  | "WAIT_OF_OTHER_TYPE"
  | "OUTCOME_NOT_ALLOWED"
  | "BRANCH_NOT_OFFERED"
  | "NO_SUBSCRIPTION"
  | "START_NOT_FOUND"
  | "SCOPE_NOT_FOUND"
  | "INCIDENT_NOT_FOUND"
  | "ACTIVITY_NOT_STARTABLE"
  | "MOVE_IMPOSSIBLE"
  | "MIGRATION_IMPOSSIBLE"
  | "VARIABLE_NOT_JSON";

/** A command that does not fit the state. Nothing has changed. `element` names the place where one is known. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: CommandErrorCode;
  readonly element: string | null;
  constructor(code: CommandErrorCode, message: string, element: string | null = null) {
    super(message);
    this.code = code;
    this.element = element;
  }
}
