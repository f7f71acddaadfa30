import { ExpressionError } from "../expressions/feel.ts";
import type { IncidentState } from "./state.ts";
import type { Run } from "./run.ts";

/** A failure of the model or its data at one token: the case stops there, visible and repairable. */
export class IncidentError extends Error {
  override readonly name = "IncidentError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Does `work` for a token; a failure of model, data or route becomes an incident on it. A defect of the engine goes on up. */
export function guarded(run: Run, token: string, phase: IncidentState["phase"], work: () => void): void {
  try {
    work();
  } catch (error) {
    const incident = asIncident(error);
    if (!incident) throw error;
    raiseIncident(run, token, { ...incident, phase });
  }
}

export function raiseIncident(run: Run, token: string, incident: IncidentState): void {
  const { element } = run.updateToken(token, { at: "incident", incident });
  run.emit(element, { type: "incident.raised", token, code: incident.code, message: incident.message });
}

/** The incident that an error means; `null` for an error of the engine itself. */
export function asIncident(error: unknown): { code: string; message: string } | null {
  if (error instanceof IncidentError) return { code: error.code, message: error.message };
  if (error instanceof ExpressionError) return { code: error.code, message: `“${error.source}”: ${error.message}` };
  // Routes are supplied from outside `execution`; their typed errors are known by name and code.
  if (error instanceof Error && error.name === "RouteError" && "code" in error)
    return { code: String(error.code), message: error.message };
  return null;
}
